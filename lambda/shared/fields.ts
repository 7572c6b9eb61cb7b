/** The value at a path such as `s3.object.key` in parsed JSON, or undefined when there is none. */
export function fieldOf(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split('.')) found = isObject(found) ? found[name] : undefined;
  return found;
}

/** Whether a parsed JSON value is an object, not a list and not null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
