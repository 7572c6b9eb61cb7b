/**
 * What a claim says no more has to be gone from the objects of a real API server, where the provider owns fields too: those
 * that it filled in, and those that a reference led to. Each withdrawal, of every kind that is emitted.
 *
 * Crossplane and the provider are played here, as far as they write to managed resources: who applies what, who fills in
 * what, and under which name. What the provider brings to AWS is kept in memory.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { managedDefinitions } from '../bench/gitops/definitions.ts';
import { made, type Observed, render } from '../function/render.ts';
import { at, inOrder, isObject, type Json, stringAt } from '../function/src/objects.ts';
import { said, WITHDRAWALS } from '../function/tests/withdrawals.ts';
import { added, lateInitialization } from '../local/field-ownership.ts';
import { isFields } from '../local/fields.ts';
import { kindOf } from '../local/kinds/index.ts';
import { managedKinds } from '../local/managed-kinds.ts';
import { EXTERNAL_NAME, type Manifest } from '../local/manifest.ts';
import { resolveReferences } from '../local/references.ts';
import { schemaOf } from '../local/schemas.ts';
import { type Cluster, createCluster } from '../tools/cluster.ts';
import type { Daemon } from '../tools/daemon.ts';
import { NAMESPACE as NAMESPACE_KIND } from '../tools/kinds.ts';
import { BUILD_TIMEOUT_MS, ensureBinaries, moduleFolder } from '../tools/programs/binaries.ts';
import { startApiServer } from '../tools/servers/api-server.ts';
import { tell } from '../tools/terminal.ts';

const APPLY_PATCH = 'application/apply-patch+yaml';
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const NOT_FOUND = 404;

interface Server {
  /** Server-side apply by force, as the owner of the fields that the object names. */
  apply(object: Json, manager: string): Promise<Json>;
  /** Replaces the object; whatever it changes belongs to the manager. */
  update(object: Json, manager: string): Promise<Json>;
  remove(object: Json): Promise<void>;
  stop(): Promise<void>;
}

const kinds = new Map(managedKinds().map((kind) => [`${kind.apiVersion} ${kind.kind}`, kind]));

function pathOf(object: Json): string {
  const { apiVersion, plural } = kinds.get(`${object['apiVersion']} ${object['kind']}`) ?? {};
  if (!plural) throw new Error(`${object['kind']} has no definition here`);
  const namespace = stringAt(object, 'metadata', 'namespace');
  return `/apis/${apiVersion}/namespaces/${namespace}/${plural}/${stringAt(object, 'metadata', 'name')}`;
}

/** Brings the provider's definitions, and makes a namespace. */
async function define(cluster: Cluster, namespace: string): Promise<void> {
  const folder = join(await moduleFolder('provider-aws'), 'package/crds');
  for (const definition of managedDefinitions(folder)) await cluster.send('POST', DEFINITIONS, definition);
  for (const { apiVersion, plural } of kinds.values()) {
    const isServed = () =>
      cluster.send('GET', `/apis/${apiVersion}/${plural}`).then(
        () => true,
        () => false,
      );
    while (!(await isServed())) await delay(50);
  }
  const { apiVersion, kind } = NAMESPACE_KIND;
  await cluster.apply({ apiVersion, kind, metadata: { name: namespace } });
}

/**
 * Starts one that has a namespace.
 *
 * @param say - told of what takes long: builds, where nothing is built yet.
 */
async function startServer(namespace: string, say: (line: string) => void): Promise<Server> {
  const binaries = await ensureBinaries(['etcd', 'kube-apiserver'], say);
  const folder = mkdtempSync(join(tmpdir(), 'fileingest-owners-'));
  const daemons: Daemon[] = [];
  const stop = async () => {
    for (const daemon of daemons.toReversed()) await daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const logs = join(folder, 'logs');
    const kubeconfig = await startApiServer(binaries, join(folder, 'kubernetes'), logs, (daemon) =>
      daemons.push(daemon),
    );
    const cluster = createCluster(kubeconfig);
    const { send } = cluster;
    await define(cluster, namespace);
    const parsed = (text: string): Json => JSON.parse(text);
    return {
      apply: async (object, manager) => {
        const query = new URLSearchParams({ fieldManager: manager, force: 'true' });
        return parsed(await send('PATCH', `${pathOf(object)}?${query}`, object, APPLY_PATCH));
      },
      update: async (object, manager) => {
        const query = new URLSearchParams({ fieldManager: manager });
        return parsed(await send('PUT', `${pathOf(object)}?${query}`, object));
      },
      remove: async (object) => {
        await send('DELETE', pathOf(object), undefined, undefined, [NOT_FOUND]);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One a composite: https://github.com/crossplane/crossplane/blob/main/internal/controller/apiextensions/composite/composition_functions.go */
const CROSSPLANE = 'apiextensions.crossplane.io/composed/fileingest';
/** https://github.com/crossplane/crossplane-runtime/blob/main/pkg/reconciler/managed/api.go */
const RESOLVER = 'managed.crossplane.io/api-simple-reference-resolver';
/** A client that names no manager has its program's name. */
const PROVIDER = 'provider';

const MOST_PASSES = 20;

interface World {
  /** Runs the function, applies what it emits, and lets the provider work, until nobody has anything to write. */
  settle(claim: Json, emitted?: (manifests: Observed) => Observed): Promise<Observed>;
  /** The objects of now, by the key of the composed resource. */
  live(): Observed;
}

const forProviderOf = (object: Json) => {
  const fields = at(object, 'spec', 'forProvider');
  return isFields(fields) ? fields : {};
};

function withForProvider(object: Json, forProvider: unknown): Json {
  const spec = isObject(object['spec']) ? object['spec'] : {};
  return { ...object, spec: { ...spec, forProvider } };
}

/** The object with these fields alone, as a server-side apply names them. */
function partOf(object: Json, forProvider: unknown): Json {
  const { apiVersion, kind } = object;
  const [name, namespace] = ['name', 'namespace'].map((field) => at(object, 'metadata', field));
  return { apiVersion, kind, metadata: { name, namespace }, spec: { forProvider } };
}

/** The object as references look at it. */
function target(object: Json): Manifest {
  const name = stringAt(object, 'metadata', 'annotations', EXTERNAL_NAME);
  const atProvider = at(object, 'status', 'atProvider');
  return {
    apiVersion: String(object['apiVersion']),
    kind: String(object['kind']),
    metadata: {
      name: stringAt(object, 'metadata', 'name') ?? '',
      ...(name !== undefined && { annotations: { [EXTERNAL_NAME]: name } }),
    },
    spec: { forProvider: forProviderOf(object) },
    status: isFields(atProvider) ? { atProvider } : {},
  };
}

/** What the provider reports once AWS has the object; it changes no more here. */
function reported(key: string, object: Json): Json {
  if (isObject(object['status'])) return object['status'];
  const name = stringAt(object, 'metadata', 'annotations', EXTERNAL_NAME) ?? key;
  const status = made(key, object)['status'];
  const atProvider = { id: name, arn: `arn:aws:any:${name}`, invokeArn: `arn:aws:invoke:${name}` };
  return { ...Object(status), atProvider: { ...atProvider, ...Object(at(status, 'atProvider')) } };
}

function lateInitialized(object: Json, inAws: Json | undefined): Json {
  const policies = at(object, 'spec', 'managementPolicies');
  const isAsked = !Array.isArray(policies) || policies.some((one) => ['*', 'LateInitialize'].includes(one));
  const known = schemaOf(String(object['apiVersion']), String(object['kind']))?.spec.properties;
  const names = Object.keys(known?.['forProvider']?.properties ?? {});
  const fields = forProviderOf(object);
  if (!isAsked || !inAws) return object;
  const initProvider = at(object, 'spec', 'initProvider');
  const said = { ...(isFields(initProvider) ? initProvider : {}), ...fields };
  return withForProvider(object, { ...lateInitialization(names, said, inAws), ...fields });
}

/** The provider's name for it, and its report. */
function observed(key: string, object: Json): Json {
  const status = reported(key, object);
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const annotations = { [EXTERNAL_NAME]: at(status, 'atProvider', 'id'), ...Object(metadata['annotations']) };
  return { ...object, metadata: { ...metadata, annotations }, status };
}

const isSame = (one: unknown, other: unknown) =>
  JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));

function createWorld(server: Server): World {
  let live: Observed = {};
  let applied: Observed = {};
  const aws = new Map<string, Json>();

  const applyAll = async (manifests: Observed): Promise<number> => {
    const changed = Object.entries(manifests).filter(([key, manifest]) => !isSame(applied[key], manifest));
    const lost = Object.keys(live).filter((key) => !manifests[key]);
    for (const key of lost) {
      await server.remove(live[key] ?? {});
      aws.delete(key);
    }
    live = Object.fromEntries(Object.entries(live).filter(([key]) => manifests[key]));
    for (const [key, manifest] of changed) live[key] = await server.apply(manifest, CROSSPLANE);
    applied = manifests;
    return changed.length + lost.length;
  };

  /** One visit of the provider. Returns whether it wrote anything. */
  const visit = async (key: string): Promise<boolean> => {
    let object = live[key] ?? {};
    const kind = kindOf(String(object['apiVersion']), String(object['kind']));
    const before = forProviderOf(object);
    const others = Object.values(live).map(target);
    let references = {};
    try {
      references = added(before, resolveReferences(before, kind?.references ?? [], others));
    } catch {
      // The other one is not there yet.
      return false;
    }
    if (Object.keys(references).length > 0) object = await server.apply(partOf(object, references), RESOLVER);
    const inAws = aws.get(key);
    // What AWS gets was decided before late initialization.
    aws.set(key, { ...forProviderOf(object) });
    const next = observed(key, lateInitialized(object, inAws));
    const isWritten = !isSame(next, object);
    live[key] = isWritten ? await server.update(next, PROVIDER) : object;
    return isWritten || Object.keys(references).length > 0 || !isSame(inAws, aws.get(key));
  };

  return {
    live: () => live,
    settle: async (claim, emitted = (manifests) => manifests) => {
      for (let pass = 0; pass < MOST_PASSES; pass += 1) {
        const rendered = await render(claim, live);
        if (rendered.fatal.length > 0) throw new Error(rendered.fatal.join('\n'));
        const manifests = emitted(rendered.resources);
        let writes = await applyAll(manifests);
        for (const key of Object.keys(live)) writes += (await visit(key)) ? 1 : 0;
        if (writes === 0) return manifests;
      }
      throw new Error(`somebody still writes after ${MOST_PASSES} passes`);
    },
  };
}

/** Where the claims of the withdrawals are. */
const NAMESPACE = 'team-a';

function never(): never {
  throw new Error('there is no withdrawal of tokens');
}

let server: Server;
beforeAll(async () => {
  server = await startServer(NAMESPACE, tell);
}, BUILD_TIMEOUT_MS);
afterAll(() => server?.stop());

/** What an object says; that all is allowed is what nothing said about it means. */
function saidBy(object: Json | undefined): string[] {
  const policies = at(object, 'spec', 'managementPolicies');
  const isDefault = Array.isArray(policies) && policies.join() === '*';
  return said(object).filter((path) => !(isDefault && path.endsWith(' spec.managementPolicies')));
}

/** Paths at which an object has something else than was emitted. Lists here have no order. */
function otherwise(emitted: unknown, live: unknown, path: string): string[] {
  if (isObject(emitted))
    return Object.entries(emitted).flatMap(([name, value]) =>
      otherwise(value, at(live, name), `${path}.${name}`),
    );
  const text = (value: unknown) => JSON.stringify(inOrder(value));
  const items = (value: unknown) => (Array.isArray(value) ? value.map(text).sort() : text(value));
  return String(items(emitted)) === String(items(live)) ? [] : [path];
}

/** By workflow type, so that each claim is changed from one form to the next and nothing begins anew. */
const types = Map.groupBy(WITHDRAWALS, ({ before }) => String(at(before, 'spec', 'workflow', 'type')));
const worlds = new Map<string, World>();
const tried = new Set<string>();

describe.each([...types])('%s', (type, withdrawals) => {
  beforeAll(() => worlds.set(type, createWorld(server)));
  afterAll(async () => {
    for (const object of Object.values(worlds.get(type)?.live() ?? {})) await server.remove(object);
  });

  it.each(withdrawals)('$why', async ({ before, after, gone }) => {
    const world = worlds.get(type) ?? createWorld(server);
    const first = await world.settle(before);
    for (const { kind } of Object.values(first)) tried.add(String(kind));
    const emitted = await world.settle(after);
    const live = world.live();
    const lost = Object.entries(emitted).flatMap(([key, manifest]) => {
      const now = saidBy(manifest);
      return saidBy(first[key]).flatMap((path) => (now.includes(path) ? [] : [{ key, path }]));
    });
    expect([...new Set(lost.map(({ path }) => path))].sort()).toEqual(gone);
    expect(lost.filter(({ key, path }) => saidBy(live[key]).includes(path))).toEqual([]);
    const different = Object.entries(emitted).flatMap(([key, manifest]) =>
      otherwise(at(manifest, 'spec', 'forProvider'), at(live[key], 'spec', 'forProvider'), key),
    );
    expect(different).toEqual([]);
  });
});

it('no kind is left out', () => {
  const kinds = new Set(managedKinds().map(({ kind }) => kind));
  expect([...kinds].filter((kind) => !tried.has(kind))).toEqual([]);
});

describe('a route with a reference to its authorizer, as earlier releases made it', () => {
  const { before: tokens, after: signed } =
    WITHDRAWALS.find(({ why }) => why.startsWith('tokens')) ?? never();
  const authorizers = (world: World) =>
    ['api-announce', 'api-state'].map((key) => at(world.live()[key], 'spec', 'forProvider', 'authorizerId'));

  /** The routes alone in their earlier form, late initialized or not. */
  const earlier = (policies: string[]) => (manifests: Observed) =>
    Object.fromEntries(
      Object.entries(manifests).map(([key, manifest]) => {
        const { authorizerId, ...fields } = Object(at(manifest, 'spec', 'forProvider'));
        if (manifest['kind'] !== 'Route' || authorizerId === undefined) return [key, manifest];
        const authorizerIdRef = { name: stringAt(manifests['api-authorizer'], 'metadata', 'name') };
        const { managementPolicies: _, ...spec } = Object(manifest['spec']);
        const forProvider = { ...fields, authorizerIdRef };
        const more = policies.length > 0 && { managementPolicies: policies };
        return [key, { ...manifest, spec: { ...spec, ...more, forProvider } }];
      }),
    );

  let world: World;
  beforeEach(() => {
    world = createWorld(server);
  });
  afterEach(async () => {
    for (const object of Object.values(world.live())) await server.remove(object);
  });

  it('keeps what that led to when the reference goes', async () => {
    await world.settle(tokens, earlier([]));
    expect(authorizers(world)).toEqual(['api-authorizer', 'api-authorizer']);
    const references = earlier([]);
    await world.settle(tokens, (manifests) =>
      Object.fromEntries(
        Object.entries(references(manifests)).map(([key, manifest]) => {
          const { authorizerIdRef: _, ...forProvider } = Object(at(manifest, 'spec', 'forProvider'));
          return [key, { ...manifest, spec: { ...Object(manifest['spec']), forProvider } }];
        }),
      ),
    );
    expect(authorizers(world)).toEqual(['api-authorizer', 'api-authorizer']);
  });

  it('loses it by what is emitted now', async () => {
    await world.settle(tokens, earlier([]));
    await world.settle(signed);
    expect(authorizers(world)).toEqual([undefined, undefined]);
  });

  it('forgets its API and its integration each time that a reference is added later', async () => {
    await world.settle(signed);
    const added = world.settle(tokens, earlier(['Observe', 'Create', 'Update', 'Delete']));
    await expect(added).rejects.toThrow('somebody still writes after 20 passes');
  });
});
