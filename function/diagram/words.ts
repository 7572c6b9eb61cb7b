/** Describes conditions, calls and errors of a definition in words. */
import { argumentsOf, known } from '../src/asl/arguments.ts';
import type { Integration } from '../src/asl/integration.ts';
import { expressionIn } from '../src/asl/jsonata.ts';
import { objectsAt, type State, type Transition } from '../src/asl/machine.ts';
import { integrationOf, isActivity, isFunctionArn } from '../src/asl/resource.ts';
import { isObject, type Json } from '../src/objects.ts';

const pathInWords = (path: unknown) => String(path).replace(/^\$\.|^\$(?=\w)/, '');

const COMPARED: readonly [suffix: string, sign: string][] = [
  ['LessThanEquals', '≤'],
  ['GreaterThanEquals', '≥'],
  ['LessThan', '<'],
  ['GreaterThan', '>'],
  ['Equals', '='],
  ['Matches', 'like'],
];

const KINDS: Readonly<Record<string, string>> = {
  IsNull: 'null',
  IsPresent: 'present',
  IsNumeric: 'a number',
  IsString: 'a string',
  IsBoolean: 'a boolean',
  IsTimestamp: 'a timestamp',
};

function testInWords(variable: string, operator: string, value: unknown): string {
  const kind = KINDS[operator];
  if (kind !== undefined) return `${variable} is ${value === false ? 'not ' : ''}${kind}`;
  const byPath = operator.endsWith('Path');
  const [, sign = operator] =
    COMPARED.find(([suffix]) => operator.replace(/Path$/, '').endsWith(suffix)) ?? [];
  if (operator === 'BooleanEquals') return `${variable} is ${String(value)}`;
  return `${variable} ${sign} ${byPath ? pathInWords(value) : String(value)}`;
}

/** A rule of a Choice state in words. Nested And and Or are in parentheses. */
function ruleInWords(rule: Json, inside = false): string {
  const { Condition } = rule;
  if (Condition !== undefined)
    return (expressionIn(String(Condition)) ?? String(Condition)).trim().replaceAll('$states.', '');
  for (const [operator, word] of [
    ['And', ' and '],
    ['Or', ' or '],
  ] as const) {
    if (rule[operator] === undefined) continue;
    const parts = objectsAt(rule[operator], '').map(({ value }) => ruleInWords(value, true));
    const text = parts.join(word);
    return inside && parts.length > 1 ? `(${text})` : text;
  }
  if (isObject(rule['Not'])) return `not (${ruleInWords(rule['Not'])})`;
  const operator =
    Object.keys(rule).find((name) => /^(String|Numeric|Boolean|Timestamp|Is)/.test(name)) ?? '';
  return testInWords(pathInWords(rule['Variable']), operator, rule[operator]);
}

const SERVICES: Readonly<Record<string, string>> = {
  dynamodb: 'DynamoDB',
  lambda: 'Lambda',
  sqs: 'SQS',
  sns: 'SNS',
  s3: 'S3',
  events: 'EventBridge',
  eventbridge: 'EventBridge',
  states: 'Step Functions',
  sfn: 'Step Functions',
};

function callInWords({ service, action, pattern }: Integration): string {
  const waits = pattern === 'sync' ? ', waits for the end' : pattern === '' ? '' : ', waits for a callback';
  return `${SERVICES[service] ?? service} ${action}${waits}`;
}

/** The action of a state, such as `Lambda invoke resize-image`, or undefined when its type is enough. */
export function actionInWords(state: State, nameOfFunction: (name: string) => string): string | undefined {
  const { value, language } = state;
  const resource = value['Resource'];
  if (state.type === 'Wait') {
    const until = value['Seconds'] ?? value['SecondsPath'] ?? value['Timestamp'] ?? value['TimestampPath'];
    const text = expressionIn(String(until))?.trim() ?? pathInWords(until);
    return value['Seconds'] !== undefined ? `${text} s` : `until ${text}`;
  }
  if (isFunctionArn(resource)) return `Lambda ${nameOfFunction(resource)}`;
  if (isActivity(resource)) return `activity ${String(resource).split(':').at(-1)}`;
  const integration = integrationOf(resource);
  if (!integration) return undefined;
  const called = known(argumentsOf(value, language) ?? {}, 'FunctionName', language);
  const name = called.is === 'constant' ? ` ${nameOfFunction(called.text)}` : '';
  return `${callInWords(integration)}${name}`;
}

/** The maximum number of retries of a state, from the retrier with the most attempts. 0 without retriers. */
export function retriesOf({ value }: State): number {
  return Math.max(
    0,
    ...objectsAt(value['Retry'], '').map(({ value: retrier }) => {
      const { MaxAttempts = 3 } = retrier;
      return typeof MaxAttempts === 'number' ? MaxAttempts : 0;
    }),
  );
}

/** The reason of a transition: a condition, errors, or empty. */
export function reasonOf({ by, rule }: Transition): string {
  if (by === 'Default') return 'otherwise';
  if (by === 'Choices') return ruleInWords(rule);
  if (by === 'Next') return '';
  const errors = Array.isArray(rule['ErrorEquals']) ? rule['ErrorEquals'].map(String) : [];
  return errors.map((error) => (error === 'States.ALL' ? 'any error' : error)).join(', ');
}

/** The lines of a text with about `width` characters each, broken at spaces and after dots. */
export function wrapped(text: string, width = 26): string[] {
  const lines = [''];
  for (const word of text.split(/(?<=\s)|(?<=\.)(?=\w{4})/)) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && (last + word.trimEnd()).length > width) lines.push(word);
    else lines[lines.length - 1] = last + word;
  }
  return lines.map((line) => line.trim());
}

/** A text escaped for HTML and XML. */
export const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
