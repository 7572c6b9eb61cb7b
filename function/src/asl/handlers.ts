/** Checks Retry and Catch. https://states-language.net/spec.html#errors */
import { isObject, type Json } from '../objects.ts';
import { checkJsonataTemplate } from './jsonata.ts';
import { objectsAt, type State } from './machine.ts';
import { checkResultPath } from './paths.ts';
import { below, type Problem, problem, suggestion } from './problem.ts';
import { assign, type Check, oneOf, payloadTemplate, text, whole } from './values.ts';

const backoff: Check = (value, path) =>
  typeof value === 'number' && value >= 1
    ? []
    : problem(path, value, 'is not a number of 1 or more. Give the factor by which each wait grows.');

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

function errorNames(one: Json, path: string, last: boolean): Problem[] {
  const names = one['ErrorEquals'];
  const here = below(path, 'ErrorEquals');
  if (!Array.isArray(names) || names.length === 0)
    return problem(here, names, 'is not a list of errors. Name at least one, such as States.ALL.');
  const odd = names.findIndex((name) => typeof name !== 'string');
  if (odd >= 0) return problem(below(here, odd), names[odd], 'is not the name of an error. Write a string.');
  if (!names.includes('States.ALL')) return [];
  if (names.length > 1)
    return problem(here, names, 'has States.ALL among others, which it stands for. Keep States.ALL alone.');
  return last
    ? []
    : problem(here, names, 'is not the last one, so those below are never asked. Put it last.');
}

/** Checks that MaxDelaySeconds is longer than IntervalSeconds, since it limits the growing interval. */
function delay(one: Json, path: string): Problem[] {
  const { MaxDelaySeconds: most, IntervalSeconds: first = 1 } = one;
  if (typeof most !== 'number' || typeof first !== 'number' || most > first) return [];
  return problem(
    below(path, 'MaxDelaySeconds'),
    most,
    `is not longer than IntervalSeconds, ${first}. Make it longer.`,
  );
}

function list(state: State, field: 'Retry' | 'Catch', fields: Readonly<Record<string, Check>>): Problem[] {
  const { value } = state;
  if (value[field] === undefined) return [];
  const path = below(state.path, field);
  if (!Array.isArray(value[field]))
    return problem(path, value[field], 'is not a list. Write one entry for each set of errors.');
  const entries = value[field].length;
  const odd = value[field].findIndex((one: unknown) => !isObject(one));
  return [
    ...(odd >= 0
      ? problem(below(path, odd), value[field][odd], 'is not an object with ErrorEquals. Write one.')
      : []),
    ...objectsAt(value[field], path).flatMap(({ path: here, value: one }) => [
      ...errorNames(one, here, here === below(path, entries - 1)),
      ...(field === 'Retry' ? delay(one, here) : []),
      ...Object.entries(one).flatMap(([name, inner]) => {
        const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
        if (check) return check(inner, below(here, name));
        const known = suggestion(name, Object.keys(fields));
        return problem(
          below(here, name),
          inner,
          `is in no field of ${field} in a ${state.language} state. ${known}`,
        );
      }),
    ]),
  ];
}

/** The problems of a state's Retry and Catch. The targets of catchers are checked with all transitions. */
export const checkHandlers = (state: State): Problem[] => [
  ...list(state, 'Retry', RETRIER),
  ...list(state, 'Catch', catcher(state)),
];
