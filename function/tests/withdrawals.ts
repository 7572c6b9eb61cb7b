/**
 * Every change of a claim that takes a field away from something that stays: what was said is said no more, and has to be
 * gone. `withdrawals.test.ts` finds fields that are missing here; `e2e/field-ownership.engine.test.ts` tries each on an API
 * server, where another owner may keep a field. `withdrawals.yaml` has the list.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { claimOf } from '../render.ts';
import { at, isObject, type Json } from '../src/objects.ts';

export interface Withdrawal {
  readonly why: string;
  readonly before: Json;
  readonly after: Json;
  /** Kind and path of what is emitted no more, lists and variables as one. */
  readonly gone: readonly string[];
}

/** Paths of what a manifest says, lists and maps of names that people choose as one. */
function paths(value: unknown, path: string): string[] {
  if (Array.isArray(value)) {
    const inner = value.filter(isObject).flatMap((item) => paths(item, `${path}[]`));
    return inner.length > 0 ? inner : [path];
  }
  if (!isObject(value)) return [path];
  return Object.entries(value).flatMap(([name, inner]) =>
    paths(inner, path === '' ? name : `${path}.${name}`),
  );
}

/** Kind and path of all that a manifest says in its spec. */
export function said(manifest: Json | undefined): string[] {
  const forProvider = paths(at(manifest, 'spec', 'forProvider') ?? {}, '');
  const others = ['initProvider', 'managementPolicies'].flatMap((name) => {
    const value = at(manifest, 'spec', name);
    return value === undefined ? [] : paths(value, `spec.${name}`);
  });
  return [...new Set([...forProvider, ...others])].map((path) => `${manifest?.['kind']} ${path}`);
}

/** Kind and path of what is said before and not after, of resources that stay. */
export function taken(before: Record<string, Json>, after: Record<string, Json>): string[] {
  const found = Object.entries(before).flatMap(([key, manifest]) => {
    const now = after[key];
    if (!now) return [];
    const kept = new Set(said(now));
    return said(manifest).filter((path) => !kept.has(path));
  });
  return [...new Set(found)].sort();
}

/** As it is written: `spec` is what the claim has before and after, beside its region. */
interface Written extends Withdrawal {
  readonly spec: Json;
}

const WRITTEN: readonly Written[] = parse(
  readFileSync(join(import.meta.dirname, 'withdrawals.yaml'), 'utf8'),
);

export const WITHDRAWALS: readonly Withdrawal[] = WRITTEN.map(({ why, spec, before, after, gone }) => ({
  why,
  before: claimOf({ region: 'eu-west-1', ...spec, ...before }),
  after: claimOf({ region: 'eu-west-1', ...spec, ...after }),
  gone,
}));
