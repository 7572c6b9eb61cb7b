import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Build, ensureBinaries } from './binaries.ts';
import { cachedPath } from './cache.ts';

let folder: string;
let env: NodeJS.ProcessEnv;
let built: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'binaries-'));
  env = { XDG_CACHE_HOME: folder };
  built = [];
});
afterEach(() => rm(folder, { recursive: true }));

const quiet = () => undefined;

const executable = async (path: string, content: string) => {
  await writeFile(path, content);
  await chmod(path, 0o755);
};

/** Stands in for the compiler alone. */
const build: Build = async (name, output) => {
  built.push(name);
  await executable(output, `build ${built.length} of ${name}`);
};

const cacheFiles = () => readdir(join(folder, 'fileingest', 'control-plane'));

describe('CONTROL_PLANE_BIN', () => {
  it('gives what is there and builds nothing', async () => {
    await executable(join(folder, 'etcd'), '');
    const paths = await ensureBinaries(['etcd'], quiet, {
      env: { ...env, CONTROL_PLANE_BIN: folder },
      build,
    });
    expect(paths).toEqual({ etcd: join(folder, 'etcd') });
    expect(built).toEqual([]);
  });

  it('names everything that it lacks, whatever the cache holds', async () => {
    await ensureBinaries(['crane'], quiet, { env, build });
    await executable(join(folder, 'etcd'), '');
    await writeFile(join(folder, 'kubectl'), 'not executable');
    await mkdir(join(folder, 'crane'));
    const asked = ensureBinaries(['etcd', 'kubectl', 'crane'], quiet, {
      env: { ...env, CONTROL_PLANE_BIN: folder },
      build,
    });
    await expect(asked).rejects.toThrow(
      `CONTROL_PLANE_BIN=${folder} lacks kubectl, crane: put the executables there, or unset it to build them`,
    );
  });

  it('is an absolute path', async () => {
    const asked = ensureBinaries(['etcd'], quiet, { env: { ...env, CONTROL_PLANE_BIN: 'bin' }, build });
    await expect(asked).rejects.toThrow('CONTROL_PLANE_BIN=bin is not absolute: give the whole path');
  });
});

describe('the cache', () => {
  it('is filled by a build, and the build is not done again', async () => {
    const first = await ensureBinaries(['etcd', 'crane'], quiet, { env, build });
    const second = await ensureBinaries(['crane', 'etcd'], quiet, { env, build });
    expect(second).toEqual(first);
    expect(built).toEqual(['etcd', 'crane']);
    expect(first.etcd).toBe(await cachedPath('etcd', env));
    expect(await readFile(first.etcd, 'utf8')).toBe('build 1 of etcd');
    expect((await cacheFiles()).length).toBe(2);
  });

  it('keeps nothing of a build that fails, and builds again', async () => {
    const failing: Build = async (_, output) => {
      await executable(output, 'half');
      throw new Error('go build failed: disk full');
    };
    const asked = ensureBinaries(['etcd'], quiet, { env, build: failing });
    await expect(asked).rejects.toThrow('go build failed: disk full');
    expect(await cacheFiles()).toEqual([]);
    const { etcd } = await ensureBinaries(['etcd'], quiet, { env, build });
    expect(await readFile(etcd, 'utf8')).toBe('build 1 of etcd');
  });

  it('does not count what a build that was cut off left behind', async () => {
    const path = await cachedPath('etcd', env);
    await mkdir(join(path, '..'), { recursive: true });
    await executable(`${path}.4711.part`, 'half');
    const { etcd } = await ensureBinaries(['etcd'], quiet, { env, build });
    expect(await readFile(etcd, 'utf8')).toBe('build 1 of etcd');
  });

  it('is built once by two that ask at the same time', async () => {
    const slow: Build = async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await build(...args);
    };
    const asked = [1, 2].map(() => ensureBinaries(['etcd'], quiet, { env, build: slow }));
    const [one, two] = await Promise.all(asked);
    expect(two).toEqual(one);
    expect(built).toEqual(['etcd']);
  });
});
