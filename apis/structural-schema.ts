/**
 * The part of the API server that knows a structural schema: defaults, checks, and an error for each mistake, of the kind that the
 * API server gives it. Its texts say the fix too.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
import {
  duplicate,
  type FieldError,
  invalid,
  required,
  tooLong,
  tooMany,
  unsupported,
} from '../function/src/errors.ts';
import { nearest } from '../function/src/nearest.ts';
import { isObject } from '../function/src/objects.ts';

export interface StructuralSchema {
  type: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  description?: string;
  default?: unknown;
  enum?: (string | number | boolean)[];
  required?: string[];
  properties?: Record<string, StructuralSchema>;
  additionalProperties?: StructuralSchema;
  items?: StructuralSchema;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  maxProperties?: number;
  'x-kubernetes-list-type'?: 'set' | 'map' | 'atomic';
  'x-kubernetes-list-map-keys'?: string[];
  /** Then there is no `type`. */
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-validations'?: { rule: string; message: string }[];
}

/** The schema of one field of an object; undefined where the schema knows no such field. */
export function fieldSchema(schema: StructuralSchema, name: string): StructuralSchema | undefined {
  const { properties, additionalProperties } = schema;
  return properties && Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
}

/**
 * What no two items of a list may have in common, as JSON: all of it in a set, its keys in a map. Undefined for items of
 * other lists, and where a key is missing.
 */
export function identityOf(list: StructuralSchema, item: unknown): string | undefined {
  if (list['x-kubernetes-list-type'] === 'set') return JSON.stringify(item);
  const keys = list['x-kubernetes-list-map-keys'] ?? [];
  if (list['x-kubernetes-list-type'] !== 'map' || !isObject(item)) return undefined;
  if (keys.some((key) => item[key] === undefined)) return undefined;
  return JSON.stringify(Object.fromEntries(keys.map((key) => [key, item[key]])));
}

/**
 * A copy with the defaults, nested ones too, as the API server stores it. Nulls in fields that the schema knows are
 * dropped there; in a list, and below a field that takes unknown ones, they stay.
 */
export function defaulted(schema: StructuralSchema, value: unknown): unknown {
  const { items } = schema;
  if (items && Array.isArray(value)) return value.map((item) => defaulted(items, item));
  if (!isObject(value)) return value;
  const given = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
    const below = fieldSchema(schema, name);
    if (below && inner === null) return [];
    return [[name, below ? defaulted(below, inner) : inner]];
  });
  const present = given.map(([name]) => name);
  const filled = Object.entries(schema.properties ?? {})
    .filter(([name, below]) => below.default !== undefined && !present.includes(name))
    .map(([name, below]): [string, unknown] => [name, defaulted(below, structuredClone(below.default))]);
  return Object.fromEntries([...given, ...filled]);
}

/** Paths of fields with this name anywhere below. */
function elsewhere(schema: StructuralSchema, name: string, path: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([field, below]) => [
    ...(field.toLowerCase() === name.toLowerCase() ? [`${path}.${field}`] : []),
    ...elsewhere(below, name, `${path}.${field}`),
  ]);
}

/** What is said of a field that is not known: a near name, the same name at another place, or the list. */
function unknownField(schema: StructuralSchema, name: string, path: string, top: StructuralSchema): string {
  const known = Object.keys(schema.properties ?? {});
  const meant = nearest(name, known) ?? elsewhere(top, name, path.split('.')[0] ?? path)[0];
  return `unknown field. ${meant === undefined ? `There are: ${known.join(', ')}.` : `Did you mean ${meant}?`}`;
}

const describedBy = ({ description }: StructuralSchema) => (description === undefined ? {} : { description });

/** The first sentence of a field's description; undefined where it has none. */
const meaningOf = (schema: StructuralSchema | undefined): string | undefined =>
  schema?.description?.split(/(?<=\.)\s/)[0];

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function isOfType(value: unknown, schema: StructuralSchema): boolean {
  const { type } = schema;
  const actual = typeOf(value);
  if (schema['x-kubernetes-int-or-string']) return actual === 'integer' || actual === 'string';
  return actual === type || (type === 'number' && actual === 'integer');
}

/** YAML reads `OFF` and `no` as booleans, `4711` as a number, and whatever is quoted as a string. */
function wrongType(wanted: StructuralSchema['type'], value: unknown): string {
  const actual = typeOf(value);
  const what = `must be of type ${wanted}, but is of type ${actual}.`;
  if (wanted === 'string' && actual === 'boolean')
    return `${what} Put it in quotes: YAML reads on, off, yes and no as booleans.`;
  if (wanted === 'string' && /integer|number/.test(actual)) return `${what} Put it in quotes.`;
  if (wanted === 'integer')
    return /^-?\d+$/.test(String(value)) ? `${what} Remove the quotes.` : `${what} Write a whole number.`;
  if (wanted === 'boolean')
    return `${what} Write true or false${actual === 'string' ? ', without quotes' : ''}.`;
  if (wanted === 'object') return `${what} Write fields with their values.`;
  return `${what} Write a ${wanted === 'array' ? 'list' : wanted}.`;
}

function textErrors(schema: StructuralSchema, value: string, path: string): FieldError[] {
  const { minLength: least = 0, maxLength: most = Number.POSITIVE_INFINITY, pattern } = schema;
  const has = [...value].length;
  const short = `must have at least ${least} characters, but has ${has}. Lengthen it.`;
  const matches = pattern === undefined || new RegExp(pattern, 'u').test(value);
  const meaning = meaningOf(schema);
  return [
    ...(has < least ? [invalid(path, value, short)] : []),
    ...(has > most ? [tooLong(path, { has, most })] : []),
    ...(matches
      ? []
      : [
          invalid(
            path,
            value,
            `must match ${pattern}. Correct it${meaning === undefined ? '.' : `: ${meaning}`}`,
          ),
        ]),
  ];
}

function countErrors(schema: StructuralSchema, value: unknown, count: number, path: string): FieldError[] {
  const { minItems: least = 0 } = schema;
  const most = schema.maxItems ?? schema.maxProperties ?? Number.POSITIVE_INFINITY;
  if (count < least)
    return [invalid(path, value, `must have at least ${least} entries, but has ${count}. Add some.`)];
  return count > most ? [tooMany(path, { has: count, most })] : [];
}

function scalarErrors(
  schema: StructuralSchema,
  value: string | number | boolean,
  path: string,
): FieldError[] {
  const { minimum: least = Number.NEGATIVE_INFINITY, maximum: most = Number.POSITIVE_INFINITY } = schema;
  if (schema.enum && !schema.enum.includes(value)) return [unsupported(path, value, schema.enum)];
  if (typeof value === 'string') return textErrors(schema, value, path);
  if (Number(value) < least)
    return [invalid(path, value, `must be greater than or equal to ${least}. Raise it.`)];
  if (Number(value) > most) return [invalid(path, value, `must be less than or equal to ${most}. Lower it.`)];
  return [];
}

/** The path of a field below another; keys that are no plain word stand in brackets. */
export function pathOf(path: string, field: string): string {
  return /^[\w-]+$/.test(field) ? `${path}.${field}` : `${path}[${JSON.stringify(field)}]`;
}

/** Everything that is wrong with a value. Unknown fields are wrong too, as they are to kubectl. */
export function schemaErrors(
  schema: StructuralSchema,
  value: unknown,
  path: string,
  top: StructuralSchema = schema,
): FieldError[] {
  if (!isOfType(value, schema)) return [invalid(path, value, wrongType(schema.type, value))];
  if (Array.isArray(value)) {
    // What a list holds is said of the list.
    const items = schema.items && { ...describedBy(schema), ...schema.items };
    const identities = value.map((item) => identityOf(schema, item));
    const below = value.flatMap((item, index) => {
      const here = `${path}[${index}]`;
      const identity = identities[index];
      const twice = identity !== undefined && identities.indexOf(identity) < index;
      return [
        ...(twice ? [duplicate(here, JSON.parse(identity), 'must be there once. Remove one of them.')] : []),
        ...(items ? schemaErrors(items, item, here, top) : []),
      ];
    });
    return [...countErrors(schema, value, value.length, path), ...below];
  }
  if (isObject(value)) {
    const absent = (schema.required ?? []).filter((field) => value[field] === undefined);
    return [
      ...countErrors(schema, value, Object.keys(value).length, path),
      ...absent.map((field) => {
        const meaning = meaningOf(fieldSchema(schema, field));
        return required(pathOf(path, field), meaning === undefined ? 'add it.' : `${meaning} Add it.`);
      }),
      ...Object.entries(value).flatMap(([field, inner]) => {
        const below = fieldSchema(schema, field);
        const here = pathOf(path, field);
        if (below) return schemaErrors(below, inner, here, top);
        if (schema['x-kubernetes-preserve-unknown-fields']) return [];
        return [invalid(here, inner, unknownField(schema, field, path, top))];
      }),
    ];
  }
  const scalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return scalar ? scalarErrors(schema, value, path) : [];
}
