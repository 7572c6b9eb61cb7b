import { existsSync } from 'node:fs';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from './lock.ts';

const PATIENCE = { pollMs: 5, beatMs: 20, staleMs: 200 };

let folder: string;
let path: string;
let said: string[];
const say = (line: string) => {
  said.push(line);
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
  path = join(folder, 'thing');
  said = [];
});
afterEach(() => rm(folder, { recursive: true }));

describe('withLock', () => {
  it('lets one work at a time, and says once that it waits', async () => {
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} begins`);
      // Longer than a silent holder is waited for: the holder's signs of life keep the others out.
      await delay(2 * PATIENCE.staleMs);
      events.push(`${name} ends`);
    };
    await Promise.all([
      withLock(path, say, work('one'), PATIENCE),
      delay(10).then(() => withLock(path, say, work('two'), PATIENCE)),
    ]);
    expect(events).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
    expect(said).toEqual([`Waiting for another process, which makes ${path}`]);
  });

  it('takes over from a holder that ended without giving it back', async () => {
    await writeFile(`${path}.lock`, '');
    const past = new Date(Date.now() - 2 * PATIENCE.staleMs);
    await utimes(`${path}.lock`, past, past);
    expect(await withLock(path, say, async () => 'done', PATIENCE)).toBe('done');
  });

  it('is given back when the work fails', async () => {
    const failing = withLock(path, say, () => Promise.reject(new Error('no')), PATIENCE);
    await expect(failing).rejects.toThrow('no');
    expect(existsSync(`${path}.lock`)).toBe(false);
  });
});
