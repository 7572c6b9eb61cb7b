/** What a state gives to the service that it calls, as far as it is known before the execution. */
import { isObject, type Json } from '../objects.ts';
import { expressionIn, parseExpression } from './jsonata.ts';
import type { QueryLanguage } from './machine.ts';

/** A known string; the known beginning of one; or nothing known, since it is only given at execution. */
export type Known = { is: 'absent' } | { is: 'constant'; text: string } | { is: 'dynamic'; head: string };

const constant = (text: string): Known => ({ is: 'constant', text });
const dynamic = (head: string): Known => ({ is: 'dynamic', head });

/** A value of which nothing is known. */
export const DYNAMIC: Known = dynamic('');

/** The text before the first `{}` of `States.Format('text {}', ...)`. */
function formatHead(intrinsic: string): string {
  const [, format = ''] = /^States\.Format\(\s*'((?:[^'\\]|\\.)*)'/s.exec(intrinsic) ?? [];
  return (format.split(/(?<!\\)\{\}/)[0] ?? '').replaceAll(/\\(.)/gs, '$1');
}

/** The constant that an expression such as `'text' & $name` begins with. */
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

/** A string of a state's arguments, by its name. */
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
