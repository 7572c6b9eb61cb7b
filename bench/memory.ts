/** Resident memory under load, compared with the echo's: it must level off. */
import { existsSync } from 'node:fs';
import type { FunctionServer } from '../local/function-server.ts';
import { runCommand } from '../tools/command.ts';
import { usageOf } from './gitops/usage.ts';
import { drive } from './renders.ts';
import { compared, type Row } from './report.ts';
import { READY } from './requests.ts';
import { interleave, summarise } from './stats.ts';
import { subjects, withServers } from './subjects.ts';

const STEPS = 10;
/** Allowed growth from the second step, when the heaps have reached their size, to the last. */
const MOST_GROWTH = 1.2;

/** Megabytes of a process: Linux has it in /proc; elsewhere `ps` says it. */
async function residentMB(pid: number): Promise<number> {
  if (existsSync(`/proc/${pid}`)) return usageOf(pid).rssMB;
  const kilobytes = await runCommand('ps', ['-o', 'rss=', '-p', String(pid)]);
  return (Number(kilobytes) * 1024) / 1e6;
}

function at(values: readonly number[], index: number): number {
  const value = values.at(index);
  if (value === undefined) throw new Error(`no sample ${index}`);
  return value;
}

const growthOf = (values: readonly number[]) => at(values, -1) / at(values, 1);

/** 10,000 renders (with `quick` 2,000) of the smallest claim in its largest state, sampled in ten steps. */
export async function benchMemory(quick: boolean): Promise<Row[]> {
  const step = quick ? 200 : 1000;
  const request = (await subjects()).samples.find(({ state }) => state === READY)?.request;
  if (!request) throw new Error('no request to render');
  const [ours, theirs] = await withServers((subject, baseline) => {
    const grow = (server: FunctionServer) => async () => {
      await drive(server, request, step, 4);
      return residentMB(server.pid);
    };
    return interleave(STEPS, grow(subject), grow(baseline));
  });
  const count = (steps: number) => (steps * step).toLocaleString('en-US');
  const resident = compared(`resident after ${count(STEPS)} renders`, 'MB', at(ours, -1), at(theirs, -1));
  const growth = compared(`growth since ${count(2)}`, 'times', growthOf(ours), growthOf(theirs));
  return [
    { ...resident, samples: { subject: summarise(ours), baseline: summarise(theirs) } },
    { ...growth, target: { of: 'subject', atMost: MOST_GROWTH } },
  ];
}
