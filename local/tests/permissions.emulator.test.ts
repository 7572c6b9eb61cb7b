import { afterEach, expect, it } from 'vitest';
import { claimOf } from '../../function/render.ts';
import { type Pipeline, startPipeline } from '../pipeline.ts';
import { allMessages, readDeadLetter } from '../redrive.ts';
import { readItems, untilRecorded, upload } from '../upload.ts';

let pipeline: Pipeline | undefined;
afterEach(async () => {
  await pipeline?.stop();
  pipeline = undefined;
});

it.each(['Standard', 'Direct'])(
  '%s works with roles and bucket policy enforced, over TLS',
  async (execution) => {
    const claim = claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile', execution } });
    pipeline = await startPipeline(claim, { auth: true, tls: true });
    const { clients, bucket, table, partitionKey } = pipeline;
    await upload(clients, bucket, [{ key: 'a.txt', body: Buffer.from('a') }]);
    const items = await untilRecorded(clients, table, partitionKey, ['a.txt'], 60_000);
    expect(items).toHaveLength(1);
  },
);

it('a function without its permission writes no row, and its event is a dead letter: the roles are what lets it', async () => {
  const claim = claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile', execution: 'Direct' } });
  pipeline = await startPipeline(claim, {
    auth: true,
    tls: true,
    asyncRetryBaseSeconds: 1,
    asyncRetryMaxSeconds: 1,
  });
  const { clients, bucket, table, deadLetterQueue, functionName } = pipeline;
  const Statement = [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await clients.iam.putRolePolicy({ RoleName: functionName, PolicyName: 'record-file', PolicyDocument });
  await upload(clients, bucket, [{ key: 'a.txt', body: Buffer.from('a') }]);
  const letters = [];
  for (const end = Date.now() + 60_000; letters.length === 0 && Date.now() < end; ) {
    letters.push(...(await allMessages(clients, deadLetterQueue)).map(readDeadLetter));
  }
  expect(letters).toHaveLength(1);
  expect(letters[0]).toMatchObject({ event: { Records: [{ s3: { object: { key: 'a.txt' } } }] } });
  expect(await readItems(clients, table)).toEqual([]);
});
