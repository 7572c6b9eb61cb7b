/** `${Table.Name}` and the like in the strings of a definition; `$${` stands for a plain `${`. */

import { type FieldError, invalid } from '../errors.ts';
import { isObject } from '../objects.ts';
import { below, suggestion } from './problem.ts';

/** The values by name, such as `Table.Name` or `Functions.resize.Arn`. */
export type Substitutions = Readonly<Record<string, string>>;

export interface Substituted<T> {
  value: T;
  problems: FieldError[];
}

/** An escaped `$${`, a complete substitution, or a beginning without an end. */
const PATTERN = /\$\$\{|\$\{([^{}]*)\}|\$\{/g;

/** A string after substitution. An unknown name stays unchanged and is a problem. */
export function substituteText(text: string, known: Substitutions, path: string): Substituted<string> {
  const problems: FieldError[] = [];
  const value = text.replaceAll(PATTERN, (whole: string, name: string | undefined) => {
    if (whole === '$${') return '${';
    if (name !== undefined && Object.hasOwn(known, name)) return known[name] ?? whole;
    problems.push(
      ...(name === undefined
        ? [
            invalid(
              path,
              text,
              `begins a substitution with \${ that never ends. Close it with }, or write $\${ for a plain \${.`,
            ),
          ]
        : [
            invalid(
              path,
              whole,
              `is not a substitution. ${suggestion(name, Object.keys(known))} Write $\${ for a plain \${.`,
            ),
          ]),
    );
    return whole;
  });
  return { value, problems };
}

function substituteValue(
  value: unknown,
  known: Substitutions,
  path: string,
  problems: FieldError[],
): unknown {
  const text = (one: string, at: string) => {
    const made = substituteText(one, known, at);
    problems.push(...made.problems);
    return made.value;
  };
  if (typeof value === 'string') return text(value, path);
  if (Array.isArray(value))
    return value.map((item: unknown, index) => substituteValue(item, known, below(path, index), problems));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const at = below(path, key);
      return [text(key, at), substituteValue(inner, known, at, problems)];
    }),
  );
}

/**
 * A copy of a JSON value after substitution in all strings, including field names: a batch request of DynamoDB has table names there.
 */
export function substitute(value: unknown, known: Substitutions, path: string): Substituted<unknown> {
  const problems: FieldError[] = [];
  return { value: substituteValue(value, known, path, problems), problems };
}
