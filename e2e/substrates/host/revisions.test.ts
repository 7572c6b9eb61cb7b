import { expect, it } from 'vitest';
import type { KubeObject } from '../../../tools/cluster.ts';
import { FUNCTION_REVISION, PROVIDER_REVISION } from '../../../tools/kinds.ts';
import { type Runs, toldOf } from './revisions.ts';

const revision = (kind: typeof FUNCTION_REVISION, status: object = {}): KubeObject => ({
  apiVersion: kind.apiVersion,
  kind: kind.kind,
  metadata: { name: 'a' },
  spec: { image: 'registry.example/a:v0.1.0' },
  status,
});

/** The status after all has been told, as the API server has it then. */
function after(before: KubeObject, runs: Runs): KubeObject {
  const told = toldOf(before, runs);
  if (!told) throw new Error('there was nothing to tell');
  const status = typeof before['status'] === 'object' ? before['status'] : {};
  return { ...before, status: { ...status, ...told.fields, conditions: told.conditions } };
}

const up: Runs = { functionAt: (version) => `dns:///localhost:${version}`, provider: () => true };
const down: Runs = { functionAt: () => undefined, provider: () => false };

it.each([
  ['a function that runs', FUNCTION_REVISION, up, 'True'],
  ['a function that never ran', FUNCTION_REVISION, down, 'False'],
  ['a provider that runs', PROVIDER_REVISION, up, 'True'],
  ['a provider that never ran', PROVIDER_REVISION, down, 'False'],
] as const)('tells of %s once', (_, kind, runs, status) => {
  const told = after(revision(kind), runs);
  expect(told['status']).toMatchObject({ conditions: [{ type: 'RuntimeHealthy', status }] });
  expect(toldOf(told, runs)).toBeUndefined();
});

it.each([FUNCTION_REVISION, PROVIDER_REVISION])('tells once of the end of a $kind that ran', (kind) => {
  const ended = after(after(revision(kind), up), down);
  expect(ended['status']).toMatchObject({ conditions: [{ status: 'False' }] });
  expect(toldOf(ended, down)).toBeUndefined();
  expect(toldOf(ended, up)).toBeDefined();
});
