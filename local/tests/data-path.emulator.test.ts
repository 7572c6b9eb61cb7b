import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimOf } from '../../function/render.ts';
import { comparable } from '../../lambda/shared/sequencer.ts';
import { HOSTILE_KEYS, s3Record } from '../../lambda/testing/records.ts';
import { executionNames, type Pipeline, startPipeline } from '../pipeline.ts';
import { allMessages, type DeadLetter, readDeadLetter } from '../redrive.ts';
import { type Item, readItems, untilRecorded, upload } from '../upload.ts';

const EXECUTIONS = ['Standard', 'Express', 'Direct'] as const;

const until = async (what: string, done: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> => {
  for (
    const end = Date.now() + timeoutMs;
    !(await done());
    await new Promise((resolve) => setTimeout(resolve, 200))
  ) {
    if (Date.now() > end) throw new Error(`${what} did not happen in ${timeoutMs / 1000} s`);
  }
};

describe.each(EXECUTIONS)('%s', (execution) => {
  let pipeline: Pipeline;
  beforeAll(async () => {
    const claim = claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile', execution } });
    pipeline = await startPipeline(claim, {
      asyncRetryBaseSeconds: 1,
      asyncRetryMaxSeconds: 1,
      waitScale: 0.01,
    });
  });
  afterAll(async () => {
    await pipeline?.stop();
  });

  const invoke = async (Records: unknown[]) => {
    const { clients, functionName } = pipeline;
    const Payload = JSON.stringify({ Records });
    return clients.lambda.invoke({ FunctionName: functionName, Payload });
  };
  const row = async (key: string): Promise<Item | undefined> =>
    (await readItems(pipeline.clients, pipeline.table)).find((item) => item[pipeline.partitionKey] === key);

  it('records hostile keys as they are', async () => {
    const { clients, bucket, table, partitionKey } = pipeline;
    const keys = HOSTILE_KEYS.map(({ key }) => key);
    await upload(
      clients,
      bucket,
      keys.map((key) => ({ key, body: Buffer.from(key) })),
    );
    const items = await untilRecorded(clients, table, partitionKey, keys, 60_000);
    const sizes = new Map(items.map((item) => [item[partitionKey], item['size']]));
    expect(sizes).toEqual(new Map(keys.map((key) => [key, Buffer.byteLength(key)])));
  });

  it('records the attributes of the event', async () => {
    await invoke([
      s3Record({ bucket: pipeline.bucket, key: 'whole', sequencer: 'AB', size: 12, versionId: 'v1' }),
    ]);
    await until('the row', async () => (await row('whole')) !== undefined);
    expect(await row('whole')).toEqual({
      Filename: 'whole',
      bucket: pipeline.bucket,
      size: 12,
      eTag: 'd41d8cd98f00b204e9800998ecf8427e',
      versionId: 'v1',
      sequencer: comparable('AB'),
      eventTime: '2026-01-02T03:04:05.678Z',
      recordedAt: expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d/),
    });
  });

  it('keeps the newest of late and duplicate events, whatever their order and length', async () => {
    const events = [
      ['0055AED6DC90281E55', 1],
      ['0055AED6DD000000', 2],
      ['0055AED6DC90281E54', 3],
      ['0055AED6DD000000', 2],
      ['0055AED6DC', 4],
    ] as const;
    for (const [sequencer, size] of events) {
      expect(
        (await invoke([s3Record({ bucket: pipeline.bucket, key: 'late', sequencer, size })])).FunctionError,
      ).toBeUndefined();
      await until('a row', async () => (await row('late')) !== undefined);
    }
    await until('the newest', async () => (await row('late'))?.['size'] === 2);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await row('late')).toMatchObject({ size: 2, sequencer: comparable('0055AED6DD000000') });
  });

  // Only Standard executions have names that tell a duplicate.
  const onlyStandard = execution === 'Standard' ? it : undefined;
  onlyStandard?.('starts one execution for an event that is delivered three times', async () => {
    const before = (await executionNames(pipeline)).length;
    for (let delivery = 0; delivery < 3; delivery += 1)
      await invoke([s3Record({ bucket: pipeline.bucket, key: 'again' })]);
    await until('the row', async () => (await row('again')) !== undefined);
    expect((await executionNames(pipeline)).length).toBe(before + 1);
  });

  it('records the other 99 of 100 records when one is malformed, and keeps the event as a dead letter', async () => {
    const { clients, functionName, deadLetterQueue } = pipeline;
    const keys = Array.from({ length: 100 }, (_, index) => `batch/${index}`);
    const Records = keys.map((key, index) =>
      index === 42
        ? { eventSource: 'aws:s3', s3: { object: {} } }
        : s3Record({ bucket: pipeline.bucket, key }),
    );
    const event = { Records };
    const Payload = JSON.stringify(event);
    await clients.lambda.invoke({ FunctionName: functionName, InvocationType: 'Event', Payload });
    await untilRecorded(
      clients,
      pipeline.table,
      pipeline.partitionKey,
      keys.filter((_, index) => index !== 42),
      60_000,
    );
    const letters: unknown[] = [];
    await until('the dead letter', async () => {
      letters.push(...(await allMessages(clients, deadLetterQueue)).map(readDeadLetter));
      return letters.length > 0;
    });
    expect(letters).toEqual([{ event }]);
    expect(await row('batch/42')).toBeUndefined();
  });

  const withStateMachine = execution === 'Direct' ? undefined : it;
  withStateMachine?.(
    'sends the input of an execution that cannot write to the dead-letter queue',
    async () => {
      const { clients, table, deadLetterQueue } = pipeline;
      await clients.dynamodb.deleteTable({ TableName: table });
      await invoke([s3Record({ bucket: pipeline.bucket, key: 'no table', size: 7, sequencer: 'C0FFEE' })]);
      const letters: DeadLetter[] = [];
      // Retries of earlier events may end here too: this one is told by its key.
      const isOurs = (letter: DeadLetter) => 'input' in letter && letter.input['key'] === 'no table';
      await until(
        'the dead letter',
        async () => {
          letters.push(...(await allMessages(clients, deadLetterQueue)).map(readDeadLetter).filter(isOurs));
          return letters.length > 0;
        },
        120_000,
      );
      expect(letters).toEqual([
        {
          input: {
            bucket: pipeline.bucket,
            key: 'no table',
            size: 7,
            eTag: 'd41d8cd98f00b204e9800998ecf8427e',
            versionId: 'null',
            sequencer: comparable('C0FFEE'),
            eventTime: '2026-01-02T03:04:05.678Z',
          },
        },
      ]);
    },
  );
});
