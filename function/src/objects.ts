/** Reads values of unknown shape, such as observed state. */

export type Json = Record<string, unknown>;

/** Observed composed resources by their composition resource name. */
export type Observed = Readonly<Record<string, Json>>;

/** Whether the value is an object with named fields. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy with the fields in alphabetical order, at every depth. The wire format does not keep the order of maps. */
export function inOrder<T>(value: T): T;
export function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => inOrder<unknown>(item));
  if (!isObject(value)) return value;
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, inner]) => [name, inOrder<unknown>(inner)]));
}

/** The value at a path of field names, or undefined when a step is missing. */
export function at(value: unknown, ...path: string[]): unknown {
  let here: unknown = value;
  for (const step of path) {
    if (!isObject(here)) return undefined;
    here = here[step];
  }
  return here;
}

/** The string at a path, or undefined when it is missing, empty or not a string. */
export function stringAt(value: unknown, ...path: string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}
