/**
 * Parses and checks expressions of JSONata states: `{% $states.input.key %}`. Step Functions supports JSONata 2.0.6.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
import jsonata, { type ExprNode } from 'jsonata';
import { type FieldError, forbidden, invalid } from '../errors.ts';
import { isObject } from '../objects.ts';
import { below } from './problem.ts';

/** The expression between `{%` and `%}`, or undefined for a string without them. */
export function expressionIn(text: string): string | undefined {
  return text.startsWith('{%') && text.endsWith('%}') && text.length >= 4 ? text.slice(2, -2) : undefined;
}

/** Whether the value is an expression, whose result is known only during the execution. */
export const isExpression = (value: unknown): boolean =>
  typeof value === 'string' && expressionIn(value) !== undefined;

/** The child nodes of a value. The parser's types lack some nodes, so the values are checked when they are read. */
const nodes = (value: unknown): unknown[] =>
  Array.isArray(value) ? value.flatMap(nodes) : isObject(value) ? [value] : [];

/** Whether a node or its children call or mention a variable such as `$eval`. */
function mentions(node: unknown, variable: string): boolean {
  if (Array.isArray(node)) return node.some((one) => mentions(one, variable));
  if (!isObject(node)) return false;
  if (node['type'] === 'variable' && node['value'] === variable) return true;
  return Object.values(node).some((inner) => mentions(inner, variable));
}

/**
 * The first name without a value: at the top of an expression there is no current value, so an unqualified `key`, `$` or `$$` is
 * undefined. Filters, later steps and functions have a current value and are not checked.
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

/** Operators that newer versions of the parser accept and 2.0.6 does not. It is matched without strings, quoted names and comments. */
const NEWER = /\?\?|(?<![(\\])\?:/;
const QUOTED = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\/\*[\s\S]*?\*\//g;

function messageOf(error: unknown): string {
  if (!isObject(error)) return String(error);
  return `${String(error['message'])} (at character ${String(error['position'])})`;
}

type Parsed = { tree: ExprNode } | { error: unknown };

/** The maximum number of cached parse results. A claim is rendered repeatedly, and parsing takes most of the time. */
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

/** Parses an expression without its delimiters. Undefined when it is invalid. */
export function parseExpression(expression: string): ExprNode | undefined {
  const result = parse(expression);
  return 'tree' in result ? result.tree : undefined;
}

function expressionFault(expression: string): string | undefined {
  const result = parse(expression);
  if ('error' in result) return `is not JSONata: ${messageOf(result.error)}. Correct the expression.`;
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
function checkJsonataString(text: string, path: string): FieldError[] {
  const expression = expressionIn(text);
  if (expression !== undefined) {
    const fault = expressionFault(expression);
    return fault === undefined ? [] : [invalid(path, text, fault)];
  }
  const trimmed = text.trim();
  if (trimmed.startsWith('{%') || trimmed.endsWith('%}'))
    return [
      invalid(
        path,
        text,
        'must both begin with {% and end with %}, without spaces around. Write both, or neither.',
      ),
    ];
  return [];
}

/** Checks a value whose strings may be expressions, however deep. */
export function checkJsonataTemplate(value: unknown, path: string): FieldError[] {
  if (typeof value === 'string') return checkJsonataString(value, path);
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => checkJsonataTemplate(item, below(path, index)));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = below(path, key);
    if (!key.endsWith('.$')) return checkJsonataTemplate(inner, here);
    const fix = `only JSONPath states have fields that end in .$, and this one is in JSONata. Name it ${key.slice(0, -2)} and write {% ... %}.`;
    return [forbidden(here, fix)];
  });
}

const NUMBER_OPERATORS = ['+', '-', '*', '/', '%'];
/** Built-in functions whose result is always a number. https://docs.jsonata.org/numeric-functions */
const NUMBER_FUNCTIONS = [
  ...['abs', 'average', 'ceil', 'count', 'floor', 'length', 'max', 'millis', 'min', 'number', 'power'],
  ...['random', 'round', 'sqrt', 'sum', 'toMillis'],
];

/** Whether the result of the expression is always a number. */
export function givesNumber(expression: string): boolean {
  const node: unknown = parseExpression(expression);
  if (!isObject(node)) return false;
  const { type, value, procedure } = node;
  if (type === 'number') return true;
  if (type === 'binary') return NUMBER_OPERATORS.includes(String(value));
  return type === 'function' && isObject(procedure) && NUMBER_FUNCTIONS.includes(String(procedure['value']));
}

/** The value of an expression that is a constant number, else undefined. */
export function constantNumber(expression: string): number | undefined {
  const node: unknown = parseExpression(expression);
  return isObject(node) && node['type'] === 'number' ? Number(node['value']) : undefined;
}

/** The predefined names in every expression: those of JSONata 2.0.6 and those of Step Functions. */
const BUILT_IN = new Set(
  (
    'states abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl ' +
    'decodeUrlComponent distinct each encodeUrl encodeUrlComponent error eval exists filter floor formatBase ' +
    'formatInteger formatNumber fromMillis join keys length lookup lowercase map match max merge millis min not now ' +
    'number pad parseInteger power random reduce replace reverse round shuffle sift single sort split spread sqrt ' +
    'string substring substringAfter substringBefore sum toMillis trim type uppercase zip ' +
    'hash parse partition range uuid'
  ).split(' '),
);

/** The names that an expression binds: `:=`, parameters, `@$x` and `#$i`. */
function bound(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(bound);
  if (!isObject(node)) return [];
  const { type, lhs, focus, index } = node;
  const given =
    type === 'bind' ? [lhs] : type === 'lambda' && Array.isArray(node['arguments']) ? node['arguments'] : [];
  const stages = Array.isArray(node['stages']) ? node['stages'].filter(isObject) : [];
  return [
    ...given.filter(isObject).map(({ value }) => String(value)),
    ...[
      focus,
      index,
      ...stages.map((stage) => (stage['type'] === 'index' ? stage['value'] : undefined)),
    ].filter((name) => typeof name === 'string'),
    ...Object.values(node).flatMap(bound),
  ];
}

function mentioned(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(mentioned);
  if (!isObject(node)) return [];
  const own = node['type'] === 'variable' ? [String(node['value'])] : [];
  return [...own, ...Object.values(node).flatMap(mentioned)];
}

/**
 * The variables that an expression reads from outside. A name that is bound anywhere in the expression counts as bound everywhere in it,
 * so that no correct expression is reported.
 */
export function variablesOf(expression: string): string[] {
  const tree = parseExpression(expression);
  const own = new Set(bound(tree));
  return [...new Set(mentioned(tree))].filter(
    (name) => name !== '' && name !== '$' && !BUILT_IN.has(name) && !own.has(name),
  );
}
