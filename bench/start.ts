/** From the start of the process to its first answer, beside the echo's. */
import { compared, type Section } from './report.ts';
import type { Server } from './server.ts';
import { interleave, median, summarise } from './stats.ts';
import type { Subjects } from './subjects.ts';

/** Milliseconds until a server that is not yet started has answered one request. */
async function firstAnswer(start: () => Promise<Server>, request: Buffer): Promise<number> {
  const begin = performance.now();
  const server = await start();
  try {
    await server.run(request);
    return performance.now() - begin;
  } finally {
    await server.stop();
  }
}

/** The median of several starts. */
export async function benchStart(
  { samples, startFunction, startEcho }: Subjects,
  quick: boolean,
): Promise<Section> {
  const [sample] = samples;
  if (!sample) throw new Error('no request to start with');
  const ours: number[] = [];
  const theirs: number[] = [];
  await interleave(
    quick ? 4 : 20,
    async () => void ours.push(await firstAnswer(startFunction, sample.request)),
    async () => void theirs.push(await firstAnswer(startEcho, sample.request)),
  );
  return {
    name: 'start',
    against: 'echo',
    rows: [compared('to the first answer', 'ms', median(ours), median(theirs))],
    samples: { 'function, ms': summarise(ours), 'echo, ms': summarise(theirs) },
  };
}
