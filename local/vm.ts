/** Runs a machine's user data for real, as a process of this machine, where `shutdown` only says that it was called. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { endWithThisProcess, killGroup } from '../tools/process-group.ts';
import { ensureAwsCli } from './venv.ts';

export interface SandboxOptions {
  /** Of the emulator, such as `http://127.0.0.1:4566`. */
  endpoint: string;
  /** Those of the machine's role, where the emulator looks at them. */
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** More environment variables, such as `AWS_CA_BUNDLE`. */
  env?: Record<string, string>;
  /** Ends it, as if the machine were terminated from outside. */
  signal?: AbortSignal;
}

export interface SandboxOutcome {
  /** Null when it was ended from outside. */
  code: number | null;
  /** The arguments of each call of `shutdown`, such as `-P +20` and `-P now`. */
  shutdowns: string[];
  /** What the machine's console would show. */
  output: string;
}

/** Whatever would end a real machine. */
const ENDINGS = ['shutdown', 'poweroff', 'halt', 'reboot', 'systemctl', 'init'];

/** Where tools are found that are not stand-ins: bash, coreutils, grep. */
const SYSTEM_PATH = ['/usr/local/bin', '/usr/bin', '/bin'];

/** A folder of commands that come before the system's own. */
async function makeCommands(folder: string): Promise<void> {
  const venv = await ensureAwsCli();
  mkdirSync(folder);
  symlinkSync(join(venv, 'bin', 'aws'), join(folder, 'aws'));
  symlinkSync(join(venv, 'bin', 'python'), join(folder, 'python3'));
  const command = (name: string, lines: string): void => {
    writeFileSync(join(folder, name), `#!/bin/bash\n${lines}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  for (const name of ENDINGS) {
    const said = name === 'shutdown' ? '$*' : `${name} $*`;
    command(name, `printf '%s\\n' "${said}" >>'${join(folder, 'endings')}'`);
  }
  // A script may call it. It makes a process group of its own, which has its id: with that, it can be ended with the machine.
  const timeout = SYSTEM_PATH.map((path) => join(path, 'timeout')).find((path) => existsSync(path));
  if (timeout !== undefined)
    command('timeout', `echo $$ >>'${join(folder, 'groups')}'\nexec ${timeout} "$@"`);
}

/** The process groups of a machine beside its own: that of the script, and those of the time limits that it set. */
function groupsOf(folder: string): number[] {
  const work = join(folder, 'tmp');
  const files = [
    join(folder, 'bin', 'groups'),
    ...readdirSync(work).map((name) => join(work, name, 'script.group')),
  ];
  return files.flatMap(linesOf).map(Number);
}

function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}

/**
 * Runs user data to its end in a folder of its own, with an environment that has nothing of this process's. A scheduled
 * shutdown is recorded and not waited for. Resolves when it ended, whatever its exit code is.
 */
export async function runUserData(text: string, options: SandboxOptions): Promise<SandboxOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'vm-'));
  const bin = join(folder, 'bin');
  const clean = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  try {
    await makeCommands(bin);
    for (const name of ['home', 'tmp']) mkdirSync(join(folder, name));
    const userData = join(folder, 'user-data');
    writeFileSync(userData, text);
    const { accessKeyId, secretAccessKey, sessionToken } = options.credentials ?? {
      accessKeyId: 'test',
      secretAccessKey: 'test',
    };
    const child = spawn('bash', [userData], {
      cwd: join(folder, 'home'),
      env: {
        PATH: [bin, ...SYSTEM_PATH].join(delimiter),
        HOME: join(folder, 'home'),
        TMPDIR: join(folder, 'tmp'),
        AWS_ENDPOINT_URL: options.endpoint,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_EC2_METADATA_DISABLED: 'true',
        ...(sessionToken ? { AWS_SESSION_TOKEN: sessionToken } : {}),
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const { pid } = child;
    if (pid === undefined) throw new Error('bash was not found: install it');
    const end = (): void => {
      killGroup(pid, 'SIGKILL');
      for (const group of groupsOf(folder)) killGroup(group, 'SIGKILL');
    };
    const callOff = endWithThisProcess(() => {
      end();
      clean();
    });
    options.signal?.addEventListener('abort', end);
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    await once(child, 'exit');
    // What the script left running holds the pipes open, and would not outlive the machine.
    end();
    if (!child.stdout.readableEnded) await once(child, 'close');
    options.signal?.removeEventListener('abort', end);
    callOff();
    return { code: child.exitCode, shutdowns: linesOf(join(bin, 'endings')), output };
  } finally {
    clean();
  }
}
