/**
 * Expressions of JSONata states: `{% $states.input.key %}`. Step Functions follows JSONata 2.0.6.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
import jsonata, { type ExprNode } from 'jsonata';
import { isObject } from '../objects.ts';
import { below, type Problem, problem } from './problem.ts';

/** The expression between `{%` and `%}`; undefined for a string without them. */
export function expressionIn(text: string): string | undefined {
  return text.startsWith('{%') && text.endsWith('%}') && text.length >= 4 ? text.slice(2, -2) : undefined;
}

/** Whether the value is an expression, so that nobody knows it before the execution. */
export const isExpression = (value: unknown): boolean =>
  typeof value === 'string' && expressionIn(value) !== undefined;

/** The parser's own types leave out some nodes; what is read here is checked when read. */
const nodes = (value: unknown): unknown[] =>
  Array.isArray(value) ? value.flatMap(nodes) : isObject(value) ? [value] : [];

/** Whether any node below is the call or the mention of a variable such as `$eval`. */
function mentions(node: unknown, variable: string): boolean {
  if (Array.isArray(node)) return node.some((one) => mentions(one, variable));
  if (!isObject(node)) return false;
  if (node['type'] === 'variable' && node['value'] === variable) return true;
  return Object.values(node).some((inner) => mentions(inner, variable));
}

/**
 * The first name that is read from data nobody gave: at the top of an expression there is no current value, so a bare
 * `key`, `$` or `$$` stands for nothing. Filters, later steps and functions have one, and are not looked into.
 */
function unqualified(node: unknown): string | undefined {
  if (!isObject(node)) return undefined;
  const { type, value, steps } = node;
  if (type === 'path') return unqualified(Array.isArray(steps) ? steps[0] : undefined);
  if (type === 'name') return String(value);
  if (type === 'variable') return value === '' ? '$' : value === '$' ? '$$' : undefined;
  if (type === 'lambda' || type === 'transform') return undefined;
  const fields =
    type === 'function' || type === 'partial'
      ? [node['arguments']]
      : type === 'bind'
        ? [node['rhs']]
        : ['lhs', 'rhs', 'expression', 'expressions', 'condition', 'then', 'else'].map(
            (field) => node[field],
          );
  for (const inner of fields.flatMap(nodes)) {
    const found = unqualified(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What newer versions of the parser take and 2.0.6 does not. Strings, names in backticks and comments are left out. */
const NEWER = /\?\?|(?<![(\\])\?:/;
const QUOTED = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\/\*[\s\S]*?\*\//g;

function messageOf(error: unknown): string {
  if (!isObject(error)) return String(error);
  return `${String(error['message'])} (at character ${String(error['position'])})`;
}

type Parsed = { tree: ExprNode } | { error: unknown };

/** A claim is rendered again and again, and parsing takes most of that: what was parsed is kept, up to so many. */
const MOST_PARSED = 2000;
const parsed = new Map<string, Parsed>();

function parse(expression: string): Parsed {
  const known = parsed.get(expression);
  if (known) return known;
  let result: Parsed;
  try {
    result = { tree: jsonata(expression).ast() };
  } catch (error) {
    result = { error };
  }
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(expression, result);
  return result;
}

/** Parses an expression without its delimiters; undefined where it is none. */
export function parseExpression(expression: string): ExprNode | undefined {
  const result = parse(expression);
  return 'tree' in result ? result.tree : undefined;
}

function expressionFault(expression: string): string | undefined {
  const result = parse(expression);
  if ('error' in result) return `is not JSONata: ${messageOf(result.error)}. Mend the expression.`;
  const { tree } = result;
  if (mentions(tree, 'eval'))
    return 'calls $eval, which Step Functions does not have. Use $parse for JSON text.';
  if (NEWER.test(expression.replaceAll(QUOTED, '')))
    return 'uses ?? or ?:, which Step Functions’ JSONata 2.0.6 does not know. Write it as $exists(a) ? a : b.';
  const name = unqualified(tree);
  if (name === undefined) return undefined;
  return `reads ${name} from nowhere. Begin with a variable, such as $states.input${name.startsWith('$') ? '' : `.${name}`}.`;
}

/** Checks a string of a JSONata state, which is an expression only when both delimiters stand at its very ends. */
export function checkJsonataString(text: string, path: string): Problem[] {
  const expression = expressionIn(text);
  if (expression !== undefined) {
    const fault = expressionFault(expression);
    return fault === undefined ? [] : problem(path, text, fault);
  }
  const trimmed = text.trim();
  if (trimmed.startsWith('{%') || trimmed.endsWith('%}'))
    return problem(
      path,
      text,
      'is half an expression. Begin it with {% and end it with %}, without spaces around.',
    );
  return [];
}

/** Checks a value whose strings may be expressions, however deep. */
export function checkJsonataTemplate(value: unknown, path: string): Problem[] {
  if (typeof value === 'string') return checkJsonataString(value, path);
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => checkJsonataTemplate(item, below(path, index)));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = below(path, key);
    if (!key.endsWith('.$')) return checkJsonataTemplate(inner, here);
    const fix = `is a JSONPath field in a JSONata state. Name it ${key.slice(0, -2)} and write {% ... %}.`;
    return problem(here, inner, fix);
  });
}
