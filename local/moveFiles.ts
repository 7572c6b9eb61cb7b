/** Files into a pipeline, and its items shown. */
import { at, type Json, stringAt } from '../function/src/objects.ts';
import type { Clients } from './aws.ts';
import { type LocalFile, matches } from './files.ts';
import { partsOf } from './pipeline.ts';
import { bold, dim, since, table } from './report.ts';
import { type Item, readItems, readMessages, untilRecorded, upload } from './upload.ts';

/** How long to wait for the items: retries of throttled events take most of a minute. */
const PATIENCE_MS = 90_000;
const PATIENCE_MS_A_FILE = 500;
const LATE_MS = 500;
const MOST_ROWS = 50;

/** What went wrong is in the items themselves: a row for each file, none for others, each with the file's size. */
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

/**
 * Uploads files to a ready claim's bucket, waits for their items and shows them.
 *
 * @throws when an item is missing, wrong or too many, or anything is in the dead-letter queue.
 */
export async function moveFiles(
  composite: Json,
  clients: Clients,
  files: readonly LocalFile[],
  timings: [string, string][],
) {
  const { bucket, table: tableName, partitionKey, deadLetterQueue } = partsOf(composite);
  const { spec } = composite;
  const suffixes = at(spec, 'source', 'suffixes');
  const prefix = stringAt(spec, 'source', 'prefix');
  const expected = files.filter(({ key }) =>
    matches(key, prefix, Array.isArray(suffixes) ? suffixes : undefined),
  );
  console.log(
    `\n${bold('Uploading')} ${files.length} files; ${expected.length} match the claim's prefix and suffixes`,
  );
  const start = performance.now();
  await upload(clients, bucket, files);
  const keys = expected.map(({ key }) => key);
  const patience = PATIENCE_MS + expected.length * PATIENCE_MS_A_FILE;
  await untilRecorded(clients, tableName, partitionKey, keys, patience).catch(async (error: unknown) => {
    const [letter] = await readMessages(clients, deadLetterQueue);
    const why = letter ? `The dead-letter queue has:\n${letter.Body}` : 'The dead-letter queue is empty.';
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${why}`);
  });
  timings.push(['upload to last item', since(start)]);
  // What must not be recorded would have come by now too.
  await new Promise((resolve) => setTimeout(resolve, keys.length < files.length ? LATE_MS : 0));
  const items = await readItems(clients, tableName);
  check(items, partitionKey, expected);
  const [letter] = await readMessages(clients, deadLetterQueue);
  if (letter) throw new Error(`the dead-letter queue is not empty:\n${letter.Body}`);
  const rows = items
    .map((item) => [partitionKey, 'size', 'recordedAt'].map((name) => item[name] ?? ''))
    .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
  console.log(`\n${bold(`Table ${tableName}`)}`);
  console.log(table([partitionKey, 'size', 'recordedAt'], rows.slice(0, MOST_ROWS)));
  if (rows.length > MOST_ROWS) console.log(dim(`and ${rows.length - MOST_ROWS} more`));
  const others = Object.keys(items[0] ?? {}).filter(
    (name) => ![partitionKey, 'size', 'recordedAt'].includes(name),
  );
  console.log(dim(`each with ${others.join(', ')} too`));
  for (const { key } of files)
    if (!keys.includes(key)) console.log(dim(`not recorded, as the claim asks: ${key}`));
}
