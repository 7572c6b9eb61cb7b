/** Reads the untyped fields of a manifest. Each reader checks the type that it returns, so no cast is needed. */

import { isObject, at as valueAt } from '../function/src/objects.ts';

/** An object whose fields the compiler does not know: `spec.forProvider`, an observed state, a nested block. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is a plain object, not null and not a list. */
export const isFields: (value: unknown) => value is Fields = isObject;

/** The value at a dotted path such as `loggingConfig.logGroup`, or undefined when a step is absent. */
export function at(fields: Fields, path: string): unknown {
  return valueAt(fields, ...path.split('.'));
}

function wrong(path: string, wanted: string, value: unknown): Error {
  return new Error(`forProvider.${path} must be ${wanted}, found ${JSON.stringify(value)}`);
}

/** The string at a dotted path, or undefined when absent. Throws when it has another type. */
export function text(fields: Fields, path: string): string | undefined {
  const value = at(fields, path);
  if (value === undefined || typeof value === 'string') return value;
  throw wrong(path, 'a text', value);
}

/** The string at a dotted path. Throws when absent. */
export function needText(fields: Fields, path: string): string {
  const value = text(fields, path);
  if (value === undefined) throw new Error(`forProvider.${path} is missing`);
  return value;
}

/** The number at a dotted path, or undefined when absent. */
export function number(fields: Fields, path: string): number | undefined {
  const value = at(fields, path);
  if (value === undefined || typeof value === 'number') return value;
  throw wrong(path, 'a number', value);
}

/** The boolean at a dotted path, or undefined when absent. */
export function flag(fields: Fields, path: string): boolean | undefined {
  const value = at(fields, path);
  if (value === undefined || typeof value === 'boolean') return value;
  throw wrong(path, 'true or false', value);
}

/** The list of strings at a dotted path, or undefined when absent. */
export function texts(fields: Fields, path: string): string[] | undefined {
  const value = at(fields, path);
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw wrong(path, 'a list of texts', value);
}

/** The map of strings at a dotted path. Empty when absent. */
export function dictionary(fields: Fields, path: string): Record<string, string> {
  const value = at(fields, path) ?? {};
  if (!isFields(value)) throw wrong(path, 'a map of texts', value);
  const out: Record<string, string> = {};
  for (const [key, item] of Object.entries(value)) {
    if (typeof item !== 'string') throw wrong(`${path}.${key}`, 'a text', item);
    out[key] = item;
  }
  return out;
}

/** The block at a dotted path, or undefined when absent. */
export function block(fields: Fields, path: string): Fields | undefined {
  const value = at(fields, path);
  if (value === undefined || isFields(value)) return value;
  throw wrong(path, 'a block', value);
}

/** The list of blocks at a dotted path. Empty when absent. */
export function blocks(fields: Fields, path: string): Fields[] {
  const value = at(fields, path) ?? [];
  if (Array.isArray(value) && value.every(isFields)) return value;
  throw wrong(path, 'a list of blocks', value);
}

/** A text that AWS takes only from a fixed list, such as the SDK's `BillingMode`. Throws with the list. */
export function choice<T extends string>(
  values: Readonly<Record<string, T>>,
  fields: Fields,
  path: string,
): T | undefined {
  const value = text(fields, path);
  const known = Object.values(values).find((item) => item === value);
  if (value === undefined || known !== undefined) return known;
  throw wrong(path, `one of ${Object.values(values).join(', ')}`, value);
}

/** The object without keys whose value is undefined: a value that AWS does not report is not a field. */
export function defined(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
