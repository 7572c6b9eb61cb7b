import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LAYER_BUDGET } from '../testing/budgets.ts';
import { ensureLayer, hostPlatform } from './build.ts';
import { isKept } from './contents.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const NODE = join(ROOT, 'node_modules/.bin/node');
const MINUTES = 180_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layer-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function json(path: string) {
  const parsed: {
    version?: string;
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
    packages?: Record<string, { version?: string; integrity?: string; resolved?: string }>;
  } = JSON.parse(await readFile(join(ROOT, path), 'utf8'));
  return parsed;
}

describe('the layer', () => {
  test("has the project's own version of sharp", async () => {
    const { devDependencies } = await json('package.json');
    const { dependencies } = await json('lambda/layer/package.json');

    expect(dependencies).toEqual({ sharp: devDependencies?.['sharp'] });
  });

  test('is pinned: each package has the digest that npm checks, and the one of the project', async () => {
    const { packages = {} } = await json('lambda/layer/package-lock.json');
    const { packages: own = {} } = await json('package-lock.json');
    const { '': root, ...pinned } = packages;

    expect(root?.version).toBe('0.0.0');
    for (const [path, { integrity, resolved }] of Object.entries(pinned)) {
      expect(integrity, path).toMatch(/^sha512-/);
      expect(resolved, path).toBeUndefined();
    }
    for (const path of Object.keys(pinned).filter((name) => /(^|\/)(sharp|@img\/sharp-[^/]+)$/.test(name))) {
      expect(pinned[path]?.integrity, path).toBe(own[path]?.integrity);
    }
  });

  test.each([
    { path: 'sharp/dist/sharp.cjs', kept: true },
    { path: 'sharp/LICENSE', kept: true },
    { path: '@img/colour/LICENSE.md', kept: true },
    { path: '@img/sharp-libvips-linux-x64/README.md', kept: true },
    { path: '@img/sharp-libvips-linux-x64/lib/libvips-cpp.so.8.18.7', kept: true },
    { path: '@img/sharp-linux-x64/lib/sharp-linux-x64-0.35.5.node', kept: true },
    { path: '@img/sharp-libvips-linux-x64/lib/glib-2.0/include/glibconfig.h', kept: false },
    { path: 'sharp/README.md', kept: false },
    { path: 'sharp/src/common.cc', kept: false },
    { path: 'sharp/install/build.js', kept: false },
    { path: 'sharp/lib/index.d.ts', kept: false },
    { path: 'semver/bin/semver.js', kept: false },
    { path: '.package-lock.json', kept: false },
  ])('$path: kept $kept', ({ path, kept }) => {
    expect(isKept(path)).toBe(kept);
  });

  test('is the same bytes when it is built again, elsewhere', { timeout: MINUTES }, async () => {
    const cached = await ensureLayer();
    const again = await ensureLayer(undefined, join(folder, 'another place'));

    expect(again).toEqual({ ...cached, path: again.path });
    expect(again.path).not.toBe(cached.path);
    expect(Buffer.compare(await readFile(again.path), await readFile(cached.path))).toBe(0);
  });

  test('has files for Lambda only, sorted, and fits it', { timeout: MINUTES }, async () => {
    const { path, bytes } = await ensureLayer();
    const files = unzipSync(await readFile(path));
    const names = Object.keys(files);

    expect(names).toEqual(names.toSorted());
    expect(names.filter((name) => !name.startsWith('nodejs/node_modules/'))).toEqual([]);
    expect(names.filter((name) => name.endsWith('/'))).toEqual([]);
    expect(bytes).toBeLessThanOrEqual(LAYER_BUDGET);
    expect(names).toContain('nodejs/node_modules/sharp/LICENSE');
  });

  test('resizes in a Node that knows nothing but NODE_PATH', { timeout: MINUTES }, async () => {
    const { path } = await ensureLayer();
    for (const [name, bytes] of Object.entries(unzipSync(await readFile(path)))) {
      await mkdir(join(folder, 'opt', name, '..'), { recursive: true });
      await writeFile(join(folder, 'opt', name), bytes);
    }
    const code = `
      const sharp = require('sharp');
      const black = { create: { width: 300, height: 200, channels: 3, background: 'black' } };
      sharp(black).resize(150).jpeg().toBuffer({ resolveWithObject: true })
        .then(({ info }) => console.log(require.resolve('sharp'), info.format, info.width, info.height));
    `;

    const { stdout } = await run(NODE, ['-e', code], {
      cwd: folder,
      env: { NODE_PATH: join(folder, 'opt/nodejs/node_modules') },
    });

    expect(stdout).toBe(`${join(folder, 'opt/nodejs/node_modules/sharp/dist/index.cjs')} jpeg 150 100\n`);
  });

  test('the command says where the zips are', { timeout: MINUTES }, async () => {
    const { architecture } = hostPlatform();

    const { stdout } = await run(NODE, [
      join(import.meta.dirname, 'build.ts'),
      join(folder, 'out'),
      architecture,
    ]);

    expect(stdout).toMatch(
      new RegExp(`^${folder}/out/sharp-[\\d.]+-${architecture}\\.zip  \\d+ bytes  sha256 [0-9a-f]{64}\n$`),
    );
  });

  test('the command refuses an architecture that Lambda does not have', async () => {
    await expect(run(NODE, [join(import.meta.dirname, 'build.ts'), folder, 'mips'])).rejects.toMatchObject({
      stderr: 'mips is no architecture of Lambda: name arm64 or x86_64\n',
    });
  });
});

describe('hostPlatform', () => {
  test.each([
    { os: 'linux', cpu: 'x64', platform: { os: 'linux', architecture: 'x86_64' } },
    { os: 'darwin', cpu: 'arm64', platform: { os: 'darwin', architecture: 'arm64' } },
  ])('$os $cpu', ({ os, cpu, platform }) => {
    expect(hostPlatform(os, cpu)).toEqual(platform);
  });

  test.each([
    { os: 'win32', cpu: 'x64' },
    { os: 'linux', cpu: 'ppc64' },
  ])('refuses $os $cpu', ({ os, cpu }) => {
    expect(() => hostPlatform(os, cpu)).toThrow(`No sharp layer runs on ${os} ${cpu}`);
  });
});
