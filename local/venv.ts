/** Python virtual environments, each made once and made again when its pinned requirements change. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const EMULATOR = join(import.meta.dirname, 'requirements.txt');
const AWS_CLI = join(import.meta.dirname, 'requirements-aws-cli.txt');

/** The ignored folder that holds everything made here: the virtual environments, the emulator's log. */
export const CACHE = join(ROOT, '.cache');

interface Outcome {
  code: number;
  output: string;
}

function run(command: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
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

async function makeVenv(venv: string, python: string, requirements: string): Promise<void> {
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
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--quiet', '--no-deps'];
  const installed = await run(join(venv, 'bin', 'python'), [...pip, '-r', requirements]);
  if (installed.code !== 0) {
    throw new Error(`pip cannot install local/${basename(requirements)}: ${lastLines(installed.output)}`);
  }
}

interface VenvOptions {
  python?: string;
  folder?: string;
}

/**
 * Makes sure that the emulator is installed and returns the folder of its virtual environment. A stamp with the hash of
 * `requirements.txt` tells when it must be made again, so a half-made or outdated one is never used.
 */
export function ensureEmulator(options: VenvOptions = {}): Promise<string> {
  return ensureVenv(EMULATOR, { folder: join(CACHE, 'venv'), ...options });
}

/**
 * Makes sure that the AWS CLI is installed, as `ensureEmulator` does with the emulator, and returns the folder of its
 * virtual environment. It is version 1, the one on PyPI; what user data calls of it is the same in version 2.
 */
export function ensureAwsCli(options: VenvOptions = {}): Promise<string> {
  return ensureVenv(AWS_CLI, { folder: join(CACHE, 'aws-cli'), ...options });
}

async function ensureVenv(
  requirements: string,
  { folder: venv, python }: VenvOptions & { folder: string },
): Promise<string> {
  const stamp = join(venv, 'requirements.sha256');
  const hash = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const current = existsSync(stamp) ? await readFile(stamp, 'utf8') : '';
  if (current === hash) return venv;
  await rm(venv, { recursive: true, force: true });
  await mkdir(join(venv, '..'), { recursive: true });
  await makeVenv(venv, python ?? 'python3', requirements);
  await writeFile(stamp, hash);
  return venv;
}
