import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readFiles } from '../promote/claims.ts';
import { wrongFiles } from './files.ts';

const FOLDER = 'argocd/environments/dev/claims';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fileingest-files-'));
  mkdirSync(join(root, FOLDER), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

function wrong(texts: Record<string, string>) {
  for (const [path, text] of Object.entries(texts)) writeFileSync(join(root, FOLDER, path), text);
  return wrongFiles(root, FOLDER, readFiles(join(root, FOLDER)));
}
const claim = 'apiVersion: fileingest.dev/v1alpha1\nkind: FileIngestPipeline\n';
const list = (...paths: string[]) => `resources: [${paths.join(', ')}]\n`;

it('is silent of claims, and of folders and addresses in the list', () => {
  expect(
    wrong({
      'kustomization.yaml': list('orders.yaml', 'team', '../shared/more.yaml', 'https://example.org/a.yaml'),
      'orders.yaml': claim,
      'notes.md': '# Notes',
    }),
  ).toEqual({ errors: [], unusable: [] });
});

it.each([
  ['no YAML', 'kind: {\n', expect.stringMatching(`^${FOLDER}/orders.yaml: is not valid YAML: `)],
  [
    'another kind',
    'kind: Secret\n',
    `${FOLDER}/orders.yaml: is a Secret. Give a file with a FileIngestPipeline.`,
  ],
  ['no kind', 'a: 1\n', `${FOLDER}/orders.yaml: is of no kind. Give a file with a FileIngestPipeline.`],
  ['empty', '# Nothing.\n', `${FOLDER}/orders.yaml: is empty. Give a file with a FileIngestPipeline.`],
  [
    'two claims',
    `${claim}---\n${claim}`,
    `${FOLDER}/orders.yaml: has 2 YAML documents. Give a file with one FileIngestPipeline.`,
  ],
])('names the file that is %s', (_, text, error) => {
  expect(wrong({ 'kustomization.yaml': list('orders.yaml'), 'orders.yaml': text })).toEqual({
    errors: [error],
    unusable: ['orders.yaml'],
  });
});

it('compares the files with the list', () => {
  expect(wrong({ 'kustomization.yaml': list('orders.yaml'), 'refunds.yaml': claim })).toEqual({
    errors: [
      `${FOLDER}/refunds.yaml: is not listed in kustomization.yaml, and so no environment has it. List it, or remove it.`,
      `${FOLDER}/kustomization.yaml: resources: "orders.yaml" is no file there. Add the file, or take it out of the list.`,
    ],
    unusable: ['orders.yaml'],
  });
});

it('leaves a list that is not there, or no YAML, to kustomize', () => {
  expect(wrong({ 'orders.yaml': '{' })).toEqual({ errors: [], unusable: [] });
  expect(wrong({ 'kustomization.yaml': 'resources: {\n' })).toEqual({ errors: [], unusable: [] });
});
