/** Runs the health checks with Argo CD's own CLI, on objects from a real control plane. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, matchesGlob } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { patched } from '../../apis/refusals/refusal.ts';
import { at, isObject, type Json, stringAt } from '../../function/src/objects.ts';
import type { KubeObject } from '../../tools/cluster.ts';
import { runCommand } from '../../tools/command.ts';
import { BUILD_TIMEOUT_MS, ensureBinaries } from '../../tools/programs/binaries.ts';
import { tell } from '../../tools/terminal.ts';
import { CHECKS, generate, healthCheck } from './generate.ts';

const TESTDATA = join(import.meta.dirname, 'testdata');
/** How many CLI processes run in parallel. A build machine has at least two cores. */
const AT_ONCE = 2;

const folder = mkdtempSync(join(tmpdir(), 'fileingest-health-'));
afterAll(() => rmSync(folder, { recursive: true }));

const recorded = (name: string): KubeObject => parse(readFileSync(join(TESTDATA, `${name}.yaml`), 'utf8'));

/** What Argo CD must report. The comment in health-states.yaml says what the fields mean. */
interface Expected {
  readonly health: 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended';
  readonly message?: string;
  readonly messageOf?: string | readonly string[];
}

interface Variation extends Expected {
  readonly conditions?: Readonly<Record<string, Json>>;
  readonly object?: Json;
}

interface State {
  readonly record: string;
  readonly object: KubeObject;
  readonly health: string;
  readonly message: string;
}

function conditionOf(object: Json, type: string): Json {
  const found = at(object, 'status', 'conditions');
  const condition = Array.isArray(found) && found.find((one) => isObject(one) && one['type'] === type);
  if (!isObject(condition)) throw new Error(`${object['kind']} has no condition ${type}`);
  return condition;
}

function messageIn(object: Json, { message, messageOf = [] }: Expected): string {
  if (message !== undefined) return message;
  const told = (type: string) => stringAt(conditionOf(object, type), 'message');
  if (typeof messageOf === 'string') return told(messageOf) ?? `${messageOf} has no message`;
  const line = (type: string) => `${type}, ${stringAt(conditionOf(object, type), 'reason')}: ${told(type)}`;
  return messageOf.map(line).join('\n');
}

const stateOf = (record: string, object: KubeObject, expected: Expected): State => ({
  record,
  object,
  health: expected.health,
  message: messageIn(object, expected),
});

function withChange(record: string, { conditions = {}, object = {} }: Variation): KubeObject {
  const changed = recorded(record);
  Object.assign(changed, patched(changed, object));
  for (const [type, fields] of Object.entries(conditions)) Object.assign(conditionOf(changed, type), fields);
  return changed;
}

const FILE: Readonly<Record<string, Expected & { changed?: Readonly<Record<string, Variation>> }>> = parse(
  readFileSync(join(import.meta.dirname, 'health-states.yaml'), 'utf8'),
);
const STATES = Object.entries(FILE).map(([record, expected]) => stateOf(record, recorded(record), expected));
const VARIATIONS = Object.entries(FILE).flatMap(([record, { changed = {} }]) =>
  Object.entries(changed).map(([title, variation]) => ({
    title,
    ...stateOf(record, withChange(record, variation), variation),
  })),
);

let argocd = '';
let files = 0;

/** Writes a value to a new file, as JSON, which is valid YAML, and returns the path. */
function written(value: unknown): string {
  files += 1;
  const path = join(folder, `${files}.yaml`);
  writeFileSync(path, JSON.stringify(value));
  return path;
}

/** The health that Argo CD reports for an object, with a given ConfigMap. */
async function healthOf(object: KubeObject, configMap: string): Promise<{ health: string; message: string }> {
  const output = await runCommand(
    argocd,
    ['admin', 'settings', 'resource-overrides', 'health', written(object), '--argocd-cm-path', configMap],
    { env: { ...process.env, ARGOCD_BINARY_NAME: 'argocd' } },
  );
  const match = /^STATUS: (\w+)\nMESSAGE: ([\s\S]*?)\n?$/.exec(output);
  if (!match)
    throw new Error(`argocd said something else of ${object.kind} ${object.metadata.name}: ${output}`);
  const [, health = '', message = ''] = match;
  return { health, message };
}

const ours = join(import.meta.dirname, 'argocd-cm.yaml');
const of = (name: string) => `${recorded(name).apiVersion.replace(/\/.*/, '')}/${recorded(name).kind}`;
const said = new Map<State, { health: string; message: string }>();

beforeAll(async () => {
  ({ argocd } = await ensureBinaries(['argocd'], tell));
  const waiting = [...STATES, ...VARIATIONS];
  const worker = async () => {
    for (let state = waiting.shift(); state; state = waiting.shift())
      said.set(state, await healthOf(state.object, ours));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}, BUILD_TIMEOUT_MS);

describe('an object of the control plane', () => {
  it.each(STATES)('$record: $health', (state) => {
    expect(said.get(state)).toEqual({ health: state.health, message: state.message });
  });

  it('is tried in each recorded state', () => {
    const names = readdirSync(TESTDATA, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.yaml'))
      .map((path) => path.replace(/\.yaml$/, ''));
    expect(STATES.map(({ record }) => record).toSorted()).toEqual(names.toSorted());
  });
});

it.each(VARIATIONS)('$record, $title: $health', (state) => {
  expect(said.get(state)).toEqual({ health: state.health, message: state.message });
});

describe('a health check', () => {
  it.each([
    { file: 'claim.lua', record: 'claim/waiting-for-reference' },
    { file: 'crossplane.lua', record: 'crossplane/provider-starting' },
    { file: 'aws.lua', record: 'aws/update-refused' },
    { file: 'application.lua', record: 'application/healthy' },
  ])('$file stands alone', async ({ file, record }) => {
    const block = stringify({ [of(record)]: { 'health.lua': healthCheck(file) } });
    const data = { 'resource.customizations': block };
    const configMap = written({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-cm' },
      data,
    });
    const state = STATES.find((known) => known.record === record);
    expect(await healthOf(recorded(record), configMap)).toEqual(state && said.get(state));
  });

  it('is the only one for its kinds', () => {
    for (const { record } of STATES) {
      const matching = CHECKS.filter(({ kinds }) => matchesGlob(of(record), kinds)).map(({ file }) => file);
      expect(matching, record).toEqual([`${record.replace(/\/.*/, '')}.lua`]);
    }
  });

  it('for one kind wins over one with a wildcard', async () => {
    const patch: { data: Record<string, string> } = parse(generate(healthCheck));
    const lua = 'return { status = "Suspended", message = "the wildcard" }';
    patch.data['resource.customizations'] = stringify({ '*.dev/*': { 'health.lua': lua } });
    const object = recorded('claim/ready');
    expect(await healthOf(object, written(patch))).toEqual({
      health: 'Healthy',
      message: 'All resources are ready',
    });
    object.kind = 'Other';
    expect(await healthOf(object, written(patch))).toEqual({ health: 'Suspended', message: 'the wildcard' });
  });
});
