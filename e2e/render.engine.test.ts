/**
 * The goldens are made by calling the function from TypeScript. Here Crossplane calls the bundle that ships, reads what it
 * answers and completes it; what comes out must be the goldens and what Crossplane adds, and nothing else.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleClaims } from '../function/examples.ts';
import {
  CATALOGUE,
  made,
  type Observed,
  platformOf,
  readClaim,
  render,
  standing,
  UID,
} from '../function/render.ts';
import { at, type Json, stringAt } from '../function/src/objects.ts';
import { PLATFORM_SELECTOR } from '../function/src/platform.ts';
import { BUILD_TIMEOUT_MS } from '../tools/programs/binaries.ts';
import { objectsOf } from '../tools/yaml.ts';
import { type Engine, type EngineOutput, KEY_ANNOTATION, startEngine } from './engine.ts';

const MOST_WAVES = 10;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine(CATALOGUE);
}, BUILD_TIMEOUT_MS);
afterAll(() => engine?.stop());

/** All that the engine adds to a manifest of the function. */
function completed(key: string, manifest: Json, claim: Json): Json {
  const name = stringAt(claim, 'metadata', 'name');
  const owner = { apiVersion: claim['apiVersion'], kind: claim['kind'], name, uid: UID };
  return {
    ...manifest,
    metadata: {
      ...Object(manifest['metadata']),
      // By this it knows the resource again on the next run.
      annotations: { ...Object(at(manifest, 'metadata', 'annotations')), [KEY_ANNOTATION]: key },
      // By this it finds what belongs to a claim.
      labels: { ...Object(at(manifest, 'metadata', 'labels')), 'crossplane.io/composite': name },
      // By this Kubernetes deletes the resource with its claim, and nothing else may adopt it.
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
  };
}

const completedAll = (resources: Record<string, Json>, claim: Json) =>
  Object.fromEntries(
    Object.entries(resources).map(([key, manifest]) => [key, completed(key, manifest, claim)]),
  );

/** Conditions as the goldens have them: `True Available`, `False Creating: message`. */
function conditionsOf({ composite }: EngineOutput): Record<string, string> {
  const conditions = at(composite, 'status', 'conditions');
  if (!Array.isArray(conditions)) throw new Error('the composite has no conditions');
  return Object.fromEntries(
    conditions.map(({ type, status, reason, message }) => [
      type,
      `${status} ${reason}${message ? `: ${message}` : ''}`,
    ]),
  );
}

/** The status without conditions. */
function statusOf({ composite }: EngineOutput): Json {
  const { conditions: _, ...status } = Object(composite['status']);
  return status;
}

/** The conditions that are Crossplane's own. */
const enginesConditions = (ready: boolean) => ({
  // No resource of the claim changes so often that Crossplane stops to watch it.
  Responsive: 'True WatchCircuitClosed',
  Synced: 'True ReconcileSuccess',
  Ready: ready ? 'True Available' : 'False Creating',
});

/** The list of what was composed, which the engine keeps in the claim, in its own order. */
function references({ composite }: EngineOutput): string[] {
  const refs = at(composite, 'spec', 'crossplane', 'resourceRefs');
  if (!Array.isArray(refs)) throw new Error('the composite has no resourceRefs');
  return refs.map(({ apiVersion, kind, name }) => `${apiVersion} ${kind} ${name}`).sort();
}

const referencesTo = (resources: Record<string, Json>) =>
  Object.values(resources)
    .map((object) => `${object['apiVersion']} ${object['kind']} ${stringAt(object, 'metadata', 'name')}`)
    .sort();

function readGolden(path: string): { composite: Json; resources: Record<string, Json> } {
  const file = `golden/${path.replace('.yaml', '').replace('/', '-')}.golden.yaml`;
  const [composite, ...resources] = objectsOf(
    readFileSync(new URL(`../function/tests/${file}`, import.meta.url), 'utf8'),
  );
  if (!composite) throw new Error(`${file} is empty`);
  return { composite, resources: Object.assign({}, ...resources) };
}

/** The platform's defaults as the cluster has them; undefined where it has none. */
function environmentConfig(claim: Json): Json | undefined {
  const data = platformOf(claim);
  const { apiVersion, kind, matchName: name } = PLATFORM_SELECTOR;
  return data && { apiVersion, kind, metadata: { name }, data };
}

/** Each wave: what the engine wrote, and what the function says of the same state when it is called from here. */
async function waves(claim: Json): Promise<EngineOutput[]> {
  const outputs: EngineOutput[] = [];
  let observed: Observed = {};
  while (outputs.length < MOST_WAVES) {
    const output = await engine.render(claim, observed, environmentConfig(claim));
    const expected = await render(claim, observed);
    outputs.push(output);
    expect(output.composed).toEqual(completedAll(expected.resources, claim));
    expect(references(output)).toEqual(referencesTo(expected.resources));
    expect(statusOf(output)).toEqual(expected.status);
    expect(conditionsOf(output)).toEqual({
      ...expected.conditions,
      ...enginesConditions(expected.compositeReady),
    });
    // Crossplane writes what it completed, and the provider makes it.
    const next = Object.fromEntries(
      Object.entries(output.composed).map(([key, object]) => [key, made(key, object, standing(claim))]),
    );
    if (JSON.stringify(next) === JSON.stringify(observed)) return outputs;
    observed = next;
  }
  throw new Error(`still changing after ${MOST_WAVES} waves`);
}

describe("Crossplane's engine renders what the goldens say", () => {
  it.each(exampleClaims())('%s', async (path) => {
    const claim = readClaim(path);
    const golden = readGolden(path);
    const outputs = await waves(claim);
    const last = outputs.at(-1);
    if (!last) throw new Error('nothing was rendered');
    expect(last.composed).toEqual(completedAll(golden.resources, claim));
    expect(statusOf(last)).toEqual(golden.composite['status']);
    expect(conditionsOf(last)).toEqual({
      ...Object(golden.composite['conditions']),
      ...enginesConditions(golden.composite['ready'] === true),
    });
    const { apiVersion, kind, metadata } = claim;
    const { name, namespace } = Object(metadata);
    expect(last.composite).toMatchObject({ apiVersion, kind, metadata: { name, namespace } });
  });
});
