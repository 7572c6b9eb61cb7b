/** A managed resource in the reconciler's store, and a visit to it: observe, then create, update or delete. */
import { randomUUID } from 'node:crypto';
import { messageOf } from '../tools/errors.ts';
import type { Clients } from './aws.ts';
import { differences } from './compare.ts';
import { afterApply, NOTHING_WRITTEN, ownedByAll } from './field-ownership.ts';
import type { Fields } from './fields.ts';
import {
  create,
  type Kind,
  type Observation,
  observe,
  type Resource,
  remove,
  type Subject,
  update,
} from './kinds/kind.ts';
import { type Condition, EXTERNAL_NAME, type Manifest } from './manifest.ts';
import { fieldsSchema, lateInitialize, writeReferences } from './provider-writes.ts';

export interface World {
  readonly clients: Clients;
  readonly accountId: string;
  manifests(): Manifest[];
  log(line: string): void;
}

function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}

/** A new object before its first visit. An external name in the manifest is available immediately, like in the provider. */
export function newResource(kind: Kind, desired: Manifest): Resource {
  const live = structuredClone(desired);
  live.metadata.uid = randomUUID();
  live.metadata.creationTimestamp = now();
  if (kind.namedBy === 'manifest') {
    live.metadata.annotations = { [EXTERNAL_NAME]: live.metadata.name, ...live.metadata.annotations };
  }
  return { kind, desired, live, written: NOTHING_WRITTEN, applied: {}, deleting: false, gone: false };
}

/**
 * Applies a changed manifest. What the provider wrote stays: external name, status, identity, and the spec's fields that it owns,
 * unless the manifest has another value.
 */
export function redesire(resource: Resource, desired: Manifest): void {
  const { live } = resource;
  resource.desired = desired;
  const next = structuredClone(desired);
  const { forProvider } = next.spec;
  resource.written = afterApply(resource.written, forProvider);
  live.spec = { ...next.spec, forProvider: ownedByAll(forProvider, resource.written) };
  if (next.metadata.labels) live.metadata.labels = next.metadata.labels;
  else delete live.metadata.labels;
  const external = live.metadata.annotations?.[EXTERNAL_NAME];
  live.metadata.annotations = {
    ...(external === undefined ? {} : { [EXTERNAL_NAME]: external }),
    ...next.metadata.annotations,
  };
}

function setCondition(live: Manifest, next: Omit<Condition, 'lastTransitionTime'>): void {
  const conditions = live.status?.conditions ?? [];
  const before = conditions.find(({ type }) => type === next.type);
  const unchanged = before?.status === next.status && before.reason === next.reason;
  const condition = { ...next, lastTransitionTime: unchanged ? before.lastTransitionTime : now() };
  const others = conditions.filter(({ type }) => type !== next.type);
  live.status = {
    ...live.status,
    conditions: [...others, condition].sort((a, b) => (a.type < b.type ? 1 : -1)),
  };
}

function setReady(live: Manifest, reason: 'Available' | 'Creating' | 'Deleting'): void {
  setCondition(live, { type: 'Ready', status: reason === 'Available' ? 'True' : 'False', reason });
}

type Action = 'Create' | 'Update' | 'Delete' | 'LateInitialize';

function isAllowed({ desired }: Resource, action: Action): boolean {
  const policies = desired.spec.managementPolicies ?? ['*'];
  return policies.includes('*') || policies.includes(action);
}

function record(resource: Resource, seen: Observation): void {
  resource.live.status = { ...resource.live.status, atProvider: { ...seen.state, ...seen.atProvider } };
}

/** Throws like the provider when a change would require a replacement of the resource in AWS. */
function refuseReplacement(
  { kind }: Resource,
  changed: readonly string[],
  spec: Fields,
  seen: Observation,
): void {
  const field = kind.immutable?.find((name) => changed.includes(name));
  if (field === undefined) return;
  const [from, to] = [seen.state[field], spec[field]].map((value) => JSON.stringify(value));
  throw new Error(
    `refuse to update the external resource because the following update requires replacing it: ` +
      `cannot change the value of the argument "${field}" from ${from} to ${to}`,
  );
}

/** The fields to compare with AWS. Fields that only `initProvider` sets do not count: for example, autoscaling changes a table's capacity. */
function comparedFields({ live }: Resource, spec: Fields): Fields {
  const { initProvider = {}, forProvider } = live.spec;
  return Object.fromEntries(
    Object.entries(spec).filter(([key]) => key in forProvider || !(key in initProvider)),
  );
}

async function refresh(resource: Resource, subject: Subject): Promise<Observation | undefined> {
  if (subject.name === '') return undefined;
  return observe(resource.kind, { ...subject, applied: resource.applied });
}

async function bringAbout(resource: Resource, world: World): Promise<void> {
  const { kind, desired, live } = resource;
  writeReferences(resource, world.manifests());
  const spec = { ...kind.defaults, ...live.spec.initProvider, ...live.spec.forProvider };
  resource.attempted = spec;
  const schema = fieldsSchema(desired);
  const name = live.metadata.annotations?.[EXTERNAL_NAME] ?? '';
  const subject: Subject = { ...world, name, spec, applied: resource.applied };
  const compared = comparedFields(resource, spec);
  let seen = await refresh(resource, subject);
  if (!seen) {
    if (!isAllowed(resource, 'Create')) throw new Error('observe failed: external resource does not exist');
    setReady(live, 'Creating');
    world.log(`create ${desired.kind} ${live.metadata.name}`);
    subject.name = await create(kind, subject);
    live.metadata.annotations = { ...live.metadata.annotations, [EXTERNAL_NAME]: subject.name };
    resource.applied = spec;
    seen = await refresh(resource, subject);
  } else {
    const changed = differences(kind, schema, compared, seen.state);
    // This update was decided before, so the next one sends these values back to AWS.
    if (isAllowed(resource, 'LateInitialize')) lateInitialize(resource, seen);
    if (changed.length > 0 && isAllowed(resource, 'Update')) {
      record(resource, seen);
      refuseReplacement(resource, changed, spec, seen);
      world.log(`update ${desired.kind} ${live.metadata.name}: ${changed.join(', ')}`);
      await update(kind, subject, changed, seen);
      resource.applied = spec;
      seen = await refresh(resource, subject);
    }
    resource.applied = spec;
  }
  if (!seen) return setReady(live, 'Creating');
  record(resource, seen);
  const settled =
    !isAllowed(resource, 'Update') || differences(kind, schema, compared, seen.state).length === 0;
  setReady(live, seen.ready && settled ? 'Available' : 'Creating');
}

async function takeAway(resource: Resource, world: World): Promise<void> {
  const { kind, live } = resource;
  live.metadata.deletionTimestamp ??= now();
  setReady(live, 'Deleting');
  const name = live.metadata.annotations?.[EXTERNAL_NAME] ?? '';
  // The referenced resource can be deleted before this one, so the last resolved values are used.
  const spec = { ...resource.attempted, ...live.spec.forProvider };
  if (resource.attempted && name !== '' && isAllowed(resource, 'Delete')) {
    const subject: Subject = { ...world, name, spec, applied: resource.applied };
    if (await observe(kind, subject)) {
      world.log(`delete ${live.kind} ${live.metadata.name}`);
      await remove(kind, subject);
      if (await observe(kind, subject)) return;
    }
  }
  resource.gone = true;
}

/** Visits a resource once. An error of AWS becomes the message of `Synced`; it is not thrown, and the next pass tries again. */
export async function visit(resource: Resource, world: World): Promise<void> {
  try {
    await (resource.deleting ? takeAway(resource, world) : bringAbout(resource, world));
    setCondition(resource.live, { type: 'Synced', status: 'True', reason: 'ReconcileSuccess' });
  } catch (error) {
    const message = messageOf(error);
    world.log(`${resource.desired.kind} ${resource.live.metadata.name}: ${message}`);
    setCondition(resource.live, { type: 'Synced', status: 'False', reason: 'ReconcileError', message });
  }
}
