/**
 * Checks attribute values of DynamoDB, `{ S: text }`, `{ N: "1" }`, ..., in the arguments of its calls.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
 */

import { type FieldError, invalid } from '../errors.ts';
import { isObject } from '../objects.ts';
import { argumentsField } from './arguments.ts';
import { expressionIn, givesNumber, isExpression } from './jsonata.ts';
import type { QueryLanguage as Language, State } from './machine.ts';
import { intrinsicGivesNumber } from './paths.ts';
import { below } from './problem.ts';
import { integrationOf } from './resource.ts';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const TYPES = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'M', 'L'];

/** The type of an attribute value. The SDK calls NULL `Nul` and BOOL `Bool`. */
const typeOf = (name: string) => (name.toUpperCase() === 'NUL' ? 'NULL' : name.toUpperCase());

const known = (value: unknown, language: Language) => !(language === 'JSONata' && isExpression(value));

/** The problem of a number that is not a string. Expressions and functions return numbers. */
function numberFault(value: unknown, language: Language, byPath: boolean): string | undefined {
  if (byPath)
    return typeof value === 'string' && intrinsicGivesNumber(value)
      ? `must give a string, as DynamoDB takes it, but gives a number. Write it as States.Format('{}', ...).`
      : undefined;
  const expression = language === 'JSONata' && typeof value === 'string' ? expressionIn(value) : undefined;
  return expression !== undefined && givesNumber(expression)
    ? 'must give a string, as DynamoDB takes it, but gives a number. Write it as {% $string(...) %}.'
    : undefined;
}

function checkText(type: string, value: unknown, path: string, language: Language): FieldError[] {
  const wrong = numberFault(value, language, false);
  if (wrong !== undefined) return [invalid(path, value, wrong)];
  if (!known(value, language)) return [];
  if (typeof value !== 'string') {
    const told =
      type === 'N' ? 'must be a string, since DynamoDB takes numbers as strings' : 'must be a string';
    const fix =
      value === null || typeof value === 'object'
        ? 'Write one.'
        : `Write ${JSON.stringify(String(value))} in quotes.`;
    return [invalid(path, value, `${told}. ${fix}`)];
  }
  if (type !== 'N' || NUMBER.test(value)) return [];
  const fix =
    value.startsWith('$') && language === 'JSONPath'
      ? 'Name the field N.$ for a path.'
      : 'Write one such as "1.5".';
  return [invalid(path, value, `must be a number. ${fix}`)];
}

function checkSet(type: string, value: unknown, path: string, language: Language): FieldError[] {
  if (!known(value, language)) return [];
  if (!Array.isArray(value) || value.length === 0)
    return [invalid(path, value, 'must be a list of strings. Write at least one.')];
  return value.flatMap((item: unknown, index) =>
    checkText(type.charAt(0), item, below(path, index), language),
  );
}

function checkTyped(type: string, value: unknown, path: string, language: Language): FieldError[] {
  if (type === 'M') return checkAttributes(value, path, language);
  if (type === 'L') return checkList(value, path, language);
  if (type.length === 2) return checkSet(type, value, path, language);
  if (type.length === 1) return checkText(type, value, path, language);
  if (!known(value, language) || value === true) return [];
  // The optimized integration also accepts a boolean as a string.
  if (type === 'BOOL' && (value === false || value === 'true' || value === 'false')) return [];
  if (type === 'NULL')
    return [
      invalid(path, value, 'must be true, as NULL always is. Write true, or give the value its own type.'),
    ];
  return [invalid(path, value, 'must be true or false. Write one of them without quotes.')];
}

/** One attribute's value. The optimized integration takes a plain string for one of type S. */
function checkValue(value: unknown, path: string, language: Language): FieldError[] {
  if (typeof value === 'string' || value === null) return [];
  if (!isObject(value))
    return [
      invalid(
        path,
        value,
        'must be an attribute value. Write it below its type, such as { "N": "1" } or { BOOL: true }.',
      ),
    ];
  const fields = Object.entries(value);
  // `checkYaml` reports an N or y that YAML has changed.
  if (fields.some(([name]) => name === 'false' || name === 'true')) return [];
  if (fields.length !== 1)
    return [
      invalid(path, value, `must have one type, but has ${fields.length}. Use one of ${TYPES.join(', ')}.`),
    ];
  return fields.flatMap(([field, inner]) => {
    const here = below(path, field);
    const byPath = language === 'JSONPath' && field.endsWith('.$');
    const type = typeOf(byPath ? field.slice(0, -2) : field);
    if (!TYPES.includes(type))
      return [invalid(here, inner, `unknown type of an attribute value. Use one of ${TYPES.join(', ')}.`)];
    if (!byPath) return checkTyped(type, inner, here, language);
    const wrong =
      type.length === 1 && type !== 'M' && type !== 'L' ? numberFault(inner, language, true) : undefined;
    return wrong === undefined ? [] : [invalid(here, inner, wrong)];
  });
}

function checkList(value: unknown, path: string, language: Language): FieldError[] {
  if (!known(value, language)) return [];
  if (!Array.isArray(value)) return [invalid(path, value, 'must be a list. Write attribute values.')];
  return value.flatMap((item: unknown, index) => checkValue(item, below(path, index), language));
}

/** Attributes by their names. */
function checkAttributes(value: unknown, path: string, language: Language): FieldError[] {
  if (!known(value, language)) return [];
  if (!isObject(value)) return [invalid(path, value, 'must be a map. Write attributes with their values.')];
  return Object.entries(value).flatMap(([name, inner]) =>
    language === 'JSONPath' && name.endsWith('.$') ? [] : checkValue(inner, below(path, name), language),
  );
}

type Checked = (value: unknown, path: string, language: Language) => FieldError[];

/** The arguments with attribute values in calls of DynamoDB, by name. */
const HOLDERS: Readonly<Record<string, Checked>> = {
  Item: checkAttributes,
  Key: checkAttributes,
  ExpressionAttributeValues: checkAttributes,
  ExclusiveStartKey: checkAttributes,
  Value: checkValue,
  AttributeValueList: checkList,
  Parameters: checkList,
  Keys: (value, path, language) =>
    Array.isArray(value)
      ? value.flatMap((item: unknown, index) => checkAttributes(item, below(path, index), language))
      : [],
};

/** Maps whose keys are names of tables or attributes. Such a key is not one of these arguments. */
const NAMED = [
  'RequestItems',
  'Expected',
  'AttributeUpdates',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
  'ExpressionAttributeNames',
];

const findIn: Checked = (value, path, language) => {
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => findIn(item, below(path, index), language));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const here = below(path, name);
    if (NAMED.includes(name) && isObject(inner))
      return Object.entries(inner).flatMap(([key, one]) => findIn(one, below(here, key), language));
    return (Object.hasOwn(HOLDERS, name) ? (HOLDERS[name] ?? findIn) : findIn)(inner, here, language);
  });
};

/** What is wrong with the attribute values that a Task gives to DynamoDB. */
export function checkAttributeValues({ value, path, language }: State): FieldError[] {
  if (integrationOf(value['Resource'])?.service !== 'dynamodb') return [];
  const field = argumentsField(language);
  return findIn(value[field], below(path, field), language);
}
