import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Build, ensureBinaries, moduleVersion } from './binaries.ts';
import { cachedPath } from './cache.ts';
import { type BinaryName, binaryOf } from './modules.ts';

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

/** Versions that stand in for a pinned one. */
const same = (version: string) => version;
const patch = (version: string) => version.replace(/\d+$/, '99');
const minor = (version: string) => version.replace(/\.\d+$/, '');

describe('the PATH', () => {
  /** Puts a program on the PATH that prints this where it is asked as `condition` says. */
  async function putOnPath(command: string, condition: string, printed: string): Promise<string> {
    const path = join(folder, 'path', command);
    env['PATH'] = join(folder, 'path');
    await mkdir(env['PATH'], { recursive: true });
    await executable(path, `#!/bin/sh\n[ ${condition} ] && echo '${printed}'\n`);
    return path;
  }

  it.each<[BinaryName, string, string, (version: string) => string, (version: string) => string]>([
    ['etcd', 'etcd', '"$*" = --version', (v) => `etcd Version: ${v}`, patch],
    ['kube-apiserver', 'kube-apiserver', '"$*" = --version', (v) => `Kubernetes v${v}`, same],
    [
      'kube-controller-manager',
      'kube-controller-manager',
      '"$*" = --version',
      (v) => `Kubernetes v${v}`,
      same,
    ],
    [
      'kubectl',
      'kubectl',
      '"$*" = "version --client --output=json"',
      (v) => `{"clientVersion": {"minor": "34+", "gitVersion": "v${v}-eks-1", "goVersion": "go1.24.9"}}`,
      patch,
    ],
    ['crossplane-cli', 'crossplane', '"$*" = "version --client"', (v) => `Client Version: v${v}`, same],
    ['crane', 'crane', '"$*" = version', (v) => v, same],
    ['kustomize', 'kustomize', '"$*" = version', (v) => `v${v}`, same],
    ['helm', 'helm', '"$*" = "version --template {{.Version}}"', (v) => `v${v}`, minor],
    ['helm-4', 'helm', '"$*" = "version --template {{.Version}}"', (v) => `v${v}`, patch],
    ['kind', 'kind', '"$*" = version', (v) => `kind v${v} go1.26.8 linux/amd64`, same],
    [
      'argocd',
      'argocd',
      '"$ARGOCD_BINARY_NAME $*" = "argocd-server version --short"',
      (v) => `argocd-server: v${v}+16cf9a0`,
      same,
    ],
  ])('gives %s, which is not built', async (name, command, condition, print, other) => {
    const version = other((await moduleVersion(binaryOf(name).module)).slice(1));
    const path = await putOnPath(command, condition, print(version));
    const said: string[] = [];
    const paths = await ensureBinaries([name], (line) => said.push(line), { env, build });
    expect(paths).toEqual({ [name]: path });
    expect(said).toEqual([expect.stringContaining(`${command} v${version}`)]);
    expect(said[0]).toContain(` on the PATH is used: ${path}`);
    expect(built).toEqual([]);
  });

  it.each<[string, BinaryName, string, string, string]>([
    [
      'of another minor',
      'kubectl',
      'kubectl',
      '{"clientVersion": {"gitVersion": "v1.32.4"}}',
      'kubectl v1.32.4 on the PATH is passed over: v1.34 is wanted',
    ],
    [
      'of another patch where that matters',
      'kind',
      'kind',
      'kind v0.32.1 go1.26.8',
      'kind v0.32.1 on the PATH is passed over: v0.32.0 is wanted',
    ],
    [
      'before the release',
      'kind',
      'kind',
      'kind v0.32.0-alpha+0123',
      'kind v0.32.0-alpha on the PATH is passed over: v0.32.0 is wanted',
    ],
    [
      'that tells no version',
      'kustomize',
      'kustomize',
      '(devel)',
      'kustomize (version unknown) on the PATH is passed over: v5.8.1 is wanted',
    ],
    [
      'that is the command line alone',
      'argocd',
      'argocd',
      'argocd: v3.2.11+16cf9a0',
      'argocd (version unknown) on the PATH is passed over: v3.2.11 is wanted',
    ],
  ])('passes over a program %s, and says so', async (_, name, command, printed, line) => {
    await putOnPath(command, '-n yes', printed);
    const said: string[] = [];
    const paths = await ensureBinaries([name], (line) => said.push(line), { env, build });
    expect(paths[name]).toBe(await cachedPath(name, env));
    expect(said).toEqual([line]);
    expect(built).toEqual([name]);
  });

  it('is not asked for what the cache holds, nor where it has no such program', async () => {
    const said: string[] = [];
    const first = await ensureBinaries(['etcd'], (line) => said.push(line), { env, build });
    await putOnPath('etcd', '-n yes', 'etcd Version: 3.6.5');
    expect(await ensureBinaries(['etcd'], (line) => said.push(line), { env, build })).toEqual(first);
    expect(said).toEqual([]);
  });

  it('does not give the server Crossplane, whose file has the name of the command line', async () => {
    await putOnPath('crossplane', '-n yes', 'v2.3.4');
    await ensureBinaries(['crossplane'], quiet, { env, build });
    expect(built).toEqual(['crossplane']);
  });

  it('is a way out where a build fails, and the error says so', async () => {
    const failing: Build = () => Promise.reject(new Error('dial tcp: no route to host'));
    await expect(ensureBinaries(['kind'], quiet, { env, build: failing })).rejects.toThrow(
      'kind v0.32.0 cannot be built. Put kind v0.32.0 on the PATH, or mend this: dial tcp: no route to host',
    );
  });
});
