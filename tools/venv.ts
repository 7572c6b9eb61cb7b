/** Python virtual environments, each made once and made again when its pinned requirements change. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { tryCommand } from './command.ts';
import { hasCode } from './errors.ts';
import { withLock } from './programs/lock.ts';
import { elapsed, showProgress } from './progress.ts';

/** What a virtual environment is for. */
export interface Contents {
  /** Such as `the AWS CLI`. */
  readonly what: string;
  /** Path of the file with the pinned requirements. */
  readonly requirements: string;
  readonly folder: string;
}

/** Runs a program to its end; `onOutput` is given all that it has said so far. */
async function run(
  command: string,
  args: readonly string[],
  onOutput: (output: string) => void = () => undefined,
): Promise<{ code: number; output: string }> {
  // Python buffers what it says where it does not speak to a terminal.
  const env = { ...process.env, PYTHONUNBUFFERED: '1' };
  let output = '';
  const { code } = await tryCommand(command, args, {
    env,
    onOutput: (text) => {
      output += text;
      onOutput(output);
    },
  });
  return { code: code ?? 1, output };
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-3).join(' | ');
}

/** What pip says of its errors, without all that went well before. */
function errorsOf(output: string): string {
  const errors = output.split('\n').filter((line) => line.startsWith('ERROR:'));
  return lastLines(errors.length > 0 ? errors.join('\n') : output);
}

/** How many of the packages pip has begun with. */
const begun = (output: string): number => output.match(/^Collecting /gm)?.length ?? 0;

/**
 * Makes the environment and installs into it.
 *
 * @param onPackages - told how many packages pip has begun with, and how many there are.
 */
async function makeVenv(
  venv: string,
  requirements: string,
  onPackages: (begun: number, all: number) => void,
): Promise<void> {
  const version = await run('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).catch(
    (error) => {
      if (hasCode(error, 'ENOENT'))
        throw new Error('python3 was not found on PATH: install Python 3.10 or newer');
      throw error;
    },
  );
  if (version.code !== 0) throw new Error('python3 is older than Python 3.10: install a newer one');
  const made = await run('python3', ['-m', 'venv', venv]);
  if (made.code !== 0) {
    throw new Error(
      'python3 cannot make a virtual environment: install its venv module (Debian and Ubuntu: python3-venv). ' +
        lastLines(made.output),
    );
  }
  const all = (await readFile(requirements, 'utf8')).match(/^[^\s#].*==/gm)?.length ?? 0;
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--no-deps'];
  const args = [...pip, '--progress-bar', 'off', '-r', requirements];
  const installed = await run(join(venv, 'bin', 'python'), args, (output) => onPackages(begun(output), all));
  if (installed.code !== 0) {
    throw new Error(
      `pip cannot install ${relative(process.cwd(), requirements)}: ${errorsOf(installed.output)}`,
    );
  }
}

/** What is being made now, by folder: machines that start together ask together. */
const underWay = new Map<string, Promise<string>>();

/**
 * Makes sure that a virtual environment has what its requirements pin, and returns its folder. A stamp with the hash of the
 * requirements says when it must be made again, so that a half-made or outdated one is never used.
 *
 * @param say - told at the start and at the end of an installation, and between them where there is no terminal.
 * @throws saying what to install when Python or its venv module is missing, or with pip's own errors.
 */
export function ensureVenv(contents: Contents, say: (line: string) => void = console.log): Promise<string> {
  const { folder } = contents;
  const making = underWay.get(folder) ?? make(contents, say).finally(() => underWay.delete(folder));
  underWay.set(folder, making);
  return making;
}

async function make(contents: Contents, say: (line: string) => void): Promise<string> {
  const { requirements, folder: venv } = contents;
  const stamp = join(venv, 'requirements.sha256');
  const hash = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const isCurrent = async () => existsSync(stamp) && (await readFile(stamp, 'utf8')) === hash;
  if (await isCurrent()) return venv;
  // Tests run in several processes, and each may need it.
  await withLock(venv, say, async () => {
    if (await isCurrent()) return;
    await install(contents, say);
    await writeFile(stamp, hash);
  });
  return venv;
}

async function install(
  { what, requirements, folder: venv }: Contents,
  say: (line: string) => void,
): Promise<void> {
  const start = performance.now();
  const time = () => elapsed(performance.now() - start);
  let packages = '';
  say(`Installing ${what}, once`);
  const stop = showProgress(() => `Installing ${what}: ${packages}${time()}`, say);
  try {
    await rm(venv, { recursive: true, force: true });
    await mkdir(join(venv, '..'), { recursive: true });
    await makeVenv(venv, requirements, (begun, all) => {
      packages = `${begun} of ${all} packages, `;
    });
  } finally {
    stop();
  }
  say(`Installed ${what} in ${time()}`);
}
