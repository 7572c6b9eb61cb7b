/** Where finished binaries lie: outside the repository, so that `make clean` does not throw an hour of compiling away. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Binary, type BinaryName, binaryOf, GO_VERSION, MODULES, type ModuleName } from './modules.ts';

/** The folder of everything kept here, after the XDG base directory specification: a relative path in the variable counts as unset. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const given = env['XDG_CACHE_HOME'];
  const base = given?.startsWith('/') ? given : join(homedir(), '.cache');
  return join(base, 'fileingest', 'control-plane');
}

/** The folder with a module's go.mod and go.sum. */
export const moduleDefinition = (module: ModuleName): string => join(import.meta.dirname, module);

/**
 * The version, such as `v1.34.4`, that a go.mod requires of a module.
 *
 * @throws when it requires none.
 */
export function requiredVersion(goMod: string, module: string): string {
  const lines = goMod.replaceAll(/^(require)?\s+/gm, '').split('\n');
  const version = lines.find((line) => line.startsWith(`${module} v`))?.split(' ')[1];
  if (!version) throw new Error(`go.mod requires no version of ${module}`);
  return version;
}

/** What goes to `go build` for a binary: no debug information, and the version that the project's own release says. */
export function buildFlags(binary: Binary, goMod: string): string[] {
  const version = requiredVersion(goMod, MODULES[binary.module]);
  const variables = (binary.versionVariables ?? []).map((name) => `-X=${name}=${version}`);
  return ['-mod=readonly', '-buildvcs=false', `-ldflags=${['-s', '-w', ...variables].join(' ')}`];
}

/** Names what a binary is made from; other pins, another compiler, other flags or another machine give another name. */
export function cacheKey(goMod: string, goSum: string, flags: readonly string[]): string {
  const machine = `${process.platform}-${process.arch}`;
  return createHash('sha256')
    .update(JSON.stringify([goMod, goSum, GO_VERSION, flags, machine]))
    .digest('hex')
    .slice(0, 16);
}

/** Absolute path at which a finished build of the binary lies, or will. */
export async function cachedPath(name: BinaryName, env: NodeJS.ProcessEnv): Promise<string> {
  const binary = binaryOf(name);
  const folder = moduleDefinition(binary.module);
  const [goMod, goSum] = await Promise.all(
    ['go.mod', 'go.sum'].map((file) => readFile(join(folder, file), 'utf8')),
  );
  const key = cacheKey(goMod ?? '', goSum ?? '', [binary.package, ...buildFlags(binary, goMod ?? '')]);
  return join(cacheFolder(env), `${name}-${key}`);
}

/** Whether there is a file that may be run. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
