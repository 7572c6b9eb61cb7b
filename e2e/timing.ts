/** How long a claim takes, by what was seen on the watches. All times are milliseconds of this process's clock. */
import { at } from '../function/src/objects.ts';
import { conditionOf, type KubeObject, type ObjectRef } from '../tools/cluster.ts';
import { type Claims, isTrue, keyOf, watchAll } from './stage.ts';
import { type Seen, slowestOf, wavesOf } from './waves.ts';

export type Timing = ReturnType<ReturnType<typeof startStopwatch>['stop']>;

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
