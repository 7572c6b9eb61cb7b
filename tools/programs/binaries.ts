/** The control plane's binaries: ready ones, those of an earlier build, those on the PATH, or a new build from their Go modules. */
import { mkdtemp, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { stringAt } from '../../function/src/objects.ts';
import { messageOf } from '../errors.ts';
import { showProgress } from '../progress.ts';
import { buildFlags, cachedPath, isExecutable, moduleDefinition, requiredVersion } from './cache.ts';
import { compile, runGo } from './compile.ts';
import { ensureGo, type Say } from './go.ts';
import { withLock } from './lock.ts';
import { type Binary, type BinaryName, binaryOf, MODULES, type ModuleName } from './modules.ts';
import { findOnPath } from './path.ts';

/** How long a test waits where nothing is built yet: Crossplane and its CLI take about 6 minutes on two free cores. */
export const BUILD_TIMEOUT_MS = 30 * 60_000;

/** Writes the binary of this name to a path. */
export type Build = (name: BinaryName, output: string, env: NodeJS.ProcessEnv, say: Say) => Promise<void>;

export interface Options {
  /** `CONTROL_PLANE_BIN`, `XDG_CACHE_HOME`, `PATH` and Go's own settings. */
  readonly env?: NodeJS.ProcessEnv;
  readonly build?: Build;
}

async function buildWithGo(
  name: BinaryName,
  output: string,
  env: NodeJS.ProcessEnv,
  say: Say,
): Promise<void> {
  const binary = binaryOf(name);
  const go = await ensureGo(env, say);
  if (binary.notice) {
    const { bavail, bsize } = await statfs(dirname(output));
    say(`${binary.notice} (${Math.floor((bavail * bsize) / 1e9)} GB are free here)`);
  }
  const folder = moduleDefinition(binary.module);
  const flags = buildFlags(binary, await readFile(join(folder, 'go.mod'), 'utf8'));
  await compile({ name, go, folder, package: binary.package, flags, output, env }, say);
}

type Paths = Partial<Record<BinaryName, string | undefined>>;

function hasAll<N extends BinaryName>(paths: Paths, names: readonly N[]): paths is Record<N, string> {
  return names.every((name) => paths[name] !== undefined);
}

/** Path of a binary in the folder `CONTROL_PLANE_BIN`; undefined where it is not there. */
async function readyIn(folder: string, name: BinaryName): Promise<string | undefined> {
  const path = join(folder, name);
  return (await isExecutable(path)) ? path : undefined;
}

const minorOf = (version: string) => version.split('.').slice(0, 2).join('.');

/** What a program on the PATH must tell: the pinned version, or its minor where any patch release fits. */
async function wantedVersion({ module, onPath }: Binary): Promise<string> {
  const pinned = await moduleVersion(module);
  return onPath?.anyPatch ? minorOf(pinned) : pinned;
}

/** Path of the binary on the PATH, if it is of the wanted version. Says which version is used or passed over. */
async function fittingOnPath(
  name: BinaryName,
  env: NodeJS.ProcessEnv,
  say: Say,
): Promise<string | undefined> {
  const binary = binaryOf(name);
  const { onPath } = binary;
  if (onPath === undefined) return undefined;
  const found = await findOnPath(onPath, env);
  if (found === undefined) return undefined;
  const wanted = await wantedVersion(binary);
  const { path, version = '(version unknown)' } = found;
  const program = `${onPath.command} ${version} on the PATH`;
  if ((onPath.anyPatch ? minorOf(version) : version) === wanted) {
    say(`${program} is used: ${path}`);
    return path;
  }
  say(`${program} is passed over: ${wanted} is wanted`);
  return undefined;
}

/** The error of a build that failed, with the way around it. */
async function buildFailure(name: BinaryName, error: unknown): Promise<Error> {
  const binary = binaryOf(name);
  const wanted = await wantedVersion(binary);
  const instead = binary.onPath
    ? `Put ${binary.onPath.command} ${wanted} on the PATH, or mend this`
    : 'Mend this';
  return new Error(`${name} ${wanted} cannot be built. ${instead}: ${messageOf(error)}`, { cause: error });
}

/** A build counts once it has its final name, which it gets when it is whole. */
async function foundOrBuilt(
  name: BinaryName,
  env: NodeJS.ProcessEnv,
  build: Build,
  say: Say,
): Promise<string> {
  const path = await cachedPath(name, env);
  if (await isExecutable(path)) return path;
  const onPath = await fittingOnPath(name, env, say);
  if (onPath !== undefined) return onPath;
  return withLock(path, say, async () => {
    if (await isExecutable(path)) return path;
    const half = `${path}.${process.pid}.part`;
    try {
      await build(name, half, env, say);
      await rename(half, path);
    } catch (error) {
      throw await buildFailure(name, error);
    } finally {
      await rm(half, { force: true });
    }
    return path;
  });
}

/**
 * Absolute paths of the binaries. They come from the folder `CONTROL_PLANE_BIN` if it is set. Else each comes from the cache,
 * or from the PATH where that has the pinned version, or it is built: minutes for most, about an hour for `provider-aws`.
 *
 * @param say - told of what takes long, one line each.
 * @throws naming what `CONTROL_PLANE_BIN` lacks, what to install where there is no Go, or the end of Go's own output.
 */
export async function ensureBinaries<N extends BinaryName>(
  names: readonly N[],
  say: Say,
  { env = process.env, build = buildWithGo }: Options = {},
): Promise<Record<N, string>> {
  const folder = env['CONTROL_PLANE_BIN'];
  if (folder && !isAbsolute(folder))
    throw new Error(`CONTROL_PLANE_BIN=${folder} is not absolute: give the whole path`);
  const paths: Paths = {};
  for (const name of names)
    paths[name] = folder ? await readyIn(folder, name) : await foundOrBuilt(name, env, build, say);
  if (hasAll(paths, names)) return paths;
  const missing = names.filter((name) => paths[name] === undefined).join(', ');
  throw new Error(
    `CONTROL_PLANE_BIN=${folder} lacks ${missing}: put the executables there, or unset it to build them`,
  );
}

/** Has Go download a module into its cache. Resolves to the module's folder there. */
async function download(module: string, folder: string, say: Say): Promise<string> {
  const { env } = process;
  const go = await ensureGo(env, say);
  const args = ['mod', 'download', '-json', module];
  const stop = showProgress(() => `${module}: downloading`, say);
  const lines = await runGo({ go, args, folder, env }, () => undefined).finally(stop);
  const downloaded = stringAt(JSON.parse(lines.join('\n')), 'Dir');
  if (downloaded === undefined) throw new Error(`go ${args.join(' ')} named no folder: ${lines.join(' ')}`);
  return downloaded;
}

/**
 * The folder of a pinned module in Go's module cache, downloaded when it is not there. Crossplane's definitions of its own
 * kinds are in `cluster/crds` of `crossplane`, those of the managed resources in `package/crds` of `provider-aws`.
 */
export const moduleFolder = (name: ModuleName, say: Say = () => undefined): Promise<string> =>
  download(MODULES[name], moduleDefinition(name), say);

/** The same of a module that is not pinned here, such as `github.com/crossplane/crossplane/v2@v2.3.4`. */
export async function folderOfModule(moduleAtVersion: string, say: Say): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'module-'));
  try {
    await writeFile(join(folder, 'go.mod'), 'module none\n');
    return await download(moduleAtVersion, folder, say);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The version that a module is pinned at, such as `v2.5.0`. */
export async function moduleVersion(name: ModuleName): Promise<string> {
  const file = join(moduleDefinition(name), 'go.mod');
  return requiredVersion(await readFile(file, 'utf8'), MODULES[name]);
}
