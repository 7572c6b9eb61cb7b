/** How long a claim takes, by what was seen on the watches. All times are milliseconds of this process's clock. */
import { at } from '../function/src/objects.ts';
import { conditionOf, type KubeObject, type ObjectRef } from '../tools/cluster.ts';
import { type Claims, isTrue, keyOf, watchAll } from './stage.ts';

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

export type Timing = ReturnType<ReturnType<typeof startStopwatch>['stop']>;

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

function isOwnedBy(resource: KubeObject, { name, namespace }: ObjectRef): boolean {
  const owners: unknown = resource.metadata['ownerReferences'];
  return (
    resource.metadata.namespace === namespace &&
    Array.isArray(owners) &&
    owners.some((owner) => at(owner, 'kind') === 'FileIngestPipeline' && at(owner, 'name') === name)
  );
}

/** Starts to time a claim that is about to be applied. */
export function startStopwatch({ managed, pipelines }: Claims, ref: ObjectRef) {
  const start = performance.now();
  const now = () => performance.now() - start;
  const seen = new Map<string, Seen>();
  let events = 0;
  let readyMs: number | undefined;
  let breakerOpened = false;
  const offManaged = watchAll(managed, (resource, phase) => {
    if (phase === 'DELETED' || !isOwnedBy(resource, ref)) return;
    events += 1;
    const { kind, metadata } = resource;
    const name = `${kind}/${metadata.name}`;
    const known = seen.get(name) ?? { key: keyOf(resource), kind, createdMs: now(), readyMs: undefined };
    if (known.readyMs === undefined && isTrue(resource, 'Ready')) known.readyMs = now();
    seen.set(name, known);
  });
  const offClaims = pipelines.onChange((claim) => {
    if (claim.metadata.name !== ref.name || claim.metadata.namespace !== ref.namespace) return;
    if (readyMs === undefined && isTrue(claim, 'Ready')) readyMs = now();
    if (conditionOf(claim, 'Responsive').status === 'False') breakerOpened = true;
  });
  return {
    /** Milliseconds since the watch was started. */
    now,
    stop: () => {
      offManaged();
      offClaims();
      const resources = [...seen.values()];
      return {
        ...{ resources, waves: wavesOf(resources), slowest: slowestOf(resources) },
        /** When the claim itself was ready. */
        readyMs,
        /** Changes of the claim's composed resources, as Crossplane's circuit breaker counts them. */
        events,
        /** Whether the circuit breaker was seen open. */
        breakerOpened,
      };
    },
  };
}

/** The resource that was ready last, or never. */
const slowestOf = (resources: readonly Seen[]): Seen | undefined =>
  [...resources].sort((a, b) => (b.readyMs ?? Infinity) - (a.readyMs ?? Infinity))[0];

export const seconds = (ms: number | undefined) =>
  ms === undefined ? 'never' : `${(ms / 1000).toFixed(1)} s`;

/** One line a wave: when, how many, and the slowest of it. */
export function describeWaves({ waves }: Timing): string[] {
  return waves.map(({ fromMs, toMs, resources }, index) => {
    const last = slowestOf(resources)?.key ?? '';
    return `wave ${index + 1}: ${resources.length} resources from ${seconds(fromMs)}, ready ${seconds(toMs)} (last: ${last})`;
  });
}
