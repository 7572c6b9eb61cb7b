import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  type UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../shared/errors.ts';
import { STATUSES } from '../shared/upload-row.ts';
import {
  BUCKET,
  EVENT_FORMS,
  eventBridgeEvent,
  HOSTILE_KEYS,
  keptLog,
  rejectionOf,
  s3Event,
  s3Record,
  TEST_EVENT,
} from '../testing/records.ts';
import { createHandler } from './mark-uploaded.ts';

const ENV = { TABLE_NAME: 'uploads', PARTITION_KEY: 'id', PREFIX: 'uploads/' };
const NOW = new Date('2026-01-02T03:04:06.000Z');

type Row = Record<string, AttributeValue>;

/** A stand-in for the table. It evaluates the condition of the request on the current row. */
function setUp(rows: Record<string, Row>, env: Record<string, string> = ENV, error?: Error) {
  const updates: UpdateItemCommandInput[] = [];
  const dynamodb = {
    async send({ input }: UpdateItemCommand) {
      updates.push(input);
      if (error) throw error;
      const row = rows[input.Key?.['id']?.S ?? ''];
      const values = input.ExpressionAttributeValues ?? {};
      const may =
        row?.['status']?.S === values[':waiting']?.S &&
        row?.['input_file_path']?.S === values[':input_file_path']?.S;
      if (row === undefined || !may) {
        const message = 'The conditional request failed';
        throw new ConditionalCheckFailedException({
          message,
          $metadata: {},
          ...(row === undefined ? {} : { Item: { ...row } }),
        });
      }
      Object.assign(row, { status: values[':status'], updated: values[':updated'], size: values[':size'] });
      return { $metadata: {} };
    },
  };
  const { log, lines } = keptLog();
  return { handle: createHandler({ dynamodb, env, logger: log, now: () => NOW }), updates, lines };
}

function waiting(key: string, status = 'waiting'): Row {
  return { id: { S: 'abc' }, status: { S: status }, input_file_path: { S: `${BUCKET}/${key}` } };
}

const KEY = 'uploads/abc/report.csv';

describe('mark-uploaded', () => {
  test('marks the row that waits for this file', async () => {
    const { handle, updates, lines } = setUp({ abc: waiting(KEY) });

    await handle(s3Event(s3Record({ key: KEY })));

    expect(updates).toEqual([
      {
        TableName: 'uploads',
        Key: { id: { S: 'abc' } },
        UpdateExpression: 'SET #status = :status, #updated = :updated, #size = :size',
        ConditionExpression: '#status IN (:waiting) AND #input_file_path = :input_file_path',
        ExpressionAttributeNames: {
          '#status': 'status',
          '#updated': 'updated',
          '#size': 'size',
          '#input_file_path': 'input_file_path',
        },
        ExpressionAttributeValues: {
          ':status': { S: 'uploaded' },
          ':updated': { S: '2026-01-02T03:04:06.000Z' },
          ':size': { N: '42' },
          ':waiting': { S: 'waiting' },
          ':input_file_path': { S: `${BUCKET}/${KEY}` },
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    ]);
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'Row marked uploaded',
        bucket: BUCKET,
        key: KEY,
        table: 'uploads',
        id: 'abc',
        size: 42,
      },
    ]);
  });

  test('marks it at an event of EventBridge', async () => {
    const row = waiting('uploads/abc/a+b c.csv');

    await setUp({ abc: row }).handle(eventBridgeEvent({ key: 'uploads/abc/a+b c.csv', size: 7 }));

    expect(row).toMatchObject({ status: { S: 'uploaded' }, size: { N: '7' } });
  });

  test.each(EVENT_FORMS)('a folder marker in $form is no upload, and no error', async ({ eventOf }) => {
    const { handle, updates } = setUp({});

    for (const key of ['uploads/', 'uploads/abc/']) await handle(eventOf({ key, size: 0 }));

    expect(updates).toEqual([]);
  });

  test.each([
    { why: 'both are set', extra: { TTL_ATTRIBUTE: 'gone', EXPIRE_AFTER_DAYS: '1' }, gone: { N: '86401' } },
    { why: 'no attribute', extra: { EXPIRE_AFTER_DAYS: '1' }, gone: undefined },
    { why: 'no days', extra: { TTL_ATTRIBUTE: 'gone', EXPIRE_AFTER_DAYS: '' }, gone: undefined },
  ])('says when the row expires: $why', async ({ extra, gone }) => {
    const { handle, updates } = setUp({ abc: waiting(KEY) }, { ...ENV, ...extra });

    await handle(s3Event(s3Record({ key: KEY, eventTime: '1970-01-01T00:00:01.000Z' })));

    expect(updates.map(({ ExpressionAttributeValues }) => ExpressionAttributeValues?.[':ttl'])).toEqual([
      gone,
    ]);
    expect(updates[0]?.ExpressionAttributeNames?.['#ttl']).toBe(gone && 'gone');
    expect(updates[0]?.UpdateExpression?.endsWith(', #ttl = :ttl')).toBe(gone !== undefined);
  });

  test.each(HOSTILE_KEYS)('takes a file name as it is: $why', async ({ key }) => {
    const row = waiting(`uploads/abc/${key}`);

    await setUp({ abc: row }).handle(s3Event(s3Record({ key: `uploads/abc/${key}` })));

    expect(row['status']).toEqual({ S: 'uploaded' });
  });

  test.each(STATUSES.slice(1))(
    'an event on a row that is %s changes nothing, and is a success',
    async (status) => {
      const row = waiting(KEY, status);
      const { handle, lines } = setUp({ abc: row });

      await handle(s3Event(s3Record({ key: KEY, size: 7 })));

      expect(row).toEqual(waiting(KEY, status));
      expect(lines).toEqual([
        expect.objectContaining({
          message: 'Duplicate event: the row has a later status',
          id: 'abc',
          status,
        }),
      ]);
    },
  );

  test.each([
    {
      why: 'no row',
      rows: {},
      key: KEY,
      says: 'the table uploads has no row abc',
    },
    {
      why: 'the row is for another file',
      rows: { abc: waiting('uploads/abc/other.csv') },
      key: KEY,
      says: `the row abc waits for "${BUCKET}/uploads/abc/other.csv"`,
    },
    { why: 'no id', rows: {}, key: 'uploads/a.csv', says: '"uploads/a.csv" is not uploads/<id>/<file name>' },
    {
      why: 'no file name',
      rows: {},
      key: 'uploads/abc/',
      says: '"uploads/abc/" is not uploads/<id>/<file name>',
    },
  ])('a file that no link was given for is an error: $why', async ({ rows, key, says }) => {
    const error = await rejectionOf(setUp(rows).handle(s3Event(s3Record({ key }))));

    expect(error.message).toBe(
      `1 of 1 records failed: Records[0] "${key}": UnknownUploadError: ${says}: ` +
        'upload through the API, or remove the object',
    );
  });

  test('throttling is an error, so that the event comes again', async () => {
    const throttled = new DynamoDBServiceException({
      name: 'ThrottlingException',
      $fault: 'client',
      message: 'Slow down',
      $metadata: {},
    });

    const error = await rejectionOf(setUp({}, ENV, throttled).handle(s3Event(s3Record({ key: KEY }))));

    expect(error.cause).toBe(throttled);
  });

  test("S3's test event marks nothing", async () => {
    const { handle, updates } = setUp({});

    await handle(TEST_EVENT);

    expect(updates).toEqual([]);
  });

  test.each([
    { name: 'TABLE_NAME', what: 'the name of the table' },
    { name: 'PARTITION_KEY', what: "the name of the table's partition key" },
    { name: 'PREFIX', what: 'the prefix of uploads, such as uploads/' },
  ])('refuses at cold start without $name', ({ name, what }) => {
    expect(() => setUp({}, { ...ENV, [name]: '' })).toThrow(
      new ConfigurationError(`${name} is not set: set it in the function's environment to ${what}`),
    );
  });
});
