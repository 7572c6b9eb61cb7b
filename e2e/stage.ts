/** What a scenario has in its hands: the cluster, AWS, and a way to say what it saw. */

import { setTimeout as delay } from 'node:timers/promises';
import { releaseVersion } from '../function/package.ts';
import { EXTERNAL_NAME } from '../function/src/names.ts';
import { at, stringAt } from '../function/src/objects.ts';
import { type Clients, createClients } from '../local/aws.ts';
import { managedKinds, PIPELINE } from '../local/managed-kinds.ts';
import { emulatorProviderConfig } from '../local/provider-config/emulator.ts';
import {
  type Cluster,
  conditionOf,
  createCluster,
  type Followed,
  type Kind,
  type KubeObject,
  type ObjectRef,
  until,
} from '../tools/cluster.ts';
import { runCommand } from '../tools/command.ts';
import { NAMESPACE } from '../tools/kinds.ts';
import { askAbilities, type EmulatorName, type Lacks } from './capabilities.ts';
import { currentRelease } from './releases.ts';
import type { Substrate } from './substrate.ts';
import { GONE_MS, READY_MS } from './waits.ts';
import type { Timed } from './waves.ts';

/** Claims and what they are made of, as the cluster has them. */
export interface Claims {
  /** All claims. */
  readonly pipelines: Followed;
  /** All managed resources of the kinds that a pipeline can be made of. */
  readonly managed: readonly Followed[];
}

export interface Stage extends Claims {
  readonly substrate: Substrate;
  readonly cluster: Cluster;
  readonly clients: Clients;
  readonly region: string;
  /** Beginnings of the paths of the examples to look at; all of them when empty. */
  readonly examples: readonly string[];
  readonly emulator: EmulatorName;
  /** Why the emulator cannot do something. */
  readonly lacks: Lacks;
  /** Runs kubectl on the substrate's cluster, and on no other. Resolves to what it printed. */
  kubectl(...args: string[]): Promise<string>;
  /** Path of kubectl. */
  readonly kubectlPath: string;
  /** Claims that scenarios are done with, and the end of their deletion. */
  readonly discarded: { claim: KubeObject; names: readonly string[]; gone: Promise<void> }[];
  /** Claims that were timed, for the report. */
  readonly timed: Timed[];
  /** A line of the running scenario. */
  say(line: string): void;
  close(): void;
}

/** Starts a substrate, installs our packages on it, and begins to follow what there is. */
export async function startStage(
  substrate: Substrate,
  kubectlPath: string,
  settings: Pick<Stage, 'region' | 'examples' | 'emulator'>,
  say: (line: string) => void,
): Promise<Stage> {
  await substrate.start(say);
  await substrate.installFunction(currentRelease());
  await substrate.installConfiguration(releaseVersion());
  say('our Function and Configuration packages');
  const { kubeconfig, emulatorEndpoint, providerEndpoint } = substrate;
  const cluster = createCluster(kubeconfig);
  for (const object of emulatorProviderConfig(providerEndpoint)) await cluster.apply(object);
  const claims = await followClaims(cluster);
  const clients = createClients({ endpoint: emulatorEndpoint, region: settings.region });
  const lacks = await askAbilities(settings.emulator, clients);
  return {
    ...{
      ...settings,
      ...claims,
      lacks,
      substrate,
      cluster,
      clients,
      kubectlPath,
      say,
      discarded: [],
      timed: [],
    },
    kubectl: (...args) => runCommand(kubectlPath, ['--kubeconfig', kubeconfig, ...args]),
    close: () => {
      clients.close();
      stopFollowing(claims);
    },
  };
}

/** Starts to follow all claims and what they are made of. */
export async function followClaims(cluster: Cluster): Promise<Claims> {
  return {
    pipelines: await cluster.follow(PIPELINE),
    managed: await Promise.all(managedKinds().map(cluster.follow)),
  };
}

export function stopFollowing({ pipelines, managed }: Claims): void {
  for (const followed of [pipelines, ...managed]) followed.stop();
}

/** Calls a listener on each change of any of these. Returns how to stop. */
export function watchAll(
  followed: readonly Followed[],
  listener: Parameters<Followed['onChange']>[0],
): () => void {
  const offs = followed.map((one) => one.onChange(listener));
  return () => {
    for (const off of offs) off();
  };
}

/** The managed resources that a claim owns. */
export function composedBy(stage: Pick<Claims, 'managed'>, claim: KubeObject): KubeObject[] {
  const uid = claim.metadata['uid'];
  return stage.managed
    .flatMap((followed) => followed.all())
    .filter(({ metadata }) => {
      const owners: unknown = metadata['ownerReferences'];
      return Array.isArray(owners) && owners.some((owner) => at(owner, 'uid') === uid);
    });
}

/** The key under which the function made a composed resource, such as `table`. */
export const keyOf = (resource: KubeObject): string =>
  stringAt(resource, 'metadata', 'annotations', 'crossplane.io/composition-resource-name') ?? '';

/** What a managed resource is called in AWS. */
export const externalNameOf = (resource: KubeObject | undefined): string | undefined =>
  stringAt(resource, 'metadata', 'annotations', EXTERNAL_NAME);

/** The kind of a claim or of a managed resource; undefined for others. */
export const kindOf = (object: KubeObject): Kind | undefined =>
  [PIPELINE, ...managedKinds()].find(
    ({ apiVersion, kind }) => apiVersion === object.apiVersion && kind === object.kind,
  );

/** The managed resource that the function made for a claim under a key. */
export const findComposed = (stage: Claims, claim: KubeObject, key: string): KubeObject | undefined =>
  composedBy(stage, claim).find((one) => keyOf(one) === key);

/** Where an object is; in `default` where it says nothing else. */
export const refOf = ({ metadata }: KubeObject): ObjectRef & { namespace: string } => ({
  name: metadata.name,
  namespace: metadata.namespace ?? 'default',
});

export const isTrue = (object: unknown, type: string): boolean => conditionOf(object, type).status === 'True';

const TYPES = ['Synced', 'Ready', 'StorageReady', 'CodeReady', 'WorkflowReady', 'TriggerReady', 'Responsive'];

/** What keeps a claim from being ready, for messages. */
export function whyNotReady(stage: Claims, ref: ObjectRef): string {
  const claim = stage.pipelines.get(ref);
  if (claim === undefined) return `${ref.namespace}/${ref.name} is not there`;
  const lines = TYPES.map((type) => ({ type, ...conditionOf(claim, type) }))
    .filter(({ status }) => status !== undefined && status !== 'True')
    .map(({ type, status, reason, message }) => `  ${type} ${status} ${reason}: ${message}`);
  const resources = composedBy(stage, claim)
    .filter((one) => !isTrue(one, 'Ready') || !isTrue(one, 'Synced'))
    .map((one) => {
      const said = ['Synced', 'Ready', 'LastAsyncOperation'].map((type) => conditionOf(one, type).message);
      return `  ${one.kind} ${keyOf(one)}: ${said.filter(Boolean).join(' ') || 'not ready'}`;
    });
  return [`${ref.namespace}/${ref.name} is not ready:`, ...lines, ...resources].join('\n');
}

/**
 * Waits until a claim, or what it is made of, satisfies a condition.
 *
 * @param holds - what to wait for; its value is the result once it is not undefined.
 * @param otherwise - says what is the matter when the time is over; by default each resource that is not ready, with its error.
 */
export function untilClaim<T>(
  stage: Claims,
  ref: ObjectRef,
  holds: (claim: KubeObject | undefined) => T | undefined,
  otherwise: () => string = () => whyNotReady(stage, ref),
  timeoutMs = READY_MS,
): Promise<T> {
  const { pipelines, managed } = stage;
  return until([pipelines, ...managed], () => holds(pipelines.get(ref)), timeoutMs, otherwise);
}

/** Waits until a claim is ready. Resolves to it, with its status. */
export function untilReady(stage: Claims, ref: ObjectRef, timeoutMs = READY_MS): Promise<KubeObject> {
  const ready = (claim?: KubeObject) => (isTrue(claim, 'Ready') ? claim : undefined);
  return untilClaim(stage, ref, ready, undefined, timeoutMs);
}

/**
 * Waits until a claim and what it owned are gone.
 *
 * @param counts - which managed resources to wait for; all of them by default.
 */
export async function untilGone(
  stage: Claims,
  claim: KubeObject,
  counts: (resource: KubeObject) => boolean = () => true,
): Promise<void> {
  const left = () => [
    ...(stage.pipelines.get(claim.metadata) ? ['the claim'] : []),
    ...composedBy(stage, claim)
      .filter(counts)
      .map((one) => {
        const said = conditionOf(one, 'Synced').message || conditionOf(one, 'LastAsyncOperation').message;
        return `${one.kind} ${keyOf(one)} ${said}`;
      }),
  ];
  await untilClaim(
    stage,
    claim.metadata,
    () => (left().length === 0 ? true : undefined),
    () => `${claim.metadata.name} was deleted, and this is left:\n  ${left().join('\n  ')}`,
    GONE_MS,
  );
}

/**
 * Waits for something in AWS, which has no watch: it is asked again and again.
 *
 * @param why - what keeps it, for the message.
 * @returns the milliseconds that it took.
 * @throws naming it when the time is over.
 */
export async function untilAws(
  what: string,
  holds: () => Promise<boolean>,
  why: () => string = () => '',
  timeoutMs = READY_MS,
): Promise<number> {
  const start = performance.now();
  while (!(await holds())) {
    if (performance.now() - start > timeoutMs)
      throw new Error(`${what}: not after ${timeoutMs / 1000} s. ${why()}`.trim());
    await delay(300);
  }
  return performance.now() - start;
}

/**
 * Waits until a claim is ready, and all that it owns is ready and in agreement with AWS.
 *
 * @param also - what must hold besides.
 */
export const untilWell = (stage: Claims, ref: ObjectRef, also = () => true): Promise<true> =>
  untilClaim(stage, ref, (claim) => {
    if (claim === undefined || !isTrue(claim, 'Ready')) return undefined;
    const well = composedBy(stage, claim).every((one) => isTrue(one, 'Ready') && isTrue(one, 'Synced'));
    return well && also() ? true : undefined;
  });

/** Makes a namespace, as a platform team would for a team. */
export async function ensureNamespace({ cluster }: Pick<Stage, 'cluster'>, name: string): Promise<void> {
  const { apiVersion, kind } = NAMESPACE;
  await cluster.apply({ apiVersion, kind, metadata: { name } });
}

/** Deletes a claim with kubectl. Resolves when that is asked for. */
export async function deleteClaim(stage: Stage, claim: KubeObject): Promise<void> {
  const { name, namespace } = refOf(claim);
  await stage.kubectl('delete', 'fip', name, '-n', namespace, '--wait=false', '--ignore-not-found');
}

/**
 * Deletes a claim that a scenario is done with. That all of it goes is checked when all scenarios have run.
 *
 * @param names - of things in AWS that go with it, beside those that carry its suffix.
 */
export function discard(stage: Stage, claim: KubeObject, names: readonly string[] = []): void {
  const gone = deleteClaim(stage, claim).then(() => untilGone(stage, claim));
  gone.catch(() => undefined);
  stage.discarded.push({ claim, names, gone });
}
