import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Change, readFiles } from './claims.ts';
import { ENVIRONMENTS } from './environments.ts';
import { fileDiff, objectDiff, stage } from './stage.ts';

let root: string;
let staging: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fileingest-stage-'));
  staging = join(root, ENVIRONMENTS, 'staging');
  mkdirSync(join(root, ENVIRONMENTS, 'base'), { recursive: true });
  mkdirSync(join(staging, 'claims'), { recursive: true });
  writeFileSync(join(root, ENVIRONMENTS, 'base/kustomization.yaml'), 'base');
  for (const name of ['a', 'b', 'c']) writeFileSync(join(staging, 'claims', name), name);
});
afterEach(() => rmSync(root, { recursive: true }));

const CHANGES: Change[] = [
  { path: 'claims/a', what: 'changed', content: Buffer.from('A') },
  { path: 'claims/b', what: 'removed', content: undefined },
  { path: 'claims/d/e', what: 'added', content: Buffer.from('e') },
];
const texts = (folder: string) =>
  Object.fromEntries([...readFiles(folder)].map(([path, content]) => [path, content.toString()]));
const OLD = { 'claims/a': 'a', 'claims/b': 'b', 'claims/c': 'c' };
const NEW = { 'claims/a': 'A', 'claims/c': 'c', 'claims/d/e': 'e' };

it('shows what would be, beside what all share, and changes nothing', async () => {
  const staged = await stage(root, 'staging', CHANGES);
  expect(texts(staged.folder)).toEqual(NEW);
  expect(readFileSync(join(staged.folder, '../base/kustomization.yaml'), 'utf8')).toBe('base');
  expect(texts(staging)).toEqual(OLD);
  expect(await fileDiff(root, `${ENVIRONMENTS}/staging`, staged.folder, false)).toContain(
    `--- a/${ENVIRONMENTS}/staging/claims/a\n+++ b/${ENVIRONMENTS}/staging/claims/a\n`,
  );
  await staged[Symbol.asyncDispose]();
  expect(texts(staging)).toEqual(OLD);
  expect(readdirSync(join(root, '.cache'))).toEqual([]);
});

it('takes the place of the environment', async () => {
  const staged = await stage(root, 'staging', CHANGES);
  await staged.commit();
  await staged[Symbol.asyncDispose]();
  expect(texts(staging)).toEqual(NEW);
  expect(readdirSync(join(root, '.cache'))).toEqual([]);
});

it('leaves the environment as it was where it cannot take its place', async () => {
  const staged = await stage(root, 'staging', CHANGES);
  rmSync(staged.folder, { recursive: true });
  await expect(staged.commit()).rejects.toThrow('ENOENT');
  expect(texts(staging)).toEqual(OLD);
  await staged[Symbol.asyncDispose]();
});

it('leaves nothing behind where it cannot be made', async () => {
  const missing: Change[] = [{ path: 'claims/z', what: 'removed', content: undefined }];
  await expect(stage(root, 'staging', missing)).rejects.toThrow('ENOENT');
  expect(texts(staging)).toEqual(OLD);
  expect(readdirSync(join(root, '.cache'))).toEqual([]);
  expect(existsSync(join(root, ENVIRONMENTS, 'base'))).toBe(true);
});

it('shows objects one by one', async () => {
  const object = (name: string, size: number) => ({ kind: 'Thing', metadata: { name }, spec: { size } });
  const diff = await objectDiff(
    root,
    [object('x', 1), object('y', 1)],
    [object('y', 1), object('x', 2)],
    false,
  );
  expect(diff.split('\n').filter((line) => /^[-+]/.test(line))).toEqual([
    '--- a/Thing/x.yaml',
    '+++ b/Thing/x.yaml',
    '-  size: 1',
    '+  size: 2',
  ]);
});
