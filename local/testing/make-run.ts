/** What `make run` does once everything is built, as a child process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Run {
  readonly child: ChildProcess;
  /** What it has said so far. */
  readonly said: { stdout: string; stderr: string };
  /** Resolves with its exit status. */
  readonly ended: Promise<number | null>;
}

/** Starts it with nothing in its environment but PATH and what is given. */
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
