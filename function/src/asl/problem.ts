/** Describes problems in a definition, with their paths: `spec.workflow.custom.definition.States.Resize.Next`. */

import { specError } from '../errors.ts';

export interface Problem {
  readonly path: string;
  /** The value at the path, or null when it is missing. */
  readonly value: unknown;
  /** The rest of the sentence after the value: what is wrong, and the fix. */
  readonly fix: string;
}

/** The path of a field or list item. A name with dots or spaces is in brackets and quotes. */
export function below(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return /^[\w$-]+(\.\$)?$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

/** A list with one problem. A long value is shortened. */
export function problem(path: string, value: unknown, fix: string): [Problem] {
  const text = JSON.stringify(value) ?? 'null';
  const shown = text.length > 120 ? `${text.slice(0, 117)}...` : (value ?? null);
  return [{ path, value: shown, fix }];
}

/** The edit distance of two words: the number of letters to insert, delete or replace. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, against] of [...other].entries()) {
      const replaced = (row[j] ?? 0) + (letter.toLowerCase() === against.toLowerCase() ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The known word with the most similar spelling, or undefined when none is similar. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, away: distance(word, candidate) }))
    .filter(
      ({ candidate, away }) => away <= Math.max(2, candidate.length / 3) && away * 2 <= candidate.length,
    )
    .sort((a, b) => a.away - b.away);
  return best?.candidate;
}

/** The maximum length of a list of known words in a message with a similar word. */
const LONG_LIST = 15;

/** The text `Did you mean X? ` if a known word has a similar spelling, and the known words. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  const list = `There are: ${known.join(', ') || 'none'}.`;
  if (near === undefined) return list;
  return known.length > LONG_LIST ? `Did you mean ${near}?` : `Did you mean ${near}? ${list}`;
}

const SHOWN = 10;

/**
 * Throws if there are problems. The message has the first ten in full, and the number of the others.
 *
 * @throws SpecError
 */
export function refuse(problems: readonly Problem[]): void {
  const [first, ...others] = problems;
  if (!first) return;
  const told = others
    .slice(0, SHOWN - 1)
    .map(({ path, value, fix }) => `\n${path}: ${JSON.stringify(value)} ${fix}`);
  if (problems.length > SHOWN) told.push(`\nand ${problems.length - SHOWN} more.`);
  throw specError(first.path, first.value, `${first.fix}${told.join('')}`);
}
