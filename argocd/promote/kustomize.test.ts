import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findKustomize, identity } from './kustomize.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kustomize-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Puts programs on the PATH that print this, and a kustomize where the pinned one is looked for. */
function system(printed: Record<string, string>): string {
  const [onPath, pinned] = ['path', 'pinned'].map((name) => join(folder, name)) as [string, string];
  for (const made of [onPath, pinned]) mkdirSync(made);
  for (const [name, text] of Object.entries(printed)) {
    writeFileSync(join(onPath, name), `#!/bin/sh\necho '${text}'\n`, { mode: 0o755 });
  }
  writeFileSync(join(pinned, 'kustomize'), '', { mode: 0o755 });
  vi.stubEnv('PATH', onPath);
  vi.stubEnv('CONTROL_PLANE_BIN', pinned);
  return join(pinned, 'kustomize');
}
const KUBECTL = 'Client Version: v1.32.4\nKustomize Version: v5.5.0\n';

it.each([
  ['the one on the PATH', { kustomize: 'v5.8.1\n', kubectl: KUBECTL }, ['kustomize', 'build']],
  ['the one in kubectl', { kubectl: KUBECTL }, ['kubectl', 'kustomize']],
  [
    'the one in kubectl, where the other is old',
    { kustomize: 'v4.5.7\n', kubectl: KUBECTL },
    ['kubectl', 'kustomize'],
  ],
])('takes %s', async (_, printed, command) => {
  system(printed);
  expect(await findKustomize()).toEqual(command);
});

it.each([
  ['there is none', {}],
  ['both are old', { kustomize: 'v3.9.1', kubectl: 'Client Version: v1.26.0\nKustomize Version: v4.5.7\n' }],
  ['kubectl does not tell', { kubectl: 'Client Version: v5.0.0\n' }],
])('takes the pinned one where %s', async (_, printed) => {
  const pinned = system(printed);
  expect(await findKustomize()).toEqual([pinned, 'build']);
});

it('tells objects apart by kind, namespace and name', () => {
  expect(identity({ kind: 'FileIngestPipeline', metadata: { namespace: 'a', name: 'b' } })).toBe(
    'FileIngestPipeline/a/b',
  );
  expect(identity({ kind: 'Namespace', metadata: { name: 'b' } })).toBe('Namespace/b');
});
