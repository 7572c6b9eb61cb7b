/** Latency and rate of renders over gRPC, beside the echo's. */
import { compared, type Section } from './report.ts';
import type { Server } from './server.ts';
import { interleave, median, quantile, summarise } from './stats.ts';
import { type Subjects, withServers } from './subjects.ts';

const CONCURRENCIES = [1, 16];

interface Load {
  /** Milliseconds of each request. */
  readonly latencies: number[];
  /** Requests a second in each round. */
  readonly rates: number[];
}

/**
 * Sends a request `count` times, `concurrency` at once.
 *
 * @returns the milliseconds that each took.
 */
export async function drive(
  server: Server,
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
      await server.run(request);
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return latencies;
}

async function measure(load: Load, server: Server, request: Buffer, count: number, concurrency: number) {
  const start = performance.now();
  load.latencies.push(...(await drive(server, request, count, concurrency)));
  load.rates.push((count / (performance.now() - start)) * 1000);
}

/** Every state at each concurrency: p50 and p99 of all requests, and the median rate of the rounds. */
export async function benchRenders(subjects: Subjects, quick: boolean): Promise<Section> {
  const section: Section = { name: 'function', against: 'echo', rows: [], samples: {} };
  const [warmUp, rounds, count] = quick ? [300, 4, 150] : [1500, 16, 300];
  await withServers(subjects, async (subject, baseline) => {
    for (const { request } of subjects.samples) {
      await interleave(
        2,
        async () => void (await drive(subject, request, warmUp / 2, 4)),
        async () => void (await drive(baseline, request, warmUp / 2, 4)),
      );
    }
    for (const { state, request, target } of subjects.samples) {
      for (const concurrency of CONCURRENCIES) {
        const ours: Load = { latencies: [], rates: [] };
        const theirs: Load = { latencies: [], rates: [] };
        await interleave(
          rounds,
          () => measure(ours, subject, request, count, concurrency),
          () => measure(theirs, baseline, request, count, concurrency),
        );
        const title = `${state}, ${concurrency} at once`;
        for (const [name, q] of [['p50', 0.5] as const, ['p99', 0.99] as const]) {
          const [own, echo] = [quantile(ours.latencies, q), quantile(theirs.latencies, q)];
          section.rows.push(compared(`${title}: ${name}`, 'ms', own, echo, target));
        }
        section.rows.push(
          compared(`${title}: rate`, 'renders/s', median(ours.rates), median(theirs.rates), target),
        );
        section.samples[`${title}: function, ms`] = summarise(ours.latencies);
        section.samples[`${title}: echo, ms`] = summarise(theirs.latencies);
        section.samples[`${title}: function, renders/s`] = summarise(ours.rates);
        section.samples[`${title}: echo, renders/s`] = summarise(theirs.rates);
      }
    }
  });
  return section;
}
