import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ENVIRONMENTS } from './environments.ts';
import { PIN, pinnedRevision, runningRevision, withRevision } from './revision.ts';

const PATCH = readFileSync(join(import.meta.dirname, '../environments/staging', PIN), 'utf8');

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fileingest-revision-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const composition = (version: string) =>
  write('compositions/composition.yaml', `metadata: {labels: {fileingest.dev/version: ${version}}}`);
const installed = (version: string) =>
  write('argocd/platform/configuration.yaml', `spec: {package: "example.org:5000/configuration:${version}"}`);

it('of an environment without a pin is that of the newest Composition', () => {
  composition('v0.3.0');
  installed('v0.3.0');
  expect(pinnedRevision(root, 'dev')).toBeUndefined();
  expect(runningRevision(root, 'dev')).toBe('v0.3.0');
});

it('of an environment with a pin is the pin', () => {
  composition('v0.3.0');
  write(`${ENVIRONMENTS}/staging/${PIN}`, withRevision(PATCH, 'v0.2.0'));
  expect(pinnedRevision(root, 'staging')).toBe('v0.2.0');
  expect(runningRevision(root, 'staging')).toBe('v0.2.0');
});

it('is refused where no package of the newest is installed', () => {
  composition('v0.3.0');
  installed('v0.2.0');
  expect(() => runningRevision(root, 'dev')).toThrow(
    'compositions/composition.yaml is v0.3.0, but argocd/platform/configuration.yaml installs v0.2.0: no cluster has that ' +
      'revision. Install v0.3.0 there first, or carry the claims alone with REVISION=keep.',
  );
});

it('is refused where it is no version', () => {
  composition('latest');
  expect(() => runningRevision(root, 'dev')).toThrow('has no version such as v1.2.3 at metadata.labels.');
});

it('is written into the patch, and nothing else is', () => {
  const changed = withRevision(PATCH, 'v12.0.0-rc.1');
  expect(changed).not.toBe(PATCH);
  expect(changed.replace('v12.0.0-rc.1', 'v0.1.0')).toBe(PATCH.replace(/v\d+\.\d+\.\d+\S*/, 'v0.1.0'));
  expect(() => withRevision('spec: {}', 'v1.0.0')).toThrow('patches/revision.yaml has no spec.crossplane.');
});
