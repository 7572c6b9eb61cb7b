/** State machines of the user's own: what their states do, and functions of the user's own. */
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { claimOf, readClaim } from '../../function/render.ts';
import { zipFiles } from '../../lambda/zip.ts';
import { untilReady, withUid } from '../composite.ts';
import { executeAll } from '../data-path/executions.ts';
import { dataPathOf } from '../data-path/index.ts';
import { readFiles } from '../files.ts';
import { type Parts, partsOf } from '../parts.ts';
import { startPipeline, startStage } from '../pipeline.ts';
import { allMessages, readDeadLetter } from '../redrive.ts';
import { readItems, readMessages, upload } from '../upload.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const started = async (path: string) => {
  const pipeline = await startPipeline(readClaim(path));
  stops.push(pipeline.stop);
  return pipeline;
};
const inputOf = (value: unknown) => ({ key: 'input', body: Buffer.from(JSON.stringify(value)) });

describe('custom/sort-files.yaml', () => {
  it('copies each file to the folder of its kind, whatever its name, and starts nothing for the copies', async () => {
    const pipeline = await started('custom/sort-files.yaml');
    const { composite: claim, clients, bucket } = pipeline;
    const files = readFiles('examples/files');
    const given = { claim, parts: pipeline, clients, files };
    const { items } = await dataPathOf(claim).move(given, () => undefined);
    const sizes = new Map(files.map(({ key, body }) => [key, body]));
    const copied = items.filter((item) => item['copy'] !== undefined);
    expect(copied).toHaveLength(7);
    for (const { id, copy, kind } of copied) {
      const { Body } = await clients.s3.getObject({ Bucket: bucket, Key: String(copy) });
      expect(Buffer.from((await Body?.transformToByteArray()) ?? [])).toEqual(sizes.get(String(id)));
      expect(copy).toBe(`sorted/${kind}/${String(id).split('/').at(-1)}`);
    }
    expect(items.filter((item) => item['kind'] === 'empty').map(({ id, size }) => [id, size])).toEqual([
      ['incoming/empty.txt', 0],
    ]);
  });

  it('sends a file that cannot be recorded to the dead-letter queue, with its input and the error, and fails', async () => {
    const { clients, bucket, table, deadLetterQueue } = await started('custom/sort-files.yaml');
    await clients.dynamodb.deleteTable({ TableName: table });
    await upload(clients, bucket, [{ key: 'incoming/lost.csv', body: Buffer.from('1') }]);
    await expect
      .poll(async () => (await readMessages(clients, deadLetterQueue)).length, { timeout: 60_000 })
      .toBe(1);
    const [letter] = await allMessages(clients, deadLetterQueue);
    expect(readDeadLetter(letter ?? {})).toMatchObject({ input: { bucket, key: 'incoming/lost.csv' } });
    expect(JSON.parse(letter?.Body ?? '')).toMatchObject({
      execution: expect.stringContaining(':execution:'),
      error: { Error: expect.stringContaining('ResourceNotFound'), Cause: expect.any(String) },
    });
  });
});

describe('custom/orders.yaml', () => {
  it('refuses an order without items by name, and sends one that cannot be recorded to the dead-letter queue', async () => {
    const pipeline = await started('custom/orders.yaml');
    const { composite: claim, clients, table, deadLetterQueue } = pipeline;
    const execute = async (order: unknown) =>
      (await executeAll({ claim, parts: pipeline, clients, files: [inputOf(order)] }))[0];
    expect(await execute({ order: 'E-1', items: [] })).toMatchObject({
      status: 'FAILED',
      error: 'EmptyOrder',
    });
    expect(await readMessages(clients, deadLetterQueue)).toEqual([]);
    await clients.dynamodb.deleteTable({ TableName: table });
    const order = { order: 'L-1', items: [{ name: 'lamp', count: 1 }] };
    expect(await execute(order)).toMatchObject({ status: 'FAILED' });
    const [letter] = await allMessages(clients, deadLetterQueue);
    expect(readDeadLetter(letter ?? {})).toEqual({ input: order });
  });
});

describe('functions of one’s own', () => {
  const source = `export const handler = async ({ words }) => ({
    count: words.split(' ').length, table: process.env.TABLE, memory: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  });`;

  it('run the zip that the claim names, and their result goes on through the states', async () => {
    const stage = await startStage('eu-west-1');
    stops.push(stage.stop);
    const { clients } = stage;
    const zip = zipFiles({ 'index.mjs': Buffer.from(source) });
    const code = {
      bucket: 'releases',
      key: 'count.zip',
      sha256: createHash('sha256').update(zip).digest('hex'),
    };
    await clients.s3.createBucket({ Bucket: code.bucket });
    await clients.s3.putObject({ Bucket: code.bucket, Key: code.key, Body: zip });
    const count = {
      name: 'count',
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      code,
      memoryMB: 192,
      environment: { TABLE: `\${Table.Name}` },
    };
    const definition = {
      StartAt: 'Count',
      States: {
        Count: { Type: 'Task', Resource: `\${Functions.count.Arn}`, ResultPath: '$.counted', Next: 'Put' },
        Put: {
          Type: 'Task',
          Resource: 'arn:aws:states:::dynamodb:putItem',
          Parameters: {
            TableName: `\${Table.Name}`,
            Item: {
              id: { 'S.$': '$.words' },
              count: { 'N.$': "States.Format('{}', $.counted.count)" },
              table: { 'S.$': '$.counted.table' },
              memory: { 'S.$': '$.counted.memory' },
            },
          },
          ResultPath: null,
          End: true,
        },
      },
    };
    const workflow = { type: 'Custom', custom: { trigger: 'None', definition, functions: [count] } };
    const claim = withUid(claimOf({ region: 'eu-west-1', workflow }));
    const parts: Parts = partsOf(await untilReady({ claim, ...stage }));
    const [ended] = await executeAll({ claim, parts, clients, files: [inputOf({ words: 'one two three' })] });
    expect(ended).toMatchObject({ status: 'SUCCEEDED' });
    expect(await readItems(clients, parts.table)).toEqual([
      { id: 'one two three', count: 3, table: parts.table, memory: '192' },
    ]);
  });
});
