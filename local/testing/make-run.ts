/** Runs the command of `make run` as a child process, after everything is built. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Run {
  readonly child: ChildProcess;
  /** Its output so far. */
  readonly said: { stdout: string; stderr: string };
  /** Resolves with its exit status. */
  readonly ended: Promise<number | null>;
}

/** Starts it with an environment that has only PATH and `env`. */
export function startRun(env: Record<string, string>): Run {
  const child = spawn(process.execPath, ['local/run.ts'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...env },
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (said.stdout += chunk));
  child.stderr.on('data', (chunk) => (said.stderr += chunk));
  return { child, said, ended: new Promise((resolve) => child.once('close', resolve)) };
}
