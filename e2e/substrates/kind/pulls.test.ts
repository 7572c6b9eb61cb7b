import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { readImages } from '../../../argocd/images/settings.ts';
import { docker } from './containers.ts';
import { whilePulling } from './pulls.ts';
import type { Run } from './run.ts';

const MISSING = JSON.stringify({
  items: [
    {
      spec: { package: 'a:v1' },
      status: { conditions: [{ message: 'cannot unpack package: MANIFEST_UNKNOWN' }] },
    },
  ],
});
const saying = (...texts: string[]): Run => {
  let look = -1;
  return async () => {
    look += 1;
    return { stdout: texts[Math.min(look, texts.length - 1)] ?? '', stderr: '' };
  };
};
const wait = (run: Run, waiting: Promise<string>) =>
  whilePulling({ run, images: readImages({}) }, docker('ps'), waiting, 1);

it('ends early when the same image stays missing, and names it', async () => {
  await expect(wait(saying(MISSING), delay(60_000, 'late', { ref: false }))).rejects.toThrow(
    /^a:v1 cannot be pulled\. Copy a:v1 there/,
  );
});

it.each([
  ['nothing is missing', saying('{}')],
  ['one was missing for a moment', saying(MISSING, MISSING, '{}')],
  ['the cluster does not answer', saying('not JSON')],
])('waits to the end when %s', async (_, run) => {
  await expect(wait(run, delay(100, 'there'))).resolves.toBe('there');
});

it('fails with the wait', async () => {
  await expect(wait(saying('{}'), Promise.reject(new Error('timed out')))).rejects.toThrow('timed out');
});
