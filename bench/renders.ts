/** Latency and rate of renders over gRPC, beside the echo's. */
import type { FunctionServer } from '../local/function-server.ts';
import { type Row, sampled } from './report.ts';
import { interleave } from './stats.ts';
import { subjects, withServers } from './subjects.ts';

const CONCURRENCIES = [1, 16];

/**
 * Sends a request `count` times, `concurrency` at once.
 *
 * @returns the milliseconds that each took.
 */
export async function drive(
  server: FunctionServer,
  request: Buffer,
  count: number,
  concurrency: number,
): Promise<number[]> {
  const latencies: number[] = [];
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const start = performance.now();
      await server.runEncoded(request);
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return latencies;
}

/** One round: the milliseconds of each request, and how many there were in a second. */
async function measure(server: FunctionServer, request: Buffer, count: number, concurrency: number) {
  const start = performance.now();
  const latencies = await drive(server, request, count, concurrency);
  return { latencies, rate: (count / (performance.now() - start)) * 1000 };
}

type Round = Awaited<ReturnType<typeof measure>>;
const latenciesOf = (rounds: readonly Round[]) => rounds.flatMap(({ latencies }) => latencies);
const ratesOf = (rounds: readonly Round[]) => rounds.map(({ rate }) => rate);

/** Every state at each concurrency: p50 and p99 of all requests, and the median rate of the rounds. */
export async function benchRenders(quick: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  const [warmUp, rounds, count] = quick ? [300, 4, 150] : [1500, 16, 300];
  const { samples } = await subjects();
  await withServers(async (subject, baseline) => {
    for (const { request } of samples) {
      await interleave(
        2,
        () => drive(subject, request, warmUp / 2, 4),
        () => drive(baseline, request, warmUp / 2, 4),
      );
    }
    for (const { state, request, target: atMost } of samples) {
      for (const concurrency of CONCURRENCIES) {
        const [ours, theirs] = await interleave(
          rounds,
          () => measure(subject, request, count, concurrency),
          () => measure(baseline, request, count, concurrency),
        );
        const title = `${state}, ${concurrency} at once`;
        const latencies = [latenciesOf(ours), latenciesOf(theirs)] as const;
        rows.push(
          sampled(`${title}: p50`, 'ms', ...latencies, { atMost }),
          sampled(`${title}: p99`, 'ms', ...latencies, { q: 0.99, atMost }),
          sampled(`${title}: rate`, 'renders/s', ratesOf(ours), ratesOf(theirs), { atMost }),
        );
      }
    }
  });
  return rows;
}
