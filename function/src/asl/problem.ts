/** What is wrong in a definition, and where: `spec.workflow.custom.definition.States.Resize.Next`. */

import { specError } from '../errors.ts';

export interface Problem {
  path: string;
  /** What stands there; null where it is missing. */
  value: unknown;
  /** A sentence that goes on after the value: what is wrong with it, and the fix. */
  fix: string;
}

/** The path of a field or list item below a path. A name with dots or spaces is put in brackets and quotes. */
export function below(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return /^[\w$-]+(\.\$)?$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

/** A list of one problem. A value that is too long to read in a message is cut. */
export function problem(path: string, value: unknown, fix: string): [Problem] {
  const text = JSON.stringify(value) ?? 'null';
  const shown = text.length > 120 ? `${text.slice(0, 117)}...` : (value ?? null);
  return [{ path, value: shown, fix }];
}

/** How many letters must be put in, taken out or replaced to turn one word into the other. */
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

/** The known word that is spelled most like this one; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, away: distance(word, candidate) }))
    .filter(
      ({ candidate, away }) => away <= Math.max(2, candidate.length / 3) && away * 2 <= candidate.length,
    )
    .sort((a, b) => a.away - b.away);
  return best?.candidate;
}

/** A list longer than this helps nobody who meant a word that is near. */
const LONG_LIST = 15;

/** `Did you mean X? ` where a known word is spelled like it, and the known words. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  const list = `There are: ${known.join(', ') || 'none'}.`;
  if (near === undefined) return list;
  return known.length > LONG_LIST ? `Did you mean ${near}?` : `Did you mean ${near}? ${list}`;
}

const SHOWN = 10;

/**
 * Refuses a definition that has problems, with all of them in one message, the first ten in full.
 *
 * @throws a SpecError.
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
