import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BuiltHandler, buildHandlers, type HandlerZip } from './build.ts';
import { ZIP_BUDGETS } from './testing/budgets.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..');
const NODE = join(ROOT, 'node_modules/.bin/node');
const NAMES = Object.keys(ZIP_BUDGETS);

let workDir: string;
let outDir: string;
let handlers: Record<string, BuiltHandler>;

beforeAll(async () => {
  workDir = await mkdtemp(join(tmpdir(), 'build-'));
  outDir = join(workDir, 'out');
  handlers = await buildHandlers(outDir);
});

afterAll(() => rm(workDir, { recursive: true, force: true }));

const bundleOf = async (name: string) => {
  const files = unzipSync(await readFile(join(outDir, `${name}.zip`)));
  return { names: Object.keys(files), text: Buffer.from(files['index.mjs'] ?? []).toString() };
};

describe('buildHandlers', () => {
  test('makes a zip of every handler, and nothing else', async () => {
    expect(Object.keys(handlers), 'ZIP_BUDGETS in lambda/testing/budgets.ts').toEqual(NAMES);
    expect((await readdir(outDir)).toSorted()).toEqual(
      ['handlers.json', ...NAMES.map((name) => `${name}.zip`)].toSorted(),
    );
  });

  test('describes each zip by its own bytes in handlers.json', async () => {
    const described: Record<string, HandlerZip> = JSON.parse(
      await readFile(join(outDir, 'handlers.json'), 'utf8'),
    );
    expect(Object.keys(described)).toEqual(NAMES);
    for (const [name, { sha256, sha256Base64, bytes }] of Object.entries(described)) {
      const zip = await readFile(join(outDir, `${name}.zip`));
      expect(zip).toEqual(Buffer.from(handlers[name]?.content ?? []));
      expect(sha256).toBe(createHash('sha256').update(zip).digest('hex'));
      expect(sha256Base64).toBe(createHash('sha256').update(zip).digest('base64'));
      expect(bytes).toBe(zip.length);
    }
  });

  test('the same sources in another folder, time zone and working directory give the same bytes', async () => {
    const copy = join(workDir, 'another place');
    await cp(import.meta.dirname, join(copy, 'lambda'), { recursive: true });
    await cp(join(ROOT, 'web'), join(copy, 'web'), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    await writeFile(join(copy, 'package.json'), '{"type":"module"}');

    const { stdout } = await run(NODE, [join(copy, 'lambda/build.ts'), 'zips'], {
      cwd: workDir,
      env: { ...process.env, TZ: 'Asia/Tokyo', LC_ALL: 'C' },
    });

    expect(stdout).toBe(
      NAMES.map((name) => `zips/${name}.zip  ${handlers[name]?.content.length} bytes\n`).join(''),
    );
    for (const file of await readdir(outDir)) {
      expect(await readFile(join(workDir, 'zips', file))).toEqual(await readFile(join(outDir, file)));
    }
  });
});

describe.each(Object.entries(ZIP_BUDGETS))('%s.zip', (name, budget) => {
  test(`is at most ${budget} bytes`, () => {
    expect(handlers[name]?.content.length).toBeLessThanOrEqual(budget);
  });

  test('holds one ES module, and the licences of what is in it', async () => {
    const { names, text } = await bundleOf(name);

    expect(names).toEqual(['LICENSES.txt', 'index.mjs']);
    expect(text).toMatch(/export\{[\w$]+ as handler\}/);
  });

  test.each([
    { part: 'sso-oidc', why: 'no single sign-on' },
    { part: 'fromIni', why: 'no INI files' },
    { part: 'fromProcess', why: 'no credential process' },
    { part: 'fromTokenFile', why: 'no web identity' },
    { part: 'AWS_CONTAINER_CREDENTIALS', why: 'no container credentials' },
    { part: '169.254.', why: 'no instance metadata' },
    { part: 'AssumeRole', why: 'no role chaining' },
    { part: ROOT, why: 'no path of the machine that built it' },
    { part: 'sourceMappingURL', why: 'no source map' },
    { part: 'Dynamic require', why: 'no require that an ES module does not have' },
  ])('does not contain $part: $why', async ({ part }) => {
    const { text } = await bundleOf(name);

    expect(text.includes(part)).toBe(false);
  });
});
