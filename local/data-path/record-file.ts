/** The data path of RecordFile: each file gets one item. */
import { setTimeout as delay } from 'node:timers/promises';
import { at, type Json, stringAt } from '../../function/src/objects.ts';
import { completeSpec } from '../../function/src/read-spec.ts';
import { takesUploads } from '../../function/src/resources/trigger.ts';
import { type LocalFile, matches } from '../files.ts';
import { type Item, readItems, untilRecorded, upload } from '../upload.ts';
import { type DataPath, patienceFor } from './data-path.ts';

/** After this time, no more items are expected, including wrong ones. */
const LATE_MS = 500;

/** The prefix and suffixes in a claim. */
export function filterOf(claim: Json): { prefix: string; suffixes: string[] | undefined } {
  const suffixes = at(claim, 'spec', 'source', 'suffixes');
  return {
    prefix: stringAt(claim, 'spec', 'source', 'prefix') ?? '',
    suffixes: Array.isArray(suffixes) ? suffixes.map(String) : undefined,
  };
}

/** The files that match a claim's filter. */
export function filtered(claim: Json, files: readonly LocalFile[]): LocalFile[] {
  const { prefix, suffixes } = filterOf(claim);
  return files.filter(({ key }) => matches(key, prefix, suffixes));
}

/** Checks the items: one for each file with the file's size, and no others. */
function check(items: readonly Item[], partitionKey: string, expected: readonly LocalFile[]): void {
  const sizes = new Map(expected.map(({ key, body }) => [key, body.length]));
  for (const item of items) {
    const key = String(item[partitionKey]);
    const size = sizes.get(key);
    if (size === undefined)
      throw new Error(`${key} was recorded, but the claim's prefix and suffixes leave it out`);
    if (item['size'] !== size)
      throw new Error(`${key} was recorded with ${item['size']} bytes, but has ${size}`);
  }
}

export const recordFile: DataPath = {
  files: 'files',
  opens: (claim) => takesUploads(completeSpec(claim)),

  async first({ claim, parts, clients }) {
    const { prefix, suffixes } = filterOf(claim);
    const key = `${prefix}first${suffixes?.[0] ?? '.txt'}`;
    await upload(clients, parts.bucket, [{ key, body: Buffer.from('first') }]);
    await untilRecorded(clients, parts.table, parts.partitionKey, [key], patienceFor(1));
  },

  async move(given, say) {
    const { claim, parts, clients, files } = given;
    const { table, partitionKey } = parts;
    const expected = filtered(claim, files);
    const sent = `${files.length} files; ${expected.length} match the claim's prefix and suffixes`;
    say(`Uploading ${sent}`);
    const before = new Set((await readItems(clients, table)).map((item) => item[partitionKey]));
    await upload(clients, parts.bucket, files);
    const keys = expected.map(({ key }) => key);
    await untilRecorded(clients, table, partitionKey, keys, patienceFor(keys.length));
    await delay(keys.length < files.length ? LATE_MS : 0);
    const items = (await readItems(clients, table)).filter(
      (item) => keys.includes(String(item[partitionKey])) || !before.has(item[partitionKey]),
    );
    check(items, partitionKey, expected);
    const left = files.filter(({ key }) => !keys.includes(key));
    return {
      sent,
      recorded: keys.length,
      items,
      columns: [partitionKey, 'size', 'recordedAt'],
      notes: left.map(({ key }) => `not recorded, as the claim asks: ${key}`),
    };
  },
};
