/** Summaries of samples. */

export interface Summary {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * The quantile of samples, interpolated between the two nearest.
 *
 * @param q - from 0 to 1.
 * @throws when there are no samples.
 */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new Error('no samples to summarise');
  return below + (above - below) * (position - Math.floor(position));
}

/** The middle of samples. */
export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

/** What is kept of samples in the JSON, in their own unit, rounded to four significant digits. */
export function summarise(samples: readonly number[]): Summary {
  const at = (q: number) => Number(quantile(samples, q).toPrecision(4));
  return { count: samples.length, min: at(0), p50: at(0.5), p99: at(0.99), max: at(1) };
}

/**
 * Runs two tasks in turn, the first to go changing each round (A B, B A, …), so that noise and drift of the machine fall on
 * both alike.
 *
 * @returns what each said in each round.
 */
export async function interleave<T>(
  rounds: number,
  subject: () => Promise<T>,
  baseline: () => Promise<T>,
): Promise<[ours: T[], theirs: T[]]> {
  const ours: T[] = [];
  const theirs: T[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) ours.push(await subject());
    theirs.push(await baseline());
    if (round % 2 === 1) ours.push(await subject());
  }
  return [ours, theirs];
}
