/** Bounds how fast a command sends. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Option, textOf, type Values } from './command.ts';
import { EXIT, Stop } from './stop.ts';

export const RATE_OPTION = {
  type: 'string',
  value: 'NUMBER',
  help: 'sends at most so many in a second; 10 by default',
} as const satisfies Option;

const RATE = 10;
const MOST = 1000;

/**
 * The number of `--rate`.
 *
 * @throws Stop when it is none, or too large
 */
export function rateOf(values: Values): number {
  const text = textOf(values, 'rate');
  const rate = text === undefined ? RATE : Number(text);
  if (text?.trim() !== '' && rate > 0 && rate <= MOST) return rate;
  throw new Stop(
    `--rate: Invalid value: ${JSON.stringify(text)}: must be a number above 0 and up to ${MOST}, such as 10 or 0.5.`,
    EXIT.usage,
  );
}

/** Milliseconds since a moment, and a wait. */
export interface Clock {
  now(): number;
  wait(milliseconds: number): Promise<void>;
}

/** The clock of this computer. A wait ends early when the command is stopped. */
export const clockOf = (signal: AbortSignal): Clock => ({
  now: () => performance.now(),
  wait: (milliseconds) =>
    sleep(milliseconds, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    }),
});

/**
 * A function that resolves when the next one may be sent. Several may wait for it at once.
 *
 * @param rate - in a second
 */
export function createPace(rate: number, clock: Clock): () => Promise<void> {
  let next = clock.now();
  return async () => {
    const mine = Math.max(next, clock.now());
    next = mine + 1000 / rate;
    const milliseconds = mine - clock.now();
    if (milliseconds > 0) await clock.wait(milliseconds);
  };
}
