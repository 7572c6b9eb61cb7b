/** How long a claim takes, by what was seen on the watches. All times are milliseconds of this process's clock. */
import { at, stringAt } from '../function/src/objects.ts';
import { conditionOf, type KubeObject, type ObjectRef } from '../tools/cluster.ts';
import { isTrue, keyOf, type Stage } from './stage.ts';

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

export interface Timing {
  readonly resources: Seen[];
  readonly waves: Wave[];
  /** The claim itself. */
  readonly readyMs: number | undefined;
  /** The resource that was ready last. */
  readonly slowest: Seen | undefined;
  /** Changes of the claim's composed resources, as Crossplane's circuit breaker counts them. */
  readonly events: number;
  /** Whether the circuit breaker was seen open. */
  readonly breakerOpened: boolean;
}

export interface Stopwatch {
  /** Milliseconds since the watch was started. */
  now(): number;
  stop(): Timing;
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
  for (const wave of waves) {
    const ready = wave.resources.map(({ readyMs }) => readyMs ?? Number.POSITIVE_INFINITY);
    const to = Math.max(...ready);
    if (Number.isFinite(to)) wave.toMs = to;
  }
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
export function startStopwatch(stage: Pick<Stage, 'managed' | 'pipelines'>, ref: ObjectRef): Stopwatch {
  const start = performance.now();
  const now = () => performance.now() - start;
  const seen = new Map<string, Seen>();
  let events = 0;
  let readyMs: number | undefined;
  let breakerOpened = false;
  const offs = stage.managed.map((followed) =>
    followed.onChange((resource, phase) => {
      if (phase === 'DELETED' || !isOwnedBy(resource, ref)) return;
      events += 1;
      const name = `${resource.kind}/${resource.metadata.name}`;
      const known = seen.get(name) ?? {
        key: keyOf(resource),
        kind: resource.kind,
        createdMs: now(),
        readyMs: undefined,
      };
      if (known.readyMs === undefined && isTrue(resource, 'Ready')) known.readyMs = now();
      seen.set(name, known);
    }),
  );
  offs.push(
    stage.pipelines.onChange((claim) => {
      if (claim.metadata.name !== ref.name || stringAt(claim, 'metadata', 'namespace') !== ref.namespace)
        return;
      if (readyMs === undefined && isTrue(claim, 'Ready')) readyMs = now();
      const responsive = conditionOf(claim, 'Responsive');
      if (responsive.status === 'False') breakerOpened = true;
    }),
  );
  return {
    now,
    stop: () => {
      for (const off of offs) off();
      const resources = [...seen.values()];
      const slowest = [...resources].sort((a, b) => (b.readyMs ?? Infinity) - (a.readyMs ?? Infinity))[0];
      return { resources, waves: wavesOf(resources), readyMs, slowest, events, breakerOpened };
    },
  };
}

const seconds = (ms: number | undefined) => (ms === undefined ? 'never' : `${(ms / 1000).toFixed(1)} s`);

/** One line a wave: when, how many, and the slowest of it. */
export function describeWaves({ waves }: Timing): string[] {
  return waves.map(({ fromMs, toMs, resources }, index) => {
    const last = [...resources].sort((a, b) => (b.readyMs ?? Infinity) - (a.readyMs ?? Infinity))[0];
    return `wave ${index + 1}: ${resources.length} resources from ${seconds(fromMs)}, ready ${seconds(toMs)} (last: ${last?.key ?? ''})`;
  });
}

export { seconds };
