import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  type PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../shared/errors.ts';
import { comparable } from '../shared/sequencer.ts';
import {
  BUCKET,
  EVENT_FORMS,
  HOSTILE_KEYS,
  keptLog,
  rejectionOf,
  s3Event,
  s3Record,
  TEST_EVENT,
} from '../testing/records.ts';
import { createHandler } from './record-file.ts';

const ENV = { TABLE_NAME: 'files', PARTITION_KEY: 'Filename' };
/** Two events on one key. The newer event has the shorter sequencer. */
const OLDER = '0055AED6DC90281E55';
const NEWER = '0055AED6DD000000';
const NOW = new Date('2026-01-02T03:04:06.000Z');

/** A handler with a stand-in for the table. `refuse` throws the error for a key. */
function setUp(env: Record<string, string>, refuse: (key: string) => Error | undefined = () => undefined) {
  const puts: PutItemCommandInput[] = [];
  const rows = new Map<string, Record<string, AttributeValue>>();
  const dynamodb = {
    async send({ input }: PutItemCommand) {
      puts.push(input);
      const key = input.Item?.[env['PARTITION_KEY'] ?? '']?.S ?? '';
      const error = refuse(key);
      if (error) throw error;
      const old = rows.get(key)?.['sequencer']?.S;
      if (old !== undefined && !(old < (input.ExpressionAttributeValues?.[':sequencer']?.S ?? ''))) {
        throw new ConditionalCheckFailedException({
          message: 'The conditional request failed',
          $metadata: {},
        });
      }
      rows.set(key, input.Item ?? {});
      return { $metadata: {} };
    },
  };
  const { log, lines } = keptLog();
  return { handle: createHandler({ dynamodb, env, logger: log, now: () => NOW }), puts, rows, lines };
}

describe('record-file', () => {
  test('writes a row, unless there is one as new', async () => {
    const { handle, puts, lines } = setUp(ENV);

    await handle(s3Event(s3Record({ key: 'in/a b.csv' })));

    const sequencer = '000000000000000055AED6DCD90281E5';
    expect(puts).toEqual([
      {
        TableName: 'files',
        Item: {
          Filename: { S: 'in/a b.csv' },
          bucket: { S: BUCKET },
          size: { N: '42' },
          eTag: { S: 'd41d8cd98f00b204e9800998ecf8427e' },
          versionId: { S: 'null' },
          sequencer: { S: sequencer },
          eventTime: { S: '2026-01-02T03:04:05.678Z' },
          recordedAt: { S: '2026-01-02T03:04:06.000Z' },
        },
        ConditionExpression: 'attribute_not_exists(#pk) OR #sequencer < :sequencer',
        ExpressionAttributeNames: { '#pk': 'Filename', '#sequencer': 'sequencer' },
        ExpressionAttributeValues: { ':sequencer': { S: sequencer } },
      },
    ]);
    expect(lines).toEqual([
      { level: 'info', message: 'Row written', bucket: BUCKET, key: 'in/a b.csv', table: 'files', sequencer },
    ]);
  });

  test.each(HOSTILE_KEYS)('records a key as it is: $why', async ({ key }) => {
    const { handle, puts } = setUp(ENV);

    await handle(s3Event(s3Record({ key })));

    expect(puts.map(({ Item }) => Item?.['Filename'])).toEqual([{ S: key }]);
  });

  test('writes the same row for an event of EventBridge', async () => {
    const { handle, puts } = setUp(ENV);
    const fields = { key: 'in/a+b c.csv', versionId: 'v1', eventTime: '2026-01-02T03:04:05Z' };

    for (const { eventOf } of EVENT_FORMS) await handle(eventOf(fields));

    expect(puts).toHaveLength(2);
    expect(puts[1]).toEqual(puts[0]);
  });

  test.each(EVENT_FORMS)('writes nothing for a folder marker in $form', async ({ eventOf }) => {
    const { handle, puts } = setUp(ENV);

    await handle(eventOf({ key: 'photos/', size: 0 }));

    expect(puts).toEqual([]);
  });

  test.each([
    { why: 'both are set', extra: { TTL_ATTRIBUTE: 'gone', EXPIRE_AFTER_DAYS: '1' }, gone: { N: '86401' } },
    { why: 'no attribute', extra: { EXPIRE_AFTER_DAYS: '1' }, gone: undefined },
    { why: 'no days', extra: { TTL_ATTRIBUTE: 'gone' }, gone: undefined },
    { why: 'both empty', extra: { TTL_ATTRIBUTE: '', EXPIRE_AFTER_DAYS: '' }, gone: undefined },
  ])('expiry: $why', async ({ extra, gone }) => {
    const { handle, puts } = setUp({ ...ENV, ...extra });

    await handle(s3Event(s3Record({ eventTime: '1970-01-01T00:00:01.000Z' })));

    expect(puts.map(({ Item }) => Item?.['gone'])).toEqual([gone]);
  });

  test.each([
    { why: 'in order', sequencers: [OLDER, NEWER], kept: NEWER },
    { why: 'the newest first, the other late', sequencers: [NEWER, OLDER], kept: NEWER },
    { why: 'delivered again', sequencers: ['A', 'a', 'A0'], kept: 'A' },
  ])('keeps the newest row of a key: $why', async ({ sequencers, kept }) => {
    const { handle, rows } = setUp(ENV);

    for (const sequencer of sequencers) await handle(s3Event(s3Record({ sequencer })));

    expect([...rows.values()].map((row) => row['sequencer']?.S)).toEqual([comparable(kept)]);
  });

  // Earlier versions padded the sequencer in a row on the left, to 32 digits.
  test.each([
    { why: 'a newer event replaces it', event: NEWER, size: 42 },
    { why: 'the same event again changes nothing', event: OLDER, size: 1 },
    { why: 'an older one that comes late changes nothing', event: '0055AED6DC', size: 1 },
  ])('a row of before: $why', async ({ event, size }) => {
    const { handle, rows } = setUp(ENV);
    rows.set('report.csv', { sequencer: { S: OLDER.padStart(32, '0') }, size: { N: '1' } });

    await handle(s3Event(s3Record({ sequencer: event })));

    expect(rows.get('report.csv')?.['size']).toEqual({ N: String(size) });
  });

  test('a late event is logged, and is a success', async () => {
    const { handle, lines } = setUp(ENV);

    await handle(s3Event(s3Record({ sequencer: '2' })));
    await handle(s3Event(s3Record({ sequencer: '1' })));

    expect(lines[1]).toEqual({
      level: 'info',
      message: 'Duplicate or late event: the row is as new or newer',
      bucket: BUCKET,
      key: 'report.csv',
      table: 'files',
      sequencer: comparable('1'),
    });
  });

  test('throttling of one record is an error that names it, after all the others were written', async () => {
    const throttled = new DynamoDBServiceException({
      name: 'ProvisionedThroughputExceededException',
      $fault: 'client',
      message: 'Slow down',
      $metadata: {},
    });
    const { handle, rows } = setUp(ENV, (key) => (key === 'file-99' ? throttled : undefined));
    const records = Array.from({ length: 100 }, (_, index) => s3Record({ key: `file-${index}` }));

    const error = await rejectionOf(handle(s3Event(...records)));

    expect(rows.size).toBe(99);
    expect(error.message).toBe(
      '1 of 100 records failed: Records[99] "file-99": ProvisionedThroughputExceededException: Slow down',
    );
  });

  test("S3's test event writes nothing", async () => {
    const { handle, puts } = setUp(ENV);

    await handle(TEST_EVENT);

    expect(puts).toEqual([]);
  });

  const notSet = "is not set: set it in the function's environment to";
  const taken = 'which is already an attribute of every row: choose another name';
  test.each([
    { env: { PARTITION_KEY: 'Filename' }, says: `TABLE_NAME ${notSet} the name of the table` },
    { env: { TABLE_NAME: 'files' }, says: `PARTITION_KEY ${notSet} the name of the table's partition key` },
    { env: { ...ENV, PARTITION_KEY: 'eTag' }, says: `PARTITION_KEY is "eTag", ${taken}` },
    { env: { ...ENV, TTL_ATTRIBUTE: 'size' }, says: `TTL_ATTRIBUTE is "size", ${taken}` },
    { env: { ...ENV, TTL_ATTRIBUTE: 'Filename' }, says: `TTL_ATTRIBUTE is "Filename", ${taken}` },
    {
      env: { ...ENV, EXPIRE_AFTER_DAYS: '0' },
      says: 'EXPIRE_AFTER_DAYS is "0": set it to a whole number of days from 1 to 36500, or leave it out',
    },
  ])('refuses at cold start: $says', ({ env, says }) => {
    expect(() => setUp(env)).toThrow(new ConfigurationError(says));
  });
});
