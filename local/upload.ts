/** Uploads files, and reads items and messages. */
import { paginateScan } from '@aws-sdk/client-dynamodb';
import type { Message } from '@aws-sdk/client-sqs';
import { eachOf } from '../tools/parallel.ts';
import type { Clients } from './aws.ts';
import type { LocalFile } from './files.ts';

/** An item of the table. Its numbers are JavaScript numbers. */
export type Item = Record<string, string | number>;

/** Uploads files to a bucket. */
export async function upload(
  { s3 }: Pick<Clients, 's3'>,
  bucket: string,
  files: readonly LocalFile[],
  concurrency = 16,
): Promise<void> {
  await eachOf(files, concurrency, async ({ key, body }) => {
    await s3.putObject({ Bucket: bucket, Key: key, Body: body });
  });
}

/** All items of a table. */
export async function readItems({ dynamodb }: Pick<Clients, 'dynamodb'>, table: string): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of paginateScan({ client: dynamodb }, { TableName: table, ConsistentRead: true })) {
    for (const item of page.Items ?? []) {
      const entries = Object.entries(item).map(([name, { S, N }]) => [name, S ?? Number(N)] as const);
      items.push(Object.fromEntries(entries));
    }
  }
  return items;
}

/** The messages of a queue. They stay there and become visible again after `visibilitySeconds`. */
export async function readMessages(
  { sqs }: Pick<Clients, 'sqs'>,
  queueUrl: string,
  visibilitySeconds = 0,
): Promise<Message[]> {
  const found = await sqs.receiveMessage({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: visibilitySeconds,
    MessageSystemAttributeNames: ['All'],
  });
  return found.Messages ?? [];
}

/**
 * Waits until the table has an item for every key.
 *
 * @returns the items
 * @throws Error with the keys that have no item, after the timeout
 */
export async function untilRecorded(
  clients: Pick<Clients, 'dynamodb'>,
  table: string,
  partitionKey: string,
  keys: readonly string[],
  timeoutMs: number,
  onProgress?: (found: number) => void,
): Promise<Item[]> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const items = await readItems(clients, table);
    const found = new Set(items.map((item) => item[partitionKey]));
    const missing = keys.filter((key) => !found.has(key));
    onProgress?.(keys.length - missing.length);
    if (missing.length === 0) return items;
    if (Date.now() > end) {
      throw new Error(
        `no item after ${timeoutMs / 1000} s in ${table} for:\n${missing.map((key) => `  ${key}`).join('\n')}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
