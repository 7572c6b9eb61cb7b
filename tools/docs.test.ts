/** Every link from our documentation to a file or a heading of the repository leads there. */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { anchorsOf, codeBlocksOf, linksOf } from './markdown.ts';

const ROOT = join(import.meta.dirname, '..');
const DOCUMENTATION = ['*.md', 'docs/*.md', 'examples/**/README.md', '.github/**/*.md'];

/** What is wrong with a link of a file, or undefined. `exists` and `read` take paths from the root. */
function wrongWith(
  file: string,
  target: string,
  { exists, read }: { exists: (path: string) => boolean; read: (path: string) => string },
): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(target)) return undefined;
  const [path = '', anchor] = decodeURIComponent(target).split('#', 2);
  const to = path === '' ? file : join(dirname(file), path);
  if (to.startsWith('..')) return 'leads out of the repository';
  if (!exists(to)) return `there is no ${to}`;
  if (anchor === undefined) return undefined;
  if (!to.endsWith('.md')) return `${to} has no headings`;
  return anchorsOf(read(to)).has(anchor) ? undefined : `${to} has no heading #${anchor}`;
}

const FILES = {
  exists: (path: string) => existsSync(join(ROOT, path)),
  read: (path: string) => readFileSync(join(ROOT, path), 'utf8'),
};

it('links to files and headings that there are', () => {
  const files = globSync(DOCUMENTATION, { cwd: ROOT }).filter((file) => statSync(join(ROOT, file)).isFile());
  for (const file of ['README.md', 'CONTRIBUTING.md', 'RELEASING.md', 'SECURITY.md', 'docs/install.md'])
    expect(files).toContain(file);
  const broken = files.sort().flatMap((file) =>
    linksOf(FILES.read(file)).flatMap(({ target, line }) => {
      const wrong = wrongWith(file, target, FILES);
      return wrong === undefined ? [] : [`${file}:${line}: ${target}: ${wrong}`];
    }),
  );
  expect(broken).toEqual([]);
});

it('has a page of docs in the list of them', () => {
  const listed = linksOf(FILES.read('README.md')).map(({ target }) => target);
  const pages = globSync('docs/*.md', { cwd: ROOT }).map((page) => relative('', page));
  expect(pages.filter((page) => !listed.includes(page))).toEqual([]);
});

const PAGES: Readonly<Record<string, string>> = {
  'docs/a.md': [
    '# What `make` does: it *builds*, twice',
    '## [Again](b.md)',
    '## Again',
    '### 3. Größe_1',
    '```sh',
    '# no heading, [no link](nowhere.md)',
    '```',
    '[one](b.md#b) and `[code](nowhere.md)` ![picture](pictures/p.svg "title")',
    '[two]: ../README.md',
  ].join('\n'),
  'docs/b.md': '# B',
  'README.md': '# Here',
  'docs/pictures/p.svg': '',
};

it('anchors are those of GitHub', () => {
  expect([...anchorsOf(PAGES['docs/a.md'] ?? '')]).toEqual([
    'what-make-does-it-builds-twice',
    'again',
    'again-1',
    '3-größe_1',
  ]);
});

it('links in code are none', () => {
  expect(linksOf(PAGES['docs/a.md'] ?? '')).toEqual([
    { target: 'b.md', line: 2 },
    { target: 'b.md#b', line: 8 },
    { target: 'pictures/p.svg', line: 8 },
    { target: '../README.md', line: 9 },
  ]);
  expect(codeBlocksOf(PAGES['docs/a.md'] ?? '')).toEqual([
    { language: 'sh', text: '# no heading, [no link](nowhere.md)' },
  ]);
});

it.each([
  ['b.md', undefined],
  ['#again-1', undefined],
  ['../README.md#here', undefined],
  ['pictures', undefined],
  ['https://example.org/x.md#y', undefined],
  ['c.md', 'there is no docs/c.md'],
  ['../docs/B.md', 'there is no docs/B.md'],
  ['#again-2', 'docs/a.md has no heading #again-2'],
  ['b.md#c', 'docs/b.md has no heading #c'],
  ['../../other/README.md', 'leads out of the repository'],
  ['pictures/p.svg#L1', 'docs/pictures/p.svg has no headings'],
])('a link to %s: %s', (target, wrong) => {
  const exists = (path: string) =>
    Object.keys(PAGES).some((page) => page === path || page.startsWith(`${path}/`));
  expect(wrongWith('docs/a.md', target, { exists, read: (path) => PAGES[path] ?? '' })).toBe(wrong);
});
