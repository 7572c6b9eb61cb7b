/**
 * The goldens are made by calling the function from TypeScript. Here Crossplane calls the bundle that ships, reads what it
 * answers and completes it; what comes out must be the goldens and what Crossplane adds, and nothing else.
 */
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { type FunctionServer, startFunction } from '../local/function-server.ts';
import { runCommand } from '../tools/command.ts';
import { BUILD_TIMEOUT_MS, ensureBinaries } from '../tools/programs/binaries.ts';
import { tell } from '../tools/terminal.ts';
import { objectsOf, writeObjects } from '../tools/yaml.ts';

const MOST_WAVES = 10;
const ROOT = join(import.meta.dirname, '..');

/** Names a composed resource in its composition; the engine writes it, and reads it from what it observes. */
const KEY_ANNOTATION = 'crossplane.io/composition-resource-name';

let folder: string;
let server: FunctionServer;
let binaries: Record<'crossplane' | 'crossplane-cli', string>;

/** The function that ships, beside the zips of the goldens instead of the handlers'. */
beforeAll(async () => {
  binaries = await ensureBinaries(['crossplane', 'crossplane-cli'], tell);
  folder = await mkdtemp(join(tmpdir(), 'fileingest-engine-'));
  await mkdir(join(folder, 'handlers'));
  await copyFile(join(ROOT, 'dist/function/main.js'), join(folder, 'main.mjs')).catch((error: Error) => {
    throw new Error(`the function is not built, run \`make build\`: ${error.message}`);
  });
  for (const [name, { base64 }] of Object.entries(CATALOGUE))
    await writeFile(join(folder, 'handlers', `${name}.zip`), base64, 'base64');
  server = await startFunction(join(folder, 'main.mjs'));
}, BUILD_TIMEOUT_MS);
afterAll(async () => {
  await server?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** What Crossplane would write to the API server. */
interface EngineOutput {
  readonly composite: Json;
  /** Composed resources by key. */
  readonly composed: Record<string, Json>;
}

function readOutput(yaml: string): EngineOutput {
  const [composite, ...composed] = objectsOf(yaml);
  if (!composite) throw new Error('crossplane composition render printed nothing');
  const byKey = composed.map((object): [string, Json] => {
    const key = stringAt(object, 'metadata', 'annotations', KEY_ANNOTATION);
    if (!key)
      throw new Error(`Crossplane gave an object without ${KEY_ANNOTATION}: ${JSON.stringify(object)}`);
    return [key, object];
  });
  return { composite, composed: Object.fromEntries(byKey) };
}

/** One reconcile of a claim, after the XRD's defaults, by `crossplane composition render`. `observed` are by key. */
async function reconcile(claim: Json, observed: Record<string, Json>, platform?: Json) {
  const run = await mkdtemp(join(folder, 'run-'));
  const claimFile = await writeObjects(join(run, 'claim.yaml'), [claim]);
  const observedFile = await writeObjects(join(run, 'observed.yaml'), Object.values(observed));
  const requiredFile = platform && (await writeObjects(join(run, 'required.yaml'), [platform]));
  const output = await runCommand(binaries['crossplane-cli'], [
    ...['composition', 'render', claimFile],
    ...[join(ROOT, 'compositions/composition.yaml'), join(ROOT, 'examples/functions.yaml')],
    `--xrd=${join(ROOT, 'apis/definition.yaml')}`,
    `--observed-resources=${observedFile}`,
    ...(requiredFile === undefined ? [] : [`--required-resources=${requiredFile}`]),
    `--function-annotations=render.crossplane.io/runtime-development-target=${server.address}`,
    `--crossplane-binary=${binaries.crossplane}`,
  ]);
  return readOutput(output);
}

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
    const output = await reconcile(claim, observed, environmentConfig(claim));
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
