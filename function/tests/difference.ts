/** What differs between two renders, one line each, so that a test can list it exactly. */
import { isObject, type Json, stringAt } from '../src/objects.ts';

/** Where an item of a list stands: by its name where it has one, so that an item before it changes nothing. */
const place = (item: unknown, index: number) =>
  stringAt(item, 'Sid') ?? stringAt(item, 'id') ?? String(index);

/** Every leaf of a value by its path. Lists of strings are one leaf; JSON documents in strings are looked into. */
function leaves(value: unknown, path: string): [string, string][] {
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item === 'string')) return [[path, value.join(' ')]];
    return value.flatMap((item, index) => leaves(item, `${path}[${place(item, index)}]`));
  }
  if (isObject(value))
    return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
  if (typeof value === 'string' && value.startsWith('{')) return leaves(JSON.parse(value), path);
  return [[path, String(value)]];
}

/** `+ key`, `- key`, and `key.path: before -> after` for what is in both. */
export function difference(before: Record<string, Json>, after: Record<string, Json>): string[] {
  const added = Object.keys(after).filter((key) => !before[key]);
  const removed = Object.keys(before).filter((key) => !after[key]);
  const changed = Object.keys(after).flatMap((key) => {
    if (!before[key]) return [];
    const [old, now] = [new Map(leaves(before[key], key)), new Map(leaves(after[key], key))];
    return [...new Set([...old.keys(), ...now.keys()])]
      .filter((path) => old.get(path) !== now.get(path))
      .map(
        (path) =>
          `${path.replace('.spec.forProvider', '')}: ${old.get(path) ?? 'none'} -> ${now.get(path) ?? 'none'}`,
      );
  });
  return [...added.map((key) => `+ ${key}`), ...removed.map((key) => `- ${key}`), ...changed];
}
