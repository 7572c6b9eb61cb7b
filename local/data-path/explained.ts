/** Extends the errors of a data path with the failures that the pipeline itself reports. */

import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../tools/errors.ts';
import { readMessages } from '../upload.ts';
import type { DataPath, Given } from './data-path.ts';
import { allFailures, anythingFailed, type Before, failedExecutions, stateBefore } from './failures.ts';
import { reasonLines } from './reasons.ts';

type Pipeline = Omit<Given, 'files'>;

const LOOK_MS = 1000;
/** How long to wait for further failures with the same cause, in milliseconds. */
const OTHERS_MS = 2000;

/** An error with the failures since `before` in its message, if it does not contain them yet. */
async function withReasons(pipeline: Pipeline, before: Before, error: unknown): Promise<Error> {
  const message = messageOf(error);
  const reasons = (await allFailures(pipeline, before)).filter(({ why }) => !message.includes(why));
  const lines = reasonLines(reasons);
  const told = lines.length > 0 ? ['What failed:', ...lines] : [];
  return new Error([message, ...told].join('\n'), { cause: error });
}

/** Rejects after a permanent failure, so that the data path does not wait for items that will never exist. */
async function untilFailure(pipeline: Pipeline, before: Before, over: AbortSignal): Promise<never> {
  for (;;) {
    await delay(LOOK_MS, undefined, { signal: over });
    if (!(await anythingFailed(pipeline, before).catch(() => false))) continue;
    await delay(OTHERS_MS, undefined, { signal: over });
    throw new Error('not everything that was sent went through');
  }
}

async function explain<T>(
  pipeline: Pipeline,
  work: (before: Before, over: AbortSignal) => Promise<T>,
): Promise<T> {
  const before = await stateBefore(pipeline);
  const over = new AbortController();
  try {
    return await work(before, over.signal);
  } catch (error) {
    throw await withReasons(pipeline, before, error);
  } finally {
    over.abort();
  }
}

/**
 * The same data path, which must leave the dead-letter queue empty; what it throws has the failed executions, the dead letters
 * and the functions' errors below.
 */
export const explained = (path: DataPath): DataPath => ({
  ...path,
  first: (given) => explain(given, () => path.first(given)),
  move: (given, say) =>
    explain(given, async (before, over) => {
      const moving = path.move(given, say);
      // A stand-in must be stopped at the end, so a path with one waits for its own result and does not end early.
      const moved = await (path.attend ? moving : Promise.race([moving, untilFailure(given, before, over)]));
      const letters = await readMessages(given.clients, given.parts.deadLetterQueue);
      if (letters.length > 0) throw new Error('the dead-letter queue is not empty');
      if ((await failedExecutions(given, before)).length > 0)
        throw new Error('all items are there, but not every execution succeeded');
      return moved;
    }),
});
