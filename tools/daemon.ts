/** Long-running processes: each with a log of its own, ended with this process whatever happens. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithThisProcess, groupLives, killGroup } from './process-group.ts';

/** How long a process may take to end by itself before it is killed. */
const GRACE_MS = 10_000;
const LOG_TAIL_LINES = 20;

export interface DaemonOptions {
  /** For messages, such as `kube-apiserver`. */
  name: string;
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** Output is added to it. */
  logFile: string;
}

export interface Daemon {
  name: string;
  logFile: string;
  running(): boolean;
  /** The end of its log, for error messages. */
  tail(): string;
  /** Resolves when the process and all that it started are gone. SIGKILL leaves it no time. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Resolves when it has ended, by itself or not. */
  ended: Promise<void>;
}

/**
 * Starts a process in a group of its own.
 *
 * @throws when the program cannot be started at all.
 */
export function startDaemon({ name, command, args, env, logFile }: DaemonOptions): Daemon {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const child: ChildProcess = spawn(command, args, {
    env: env ?? process.env,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined)
    throw new Error(`${name}: ${command} cannot be started. Is it there and executable?`);
  child.unref();
  let running = true;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      running = false;
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  const callOff = endWithThisProcess(() => killGroup(pid, 'SIGKILL'));
  const gone = async (withinMs: number) => {
    for (const last = Date.now() + withinMs; Date.now() < last; await delay(20))
      if (!groupLives(pid)) return true;
    return !groupLives(pid);
  };
  return {
    name,
    logFile,
    ended,
    running: () => running,
    tail: () => readFileSync(logFile, 'utf8').trim().split('\n').slice(-LOG_TAIL_LINES).join('\n'),
    stop: async (signal = 'SIGTERM') => {
      killGroup(pid, signal);
      if (!(await gone(GRACE_MS))) killGroup(pid, 'SIGKILL');
      await gone(GRACE_MS);
      callOff();
    },
  };
}

/**
 * Waits until a daemon answers.
 *
 * @param answers - false or a rejection means not yet.
 * @throws with the end of the daemon's log when it ends first, or the time is over.
 */
export async function untilAnswers(
  daemon: Daemon,
  answers: () => Promise<boolean>,
  timeoutMs: number,
): Promise<void> {
  const last = Date.now() + timeoutMs;
  for (;;) {
    if (!daemon.running()) throw new Error(`${daemon.name} ended. The end of its log:\n${daemon.tail()}`);
    if (await answers().catch(() => false)) return;
    if (Date.now() > last) {
      const seconds = timeoutMs / 1000;
      throw new Error(`${daemon.name} did not answer in ${seconds} s. The end of its log:\n${daemon.tail()}`);
    }
    await delay(100);
  }
}
