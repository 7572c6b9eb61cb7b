/**
 * Checks paths and intrinsic functions of JSONPath states.
 * https://states-language.net/spec.html#path, https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
 */
import { type FieldError, invalid } from '../errors.ts';
import { suggestion } from './problem.ts';

/** The root of a path: `$`, `$$` for the context, or a variable such as `$count`, with letters of any alphabet. */
const ROOT = String.raw`\$(?:\$|[\p{L}_][\p{L}\p{N}_]*)?`;
/** A name after a dot. The parser of Step Functions ends it at a dot, bracket or parenthesis, and rejects spaces in it. */
const NAME = String.raw`[^\s.\[\]()'"*,?@:]+`;
const QUOTED = String.raw`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`;

/** A reference path. AWS also writes a bracket after a dot: https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html */
const REFERENCE = new RegExp(String.raw`^${ROOT}(?:\.${NAME}|\.?\[\s*(?:${QUOTED}|-?\d+)\s*\])*$`, 'u');

/**
 * The other content of brackets: lists, slices, `*` and filters. A path can end with a function such as `length()`. Only the service can
 * check filters and functions. A path for several places can contain names that a reference path must quote: `$.@type`.
 */
const SLICE = String.raw`-?\d*\s*:\s*-?\d*(?:\s*:\s*-?\d*)?`;
const LIST = String.raw`(?:${QUOTED}|-?\d+)(?:\s*,\s*(?:${QUOTED}|-?\d+))*`;
const FILTER = String.raw`\?\(\)`;
const SEGMENT = String.raw`\.{1,2}(?:[^\s.\[\]()'"*,?]+|\*)|\.{0,2}\[\s*(?:${LIST}|${SLICE}|\*|${FILTER})\s*\]`;
const ANY = new RegExp(String.raw`^${ROOT}(?:${SEGMENT})*(?:\.\w+\([^()]*\))?$`, 'u');

/** The index at which the parenthesis at `from` is closed, ignoring strings and regular expressions in a filter. -1 when it is not. */
function closing(text: string, from: number): number {
  let depth = 0;
  let quote = '';
  for (let index = from; index < text.length; index += 1) {
    const letter = text.charAt(index);
    if (quote !== '') {
      if (letter === '\\') index += 1;
      else if (letter === quote) quote = '';
    } else if (`'"/`.includes(letter)) quote = letter;
    else if (letter === '(') depth += 1;
    else if (letter === ')') {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return -1;
}

/** A path with empty filters, since filters can be nested at any depth. Undefined when a filter is not closed. */
function withoutFilters(path: string): string | undefined {
  let rest = path;
  let kept = '';
  for (let found = /\[\s*\?\s*\(/.exec(rest); found; found = /\[\s*\?\s*\(/.exec(rest)) {
    const from = found.index + found[0].length - 1;
    const to = closing(rest, from);
    if (to < 0 || rest.slice(from + 1, to).trim() === '') return undefined;
    kept += `${rest.slice(0, found.index)}[?()`;
    rest = rest.slice(to + 1);
  }
  return `${kept}${rest}`;
}

/** Whether the text is a reference path, which names exactly one place. */
const isReferencePath = (text: unknown): boolean => typeof text === 'string' && REFERENCE.test(text);

/** Whether the text is a path, which can also select several places. The service's parser ignores spaces after it. */
export const isPath = (text: unknown): boolean =>
  typeof text === 'string' && ANY.test(withoutFilters(text.trimEnd()) ?? '');

/** The minimum and maximum number of arguments of intrinsic functions. */
const INTRINSICS: Readonly<Record<string, readonly [number, number]>> = {
  'States.Array': [0, Number.POSITIVE_INFINITY],
  'States.ArrayContains': [2, 2],
  'States.ArrayGetItem': [2, 2],
  'States.ArrayLength': [1, 1],
  'States.ArrayPartition': [2, 2],
  'States.ArrayRange': [3, 3],
  'States.ArrayUnique': [1, 1],
  'States.Base64Decode': [1, 1],
  'States.Base64Encode': [1, 1],
  'States.Format': [1, Number.POSITIVE_INFINITY],
  'States.Hash': [2, 2],
  'States.JsonMerge': [3, 3],
  'States.JsonToString': [1, 1],
  'States.MathAdd': [2, 2],
  'States.MathRandom': [2, 3],
  'States.StringSplit': [2, 2],
  'States.StringToJson': [1, 1],
  'States.UUID': [0, 0],
};

/** The arguments of a call, unparsed. Undefined when quotes, brackets or parentheses do not match. */
function splitArguments(text: string): string[] | undefined {
  const found: string[] = [];
  const open: string[] = [];
  let quote = '';
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const letter = text.charAt(index);
    if (quote !== '' && letter === '\\') index += 1;
    else if (quote !== '') quote = letter === quote ? '' : quote;
    // Double quotes are allowed only in the brackets of a path.
    else if (letter === "'" || (letter === '"' && open.includes('['))) quote = letter;
    else if (letter === '(' || letter === '[') open.push(letter);
    else if (letter === ')' || letter === ']') {
      if (open.pop() !== (letter === ')' ? '(' : '[')) return undefined;
    } else if (letter === ',' && open.length === 0) {
      found.push(text.slice(start, index));
      start = index + 1;
    }
  }
  if (quote !== '' || open.length > 0) return undefined;
  const last = text.slice(start);
  return found.length === 0 && last.trim() === '' ? [] : [...found, last];
}

const LITERAL = /^(?:'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/s;

/** The problem of an intrinsic call, as the end of a sentence, or undefined. */
function intrinsicFault(text: string): string | undefined {
  const [, name = '', inner] = /^(States\.\w+)\s*\((.*)\)$/s.exec(text) ?? [];
  if (inner === undefined)
    return "is not an intrinsic function. Write it as States.Format('{}', $.name), with its closing parenthesis.";
  const range = INTRINSICS[name];
  if (!range) return `calls ${name}, which does not exist. ${suggestion(name, Object.keys(INTRINSICS))}`;
  const given = splitArguments(inner);
  if (!given)
    return 'has a quote, bracket or parenthesis without its partner. Write strings in single quotes.';
  const [fewest, most] = range;
  if (given.length < fewest || given.length > most)
    return `gives ${name} ${given.length} argument${given.length === 1 ? '' : 's'}, but it takes ${fewest === most ? fewest : `${fewest} or more`}. Give it as many as it takes.`;
  for (const argument of given.map((one) => one.trim())) {
    if (LITERAL.test(argument) || isPath(argument)) continue;
    if (!argument.startsWith('States.'))
      return `has the argument ${argument}. Give a path, a number, or a string in single quotes.`;
    const fault = intrinsicFault(argument);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Checks a value that may be a path or an intrinsic function, as fields that end in `.$` are. */
export function checkPathOrIntrinsic(value: unknown, path: string): FieldError[] {
  if (typeof value === 'string' && value.startsWith('States.')) {
    const fault = intrinsicFault(value);
    return fault === undefined ? [] : [invalid(path, value, fault)];
  }
  if (isPath(value)) return [];
  return [
    invalid(
      path,
      value,
      'must be a path or an intrinsic function. Begin it with $ or States., or drop .$ from the field for a constant.',
    ),
  ];
}

/** Checks a path; null stands for none. */
export function checkPath(value: unknown, path: string): FieldError[] {
  if (value === null || isPath(value)) return [];
  return [invalid(path, value, "must be a path. Write one such as $.file.key or $['file name'], or null.")];
}

/** Checks a reference path. */
export function checkReferencePath(value: unknown, path: string): FieldError[] {
  if (isReferencePath(value)) return [];
  return [
    invalid(
      path,
      value,
      "must be a reference path, which names one place. Write one such as $.file.key or $['file name'][0].",
    ),
  ];
}

/** Checks where a result goes: into the state's input, never into the context or a variable; null drops it. */
export function checkResultPath(value: unknown, path: string): FieldError[] {
  if (value === null) return [];
  if (isReferencePath(value) && /^\$(?:$|[.[])/.test(String(value))) return [];
  return [
    invalid(
      path,
      value,
      'must be a reference path into the state’s data. Write one such as $.result, or null to drop the result.',
    ),
  ];
}

/** The intrinsic functions whose result is a number. */
const NUMBERS = ['States.ArrayLength', 'States.MathAdd', 'States.MathRandom'];

/** Whether the text calls an intrinsic function whose result is a number. */
export const intrinsicGivesNumber = (text: string): boolean =>
  NUMBERS.some((name) => text.startsWith(name) && /^\s*\(/.test(text.slice(name.length)));

/** The variables at the beginning of a path, or of the paths in the arguments of an intrinsic function. */
export function variablesIn(text: string): string[] {
  const [, inner] = /^States\.\w+\s*\((.*)\)$/s.exec(text) ?? [];
  if (inner !== undefined) return (splitArguments(inner) ?? []).flatMap((one) => variablesIn(one.trim()));
  const [, name] = /^\$([\p{L}_][\p{L}\p{N}_]*)/u.exec(text) ?? [];
  return name === undefined ? [] : [name];
}
