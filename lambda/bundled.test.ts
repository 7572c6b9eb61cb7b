import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BundledPackage, bundledPackages, licenceTexts } from './bundled.ts';

const NODE_MODULES = join(import.meta.dirname, '../node_modules');
const PAGE = join(import.meta.dirname, '../web');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundled-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Writes a package with these files, each with one export, into `node_modules` of the folder. */
async function install(at: string, meta: object, files: Record<string, string>): Promise<void> {
  const path = join(folder, 'node_modules', at);
  await mkdir(path, { recursive: true });
  await writeFile(
    join(path, 'package.json'),
    JSON.stringify({ sideEffects: false, main: 'index.js', ...meta }),
  );
  for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text);
}

async function metafileOf(source: string): Promise<Metafile> {
  await writeFile(join(folder, 'main.js'), source);
  const options = { absWorkingDir: folder, entryPoints: ['main.js'], outfile: 'out.js' };
  return (await build({ ...options, bundle: true, format: 'esm', write: false, metafile: true })).metafile;
}

describe('bundledPackages', () => {
  test('has each package of which something is left, with its licences and notices, and no other', async () => {
    const used = {
      'index.js': 'export const used = Math.random();',
      LICENSE: 'Use it.\r\n',
      'NOTICE.txt': 'By us.',
    };
    await install('@scope/used', { name: '@scope/used', version: '1.2.3', license: 'MIT' }, used);
    await install(
      '@scope/used/node_modules/nested',
      { name: 'nested', version: '0.1.0', license: 'ISC' },
      {
        'index.js': 'export const nested = Math.random();',
        license: 'Take it.',
      },
    );
    await writeFile(
      join(folder, 'node_modules/@scope/used/index.js'),
      "import { nested } from 'nested'; export const used = () => nested;",
    );
    // Nothing is left of these: one is not used, the other only hands on what another has.
    await install('unused', { name: 'unused' }, { 'index.js': 'export const unused = 1;' });
    await install('names', { name: 'names' }, { 'index.js': "export { used } from '@scope/used';" });
    const metafile = await metafileOf(
      "import { used } from 'names'; import { unused } from 'unused'; console.log(used());",
    );

    expect(await bundledPackages(metafile, folder)).toEqual([
      { name: '@scope/used', version: '1.2.3', licence: 'MIT', text: 'Use it.\n\nBy us.' },
      { name: 'nested', version: '0.1.0', licence: 'ISC', text: 'Take it.' },
    ]);
  });

  test.each([
    {
      why: 'no licence text',
      meta: { name: 'bare', version: '1.0.0', license: 'MIT' },
      says: 'bare brings no licence text. Write it into lambda/licences/bare.txt.',
    },
    {
      why: 'no licence',
      meta: { name: 'bare', version: '1.0.0' },
      says: '/node_modules/bare/package.json: name, version and license must be texts. Do not bundle it.',
    },
  ])('refuses a package with $why', async ({ meta, says }) => {
    await install('bare', meta, { 'index.js': 'export const bare = Math.random();' });
    const metafile = await metafileOf("import { bare } from 'bare'; console.log(bare);");

    await expect(bundledPackages(metafile, folder)).rejects.toThrow(says);
  });
});

test('a licence text stands once, under all packages that have it', () => {
  const one = (name: string, text: string): BundledPackage => ({
    name,
    version: '1.0.0',
    licence: 'MIT',
    text,
  });

  expect(licenceTexts([one('c', 'Same.'), one('b', 'Own.'), one('a', 'Same.')])).toBe(
    `a 1.0.0: MIT\nc 1.0.0: MIT\n\nSame.\n\n${'-'.repeat(80)}\n\nb 1.0.0: MIT\n\nOwn.\n`,
  );
});

test('the texts of our own are of packages that still bring none', async () => {
  const files = await readdir(join(import.meta.dirname, 'licences'), { recursive: true });
  for (const file of files.filter((name) => name.endsWith('.txt'))) {
    const at = join(NODE_MODULES, file.replace(/\.txt$/, ''));
    const own = await readdir(at);
    expect(
      own.filter((name) => /^licen[cs]e/i.test(name)),
      `lambda/licences/${file}: delete it`,
    ).toEqual([]);
  }
});

test('the upload page bundles no package: its licence would be missing in the zip that inlines the page', async () => {
  for (const file of (await readdir(PAGE)).filter((name) => /^(?!.*\.test\.).*\.ts$/.test(name))) {
    expect(await readFile(join(PAGE, file), 'utf8'), file).not.toMatch(/from '[^.]/);
  }
});
