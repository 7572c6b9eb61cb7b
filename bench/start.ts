/** The time from the start of the process to its first answer, compared with the echo's. */
import { type FunctionServer, startFunction } from '../local/function-server.ts';
import { type Row, sampled } from './report.ts';
import { interleave } from './stats.ts';
import { subjects, withServer } from './subjects.ts';

/** Milliseconds until a server that is not yet started has answered one request. */
async function firstAnswer(start: () => Promise<FunctionServer>, request: Buffer): Promise<number> {
  const begin = performance.now();
  return withServer(start, async (server) => {
    await server.runEncoded(request);
    return performance.now() - begin;
  });
}

/** The median of several starts. */
export async function benchStart(quick: boolean): Promise<Row[]> {
  const { samples, startEcho } = await subjects();
  const [sample] = samples;
  if (!sample) throw new Error('no request to start with');
  const [ours, theirs] = await interleave(
    quick ? 4 : 20,
    () => firstAnswer(startFunction, sample.request),
    () => firstAnswer(startEcho, sample.request),
  );
  return [sampled('to the first answer', 'ms', ours, theirs)];
}
