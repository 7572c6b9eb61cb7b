/** What a field may hold: small checks that `fields.ts` names for each field. */

import { type FieldError, forbidden, invalid, unsupported } from '../errors.ts';
import { isObject } from '../objects.ts';
import { checkJsonataTemplate, isExpression } from './jsonata.ts';
import { checkPathOrIntrinsic } from './paths.ts';
import { below } from './problem.ts';

/** What is wrong with a value at a path. */
export type Check = (value: unknown, path: string) => FieldError[];

const unless =
  (holds: (value: unknown) => boolean, fix: string): Check =>
  (value, path) =>
    holds(value) ? [] : [invalid(path, value, fix)];

export const anything: Check = () => [];
export const text = unless((value) => typeof value === 'string', 'must be text. Write a string.');
export const object = unless(isObject, 'must be an object. Write fields with values.');

/** Checks for a whole number within limits, in the field's unit. */
export const whole = (least: number, most = Number.MAX_SAFE_INTEGER): Check =>
  unless(
    (value) => typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most,
    most === Number.MAX_SAFE_INTEGER
      ? `must be a whole number of ${least} or more. Write one.`
      : `must be a whole number from ${least} to ${most}. Write one.`,
  );

export const percentage = unless(
  (value) => typeof value === 'number' && value >= 0 && value <= 100,
  'must be a number from 0 to 100. Write one.',
);

/** The pattern of a timestamp. https://states-language.net/spec.html#timestamps */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
export const isTimestamp = (value: unknown): boolean =>
  typeof value === 'string' && TIMESTAMP.test(value) && !Number.isNaN(Date.parse(value));
export const timestamp = unless(isTimestamp, 'must be a timestamp. Write one such as 2027-01-31T08:30:00Z.');

/** Any of some words. */
export const oneOf =
  (...words: string[]): Check =>
  (value, path) =>
    words.some((word) => word === value) ? [] : [unsupported(path, value, words)];

/** Checks a constant or, in a JSONata state, an expression. */
export const orExpression =
  (constant: Check): Check =>
  (value, path) =>
    isExpression(value) ? checkJsonataTemplate(value, path) : constant(value, path);

/** Checks for an expression. */
export const expression: Check = (value, path) =>
  isExpression(value)
    ? checkJsonataTemplate(value, path)
    : [invalid(path, value, 'must be an expression. Write it as {% ... %}.')];

/** Checks for an object, which can contain expressions, or an expression. */
export const jsonataObject: Check = (value, path) =>
  isObject(value) || isExpression(value)
    ? checkJsonataTemplate(value, path)
    : [invalid(path, value, 'must be an object or an expression. Write fields with values, or {% ... %}.')];

/** Checks a payload template of a JSONPath state: the value of a field that ends with `.$` is a path or an intrinsic function. */
export const payloadTemplate: Check = (value, path) => {
  if (isExpression(value))
    return [
      invalid(
        path,
        value,
        'must not be a JSONata expression in a JSONPath state, which takes it for plain text. Set QueryLanguage: JSONata in the state, or write a path.',
      ),
    ];
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => payloadTemplate(item, below(path, index)));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = below(path, key);
    if (!key.endsWith('.$')) return payloadTemplate(inner, here);
    const constant = key.slice(0, -2);
    return constant in value
      ? [forbidden(here, `${constant} and ${key} exclude each other. Keep one of them.`)]
      : checkPathOrIntrinsic(inner, here);
  });
};

/** Checks the variables that a state sets. https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html */
export const assign =
  (template: Check): Check =>
  (value, path) => {
    if (!isObject(value))
      return [invalid(path, value, 'must be an object. Write variables with their values.')];
    const names = Object.keys(value).flatMap((key) => {
      const name = key.replace(/\.\$$/, '');
      if (name === 'states')
        return [forbidden(below(path, key), 'Step Functions itself sets states. Rename the variable.')];
      if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) && name.length <= 80) return [];
      return [
        invalid(
          below(path, key),
          name,
          'must be a name of at most 80 letters, digits and _, a letter first. Rename the variable.',
        ),
      ];
    });
    return [...names, ...template(value, path)];
  };
