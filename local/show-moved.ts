/** Shows the results of a pipeline. */

import { bold, dim, since, table } from '../tools/terminal.ts';
import type { Given } from './data-path/data-path.ts';
import { dataPathOf } from './data-path/index.ts';

const MOST_ROWS = 50;

/**
 * Sends files to a ready claim, waits for the results and shows them.
 *
 * @throws Error when a result is missing, wrong or unexpected, or when a message is in the dead-letter queue
 */
export async function moveAndShow(given: Given, timings: [string, string][]): Promise<void> {
  const { table: tableName, partitionKey } = given.parts;
  const start = performance.now();
  const { items, columns, notes } = await dataPathOf(given.claim).move(given, (line) =>
    console.log(`\n${line.replace(/^\w+/, bold)}`),
  );
  timings.push(['first sent to last item', since(start)]);
  const rows = items
    .toSorted((a, b) => (String(a[partitionKey]) < String(b[partitionKey]) ? -1 : 1))
    .map((item) => columns.map((name) => item[name] ?? ''));
  console.log(`\n${bold(`Table ${tableName}`)}`);
  console.log(table(columns, rows.slice(0, MOST_ROWS)));
  if (rows.length > MOST_ROWS) console.log(dim(`and ${rows.length - MOST_ROWS} more`));
  const others = Object.keys(items[0] ?? {}).filter((name) => !columns.includes(name));
  if (others.length > 0) console.log(dim(`each with ${others.join(', ')} too`));
  for (const note of notes) console.log(dim(note));
}
