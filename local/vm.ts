/** Runs the user data of a virtual machine as a process on this machine. `shutdown` is a stand-in that only records its call. */
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
  /** The URL of the emulator, such as `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** The credentials of the virtual machine's role, for an emulator that checks them. */
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** More environment variables, such as `AWS_CA_BUNDLE`. */
  readonly env?: Record<string, string>;
  /** Ends the process, as if the virtual machine were terminated from outside. */
  readonly signal?: AbortSignal;
}

export interface SandboxOutcome {
  /** The exit code. Null when it was ended from outside. */
  readonly code: number | null;
  /** The arguments of each call of `shutdown`, such as `-P +20` and `-P now`. */
  readonly shutdowns: string[];
  /** The output on the virtual machine's console. */
  readonly output: string;
}

/** The commands that would end a virtual machine. */
const ENDINGS = ['shutdown', 'poweroff', 'halt', 'reboot', 'systemctl', 'init'];

/** The folders of real programs: bash, coreutils, grep. */
const SYSTEM_PATH = ['/usr/local/bin', '/usr/bin', '/bin'];

/** Creates a folder of commands that replace those of the system. */
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
  // A script can call timeout, which creates a new process group. Its id is recorded, so that the group can be ended too.
  const timeout = SYSTEM_PATH.map((path) => join(path, 'timeout')).find((path) => existsSync(path));
  if (timeout !== undefined)
    command('timeout', `echo $$ >>'${join(folder, 'groups')}'\nexec ${timeout} "$@"`);
}

/** The other process groups of a virtual machine: the group of the script, and those of its `timeout` calls. */
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
 * Runs user data in a new folder, with an environment that does not inherit from this process. A scheduled shutdown is recorded, but
 * does not happen. Resolves when the user data ends, with any exit code.
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
    // Processes that the script left running keep the pipes open. On a virtual machine they would end with it.
    end();
    if (!child.stdout.readableEnded) await once(child, 'close');
    options.signal?.removeEventListener('abort', end);
    callOff();
    return { code: child.exitCode, shutdowns: linesOf(join(bin, 'endings')), output };
  } finally {
    clean();
  }
}
