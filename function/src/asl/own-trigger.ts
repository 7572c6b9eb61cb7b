/**
 * Finds state machines that start themselves: uploads start them, and they write objects into the same bucket that start them again. That
 * never ends and costs money.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
 */

import { type FieldError, invalid } from '../errors.ts';
import { isObject, type Json } from '../objects.ts';
import { argumentsField, known } from './arguments.ts';
import { bucketArn } from './arns.ts';
import { expressionIn, parseExpression } from './jsonata.ts';
import { machinesOf, objectsAt, type QueryLanguage, type State } from './machine.ts';
import { variablesIn } from './paths.ts';
import { below } from './problem.ts';
import { integrationOf } from './resource.ts';

export interface Trigger {
  readonly bucket: string;
  readonly region: string;
  readonly prefix: string;
  readonly suffixes: readonly string[];
}

/** The known part of a key: its beginning and end, and whether they are the whole key. */
interface Key {
  readonly head: string;
  readonly tail: string;
  readonly whole: boolean;
}

const ANY: Key = { head: '', tail: '', whole: false };
const whole = (text: string): Key => ({ head: text, tail: text, whole: true });

/** The known part of two joined texts. */
const joined = (one: Key, other: Key): Key => ({
  head: one.whole ? `${one.head}${other.head}` : one.head,
  tail: other.whole ? `${one.tail}${other.tail}` : other.tail,
  whole: one.whole && other.whole,
});

/** Returns all values that a definition assigns to a variable, each with its language. */
type Assigned = (name: string) => readonly { value: unknown; language: QueryLanguage }[];

/** The maximum depth of resolution, since a variable can be assigned from itself. */
const DEEPEST = 5;

function ofNode(node: unknown, assigned: Assigned, depth: number): Key[] {
  if (!isObject(node)) return [ANY];
  const { type, value, lhs, rhs, expressions } = node;
  if (type === 'string') return [whole(String(value))];
  if (type === 'condition')
    return [node['then'], node['else']].flatMap((one) => ofNode(one, assigned, depth));
  if (type === 'block' && Array.isArray(expressions) && expressions.length === 1)
    return ofNode(expressions[0], assigned, depth);
  if (type === 'variable') return ofVariable(String(value), assigned, depth);
  if (type !== 'binary' || value !== '&') return [ANY];
  const ends = ofNode(rhs, assigned, depth);
  return ofNode(lhs, assigned, depth).flatMap((one) => ends.map((other) => joined(one, other)));
}

function ofVariable(name: string, assigned: Assigned, depth: number): Key[] {
  const values = depth < DEEPEST ? assigned(name) : [];
  if (values.length === 0) return [ANY];
  return values.flatMap(({ value, language }) => ofValue(value, language, assigned, depth + 1));
}

/** The beginning and end of `States.Format('a{}b', ...)`. */
function ofFormat(text: string): Key {
  const [, format] = /^States\.Format\(\s*'((?:[^'\\]|\\.)*)'/s.exec(text) ?? [];
  const parts = (format ?? '{}').split(/(?<!\\)\{\}/).map((part) => part.replaceAll(/\\(.)/gs, '$1'));
  const [head = ''] = parts;
  return parts.length === 1 ? whole(head) : { head, tail: parts.at(-1) ?? '', whole: false };
}

/** The possible keys from a constant, an expression, or a path (`{ path }`). */
function ofValue(value: unknown, language: QueryLanguage, assigned: Assigned, depth = 0): Key[] {
  if (isObject(value) && typeof value['path'] === 'string') {
    const [name] = /^\$\w+$/.test(value['path']) ? variablesIn(value['path']) : [];
    return name === undefined ? [ofFormat(value['path'])] : ofVariable(name, assigned, depth);
  }
  if (typeof value !== 'string') return [ANY];
  const expression = language === 'JSONata' ? expressionIn(value) : undefined;
  return expression === undefined ? [whole(value)] : ofNode(parseExpression(expression), assigned, depth);
}

const argument = (given: Json, name: string): unknown =>
  given[`${name}.$`] === undefined ? given[name] : { path: given[`${name}.$`] };

function assignments(states: readonly State[]): Assigned {
  const all = states.flatMap(({ value, language }) =>
    [
      value,
      ...['Choices', 'Catch'].flatMap((field) => objectsAt(value[field], '').map((one) => one.value)),
    ].map(({ Assign }) => ({ given: isObject(Assign) ? Assign : {}, language })),
  );
  return (name) =>
    all.flatMap(({ given, language }) => {
      const value = argument(given, name);
      return value === undefined ? [] : [{ value, language }];
    });
}

/** Whether a key with this beginning and end can start the state machine. */
function starts({ head, tail, whole }: Key, { prefix, suffixes }: Trigger): boolean {
  const begins = head.startsWith(prefix) || (!whole && prefix.startsWith(head));
  const ends = (suffix: string) => tail.endsWith(suffix) || (!whole && suffix.endsWith(tail));
  return begins && (suffixes.length === 0 || suffixes.some(ends));
}

/** The calls that create an object. */
const WRITERS = ['putObject', 'copyObject', 'completeMultipartUpload'];

interface Write {
  readonly given: Json;
  /** The argument with the key or prefix. */
  readonly name: 'Key' | 'Prefix';
  readonly path: string;
}

function writesOf({ type, value, path, language }: State): Write[] {
  const field = argumentsField(language);
  const writer = value['ResultWriter'];
  if (type === 'Map' && isObject(writer) && isObject(writer[field]))
    return [{ given: writer[field], name: 'Prefix', path: below(below(path, 'ResultWriter'), field) }];
  const call = type === 'Task' ? integrationOf(value['Resource']) : undefined;
  const given = value[field];
  if (call?.service !== 's3' || !WRITERS.includes(call.action) || !isObject(given)) return [];
  return [{ given, name: 'Key', path: below(path, field) }];
}

/** The end of the keys that a Map writes: `prefix/id/manifest.json` and, in the same folder, its results. */
const RESULT: Key = { head: '/', tail: '.json', whole: false };

function fault({ prefix, suffixes }: Trigger): string {
  const writes =
    'must not start this state machine again and again, but is in the bucket whose files start it';
  if (prefix === '' && suffixes.length === 0)
    return `${writes}. Set spec.source.prefix and write below another one, or write into another bucket.`;
  const filters = [
    ...(prefix === '' ? [] : [`spec.source.prefix ${JSON.stringify(prefix)}`]),
    ...(suffixes.length === 0 ? [] : [`spec.source.suffixes ${JSON.stringify(suffixes)}`]),
  ].join(' and ');
  const other =
    prefix === ''
      ? 'Set spec.source.prefix and write below another one'
      : "Begin it with text of another prefix, such as 'results/'";
  return `${writes}, and may match ${filters}. ${other}, or write into another bucket.`;
}

/**
 * The writes with which a definition can start itself. A write is reported unless its key is known not to match the trigger's filter.
 *
 * @param definition - the checked definition after substitution
 */
export function checkOwnTrigger(definition: Json, path: string, trigger: Trigger): FieldError[] {
  const states = machinesOf(definition, path).flatMap((machine) => machine.states);
  const assigned = assignments(states);
  return states.flatMap((state) =>
    writesOf(state).flatMap(({ given, name, path: here }) => {
      const bucket = known(given, 'Bucket', state.language);
      const place = { region: trigger.region, accountId: '' };
      const own = bucketArn(trigger.bucket, place);
      if (bucket.is !== 'constant' || bucketArn(bucket.text, place) !== own) return [];
      const value = argument(given, name);
      if (value === undefined && name === 'Key') return [];
      const keys = value === undefined ? [whole('')] : ofValue(value, state.language, assigned);
      const written = name === 'Key' ? keys : keys.map((key) => joined(key, RESULT));
      if (!written.some((key) => starts(key, trigger))) return [];
      const field = Object.hasOwn(given, `${name}.$`) ? `${name}.$` : name;
      return [invalid(below(here, field), given[field], fault(trigger))];
    }),
  );
}
