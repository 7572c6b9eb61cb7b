/** What a composed resource is, what is emitted now, and what is ready. */
import { getCondition } from '@crossplane-org/function-sdk-typescript';
import type { Context, Observed } from './context.ts';
import { type Arns, EXTERNAL_NAME } from './names.ts';
import { isObject, type Json, stringAt } from './objects.ts';
import { CREATE_ONLY, type Hold, OBSERVE_ONLY, type Ownership } from './ownership.ts';

/** The part of the pipeline a resource belongs to: one condition each in the claim's status. */
export type Area = 'Storage' | 'Code' | 'Workflow' | 'Trigger';

/** A managed resource, as the provider's types have it. */
export interface Managed {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: { forProvider: object; initProvider?: object };
}

export interface ComposedResource {
  readonly key: string;
  readonly kind: string;
  readonly area: Area;
  /** Keys that must be ready before this is first emitted. Only where a reference cannot wait, or AWS would refuse. */
  readonly needs: readonly string[];
  /** Why it cannot be made at all for now: something that only people can give. */
  readonly lacks?: { reason: string; message: string } | undefined;
  /** Why it is only looked at for now. Nothing new is made besides, since all of it may hang on this. */
  readonly hold?: Hold | undefined;
  /** The name in AWS is ours. */
  readonly isNamed?: boolean;
  /** Emitted at once; all that is not waits for what is `awaited`. */
  readonly first: First | undefined;
  /** The manifest; undefined while the account id it needs is unknown. */
  build(arns: Arns | undefined): Json | undefined;
}

/**
 * The first wave is small. Each managed resource changes ten times while it is made, Crossplane counts each change twice, and
 * with its stock settings 100 of them open the composite's circuit breaker: what is not emitted by then waits for half a
 * minute. So first comes what others wait for, and nothing else: the roles, whose ARNs tell the account, and the code.
 */
export type First = 'awaited' | 'alone';

interface Definition<T extends Managed> {
  readonly key: string;
  readonly area: Area;
  readonly apiVersion: T['apiVersion'];
  readonly kind: T['kind'];
  readonly needs?: readonly string[];
  readonly lacks?: ComposedResource['lacks'];
  readonly first?: First;
  /** The name in AWS, for kinds whose name is not a field. */
  readonly externalName?: string;
  /** How it stands to the claim, where that is not what the context says of its key. */
  readonly ownership?: Ownership;
  /** Follows `dataRetention`: stays in AWS when the claim is deleted, unless that says Delete. */
  readonly retained?: boolean;
  /** AWS gives the name, and a claim can take a field of `forProvider` away again. */
  readonly withdrawable?: boolean;
  readonly forProvider: T['spec']['forProvider'] | ((arns: Arns) => T['spec']['forProvider']);
  readonly initProvider?: T['spec']['initProvider'];
}

/**
 * Whether the name that AWS gave stands in the annotation. What the provider made anew has another one in its status, until
 * late initialization writes that down too.
 */
function keepsName(observed: Json | undefined): boolean {
  const name = stringAt(observed, 'metadata', 'annotations', EXTERNAL_NAME);
  const id = stringAt(observed, 'status', 'atProvider', 'id');
  return name !== undefined && (id === undefined || id === name);
}

/**
 * A name that AWS gives is kept by late initialization, or the provider would make the thing again once it is restarted. All
 * else goes without: what AWS fills in by itself stays out of the spec, which spares two changes of each resource, and a
 * value that AWS changes by itself, such as a scaled capacity, is not held fast.
 *
 * It also puts back each field that the claim took away, as long as AWS has it, and owns it from then on: server-side apply
 * takes it out never again. So what is withdrawable goes without too, once it has its name.
 */
function managementPolicies(retain: boolean, lateInitialize: boolean): string[] | undefined {
  // All of them is what the provider takes when nothing is said.
  if (!retain && lateInitialize) return undefined;
  return [
    'Observe',
    'Create',
    'Update',
    ...(retain ? [] : ['Delete']),
    ...(lateInitialize ? ['LateInitialize'] : []),
  ];
}

/** A composed resource of a kind, checked against the provider's types. */
export function define<T extends Managed>(context: Context, definition: Definition<T>): ComposedResource {
  const { key, area, kind, forProvider } = definition;
  const { identity, names, spec } = context;
  const retain = definition.retained === true && spec.dataRetention === 'Retain';
  // A claim that was restored has another uid than the one that its things are named after.
  const externalName = definition.externalName && (names.external(key) ?? definition.externalName);
  const { is, hold } = definition.ownership ?? context.ownership[key] ?? { is: 'ours' };
  const isLookedAt = is === 'open' || is === 'adopted';
  const isNamed = definition.externalName !== undefined;
  const hasName = isNamed || (definition.withdrawable === true && keepsName(context.observed[key]));
  const policies = isLookedAt
    ? OBSERVE_ONLY
    : is === 'new'
      ? CREATE_ONLY
      : managementPolicies(retain, !hasName);
  const manifest = (fields: object, initProvider?: object): Json => ({
    apiVersion: definition.apiVersion,
    kind,
    metadata: {
      name: names.composed(key),
      namespace: identity.namespace,
      ...(externalName !== undefined && { annotations: { [EXTERNAL_NAME]: externalName } }),
    },
    spec: {
      forProvider: fields,
      ...(initProvider && { initProvider }),
      ...(policies && { managementPolicies: [...policies] }),
      providerConfigRef: spec.providerConfigRef,
    },
  });
  return {
    key,
    kind,
    area,
    needs: isLookedAt ? [] : (definition.needs ?? []),
    first: isLookedAt ? 'alone' : definition.first,
    hold,
    isNamed,
    lacks: definition.lacks,
    build: (arns) => {
      if (isLookedAt) return manifest({ region: spec.region });
      const fields = typeof forProvider !== 'function' ? forProvider : arns && forProvider(arns);
      return fields && manifest(fields, definition.initProvider);
    },
  };
}

/**
 * A resource with a value in it that was read from another: it is made once that is known, and kept as it was while the other
 * one flaps. What it needs says which it waits for.
 */
export function onceKnown(value: unknown, resource: ComposedResource): ComposedResource {
  return { ...resource, build: (arns) => (value === undefined ? undefined : resource.build(arns)) };
}

/** Makes all that does not come first wait for what is awaited. */
export function inWaves(resources: readonly ComposedResource[]): ComposedResource[] {
  const awaited = resources.filter(({ first }) => first === 'awaited').map(({ key }) => key);
  return resources.map((resource) =>
    resource.first ? resource : { ...resource, needs: [...new Set([...awaited, ...resource.needs])] },
  );
}

/** Whether an observed resource's Ready condition is True. */
export function isReady(resource: Json | undefined): boolean {
  return resource !== undefined && getCondition(resource, 'Ready').status === 'True';
}

/**
 * What an observed resource was asked to be: its manifest without what the API server and the provider added.
 *
 * @param isNamed - whether the name in AWS is ours, and not one that the provider wrote down.
 */
export function reemit(observed: Json, isNamed = true): Json {
  const metadata = isObject(observed['metadata']) ? observed['metadata'] : {};
  const annotations = isObject(metadata['annotations']) ? metadata['annotations'] : {};
  const externalName = isNamed ? annotations[EXTERNAL_NAME] : undefined;
  return {
    apiVersion: observed['apiVersion'],
    kind: observed['kind'],
    metadata: {
      name: metadata['name'],
      namespace: metadata['namespace'],
      ...(externalName !== undefined && { annotations: { [EXTERNAL_NAME]: externalName } }),
    },
    spec: observed['spec'],
  };
}

/** A resource with what the plan decided about it. */
export interface Planned extends ComposedResource {
  /** Undefined while it waits. */
  readonly manifest: Json | undefined;
  readonly ready: boolean;
  /** What it waits for: keys that are not ready, `account`, or what it lacks. */
  readonly waitingFor: readonly string[];
}

/**
 * Decides what is emitted. A resource is emitted when all it needs is ready, or when it was observed before:
 * Crossplane deletes what a function stops emitting, and a parent that flaps must not delete its children.
 */
export function plan(
  resources: readonly ComposedResource[],
  observed: Observed,
  arns: Arns | undefined,
): Planned[] {
  const awaited = new Set(resources.filter(({ first }) => first === 'awaited').map(({ key }) => key));
  const held = resources.filter(({ hold }) => hold).map(({ key }) => key);
  return resources.map((resource) => {
    const existing = observed[resource.key];
    const unready = resource.needs.filter((key) => !isReady(observed[key]));
    // The first wave holds all else up; what a resource needs besides is told once that has passed.
    const leaders = unready.filter((key) => awaited.has(key));
    const missing = leaders.length > 0 ? leaders : unready;
    if (!existing && resource.lacks)
      return { ...resource, manifest: undefined, ready: false, waitingFor: [resource.lacks.message] };
    if (!existing && missing.length > 0)
      return { ...resource, manifest: undefined, ready: false, waitingFor: missing };
    if (!existing && !resource.first && held.length > 0)
      return { ...resource, manifest: undefined, ready: false, waitingFor: held };
    const manifest = resource.build(arns) ?? (existing && reemit(existing, resource.isNamed));
    if (!manifest) return { ...resource, manifest, ready: false, waitingFor: ['account'] };
    if (resource.hold) return { ...resource, manifest, ready: false, waitingFor: [resource.hold.message] };
    return { ...resource, manifest, ready: isReady(existing), waitingFor: [] };
  });
}
