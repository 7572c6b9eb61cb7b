/**
 * What a claim says no more has to be gone from the objects of a real API server, where the provider owns fields too: those
 * that it filled in, and those that a reference led to. Each withdrawal, of every kind that is emitted.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Observed } from '../function/render.ts';
import { at, inOrder, isObject, type Json, stringAt } from '../function/src/objects.ts';
import { said, WITHDRAWALS } from '../function/tests/withdrawals.ts';
import { managedKinds } from '../local/managed-kinds.ts';
import { BUILD_TIMEOUT_MS } from '../tools/programs/binaries.ts';
import { tell } from '../tools/terminal.ts';
import { type Server, startServer } from './field-ownership/api-server.ts';
import { createWorld, type World } from './field-ownership/world.ts';

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
