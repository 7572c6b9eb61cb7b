/** Resident memory under load, beside the echo's: it must level off. */
import { drive } from './renders.ts';
import { compared, type Section } from './report.ts';
import { READY } from './requests.ts';
import type { Server } from './server.ts';
import { interleave, summarise } from './stats.ts';
import { type Subjects, withServers } from './subjects.ts';

const STEPS = 10;
/** Growth between the second step, when heaps have their size, and the last. */
const MOST_GROWTH = 1.2;

function at(values: readonly number[], index: number): number {
  const value = values.at(index);
  if (value === undefined) throw new Error(`no sample ${index}`);
  return value;
}

/** 10,000 renders (with `quick` 2,000) of the smallest claim in its largest state, sampled in ten steps. */
export async function benchMemory(subjects: Subjects, quick: boolean): Promise<Section> {
  const step = quick ? 200 : 1000;
  const request = subjects.samples.find(({ state }) => state === READY)?.request;
  if (!request) throw new Error('no request to render');
  const ours: number[] = [];
  const theirs: number[] = [];
  await withServers(subjects, async (subject, baseline) => {
    const grow = (server: Server, resident: number[]) => async () => {
      await drive(server, request, step, 4);
      resident.push(await server.residentMB());
    };
    await interleave(STEPS, grow(subject, ours), grow(baseline, theirs));
  });
  const count = (steps: number) => (steps * step).toLocaleString('en-US');
  const samples: Section['samples'] = {};
  for (const [index, own] of ours.entries()) {
    samples[`function after ${count(index + 1)}, MB`] = summarise([own]);
    samples[`echo after ${count(index + 1)}, MB`] = summarise([at(theirs, index)]);
  }
  const growth = compared(
    `growth since ${count(2)}`,
    'times',
    at(ours, -1) / at(ours, 1),
    at(theirs, -1) / at(theirs, 1),
  );
  return {
    name: 'memory',
    against: 'echo',
    rows: [
      compared(`resident after ${count(STEPS)} renders`, 'MB', at(ours, -1), at(theirs, -1)),
      { ...growth, target: { of: 'subject', atMost: MOST_GROWTH } },
    ],
    samples,
  };
}
