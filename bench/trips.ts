/** One thing sent through a ready pipeline, and the milliseconds until its results are there. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { answerUnless } from '../local/aws.ts';
import type { Pipeline } from '../local/pipeline.ts';
import { readItems, upload } from '../local/upload.ts';
import { uploadByForm } from '../local/upload-client.ts';

/** Milliseconds since the sending, by what was waited for. */
export type Times = Record<string, number>;

/** Sends one thing and waits for all its results. Rejects when that takes longer than half a minute. */
export type Trip = (pipeline: Pipeline) => Promise<Times>;

const TIMEOUT_MS = 30_000;
const ASK_MS = 5;

/** Asks until there is an answer. */
async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + TIMEOUT_MS;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await delay(ASK_MS);
  }
  throw new Error(`${what}: not there after ${TIMEOUT_MS / 1000} s`);
}

async function readRow({ clients, table, partitionKey }: Pipeline, id: string) {
  const key: Record<string, AttributeValue> = { [partitionKey]: { S: id } };
  const { Item } = await clients.dynamodb.getItem({ TableName: table, Key: key, ConsistentRead: true });
  return Item;
}

async function isGone({ clients, bucket }: Pipeline, key: string): Promise<true | undefined> {
  const head = await answerUnless(clients.s3.headObject({ Bucket: bucket, Key: key }), 'NotFound');
  return head === undefined ? true : undefined;
}

/** A file, to its row. */
export const fileToRow: Trip = async (pipeline) => {
  const key = `bench/${randomUUID()}.txt`;
  const start = performance.now();
  await upload(pipeline.clients, pipeline.bucket, [{ key, body: Buffer.from(key) }]);
  await until(`the row of ${key}`, () => readRow(pipeline, key));
  return { row: performance.now() - start };
};

/** An execution with a message, to its row; the row is deleted, so that the table stays as small as it is. */
export const messageToRow: Trip = async (pipeline) => {
  const { clients, table, partitionKey, stateMachine: stateMachineArn } = pipeline;
  const message = randomUUID();
  const start = performance.now();
  await clients.sfn.startExecution({ stateMachineArn, input: JSON.stringify({ message }) });
  // The row's id is made on the way: only its message is known.
  const row = await until(`the row of the message ${message}`, async () =>
    (await readItems(clients, table)).find(({ Message }) => Message === message),
  );
  const elapsed = performance.now() - start;
  const key: Record<string, AttributeValue> = { [partitionKey]: { S: String(row[partitionKey]) } };
  await clients.dynamodb.deleteItem({ TableName: table, Key: key });
  return { row: elapsed };
};

/** An image, to its row, and until its source is deleted, which is the last thing that is done. */
export const imageToRow =
  (image: Buffer): Trip =>
  async (pipeline) => {
    const key = `incoming/${randomUUID()}.jpg`;
    const start = performance.now();
    await upload(pipeline.clients, pipeline.bucket, [{ key, body: image }]);
    await until(`the row of ${key}`, () => readRow(pipeline, key));
    const row = performance.now() - start;
    await until(`the deletion of ${key}`, () => isGone(pipeline, key));
    return { row, 'source deleted': performance.now() - start };
  };

const LAUNCHED = ['launched', 'running', 'done'];

/** A file that is announced and uploaded by the form, until its machine is launched, and until its output is there. */
export const scriptToDone: Trip = async (pipeline) => {
  const file = { key: 'bench.txt', body: Buffer.from('bench') };
  const start = performance.now();
  const { composite: claim, clients } = pipeline;
  const id = await uploadByForm({ claim, parts: pipeline, clients }, file, 'text');
  const reached = (statuses: readonly string[]) =>
    until(`${id} ${statuses[0]}`, async () => {
      const row = await readRow(pipeline, id);
      const status = row?.['status']?.S ?? '';
      if (status === 'failed') throw new Error(`${id} failed: ${row?.['error']?.S}`);
      return statuses.includes(status) || undefined;
    });
  await reached(LAUNCHED);
  const launched = performance.now() - start;
  await reached(['done']);
  return { launched, done: performance.now() - start };
};
