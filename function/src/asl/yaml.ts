/** What becomes of a definition on its way through YAML 1.1, which kubectl reads: a bare `N`, `no`, `y` or `on` is a boolean. */

import { type FieldError, invalid } from '../errors.ts';
import { isObject } from '../objects.ts';
import type { Machine, State } from './machine.ts';
import { below } from './problem.ts';
import { integrationOf } from './resource.ts';

/** The words of YAML's booleans. https://yaml.org/type/bool.html */
const WORDS: Readonly<Record<string, string>> = {
  n: 'false',
  no: 'false',
  off: 'false',
  y: 'true',
  yes: 'true',
  on: 'true',
};

function booleanFields(value: unknown, path: string): FieldError[] {
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => booleanFields(item, below(path, index)));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const here = below(path, name);
    if (name === 'false')
      return [
        invalid(
          here,
          inner,
          'must be of a type of DynamoDB, but is of the type false, since YAML reads a bare N as false. Write "N" in quotes.',
        ),
      ];
    if (name === 'true')
      return [
        invalid(
          here,
          inner,
          'must not be the value of true, since YAML reads a bare y as true. Write "y" in quotes.',
        ),
      ];
    return booleanFields(inner, here);
  });
}

/**
 * Checks for field names that YAML has changed. DynamoDB's type of numbers is N, so `size: { N: '1' }` arrives as
 * `size: { 'false': '1' }`. An attribute whose name is really true or false is much rarer than one with the name y or n.
 */
export function checkYaml({ value, path }: State): FieldError[] {
  if (integrationOf(value['Resource'])?.service !== 'dynamodb') return [];
  return ['Parameters', 'Arguments'].flatMap((field) => booleanFields(value[field], below(path, field)));
}

/** The boolean that YAML makes of an unquoted name, or undefined when YAML does not change it. */
export const becameOf = (name: string): string | undefined =>
  Object.hasOwn(WORDS, name.toLowerCase()) ? WORDS[name.toLowerCase()] : undefined;

/** The message about an unquoted word in place of a state's name, as the end of a sentence. Undefined when the word is not the problem. */
export function booleanTarget(target: unknown, { states }: Machine): string | undefined {
  if (typeof target === 'boolean')
    return `must be the name of a state, but YAML reads a bare ${target ? 'Y, yes or on as true' : 'N, no or off as false'}. Write the state’s name in quotes, here and below States.`;
  const became = typeof target === 'string' ? becameOf(target) : undefined;
  if (became === undefined || !states.some(({ name }) => name === became)) return undefined;
  return `is not the name of a state, but ${became} is, since YAML reads a bare ${String(target)} as ${became}. Write "${String(target)}" in quotes below States too.`;
}
