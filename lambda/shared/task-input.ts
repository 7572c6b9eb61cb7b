import { describe } from './errors.ts';
import { isObject } from './fields.ts';

/** The input of a task is wrong. The message names the field and its value. */
export class MalformedInputError extends Error {
  override readonly name = 'MalformedInputError';
}

/**
 * Returns readers for the fields of a task's input.
 *
 * @throws MalformedInputError when a field is missing or has the wrong type, such as `key: expected a text, found 7`
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
