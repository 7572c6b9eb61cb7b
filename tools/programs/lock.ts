/** One process at a time makes a thing that all share. */
import { mkdir, open, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hasCode } from '../errors.ts';

export interface Patience {
  /** How often a waiting process looks again. */
  readonly pollMs: number;
  /** How often the holder says that it lives. */
  readonly beatMs: number;
  /** A holder that has said nothing for so long has ended. */
  readonly staleMs: number;
}

const PATIENCE: Patience = { pollMs: 500, beatMs: 2_000, staleMs: 15_000 };

async function takes(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx')).close();
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** How long the holder has said nothing, in milliseconds; 0 when the lock has just been given back. */
async function silence(lock: string): Promise<number> {
  try {
    return Date.now() - (await stat(lock)).mtimeMs;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 0;
    throw error;
  }
}

/**
 * Does the work while no other process does it for the same path, and waits for its turn. The lock is a file beside the
 * path; its time of change is the holder's sign of life, because a process id may be another's after a restart or in a
 * container. Two that take over a left lock at one moment may both work, so the work must be safe to do twice.
 */
export async function withLock<T>(
  path: string,
  say: (line: string) => void,
  work: () => Promise<T>,
  { pollMs, beatMs, staleMs }: Patience = PATIENCE,
): Promise<T> {
  const lock = `${path}.lock`;
  await mkdir(dirname(path), { recursive: true });
  for (let told = false; !(await takes(lock)); ) {
    if ((await silence(lock)) > staleMs) {
      await rm(lock, { force: true });
      continue;
    }
    if (!told) say(`Waiting for another process, which makes ${path}`);
    told = true;
    await delay(pollMs);
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(lock, now, now).catch(() => undefined);
  }, beatMs);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rm(lock, { force: true });
  }
}
