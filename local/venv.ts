/** Python virtual environments, each made once and made again when its pinned requirements change. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Installing, type Screen, sayInstalling } from './installing.ts';

const ROOT = join(import.meta.dirname, '..');

/** The ignored folder that holds everything made here: the virtual environments, the emulator's log. */
export const CACHE = join(ROOT, '.cache');

/** The folder of the AWS CLI's virtual environment, once it is installed. */
export const AWS_CLI = join(CACHE, 'aws-cli');

/** What a virtual environment is for. */
interface Contents {
  /** Such as `the AWS CLI`. */
  what: string;
  requirements: string;
  folder: string;
}

const EMULATOR_VENV: Contents = {
  what: 'the AWS emulator',
  requirements: join(import.meta.dirname, 'requirements.txt'),
  folder: join(CACHE, 'venv'),
};
const AWS_CLI_VENV: Contents = {
  what: 'the AWS CLI',
  requirements: join(import.meta.dirname, 'requirements-aws-cli.txt'),
  folder: AWS_CLI,
};

interface Outcome {
  code: number;
  output: string;
}

/** Runs a program to its end; `onOutput` is told of all that it has said so far. */
function run(
  command: string,
  args: readonly string[],
  onOutput: (output: string) => void = () => undefined,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    // Python keeps what it says for later where it speaks to no terminal.
    const env = { ...process.env, PYTHONUNBUFFERED: '1' };
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    let output = '';
    const keep = (data: Buffer): void => {
      output += data;
      onOutput(output);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
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

async function makeVenv(
  venv: string,
  python: string,
  requirements: string,
  saying: Installing,
): Promise<void> {
  const version = await run(python, ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).catch(
    (error) => {
      if (isNotFound(error)) throw new Error(`${python} was not found on PATH: install Python 3.10 or newer`);
      throw error;
    },
  );
  if (version.code !== 0) throw new Error(`${python} is older than Python 3.10: install a newer one`);
  const made = await run(python, ['-m', 'venv', venv]);
  if (made.code !== 0) {
    throw new Error(
      `${python} cannot make a virtual environment: install its venv module (Debian and Ubuntu: python3-venv). ` +
        lastLines(made.output),
    );
  }
  const all = (await readFile(requirements, 'utf8')).match(/^[^\s#].*==/gm)?.length ?? 0;
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--no-deps'];
  const args = [...pip, '--progress-bar', 'off', '-r', requirements];
  const installed = await run(join(venv, 'bin', 'python'), args, (output) => saying.step(begun(output), all));
  if (installed.code !== 0) {
    throw new Error(`pip cannot install local/${basename(requirements)}: ${errorsOf(installed.output)}`);
  }
}

interface VenvOptions {
  python?: string;
  folder?: string;
  /** Where it is said that something is being installed; by default standard output. */
  screen?: Screen;
}

/**
 * Makes sure that the emulator is installed and returns the folder of its virtual environment. A stamp with the hash of
 * `requirements.txt` tells when it must be made again, so a half-made or outdated one is never used.
 */
export function ensureEmulator(options: VenvOptions = {}): Promise<string> {
  return ensureOnce(EMULATOR_VENV, options);
}

/**
 * Makes sure that the AWS CLI is installed, as `ensureEmulator` does with the emulator, and returns the folder of its
 * virtual environment. It is version 1, the one on PyPI; what user data calls of it is the same in version 2.
 */
export function ensureAwsCli(options: VenvOptions = {}): Promise<string> {
  return ensureOnce(AWS_CLI_VENV, options);
}

/** What is being made now, by folder: machines that start together ask together. */
const underWay = new Map<string, Promise<string>>();

function ensureOnce(contents: Contents, options: VenvOptions): Promise<string> {
  const folder = options.folder ?? contents.folder;
  const already = underWay.get(folder);
  if (already) return already;
  const making = ensureVenv({ ...contents, folder }, options).finally(() => underWay.delete(folder));
  underWay.set(folder, making);
  return making;
}

async function ensureVenv(
  { what, requirements, folder: venv }: Contents,
  { python = 'python3', screen }: VenvOptions,
): Promise<string> {
  const stamp = join(venv, 'requirements.sha256');
  const hash = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const current = existsSync(stamp) ? await readFile(stamp, 'utf8') : '';
  if (current === hash) return venv;
  const saying = sayInstalling(what, screen);
  try {
    await rm(venv, { recursive: true, force: true });
    await mkdir(join(venv, '..'), { recursive: true });
    await makeVenv(venv, python, requirements, saying);
    await writeFile(stamp, hash);
  } catch (error) {
    saying.failed();
    throw error;
  }
  saying.done();
  return venv;
}
