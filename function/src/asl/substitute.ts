/** Replaces `${Table.Name}` and similar names in the strings of a definition. `$${` is an escaped `${`. */
import { isObject } from '../objects.ts';
import { below, type Problem, problem, suggestion } from './problem.ts';

/** The values by name, such as `Table.Name` or `Functions.resize.Arn`. */
export type Substitutions = Readonly<Record<string, string>>;

export interface Substituted<T> {
  readonly value: T;
  readonly problems: Problem[];
}

/** An escaped `$${`, a complete substitution, or a beginning without an end. */
const PATTERN = /\$\$\{|\$\{([^{}]*)\}|\$\{/g;

/** A string after substitution. An unknown name stays unchanged and is a problem. */
export function substituteText(text: string, known: Substitutions, path: string): Substituted<string> {
  const problems: Problem[] = [];
  const value = text.replaceAll(PATTERN, (whole: string, name: string | undefined) => {
    if (whole === '$${') return '${';
    if (name !== undefined && Object.hasOwn(known, name)) return known[name] ?? whole;
    problems.push(
      ...(name === undefined
        ? problem(
            path,
            text,
            `begins a substitution with \${ that never ends. Close it with }, or write $\${ for a plain \${.`,
          )
        : problem(
            path,
            whole,
            `is no substitution. ${suggestion(name, Object.keys(known))} Write $\${ for a plain \${.`,
          )),
    );
    return whole;
  });
  return { value, problems };
}

function substituteValue(value: unknown, known: Substitutions, path: string, problems: Problem[]): unknown {
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
  const problems: Problem[] = [];
  return { value: substituteValue(value, known, path, problems), problems };
}
