/** Long-running processes: each with a log of its own, ended with this process whatever happens. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithThisProcess, killGroup } from './process-group.ts';

/** How long a process may take to end by itself before it is killed. */
const GRACE_MS = 10_000;
const LOG_TAIL_LINES = 20;

export interface DaemonOptions {
  /** For messages, such as `kube-apiserver`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Working directory; this process's own by default. */
  readonly folder?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Output is added to it. */
  readonly logFile: string;
  /** How long it may take to end by itself before it is killed; 10 s by default. */
  readonly graceMs?: number;
  /** Done once it has ended, with this process or by `stop`. */
  readonly cleanUp?: () => void;
}

export interface Daemon {
  readonly name: string;
  readonly logFile: string;
  readonly pid: number;
  running(): boolean;
  /** The end of its log, for error messages. */
  tail(): string;
  /** Resolves when the process and all that it started are gone. SIGKILL leaves it no time. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Resolves when it has ended, by itself or not. */
  readonly ended: Promise<void>;
}

/**
 * Starts a process in a group of its own.
 *
 * @throws when the program cannot be started at all.
 */
export function startDaemon(options: DaemonOptions): Daemon {
  const { name, command, args, folder, env, logFile, graceMs = GRACE_MS, cleanUp } = options;
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const child: ChildProcess = spawn(command, args, {
    env: env ?? process.env,
    stdio: ['ignore', log, log],
    detached: true,
    ...(folder !== undefined && { cwd: folder }),
  });
  closeSync(log);
  let running = true;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      running = false;
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  const { pid } = child;
  if (pid === undefined) {
    cleanUp?.();
    throw new Error(`${name}: ${command} cannot be started. Is it there and executable?`);
  }
  child.unref();
  const callOff = endWithThisProcess(() => {
    killGroup(pid, 'SIGKILL');
    cleanUp?.();
  });
  const within = async (ms: number, holds: () => boolean) => {
    for (const last = Date.now() + ms; !holds() && Date.now() < last; ) await delay(20);
  };
  return {
    ...{ name, logFile, pid, ended },
    running: () => running,
    tail: () => readFileSync(logFile, 'utf8').trim().split('\n').slice(-LOG_TAIL_LINES).join('\n'),
    stop: async (signal = 'SIGTERM') => {
      killGroup(pid, signal);
      await within(graceMs, () => !running);
      // What it started has no more to do without it.
      killGroup(pid, 'SIGKILL');
      await within(graceMs, () => !running && !killGroup(pid, 0));
      callOff();
      cleanUp?.();
    },
  };
}

/**
 * Waits until a daemon answers.
 *
 * @param answers - false or a rejection means not yet.
 * @param pollMs - between two questions.
 * @throws with the end of the daemon's log when it ends first, or the time is over.
 */
export async function untilAnswers(
  daemon: Daemon,
  answers: () => Promise<boolean>,
  timeoutMs: number,
  pollMs = 100,
): Promise<void> {
  const last = Date.now() + timeoutMs;
  for (;;) {
    if (!daemon.running()) throw new Error(`${daemon.name} ended. The end of its log:\n${daemon.tail()}`);
    if (await answers().catch(() => false)) return;
    if (Date.now() > last) {
      const seconds = timeoutMs / 1000;
      throw new Error(`${daemon.name} did not answer in ${seconds} s. The end of its log:\n${daemon.tail()}`);
    }
    await delay(pollMs);
  }
}
