import { Problem } from './problem.ts';

/** Waits; rejects with the signal's reason when that comes first. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return settle(signal, (done) => {
    const timer = setTimeout(done, ms);
    return () => clearTimeout(timer);
  });
}

const TRIES = 6;
const FIRST_PAUSE_MS = 1_000;

/**
 * Repeats `work` until it succeeds. While the browser is offline, it waits for the connection. After other temporary
 * failures it tries up to 6 times in total, with a longer pause each time.
 *
 * @param onPause - is called with the problem before a pause, and with `undefined` before the next try
 * @throws what `work` throws when the failure is not temporary, or when the last try fails
 */
export async function persist<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  onPause: (problem: Problem | undefined) => void,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const passes = error instanceof Problem && (error.kind === 'connection' || error.kind === 'busy');
      if (!passes) throw error;
      if (!navigator.onLine) tries = 0;
      if (tries >= TRIES) throw error;
      onPause(error);
      if (navigator.onLine) await pause(FIRST_PAUSE_MS * 2 ** (tries - 1), signal);
      else await online(signal);
      onPause(undefined);
    }
  }
}

function online(signal: AbortSignal): Promise<void> {
  return settle(signal, (done) => {
    addEventListener('online', done);
    return () => removeEventListener('online', done);
  });
}

function settle(signal: AbortSignal, start: (done: () => void) => () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = start(() => {
      signal.removeEventListener('abort', abort);
      stop();
      resolve();
    });
    const abort = (): void => {
      stop();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
  });
}
