import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleHandler } from '../build.ts';
import { ensureLayer } from '../layer/build.ts';

// Runs the bundle like Lambda: in a separate Node process, with no packages beside it and the layer in another folder.
const NODE = join(import.meta.dirname, '../../node_modules/.bin/node');
const LOAD = `
  try {
    const { handler } = await import(process.argv[1]);
    console.log(typeof handler);
  } catch ({ name, message }) {
    console.log(name + ': ' + message);
  }
`;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  await writeFile(join(folder, 'index.mjs'), await bundleHandler('resize-image'));
  for (const [path, bytes] of Object.entries(unzipSync(await readFile((await ensureLayer()).path)))) {
    await mkdir(join(folder, 'opt', path, '..'), { recursive: true });
    await writeFile(join(folder, 'opt', path), bytes);
  }
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function load(env: Record<string, string>): Promise<string> {
  const { stdout } = await promisify(execFile)(
    NODE,
    ['--input-type=module', '-e', LOAD, join(folder, 'index.mjs')],
    {
      cwd: folder,
      env: {
        AWS_REGION: 'eu-west-1',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
        DESTINATION_BUCKET: 'pictures',
        WIDTH: '150',
        ...env,
      },
    },
  );
  return stdout.trim();
}

describe('the resize-image bundle', () => {
  test('starts with the layer in NODE_PATH, as Lambda has it', async () => {
    expect(await load({ NODE_PATH: join(folder, 'opt/nodejs/node_modules') })).toBe('function');
  });

  test('without the layer it says what is missing, where, and what to do', async () => {
    expect(await load({ NODE_PATH: '/opt/nodejs/node_modules' })).toBe(
      `SharpLayerError: sharp does not load with Node ${process.version} on ${process.platform} ${process.arch} from ` +
        'NODE_PATH /opt/nodejs/node_modules or /opt/nodejs/: there is no package sharp; give the function the layer ' +
        'that `make layer` builds for its architecture, by spec.workflow.processImage.layerArn or .layer',
    );
  });

  test('a layer for another processor is told by its own words', async () => {
    const { os, architecture } = await otherPlatform();
    const other = join(folder, 'other');
    const zip = await ensureLayer({ os, architecture });
    for (const [path, bytes] of Object.entries(unzipSync(await readFile(zip.path)))) {
      await mkdir(join(other, path, '..'), { recursive: true });
      await writeFile(join(other, path), bytes);
    }

    const thrown = await load({ NODE_PATH: join(other, 'nodejs/node_modules') });

    expect(thrown).toMatch(/^SharpLayerError: sharp does not load with Node v/);
    expect(thrown).toContain('Could not load the "sharp" module');
    expect(thrown).toContain('give the function the layer that `make layer` builds for its architecture');
  }, 180_000);
});

async function otherPlatform() {
  return { os: 'linux', architecture: process.arch === 'x64' ? 'arm64' : 'x86_64' } as const;
}
