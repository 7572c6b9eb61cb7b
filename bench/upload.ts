/** From the upload of a file to its row in the table, on the embedded emulator. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { claimOf } from '../function/tests/render.ts';
import { type Pipeline, startPipeline } from '../local/pipeline.ts';
import type { Row, Section } from './report.ts';
import { quantile, summarise } from './stats.ts';

const TIMEOUT_MS = 30_000;

/** Milliseconds from sending one file to reading its row. The table is asked every 5 ms. */
async function uploadToRow({ clients, bucket, table, partitionKey }: Pipeline): Promise<number> {
  const key = `bench/${randomUUID()}.txt`;
  const start = performance.now();
  await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: key }));
  const read = new GetItemCommand({
    TableName: table,
    Key: { [partitionKey]: { S: key } },
    ConsistentRead: true,
  });
  while (performance.now() - start < TIMEOUT_MS) {
    if ((await clients.dynamodb.send(read)).Item) return performance.now() - start;
    await delay(5);
  }
  throw new Error(`${key} has no row in ${table} after ${TIMEOUT_MS / 1000} s`);
}

/** One file after the other, for each execution of the workflow. The first ones, which start the handler, are not counted. */
export async function benchUpload(quick: boolean): Promise<Section> {
  const rows: Row[] = [];
  const samples: Section['samples'] = {};
  const [warmUp, files] = quick ? [3, 20] : [10, 200];
  for (const execution of ['Standard', 'Express', 'Direct']) {
    const pipeline = await startPipeline(
      claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile', execution } }),
    );
    try {
      const times: number[] = [];
      for (let file = 0; file < warmUp; file += 1) await uploadToRow(pipeline);
      for (let file = 0; file < files; file += 1) times.push(await uploadToRow(pipeline));
      rows.push({ name: `${execution}: p50`, unit: 'ms', subject: quantile(times, 0.5) });
      rows.push({ name: `${execution}: p99`, unit: 'ms', subject: quantile(times, 0.99) });
      samples[`${execution}, ms`] = summarise(times);
    } finally {
      await pipeline.stop();
    }
  }
  return { name: 'upload', against: '', rows, samples };
}
