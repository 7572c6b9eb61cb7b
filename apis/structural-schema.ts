/**
 * The part of the API server that knows a structural schema: defaults, checks, and a message for each mistake.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
import { isObject } from '../function/src/objects.ts';

export interface StructuralSchema {
  type: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  description?: string;
  default?: unknown;
  enum?: unknown[];
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
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-validations'?: { rule: string; message: string }[];
}

const cut = (text: string) => (text.length > 100 ? `${text.slice(0, 97)}...` : text);

/** A value in a message: JSON, cut where it is long. */
export function shown(value: unknown): string {
  return cut(JSON.stringify(value));
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

/** Letters to insert, remove or replace to make one word of the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The candidate that was probably meant; undefined where none is near. */
function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  const [best] = ranked;
  return best && best.far <= Math.max(2, Math.floor(best.candidate.length / 3)) ? best.candidate : undefined;
}

/** Paths of fields with this name anywhere below. */
function elsewhere(schema: StructuralSchema, name: string, path: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([field, below]) => [
    ...(field.toLowerCase() === name.toLowerCase() ? [`${path}.${field}`] : []),
    ...elsewhere(below, name, `${path}.${field}`),
  ]);
}

/** What to do about a field that is not known: a near name, the same name at another place, or the list. */
function unknownField(schema: StructuralSchema, name: string, path: string, top: StructuralSchema): string {
  const known = Object.keys(schema.properties ?? {});
  const near = nearest(name, known);
  if (near) return `is not a known field. Did you mean ${near}?`;
  const [other] = elsewhere(top, name, path.split('.')[0] ?? path);
  if (other) return `is not a known field. Did you mean ${other}?`;
  return `is not a known field. Use ${known.join(', ')}.`;
}

const describedBy = ({ description }: StructuralSchema) => (description === undefined ? {} : { description });

/** The first sentence of a field's description, to end a message with. */
function meaning(schema: StructuralSchema | undefined): string {
  const [sentence] = schema?.description?.split(/(?<=\.)\s/) ?? [];
  return sentence ? `: ${sentence}` : '.';
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function isOfType(value: unknown, type: StructuralSchema['type']): boolean {
  const actual = typeOf(value);
  return actual === type || (type === 'number' && actual === 'integer');
}

/** YAML reads `OFF` and `no` as booleans, `4711` as a number, and whatever is quoted as a string. */
function wrongType(wanted: StructuralSchema['type'], value: unknown): string {
  const actual = typeOf(value);
  const what = `is of type ${actual}, but must be of type ${wanted}.`;
  if (wanted === 'string' && actual === 'boolean')
    return `${what} Put it in quotes: YAML reads on, off, yes and no as booleans.`;
  if (wanted === 'string' && /integer|number/.test(actual)) return `${what} Put it in quotes.`;
  if (wanted === 'integer')
    return /^-?\d+$/.test(String(value)) ? `${what} Remove the quotes.` : `${what} Give a whole number.`;
  if (wanted === 'boolean')
    return `${what} Give true or false${actual === 'string' ? ', without quotes' : ''}.`;
  return `${what} Correct it.`;
}

function sizeErrors(schema: StructuralSchema, size: number, unit: 'characters' | 'entries'): string[] {
  const least = unit === 'characters' ? schema.minLength : schema.minItems;
  const most = unit === 'characters' ? schema.maxLength : (schema.maxItems ?? schema.maxProperties);
  const has = `has ${size} ${unit}, but`;
  if (least !== undefined && size < least)
    return [`${has} needs at least ${least}. ${unit === 'entries' ? 'Add some' : 'Lengthen it'}.`];
  if (most !== undefined && size > most)
    return [`${has} may have at most ${most}. ${unit === 'entries' ? 'Remove some' : 'Shorten it'}.`];
  return [];
}

function scalarErrors(schema: StructuralSchema, value: string | number | boolean): string[] {
  const { pattern, minimum, maximum } = schema;
  if (schema.enum && !schema.enum.includes(value))
    return [`is not supported. Use one of ${schema.enum.join(', ')}.`];
  if (typeof value === 'string') {
    const errors = sizeErrors(schema, [...value].length, 'characters');
    const matches = pattern === undefined || new RegExp(pattern, 'u').test(value);
    return matches ? errors : [...errors, `does not match ${pattern}. Correct it${meaning(schema)}`];
  }
  if (minimum !== undefined && Number(value) < minimum)
    return [`is less than ${minimum}. Use ${minimum} or more.`];
  if (maximum !== undefined && Number(value) > maximum)
    return [`is more than ${maximum}. Use ${maximum} or less.`];
  return [];
}

/** The path of a field below another; keys that are no plain word stand in brackets. */
export function pathOf(path: string, field: string): string {
  return /^[\w-]+$/.test(field) ? `${path}.${field}` : `${path}[${JSON.stringify(field)}]`;
}

/**
 * Everything that is wrong with a value: one line each, with path, value and fix. Unknown fields are wrong too, as they
 * are to kubectl.
 */
export function schemaErrors(
  schema: StructuralSchema,
  value: unknown,
  path: string,
  top: StructuralSchema = schema,
): string[] {
  const line = (message: string) => `${path}: ${shown(value)} ${message}`;
  if (!isOfType(value, schema.type)) return [line(wrongType(schema.type, value))];
  if (Array.isArray(value)) {
    // What a list holds is said of the list.
    const items = schema.items && { ...describedBy(schema), ...schema.items };
    const identities = value.map((item) => identityOf(schema, item));
    const below = value.flatMap((item, index) => {
      const here = `${path}[${index}]`;
      const identity = identities[index];
      const twice = identity !== undefined && identities.indexOf(identity) < index;
      return [
        ...(twice ? [`${here}: ${cut(identity)} is there twice. Remove one.`] : []),
        ...(items ? schemaErrors(items, item, here, top) : []),
      ];
    });
    return [...sizeErrors(schema, value.length, 'entries').map(line), ...below];
  }
  if (isObject(value)) {
    const missing = (schema.required ?? []).filter((field) => value[field] === undefined);
    return [
      ...sizeErrors(schema, Object.keys(value).length, 'entries').map(line),
      ...missing.map((field) => `${path}.${field}: is missing. Set it${meaning(fieldSchema(schema, field))}`),
      ...Object.entries(value).flatMap(([field, inner]) => {
        const below = fieldSchema(schema, field);
        const here = pathOf(path, field);
        if (below) return schemaErrors(below, inner, here, top);
        if (schema['x-kubernetes-preserve-unknown-fields']) return [];
        return [`${here}: ${shown(inner)} ${unknownField(schema, field, path, top)}`];
      }),
    ];
  }
  const scalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return scalar ? scalarErrors(schema, value).map(line) : [];
}
