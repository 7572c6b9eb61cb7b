/** Does AWS have what a manifest says? Field by field, with the schema telling a map from a block. */

import type { StructuralSchema } from '../apis/structural-schema.ts';
import { type Fields, isFields } from './fields.ts';
import type { Kind } from './kinds/kind.ts';

/** JSON with sorted keys. In a policy, a list with one item equals the item, and the order of lists does not matter. */
function canonical(value: unknown, policy: boolean): string {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item, policy));
    if (policy && items.length === 1) return String(items[0]);
    return `[${(policy ? items.sort() : items).join()}]`;
  }
  if (isFields(value)) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item, policy)}`).join()}}`;
  }
  return JSON.stringify(value) ?? 'undefined';
}

function sameDocument(desired: unknown, observed: unknown, as: 'policy' | 'json'): boolean {
  if (desired === observed) return true;
  if (typeof desired !== 'string' || typeof observed !== 'string') return false;
  try {
    return (
      canonical(JSON.parse(desired), as === 'policy') === canonical(JSON.parse(observed), as === 'policy')
    );
  } catch {
    return false;
  }
}

/** AWS keeps no order in these lists, so each desired item must find one of its own. */
function sameItems(
  desired: readonly unknown[],
  observed: unknown,
  schema: StructuralSchema | undefined,
): boolean {
  if (!Array.isArray(observed) || observed.length !== desired.length) return false;
  const left = [...observed];
  return desired.every((item) => {
    const index = left.findIndex((candidate) => covers(item, candidate, schema?.items));
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
}

/** A map must be the same; of a block only the fields that the manifest names are compared. */
function covers(desired: unknown, observed: unknown, schema: StructuralSchema | undefined): boolean {
  if (Array.isArray(desired)) return sameItems(desired, observed, schema);
  if (!isFields(desired)) return desired === observed;
  if (!isFields(observed)) return false;
  const isMap = schema?.properties === undefined;
  if (isMap && Object.keys(desired).length !== Object.keys(observed).length) return false;
  return Object.entries(desired).every(([key, value]) =>
    covers(value, observed[key], schema?.properties?.[key]),
  );
}

/** The top-level fields of `forProvider` whose value AWS does not have. */
export function differences(
  kind: Kind,
  schema: StructuralSchema | undefined,
  spec: Fields,
  state: Fields,
): string[] {
  const references = (kind.references ?? []).map(({ from }) => from);
  const skipped = new Set([...(kind.steering ?? []), ...references, 'region']);
  return Object.keys(spec)
    .filter((field) => !skipped.has(field) && spec[field] !== undefined)
    .filter((field) => {
      const as = kind.documents?.[field];
      if (as) return !sameDocument(spec[field], state[field], as);
      return !covers(
        withoutReferences(references, field, spec[field]),
        state[field],
        schema?.properties?.[field],
      );
    });
}

/** `target.roleArnRef` is not part of what AWS has in `target`. */
function withoutReferences(references: readonly string[], path: string, value: unknown): unknown {
  if (!isFields(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !references.includes(`${path}.${key}`));
  return Object.fromEntries(
    kept.map(([key, item]) => [key, withoutReferences(references, `${path}.${key}`, item)]),
  );
}

/** The paths of a manifest's `forProvider` that its kind's entry does not handle. */
export function unhandled(kind: Kind, schema: StructuralSchema | undefined, forProvider: Fields): string[] {
  const handled = [...kind.fields, ...(kind.references ?? []).map(({ from }) => `${from}.name`)];
  const isHandled = (path: string): boolean => handled.includes(path);
  const isParent = (path: string): boolean =>
    handled.some((known) => known.startsWith(`${path}.`) || known.startsWith(`${path}[]`));
  const walk = (node: StructuralSchema | undefined, value: unknown, path: string): string[] => {
    if (value === undefined || isHandled(path)) return [];
    if (!isParent(path)) return [path];
    if (Array.isArray(value)) return value.flatMap((item) => walk(node?.items, item, `${path}[]`));
    if (!isFields(value)) return [path];
    return Object.entries(value).flatMap(([key, item]) =>
      walk(node?.properties?.[key], item, `${path}.${key}`),
    );
  };
  const all = Object.entries(forProvider).flatMap(([key, value]) =>
    walk(schema?.properties?.[key], value, key),
  );
  return [...new Set(all)];
}
