/** Waits that end early when an image is not to be had, instead of after minutes. */
import { setTimeout as delay } from 'node:timers/promises';
import { whyNotPulled } from './complaints.ts';
import { type Command, printed } from './run.ts';
import type { KindContext } from './start-cluster.ts';

const LOOK_MS = 20_000;
/** A first pull may fail while names are not known yet. */
const LOOKS = 3;

/**
 * Waits for something that cannot come without its images.
 *
 * @param listed - asks for what pulls them, as JSON.
 * @param waiting - the wait.
 * @throws naming the image, the setting and the fix once the same one has been missing in three looks in a row.
 */
export async function whilePulling<T>(
  { run, images }: Pick<KindContext, 'run' | 'images'>,
  listed: Command,
  waiting: Promise<T>,
  everyMs = LOOK_MS,
): Promise<T> {
  let isOver = false;
  const over = waiting.finally(() => {
    isOver = true;
  });
  const complaining = async (): Promise<T> => {
    let [last, count] = ['', 0];
    while (!isOver) {
      await delay(everyMs, undefined, { ref: false });
      const why = await printed(run, listed)
        .then((text) => whyNotPulled(JSON.parse(text), images) ?? '')
        // An API server is busy at times.
        .catch(() => '');
      count = why !== '' && why.split('.')[0] === last.split('.')[0] ? count + 1 : 1;
      last = why;
      if (why !== '' && count >= LOOKS && !isOver) throw new Error(why);
    }
    return over;
  };
  // The other one goes on, and its end is of no interest.
  over.catch(() => undefined);
  return Promise.race([over, complaining()]);
}
