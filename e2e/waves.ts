/** Waves of a claim's resources. All times are milliseconds since the claim was applied. */

/** Composed resources that appear further apart than this were made by different runs of the function, for different reasons. */
const SAME_WAVE_MS = 700;

export interface Seen {
  readonly key: string;
  readonly kind: string;
  readonly createdMs: number;
  readyMs: number | undefined;
}

export interface Wave {
  /** When its first resource appeared, and its last became ready. */
  readonly fromMs: number;
  toMs: number | undefined;
  readonly resources: Seen[];
}

/** A claim's times, in milliseconds since it was applied. */
export interface Timed {
  /** Such as the path of an example. */
  readonly name: string;
  readonly firstFileMs: number;
  readonly readyMs: number | undefined;
  readonly waves: readonly Wave[];
}

/** Groups resources by when they appeared. */
export function wavesOf(resources: readonly Seen[]): Wave[] {
  const waves: Wave[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const resource of [...resources].sort((a, b) => a.createdMs - b.createdMs)) {
    const wave = waves.at(-1);
    if (wave === undefined || resource.createdMs - last > SAME_WAVE_MS)
      waves.push({ fromMs: resource.createdMs, toMs: undefined, resources: [resource] });
    else wave.resources.push(resource);
    last = resource.createdMs;
  }
  for (const wave of waves) wave.toMs = slowestOf(wave.resources)?.readyMs;
  return waves;
}

/** The resource that was ready last, or never. */
export const slowestOf = (resources: readonly Seen[]): Seen | undefined =>
  [...resources].sort((a, b) => (b.readyMs ?? Infinity) - (a.readyMs ?? Infinity))[0];

export const seconds = (ms: number | undefined) =>
  ms === undefined ? 'never' : `${(ms / 1000).toFixed(1)} s`;

/** One line a wave: when, how many, and the slowest of it. */
export function describeWaves(waves: readonly Wave[]): string[] {
  return waves.map(({ fromMs, toMs, resources }, index) => {
    const last = slowestOf(resources)?.key ?? '';
    return `wave ${index + 1}: ${resources.length} resources from ${seconds(fromMs)}, ready ${seconds(toMs)} (last: ${last})`;
  });
}
