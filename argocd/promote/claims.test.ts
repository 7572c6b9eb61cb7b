import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { claimNames, type Files, planClaims, readFiles, unlisted } from './claims.ts';

const list = (...names: string[]) =>
  `# The claims.\nresources:\n${names.map((name) => `  - ${name}.yaml\n`).join('')}`;
const files = (texts: Record<string, string>): Files =>
  new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));
const folderOf = (claims: Record<string, string>) =>
  files({
    'kustomization.yaml': list(...Object.keys(claims)),
    ...Object.fromEntries(Object.entries(claims).map(([name, text]) => [`${name}.yaml`, text])),
  });
const planned = (from: Files, to: Files, claim?: string) =>
  planClaims(from, to, claim).map(({ path, what, content }) => [what, path, content?.toString()]);

const HERE = folderOf({ a: 'new', c: 'same', d: 'more' });
const THERE = folderOf({ a: 'old', b: 'gone', c: 'same' });

it('reads a folder at any depth, byte for byte', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fileingest-claims-'));
  mkdirSync(join(folder, 'definitions'));
  writeFileSync(join(folder, 'definitions/sort.json'), Buffer.from([0xff, 0x0a]));
  writeFileSync(join(folder, 'a.yaml'), 'a');
  expect([...readFiles(folder)]).toEqual([
    ['a.yaml', Buffer.from('a')],
    ['definitions/sort.json', Buffer.from([0xff, 0x0a])],
  ]);
  rmSync(folder, { recursive: true });
});

it('carries all that differs, and removes what is gone', () => {
  expect(planned(HERE, THERE)).toEqual([
    ['changed', 'a.yaml', 'new'],
    ['removed', 'b.yaml', undefined],
    ['added', 'd.yaml', 'more'],
    ['changed', 'kustomization.yaml', list('a', 'c', 'd')],
  ]);
  expect(planned(HERE, HERE)).toEqual([]);
});

it.each([
  ['a', [['changed', 'a.yaml', 'new']]],
  [
    'b',
    [
      ['removed', 'b.yaml', undefined],
      ['changed', 'kustomization.yaml', list('a', 'c')],
    ],
  ],
  ['c', []],
  [
    'd',
    [
      ['added', 'd.yaml', 'more'],
      ['changed', 'kustomization.yaml', list('a', 'b', 'c', 'd')],
    ],
  ],
])('carries claim %s alone, the list in step', (claim, changes) => {
  expect(planned(HERE, THERE, claim)).toEqual(changes);
});

it('puts a claim into an order of names, and keeps comments', () => {
  const to = files({
    'kustomization.yaml': '# Ours.\nresources:\n  - b.yaml # of accounting\n',
    'b.yaml': 'b',
  });
  expect(planned(folderOf({ a: 'a', b: 'b', c: 'c' }), to, 'a')[1]).toEqual([
    'changed',
    'kustomization.yaml',
    '# Ours.\nresources:\n  - a.yaml\n  - b.yaml # of accounting\n',
  ]);
});

it('takes the list as it is once the claims are the same', () => {
  const to = files({ 'kustomization.yaml': `# Another comment.\n${list('a')}`, 'a.yaml': 'a' });
  expect(planned(folderOf({ a: 'a', b: 'b' }), to, 'b')).toEqual([
    ['added', 'b.yaml', 'b'],
    ['changed', 'kustomization.yaml', list('a', 'b')],
  ]);
});

it('refuses a claim that is in neither', () => {
  expect(() => planClaims(HERE, THERE, 'z')).toThrow('CLAIM=z is no claim there. There are a, c, d.');
});

it('finds files that the list leaves out', () => {
  expect(unlisted(HERE)).toEqual([]);
  expect(
    unlisted(files({ 'kustomization.yaml': list('a'), 'a.yaml': '', 'b.yaml': '', 'README.md': '' })),
  ).toEqual(['b.yaml']);
  expect(claimNames(HERE)).toEqual(['a', 'c', 'd']);
});
