/** Which dead letters a command is about: the options of `dead-letters` and `redrive`. */
import { momentOf, type Option, textOf, type Values } from './command.ts';
import type { DeadLetter } from './letters.ts';

export const LETTER_OPTIONS = {
  key: { type: 'string', value: 'KEY', help: 'only letters about this object' },
  error: { type: 'string', value: 'TEXT', help: 'only letters whose error has this text, in any case' },
  'older-than': { type: 'string', value: 'TIME', help: 'only letters sent before: 10m, 2h, 3d or a date' },
  'newer-than': { type: 'string', value: 'TIME', help: 'only letters sent since: 10m, 2h, 3d or a date' },
} as const satisfies Readonly<Record<string, Option>>;

/** What a letter is chosen by. */
export type Choosable = Pick<DeadLetter, 'objects' | 'why' | 'time'>;

/**
 * Whether a letter is one that the options choose. All of them have to fit.
 *
 * @throws Stop when a time is none
 */
export function letterFilter(values: Values, now: Date): (letter: Choosable) => boolean {
  const key = textOf(values, 'key');
  const error = textOf(values, 'error')?.toLowerCase();
  const before = momentOf(values, 'older-than', now);
  const since = momentOf(values, 'newer-than', now);
  return ({ objects, why, time }) =>
    (key === undefined || objects.some((object) => object.key === key)) &&
    (error === undefined || why.toLowerCase().includes(error)) &&
    (before === undefined || time < before) &&
    (since === undefined || time >= since);
}
