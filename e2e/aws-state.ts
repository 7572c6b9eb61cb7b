/**
 * What AWS holds of one pipeline, service by service, as plain values that can be compared. What differs between two makings
 * of the same thing, and says nothing, is left out by name: `volatile-fields.yaml`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isObject } from '../function/src/objects.ts';
import type { Clients } from '../local/aws.ts';
import { inventory } from './aws-inventory.ts';
import { SORTS } from './aws-sorts.ts';

/** Fields that are left out wherever they stand, by why they differ. */
const VOLATILE_BY_REASON: Readonly<Record<string, readonly string[]>> = parse(
  readFileSync(join(import.meta.dirname, 'volatile-fields.yaml'), 'utf8'),
);
export const VOLATILE: readonly string[] = Object.values(VOLATILE_BY_REASON).flat();

/** Tags that the provider puts on everything, and nobody else. */
const PROVIDER_TAGS = ['kind', 'name', 'providerconfig', 'providerconfig-kind'].map(
  (key) => `crossplane-${key}`,
);

function isProviderTag(value: unknown): boolean {
  if (!isObject(value)) return false;
  const key = value['Key'] ?? value['key'];
  return typeof key === 'string' && PROVIDER_TAGS.includes(key);
}

/** The id of an HTTP API is random, and in the address that it is served at. */
const withoutApiIds = (text: string) =>
  text
    .replace(/^http:\/\/[a-z0-9]+\.execute-api\.\S+$/, 'http://the-api')
    .replace(/(:execute-api:[^:]*:\d*:)[a-z0-9]+/, '$1the-api');

/** MiniStack keeps the rule that lets everything out: the provider revokes it with ports, as AWS wants it, and it looks for one without. */
function isLeftOver(value: unknown): boolean {
  if (!isObject(value) || value['IpProtocol'] !== '-1') return false;
  return value['IsEgress'] === true || JSON.stringify(value['IpRanges']) === '[{"CidrIp":"0.0.0.0/0"}]';
}

const sortKey = (value: unknown) => JSON.stringify(value) ?? '';

/** A value without what is volatile, its documents parsed, its lists sorted where AWS keeps no order. */
export function canonical(value: unknown): unknown {
  if (value instanceof Date) return 'a time';
  if (typeof value === 'string') {
    const text = value.startsWith('%7B') ? decodeURIComponent(value) : value;
    if (!text.startsWith('{')) return withoutApiIds(text);
    try {
      return canonical(JSON.parse(text));
    } catch {
      return text;
    }
  }
  if (Array.isArray(value))
    return value
      .filter((item) => !isProviderTag(item) && !isLeftOver(item))
      .map(canonical)
      .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  if (!isObject(value)) return value;
  const entries = Object.entries(value)
    .filter(([key, item]) => !VOLATILE.includes(key) && !PROVIDER_TAGS.includes(key) && item !== undefined)
    .map(([key, item]) => [key, canonical(item)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

/** By what they are and their names, such as `bucket <name>`, each with its state. */
export type AwsState = Record<string, unknown>;

/** Everything in AWS whose name ends with a claim's suffix or is one of its names. */
export async function stateOf(clients: Clients, suffix: string, names: readonly string[]): Promise<AwsState> {
  const all = await inventory(clients);
  const state: AwsState = {};
  for (const [what, { read }] of Object.entries(SORTS)) {
    if (read === undefined) continue;
    const mine = (all[what] ?? []).filter((name) => name.endsWith(suffix) || names.includes(name));
    for (const name of mine.sort()) state[`${what} ${name}`] = canonical(await read(clients, name));
  }
  return state;
}

/** Paths at which two states differ, with both values. */
export function differences(left: unknown, right: unknown, path = ''): string[] {
  if (isObject(left) && isObject(right)) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return keys.flatMap((key) => differences(left[key], right[key], path === '' ? key : `${path}.${key}`));
  }
  const [a, b] = [JSON.stringify(left), JSON.stringify(right)];
  return a === b ? [] : [`${path}: ${a} and ${b}`];
}
