/** Where something is wrong in a definition, such as `spec.workflow.custom.definition.States.Resize.Next`, and what was meant. */
import { type FieldError, specError } from '../errors.ts';
import { nearest } from '../nearest.ts';

/** The path of a field or list item. A name with dots or spaces is in brackets and quotes. */
export function below(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return /^[\w$-]+(\.\$)?$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

/** A list longer than this helps nobody who meant a word that is near. */
const LONG_LIST = 15;

/** The text `Did you mean X? ` if a known word has a similar spelling, and the known words. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  const list = `There are: ${known.join(', ') || 'none'}.`;
  if (near === undefined) return list;
  return known.length > LONG_LIST ? `Did you mean ${near}?` : `Did you mean ${near}? ${list}`;
}

/**
 * Refuses a definition that has problems, with all of them in one message.
 *
 * @throws SpecError
 */
export function refuse(problems: readonly FieldError[]): void {
  if (problems.length > 0) throw specError(...problems);
}
