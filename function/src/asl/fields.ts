/**
 * The fields of each state type, in each query language, and the checks of their values.
 * https://states-language.net/spec.html#state-type-table
 */

import { isObject } from '../objects.ts';
import { checkJsonataTemplate } from './jsonata.ts';
import type { QueryLanguage } from './machine.ts';
import { checkPath, checkPathOrIntrinsic, checkReferencePath, checkResultPath } from './paths.ts';
import {
  anything,
  assign,
  type Check,
  expression,
  jsonataObject,
  object,
  oneOf,
  orExpression,
  payloadTemplate,
  percentage,
  text,
  timestamp,
  whole,
} from './values.ts';

export const STATE_TYPES = ['Task', 'Pass', 'Choice', 'Wait', 'Parallel', 'Map', 'Succeed', 'Fail'] as const;
export type StateType = (typeof STATE_TYPES)[number];

/** Whether the value is a state type of the language. */
export const isStateType = (type: unknown): type is StateType => STATE_TYPES.some((known) => known === type);

/** The checks of fields, by name. Fields that other modules check have `anything` here. */
type Fields = Readonly<Record<string, Check>>;

const flow: Fields = { Next: anything, End: anything };
const handled: Fields = { Retry: anything, Catch: anything };
/** The check of a time. The service's maximum is 99,999,999 s. */
const seconds = whole(1, 99_999_999);

/** The fields of a type in both languages. */
const BOTH: Readonly<Record<StateType, Fields>> = {
  Task: { ...flow, ...handled, Resource: text },
  Pass: flow,
  Choice: { Choices: anything, Default: anything },
  Wait: flow,
  Parallel: { ...flow, ...handled, Branches: anything },
  Map: {
    ...flow,
    ...handled,
    ItemProcessor: object,
    Iterator: object,
    ItemReader: object,
    ItemBatcher: object,
    ResultWriter: object,
    Label: text,
  },
  Succeed: {},
  Fail: {},
};

const input: Fields = { InputPath: checkPath, OutputPath: checkPath };
const variables: Fields = { Assign: assign(payloadTemplate) };
const result: Fields = { Parameters: payloadTemplate, ResultPath: checkResultPath };
const selected: Fields = { ...result, ResultSelector: payloadTemplate };

const JSONPATH: Readonly<Record<StateType, Fields>> = {
  Task: {
    ...input,
    ...variables,
    ...selected,
    Credentials: payloadTemplate,
    TimeoutSeconds: seconds,
    TimeoutSecondsPath: checkReferencePath,
    HeartbeatSeconds: seconds,
    HeartbeatSecondsPath: checkReferencePath,
  },
  Pass: { ...input, ...variables, ...result, Result: anything },
  Choice: { ...input, ...variables },
  Wait: {
    ...input,
    ...variables,
    Seconds: whole(0, 99_999_999),
    SecondsPath: checkReferencePath,
    Timestamp: timestamp,
    TimestampPath: checkReferencePath,
  },
  Parallel: { ...input, ...variables, ...selected },
  Map: {
    ...input,
    ...variables,
    ...selected,
    ItemsPath: checkReferencePath,
    ItemSelector: payloadTemplate,
    MaxConcurrency: whole(0),
    MaxConcurrencyPath: checkReferencePath,
    ToleratedFailureCount: whole(0),
    ToleratedFailureCountPath: checkReferencePath,
    ToleratedFailurePercentage: percentage,
    ToleratedFailurePercentagePath: checkReferencePath,
  },
  Succeed: input,
  Fail: { Error: text, ErrorPath: checkPathOrIntrinsic, Cause: text, CausePath: checkPathOrIntrinsic },
};

const output: Fields = { Output: checkJsonataTemplate };
const assigned: Fields = { ...output, Assign: assign(checkJsonataTemplate) };
const textOrExpression = orExpression(text);

const JSONATA: Readonly<Record<StateType, Fields>> = {
  Task: {
    ...assigned,
    Arguments: jsonataObject,
    Credentials: checkJsonataTemplate,
    TimeoutSeconds: orExpression(seconds),
    HeartbeatSeconds: orExpression(seconds),
  },
  Pass: assigned,
  Choice: assigned,
  Wait: {
    ...assigned,
    Seconds: orExpression(whole(0, 99_999_999)),
    Timestamp: orExpression(timestamp),
  },
  Parallel: { ...assigned, Arguments: jsonataObject },
  Map: {
    ...assigned,
    Items: (value, path) =>
      Array.isArray(value) || isObject(value) ? checkJsonataTemplate(value, path) : expression(value, path),
    ItemSelector: checkJsonataTemplate,
    MaxConcurrency: orExpression(whole(0)),
    ToleratedFailureCount: orExpression(whole(0)),
    ToleratedFailurePercentage: orExpression(percentage),
  },
  Succeed: output,
  Fail: { Error: textOrExpression, Cause: textOrExpression },
};

const COMMON: Fields = { Type: anything, Comment: text, QueryLanguage: oneOf('JSONPath', 'JSONata') };

/** The fields that a state can have, with the checks of their values. */
export const fieldsOf = (type: StateType, language: QueryLanguage): Fields => ({
  ...COMMON,
  ...BOTH[type],
  ...(language === 'JSONata' ? JSONATA : JSONPATH)[type],
});

/** The field that replaces a field in the other language. */
export const COUNTERPARTS: Readonly<Record<string, string>> = {
  Parameters: 'Arguments (ItemSelector in a Map, Output in a Pass)',
  InputPath: '$states.input in the expressions',
  OutputPath: 'Output',
  ResultPath: 'Output',
  ResultSelector: 'Output with $states.result',
  Result: 'Output',
  ItemsPath: 'Items',
  Arguments: 'Parameters',
  Output: 'ResultSelector, ResultPath and OutputPath',
  Items: 'ItemsPath',
};

export interface Choice {
  /** The fields. A state has exactly one of them, or at most one. */
  readonly fields: readonly string[];
  readonly required: boolean;
}

const optional = (...fields: string[]): Choice => ({ fields, required: false });
const required = (...fields: string[]): Choice => ({ fields, required: true });
const next = required('Next', 'End');

/** Fields that exclude each other, and whether one of them is required. */
export const CHOICES: Readonly<Record<StateType, readonly Choice[]>> = {
  Task: [
    required('Resource'),
    next,
    optional('TimeoutSeconds', 'TimeoutSecondsPath'),
    optional('HeartbeatSeconds', 'HeartbeatSecondsPath'),
  ],
  Pass: [next],
  Choice: [required('Choices')],
  Wait: [required('Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'), next],
  Parallel: [required('Branches'), next],
  Map: [
    required('ItemProcessor', 'Iterator'),
    next,
    optional('ItemSelector', 'Parameters'),
    optional('MaxConcurrency', 'MaxConcurrencyPath'),
    optional('ToleratedFailureCount', 'ToleratedFailureCountPath'),
    optional('ToleratedFailurePercentage', 'ToleratedFailurePercentagePath'),
  ],
  Succeed: [],
  Fail: [optional('Error', 'ErrorPath'), optional('Cause', 'CausePath')],
};
