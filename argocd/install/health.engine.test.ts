/** Runs the health checks with Argo CD's own CLI, on objects from a real control plane. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, matchesGlob } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { KubeObject } from '../../tools/cluster.ts';
import { runCommand } from '../../tools/command.ts';
import { BUILD_TIMEOUT_MS, ensureBinaries } from '../../tools/programs/binaries.ts';
import { tell } from '../../tools/terminal.ts';
import { CHECKS, generate, healthCheck } from './generate.ts';
import { STATES, type State } from './health-states.ts';
import { VARIATIONS } from './health-variations.ts';

const TESTDATA = join(import.meta.dirname, 'testdata');
/** How many CLI processes run in parallel. A build machine has at least two cores. */
const AT_ONCE = 2;

const folder = mkdtempSync(join(tmpdir(), 'fileingest-health-'));
afterAll(() => rmSync(folder, { recursive: true }));

const recorded = (name: string): KubeObject => parse(readFileSync(join(TESTDATA, `${name}.yaml`), 'utf8'));

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
    for (let state = waiting.shift(); state; state = waiting.shift()) {
      const object = recorded(state.record);
      state.change?.(object);
      said.set(state, await healthOf(object, ours));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}, BUILD_TIMEOUT_MS);

describe('an object of the control plane', () => {
  it.each(STATES)('$record: $health', (state) => {
    expect(said.get(state)).toEqual({ health: state.health, message: state.message(recorded(state.record)) });
  });

  it('is tried in each recorded state', () => {
    const names = readdirSync(TESTDATA, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.yaml'))
      .map((path) => path.replace(/\.yaml$/, ''));
    expect(STATES.map(({ record }) => record).toSorted()).toEqual(names.toSorted());
  });
});

it.each(VARIATIONS)('$record, $title: $health', (state) => {
  const object = recorded(state.record);
  state.change?.(object);
  expect(said.get(state)).toEqual({ health: state.health, message: state.message(object) });
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
