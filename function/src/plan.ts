/** Defines composed resources, and decides which are emitted now and which are ready. */
import { getCondition } from '@crossplane-org/function-sdk-typescript';
import type { Context } from './context.ts';
import { type Arns, EXTERNAL_NAME } from './names.ts';
import { isObject, type Json, type Observed, stringAt } from './objects.ts';
import { CREATE_ONLY, type Hold, OBSERVE_ONLY, type Ownership } from './ownership.ts';

/** The area of the pipeline that a resource belongs to. Each area has a condition in the claim's status. */
export type Area = 'Storage' | 'Code' | 'Workflow' | 'Trigger';

/** A managed resource, in the form of the provider's types. */
export interface Managed {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: { forProvider: object; initProvider?: object };
}

export interface ComposedResource {
  readonly key: string;
  readonly kind: string;
  readonly area: Area;
  /** The keys that must be ready before this is emitted for the first time. Only if references cannot wait, or AWS would reject it. */
  readonly needs: readonly string[];
  /** Why it cannot be created at all: something that only a person can provide. */
  readonly lacks?: { reason: string; message: string } | undefined;
  /** Why it is only observed for now. No other new resource is created meanwhile, since any of them can depend on this one. */
  readonly hold?: Hold | undefined;
  /** Whether we choose the name in AWS. */
  readonly isNamed?: boolean;
  /** Set for the first wave, which is emitted immediately. All other resources wait for those that are `awaited`. */
  readonly first: First | undefined;
  /** The manifest, or undefined while the account id that it needs is unknown. */
  build(arns: Arns | undefined): Json | undefined;
}

/**
 * The first wave, which is small on purpose. A managed resource changes ten times during its creation, and Crossplane counts each change
 * twice. With the default settings, 100 changes open the circuit breaker of the composite, and resources that are emitted later wait
 * half a minute. So the first wave has only what others wait for: the roles, whose ARNs contain the account, and the code.
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
  /** The name in AWS, for kinds without a field for the name. */
  readonly externalName?: string;
  /** Its ownership, if it differs from the ownership of its key in the context. */
  readonly ownership?: Ownership;
  /** Whether `dataRetention` applies: the resource stays in AWS after the claim is deleted, unless that is Delete. */
  readonly retained?: boolean;
  /** Set when AWS generates the name and a claim can remove a field of `forProvider` again. */
  readonly withdrawable?: boolean;
  readonly forProvider: T['spec']['forProvider'] | ((arns: Arns) => T['spec']['forProvider']);
  readonly initProvider?: T['spec']['initProvider'];
}

/**
 * Whether the annotation has the name that AWS generated. When the provider has recreated the resource, its status has a new name, and
 * the annotation gets it only by late initialization.
 */
function keepsName(observed: Json | undefined): boolean {
  const name = stringAt(observed, 'metadata', 'annotations', EXTERNAL_NAME);
  const id = stringAt(observed, 'status', 'atProvider', 'id');
  return name !== undefined && (id === undefined || id === name);
}

/**
 * The management policies. A resource whose name AWS generates needs late initialization, which stores the name: without it, the
 * provider would create the resource again after a restart. All other resources have no late initialization. So defaults of AWS stay
 * out of the spec, which saves two changes of each resource, and a value that AWS changes, such as a scaled capacity, is not fixed.
 *
 * Late initialization also restores a field that the claim has removed, as long as AWS has it, and then owns it: server-side apply
 * never removes it again. So a withdrawable resource has no late initialization either, after it has its name.
 */
function managementPolicies(retain: boolean, lateInitialize: boolean): string[] | undefined {
  // Without the field, the provider uses all policies.
  if (!retain && lateInitialize) return undefined;
  return [
    'Observe',
    'Create',
    'Update',
    ...(retain ? [] : ['Delete']),
    ...(lateInitialize ? ['LateInitialize'] : []),
  ];
}

/** Defines a composed resource. The provider's types check the manifest. */
export function define<T extends Managed>(context: Context, definition: Definition<T>): ComposedResource {
  const { key, area, kind, forProvider } = definition;
  const { identity, names, spec } = context;
  const retain = definition.retained === true && spec.dataRetention === 'Retain';
  // A restored claim has another uid than the one in the names of its resources.
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
 * A resource with a value from another observed resource. It is emitted when the value is known. If the value disappears for a while, the
 * observed manifest is emitted again. `needs` has the other resource.
 */
export function onceKnown(value: unknown, resource: ComposedResource): ComposedResource {
  return { ...resource, build: (arns) => (value === undefined ? undefined : resource.build(arns)) };
}

/** Makes all resources outside the first wave wait for those that are awaited. */
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
 * The manifest of an observed resource, without fields that the API server and the provider added.
 *
 * @param isNamed - whether we chose the name in AWS; otherwise the provider wrote it
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

/** A resource with the decisions of the plan. */
export interface Planned extends ComposedResource {
  /** The manifest. Undefined while the resource waits. */
  readonly manifest: Json | undefined;
  readonly ready: boolean;
  /** What it waits for: keys that are not ready, `account`, or the reason in `lacks`. */
  readonly waitingFor: readonly string[];
}

/**
 * Decides which resources are emitted. A resource is emitted when everything in `needs` is ready, or when it was observed before.
 * Crossplane deletes resources that a function stops emitting, so a parent that is not ready for a while must not delete its children.
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
    // All other resources wait for the first wave. Their own needs are reported only after it is ready.
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
