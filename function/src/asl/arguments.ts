/** Reads the arguments of a state's call, as far as they are known before the execution. */
import { isObject, type Json } from '../objects.ts';
import { expressionIn, parseExpression } from './jsonata.ts';
import type { QueryLanguage } from './machine.ts';

/** A known string, the known beginning of a string, or nothing known, since the value exists only during the execution. */
export type Known = { is: 'absent' } | { is: 'constant'; text: string } | { is: 'dynamic'; head: string };

const constant = (text: string): Known => ({ is: 'constant', text });
const dynamic = (head: string): Known => ({ is: 'dynamic', head });

/** An unknown value. */
export const DYNAMIC: Known = dynamic('');

/** The text before the first `{}` of `States.Format('text {}', ...)`. */
function formatHead(intrinsic: string): string {
  const [, format = ''] = /^States\.Format\(\s*'((?:[^'\\]|\\.)*)'/s.exec(intrinsic) ?? [];
  return (format.split(/(?<!\\)\{\}/)[0] ?? '').replaceAll(/\\(.)/gs, '$1');
}

/** The constant at the beginning of an expression such as `'text' & $name`. */
function expressionHead(expression: string): Known {
  let node: unknown = parseExpression(expression);
  let whole = true;
  while (isObject(node)) {
    const { type, value, lhs } = node;
    if (type === 'string') return whole ? constant(String(value)) : dynamic(String(value));
    if (type !== 'binary' || value !== '&') return DYNAMIC;
    node = lhs;
    whole = false;
  }
  return DYNAMIC;
}

/** A string in a state's arguments, by its name. */
export function known(given: Json, name: string, language: QueryLanguage): Known {
  if (language === 'JSONPath' && Object.hasOwn(given, `${name}.$`))
    return dynamic(formatHead(String(given[`${name}.$`])));
  const value = given[name];
  if (value === undefined || value === null) return { is: 'absent' };
  if (typeof value !== 'string') return DYNAMIC;
  const expression = language === 'JSONata' ? expressionIn(value) : undefined;
  return expression === undefined ? constant(value) : expressionHead(expression);
}

/** The field with a call's arguments. */
export const argumentsField = (language: QueryLanguage) =>
  language === 'JSONata' ? 'Arguments' : 'Parameters';

/** The arguments of a call: undefined where all of them are given at execution only. */
export function argumentsOf(state: Json, language: QueryLanguage): Json | undefined {
  const given = state[argumentsField(language)];
  return given === undefined ? {} : isObject(given) ? given : undefined;
}
