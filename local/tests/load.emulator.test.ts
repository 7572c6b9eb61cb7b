import { waitUntilTableNotExists } from '@aws-sdk/client-dynamodb';
import type { Message } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { claimOf } from '../../function/render.ts';
import { stringAt } from '../../function/src/objects.ts';
import { executionNames, type Pipeline, startPipeline } from '../pipeline.ts';
import { allMessages, type DeadLetter, readDeadLetter, redrive } from '../redrive.ts';
import { readItems, untilRecorded, upload } from '../upload.ts';

const CONCURRENCY = 16;
/** Lambda's and the state machine's retries come sooner than in AWS. */
const QUICK = { asyncRetryBaseSeconds: 1, asyncRetryMaxSeconds: 1, waitScale: 0.01 };
const SETTLED_MS = 150_000;

const keysOf = (count: number) => Array.from({ length: count }, (_, index) => `load/file ${index}.txt`);

/** The object's key in a dead letter of either kind. */
function keyOf(letter: DeadLetter): string {
  if ('input' in letter) return stringAt(letter.input, 'key') ?? '';
  const records = letter.event['Records'];
  const encoded = stringAt(Array.isArray(records) ? records[0] : undefined, 's3', 'object', 'key') ?? '';
  return decodeURIComponent(encoded.replaceAll('+', ' '));
}

const recordedKeys = async ({ clients, table, partitionKey }: Pipeline) =>
  (await readItems(clients, table).catch(() => [])).map((item) => String(item[partitionKey]));

/** Uploads the files and waits until each is an item or a dead letter. */
async function uploadAndSettle(pipeline: Pipeline, keys: readonly string[]) {
  const { clients, bucket, deadLetterQueue } = pipeline;
  const files = keys.map((key) => ({ key, body: Buffer.from(key) }));
  await upload(clients, bucket, files, CONCURRENCY);
  const letters = new Map<string, DeadLetter>();
  const messages: Message[] = [];
  let recorded: string[] = [];
  for (const end = Date.now() + SETTLED_MS; Date.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const batch = await allMessages(clients, deadLetterQueue, 600);
    messages.push(...batch);
    for (const letter of batch.map(readDeadLetter)) letters.set(keyOf(letter), letter);
    recorded = await recordedKeys(pipeline);
    if (new Set([...recorded, ...letters.keys()]).size >= keys.length) break;
  }
  return { recorded, letters: [...letters.keys()], messages };
}

describe('many files at once', () => {
  let pipeline: Pipeline | undefined;
  afterEach(async () => {
    await pipeline?.stop();
    pipeline = undefined;
  });

  it.each(['Standard', 'Direct'])(
    '%s: 300 at concurrency 16 are each an item or a dead letter, once',
    async (execution) => {
      const here = await startPipeline(
        claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile', execution } }),
        QUICK,
      );
      pipeline = here;
      const keys = keysOf(300);
      const { recorded, letters, messages } = await uploadAndSettle(here, keys);
      console.log(
        `${execution}: ${recorded.length} items, ${letters.length} dead letters before the redrive`,
      );
      expect([...new Set([...recorded, ...letters])].sort()).toEqual([...keys].sort());
      const names = await executionNames(here);
      expect(new Set(names).size).toBe(names.length);
      expect(names.length).toBeLessThanOrEqual(keys.length);
      await redrive(here.clients, here, messages);
      const items = await untilRecorded(here.clients, here.table, here.partitionKey, keys, 60_000);
      expect(items.length).toBe(keys.length);
    },
  );

  it('files that came while the table was gone are dead letters, and items once it is healed and they are redriven', async () => {
    const claim = claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile', execution: 'Direct' } });
    const here = await startPipeline(claim, QUICK);
    pipeline = here;
    const { clients, table, reconciler } = here;
    await clients.dynamodb.deleteTable({ TableName: table });
    await waitUntilTableNotExists(
      { client: clients.dynamodb, maxWaitTime: 30, minDelay: 1 },
      { TableName: table },
    );
    const keys = keysOf(60);
    const { letters, messages } = await uploadAndSettle(here, keys);
    expect(letters.sort()).toEqual([...keys].sort());

    for (let pass = 0; pass < 5; pass += 1) await reconciler.reconcile();
    expect(await redrive(clients, here, messages)).toBe(keys.length);
    const items = await untilRecorded(clients, table, here.partitionKey, keys, 60_000);
    expect(items.length).toBe(keys.length);
    expect(await allMessages(clients, here.deadLetterQueue)).toEqual([]);
  });
});
