/** What becomes of a definition on its way through YAML. */
import { isObject } from '../objects.ts';
import type { State } from './machine.ts';
import { below, type Problem, problem } from './problem.ts';
import { integrationOf } from './resource.ts';

function falseFields(value: unknown, path: string): Problem[] {
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => falseFields(item, below(path, index)));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'false'
      ? problem(
          below(path, name),
          inner,
          'is of the type false, since YAML reads a bare N as false. Write "N" in quotes.',
        )
      : falseFields(inner, below(path, name)),
  );
}

/**
 * kubectl reads YAML 1.1, in which a bare `N` is a boolean, and DynamoDB calls its numbers so: `size: { N: '1' }` comes as
 * `size: { 'false': '1' }`.
 */
export function checkYaml({ value, path }: State): Problem[] {
  if (integrationOf(value['Resource'])?.service !== 'dynamodb') return [];
  return ['Parameters', 'Arguments'].flatMap((field) => falseFields(value[field], below(path, field)));
}
