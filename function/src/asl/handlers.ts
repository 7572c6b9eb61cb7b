/** Retry and Catch. https://states-language.net/spec.html#errors */

import { type FieldError, invalid } from '../errors.ts';
import { isObject, type Json } from '../objects.ts';
import { checkJsonataTemplate } from './jsonata.ts';
import { objectsAt, type State } from './machine.ts';
import { checkResultPath } from './paths.ts';
import { below, suggestion } from './problem.ts';
import { assign, type Check, oneOf, payloadTemplate, text, whole } from './values.ts';

const backoff: Check = (value, path) =>
  typeof value === 'number' && value >= 1
    ? []
    : [invalid(path, value, 'must be a number of 1 or more. Give the factor by which each wait grows.')];

/** The maximum delay of AWS: a year and a day. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
const LONGEST_SECONDS = 31_622_400;

const RETRIER: Readonly<Record<string, Check>> = {
  ErrorEquals: () => [],
  Comment: text,
  IntervalSeconds: whole(1, 99_999_999),
  MaxAttempts: whole(0, 99_999_999),
  BackoffRate: backoff,
  MaxDelaySeconds: whole(1, LONGEST_SECONDS),
  JitterStrategy: oneOf('FULL', 'NONE'),
};

const catcher = ({ language }: State): Readonly<Record<string, Check>> => ({
  ErrorEquals: () => [],
  Comment: text,
  Next: () => [],
  ...(language === 'JSONata'
    ? { Output: checkJsonataTemplate, Assign: assign(checkJsonataTemplate) }
    : { ResultPath: checkResultPath, Assign: assign(payloadTemplate) }),
});

function errorNames(one: Json, path: string, last: boolean): FieldError[] {
  const names = one['ErrorEquals'];
  const here = below(path, 'ErrorEquals');
  if (!Array.isArray(names) || names.length === 0)
    return [invalid(here, names, 'must be a list of errors. Name at least one, such as States.ALL.')];
  const odd = names.findIndex((name) => typeof name !== 'string');
  if (odd >= 0)
    return [invalid(below(here, odd), names[odd], 'must be the name of an error. Write a string.')];
  if (!names.includes('States.ALL')) return [];
  if (names.length > 1)
    return [
      invalid(
        here,
        names,
        'must have States.ALL alone, since that stands for all others. Remove the others.',
      ),
    ];
  return last
    ? []
    : [invalid(here, names, 'must be the last one, since nothing is left for those after it. Put it last.')];
}

/** MaxDelaySeconds limits what grows from IntervalSeconds, so it must be the longer one. */
function delay(one: Json, path: string): FieldError[] {
  const { MaxDelaySeconds: most, IntervalSeconds: first = 1 } = one;
  if (typeof most !== 'number' || typeof first !== 'number' || most > first) return [];
  return [
    invalid(
      below(path, 'MaxDelaySeconds'),
      most,
      `must be longer than IntervalSeconds, ${first}. Make it longer.`,
    ),
  ];
}

function list(state: State, field: 'Retry' | 'Catch', fields: Readonly<Record<string, Check>>): FieldError[] {
  const { value } = state;
  if (value[field] === undefined) return [];
  const path = below(state.path, field);
  if (!Array.isArray(value[field]))
    return [invalid(path, value[field], 'must be a list. Write one entry for each set of errors.')];
  const entries = value[field].length;
  const odd = value[field].findIndex((one: unknown) => !isObject(one));
  return [
    ...(odd >= 0
      ? [invalid(below(path, odd), value[field][odd], 'must be an object with ErrorEquals. Write one.')]
      : []),
    ...objectsAt(value[field], path).flatMap(({ path: here, value: one }) => [
      ...errorNames(one, here, here === below(path, entries - 1)),
      ...(field === 'Retry' ? delay(one, here) : []),
      ...Object.entries(one).flatMap(([name, inner]) => {
        const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
        if (check) return check(inner, below(here, name));
        const known = suggestion(name, Object.keys(fields));
        return [
          invalid(
            below(here, name),
            inner,
            `unknown field of ${field} in a ${state.language} state. ${known}`,
          ),
        ];
      }),
    ]),
  ];
}

/** What is wrong with a state's Retry and Catch. Where a catcher goes is checked with all transitions. */
export const checkHandlers = (state: State): FieldError[] => [
  ...list(state, 'Retry', RETRIER),
  ...list(state, 'Catch', catcher(state)),
];
