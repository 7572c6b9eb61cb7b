import { describe } from './errors.ts';
import { isObject } from './fields.ts';

/** A task of a state machine was given no such input; the message names the field and what was found there. */
export class MalformedInputError extends Error {
  override readonly name = 'MalformedInputError';
}

/**
 * Reads the input that a state machine gives to a task, field by field.
 *
 * @throws MalformedInputError on a field that is missing or of another type, such as `key: expected a text, found 7`
 */
export function readInput(input: unknown) {
  const fields: Readonly<Record<string, unknown>> = isObject(input) ? input : {};
  const refuse = (name: string, expected: string): never => {
    throw new MalformedInputError(`${name}: expected ${expected}, found ${describe(fields[name])}`);
  };
  return {
    text(name: string): string {
      const value = fields[name];
      return typeof value === 'string' && value !== '' ? value : refuse(name, 'a text');
    },
    bytes(name: string): number {
      const value = fields[name];
      return Number.isSafeInteger(value) && Number(value) >= 0
        ? Number(value)
        : refuse(name, 'a whole number of bytes, 0 or more');
    },
  };
}
