/**
 * A small version of Crossplane and the AWS provider: an in-memory store of managed resources, and passes that make AWS match it.
 * It is strict like the real ones (schemas, references, immutable fields), and rejects what it does not support.
 */

import { eachOf } from '../tools/parallel.ts';
import { accountId, type Clients } from './aws.ts';
import { unhandled } from './compare.ts';
import { kindOf } from './kinds/index.ts';
import type { Resource } from './kinds/kind.ts';
import { EXTERNAL_NAME, type Manifest, title } from './manifest.ts';
import { newResource, redesire, visit, type World } from './resource.ts';
import { checkManifest, isManifest, schemaOf } from './schemas.ts';

export interface ReconcilerOptions {
  readonly clients: Clients;
  readonly log?: (line: string) => void;
  /** How many resources are visited in parallel. */
  readonly parallel?: number;
}

export interface Reconciler {
  /** Sets all desired resources. Resources that are not in it will be deleted. Throws before anything is changed. */
  apply(desired: ReadonlyMap<string, Manifest>): void;
  /** Makes one pass over all resources. Errors of AWS are not thrown, but written to each resource's conditions. */
  reconcile(): Promise<void>;
  /** Deep copies of all resources by key, as Kubernetes would return them. */
  observed(): Map<string, Manifest>;
  /** Deletes all resources. Throws with the error of each remaining resource when there is no progress. */
  deleteAll(): Promise<void>;
}

/** The composed resource that the function emitted with a key, as a managed resource. Throws with all its errors. */
export function asManifest(key: string, resource: unknown): Manifest {
  if (isManifest(resource)) return resource;
  throw new Error(
    `composed resource ${key}:\n${checkManifest(resource)
      .map((error) => `  ${error}`)
      .join('\n')}`,
  );
}

/** All errors of a manifest: against its schema, fields that are not handled here, a wrong region. */
function problems(manifest: Manifest, clients: Clients): string[] {
  const errors = checkManifest(manifest);
  if (errors.length > 0) return errors;
  const kind = kindOf(manifest.apiVersion, manifest.kind);
  if (!kind)
    return [
      `${title(manifest)}: ${manifest.apiVersion} ${manifest.kind} is not handled by the local reconciler`,
    ];
  const { forProvider, initProvider = {} } = manifest.spec;
  const schema = schemaOf(manifest.apiVersion, manifest.kind)?.spec.properties?.['forProvider'];
  const found = Object.entries({ forProvider, initProvider }).flatMap(([block, fields]) =>
    unhandled(kind, schema, fields).map(
      (field) => `${title(manifest)}: spec.${block}.${field} is not handled by the local reconciler`,
    ),
  );
  if ('region' in forProvider && forProvider['region'] !== clients.region) {
    found.push(
      `${title(manifest)}: spec.forProvider.region is ${forProvider['region']}, the clients' is ${clients.region}`,
    );
  }
  return found;
}

/** The changes to an existing resource that Kubernetes or the provider would reject. */
function identityProblems(resource: Resource, manifest: Manifest): string[] {
  const { live } = resource;
  const what = `${title(live)}: cannot become`;
  const errors: string[] = [];
  if (manifest.kind !== live.kind || manifest.metadata.name !== live.metadata.name) {
    errors.push(`${what} ${title(manifest)}: give the new one a key of its own`);
  }
  const wanted = manifest.metadata.annotations?.[EXTERNAL_NAME];
  const present = live.metadata.annotations?.[EXTERNAL_NAME];
  if (wanted !== undefined && present !== undefined && wanted !== present) {
    errors.push(`${what} ${EXTERNAL_NAME} ${wanted}, it is ${present}: a name cannot change`);
  }
  return errors;
}

/** How many passes to wait for slow deletions in AWS, such as of a table. */
const SLOW_PASSES = 500;

function isRefused(store: ReadonlyMap<string, Resource>): boolean {
  return [...store.values()].some(({ live }) =>
    live.status?.conditions?.some(({ message }) => message !== undefined),
  );
}

function leftovers(store: ReadonlyMap<string, Resource>): string {
  const line = ({ live }: Resource): string => {
    const message = live.status?.conditions?.find(({ type }) => type === 'Synced')?.message;
    return `  ${title(live)}: ${message ?? 'still being deleted'}`;
  };
  return [...store.values()].map(line).join('\n');
}

/** Creates a reconciler with an empty store. See {@link Reconciler}. */
export function createReconciler({ clients, log = () => {}, parallel = 8 }: ReconcilerOptions): Reconciler {
  const store = new Map<string, Resource>();
  let wanted: ReadonlyMap<string, Manifest> = new Map();
  let account: Promise<string> | undefined;

  /** Adds desired resources to the store. A resource that is being deleted keeps its key until it is gone. */
  const settle = (): void => {
    for (const [key, manifest] of wanted) {
      const kind = kindOf(manifest.apiVersion, manifest.kind);
      if (kind && !store.has(key)) store.set(key, newResource(kind, manifest));
    }
    for (const [key, resource] of store) resource.deleting ||= !wanted.has(key);
  };

  const apply = (desired: ReadonlyMap<string, Manifest>): void => {
    const errors: string[] = [];
    for (const [key, manifest] of desired) {
      const resource = store.get(key);
      errors.push(...problems(manifest, clients));
      if (resource && !resource.deleting) errors.push(...identityProblems(resource, manifest));
    }
    if (errors.length > 0)
      throw new Error(`nothing was applied:\n${errors.map((error) => `  ${error}`).join('\n')}`);
    wanted = structuredClone(desired);
    for (const [key, manifest] of wanted) {
      const resource = store.get(key);
      if (resource && !resource.deleting) redesire(resource, manifest);
    }
    settle();
  };

  const reconcile = async (): Promise<void> => {
    account ??= accountId(clients);
    const world: World = {
      clients,
      accountId: await account,
      manifests: () => [...store.values()].map(({ live }) => live),
      log,
    };
    await eachOf([...store.values()], parallel, (resource) => visit(resource, world));
    for (const [key, resource] of store) if (resource.gone) store.delete(key);
    settle();
  };

  const observed = (): Map<string, Manifest> =>
    new Map([...store].map(([key, { live }]) => [key, structuredClone(live)]));

  const deleteAll = async (): Promise<void> => {
    apply(new Map());
    for (let stalled = 0; store.size > 0; ) {
      const before = store.size;
      await reconcile();
      stalled = store.size < before ? 0 : stalled + 1;
      if (stalled >= (isRefused(store) ? 2 : SLOW_PASSES)) {
        throw new Error(`not everything could be deleted:\n${leftovers(store)}`);
      }
    }
  };

  return { apply, reconcile, observed, deleteAll };
}
