import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSignIns } from './sign-ins.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sign-ins-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

const APPLICATION = 'argocd/platform/applications/provider-config.yaml';
const FOLDER = 'argocd/platform/provider-config';

it('are those of the file that the Application includes, by name', () => {
  write(APPLICATION, `spec: { source: { path: ${FOLDER}, directory: { include: b.yaml } } }\n`);
  write(`${FOLDER}/a.yaml`, 'kind: ClusterProviderConfig\nmetadata: { name: other }\nspec: {}\n');
  const config = (name: string, source: string) =>
    `kind: ClusterProviderConfig\nmetadata: { name: ${name} }\nspec: { credentials: { source: ${source} } }\n`;
  write(
    `${FOLDER}/b.yaml`,
    ['kind: Secret\n', config('default', 'IRSA'), config('prod', 'None')].join('---\n'),
  );
  expect([...readSignIns(root)]).toEqual([
    ['default', { credentials: { source: 'IRSA' } }],
    ['prod', { credentials: { source: 'None' } }],
  ]);
});

it('are none where the repository says nothing of them', () => {
  expect(readSignIns(root).size).toBe(0);
  write(APPLICATION, `spec: { source: { path: ${FOLDER}, directory: { include: gone.yaml } } }\n`);
  expect(readSignIns(root).size).toBe(0);
});
