import { describe, expect, test } from 'vitest';
import { MalformedEventError, MalformedRecordError } from './errors.ts';
import { expiresAt, isTestEvent, labelsOf, objectFromRecord, recordsOf } from './s3-event.ts';
import { BUCKET, HOSTILE_KEYS, s3Event, s3Record, TEST_EVENT } from './testing.ts';

/** A sound record with another value at `path`. */
function recordWith(path: string, value: unknown): unknown {
  return replaced(s3Record(), path.split('.'), value);
}

function replaced(holder: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  const entries = typeof holder === 'object' && holder !== null ? Object.entries(holder) : [];
  return Object.fromEntries(entries.map(([at, old]) => [at, at === name ? replaced(old, rest, value) : old]));
}

describe('objectFromRecord', () => {
  test('reads every field', () => {
    const object = objectFromRecord(s3Record({ versionId: '3HL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY' }), 0);

    expect(object).toEqual({
      bucket: BUCKET,
      key: 'report.csv',
      size: 42,
      eTag: 'd41d8cd98f00b204e9800998ecf8427e',
      versionId: '3HL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY',
      sequencer: '000000000000000055AED6DCD90281E5',
      eventTime: '2026-01-02T03:04:05.678Z',
    });
  });

  test.each(HOSTILE_KEYS)('decodes a key: $why', ({ key }) => {
    expect(objectFromRecord(s3Record({ key }), 0).key).toBe(key);
  });

  test.each([
    { why: 'a bucket without versioning sends no version', versionId: undefined, expected: 'null' },
    { why: 'suspended versioning sends null', versionId: null, expected: 'null' },
    { why: 'an empty version is none', versionId: '', expected: 'null' },
    { why: 'a version is kept as it is', versionId: 'v1', expected: 'v1' },
  ])('versionId: $why', ({ versionId, expected }) => {
    expect(objectFromRecord(s3Record({ versionId }), 0).versionId).toBe(expected);
  });

  test('an empty file has a size', () => {
    expect(objectFromRecord(s3Record({ size: 0 }), 0).size).toBe(0);
  });

  test('sequencers of different lengths and cases are in order as texts', () => {
    const inOrder = ['0055AED6DC90281E55', '0055aed6dd000000', '0055AED6DD0000000a', '0055AED6DE', '9', 'a'];

    const sequencers = inOrder.map((sequencer) => objectFromRecord(s3Record({ sequencer }), 0).sequencer);

    expect(sequencers.toSorted()).toEqual(sequencers);
  });

  const text = 'a text';
  const bytes = 'a whole number of bytes, 0 or more';
  const hex = 'up to 32 hex digits';
  const encoded = 'a URL-encoded key in UTF-8';
  test.each([
    { path: 'eventSource', value: 'aws:sqs', says: 'expected "aws:s3", found "aws:sqs"' },
    { path: 'eventTime', value: undefined, says: `expected ${text}, found nothing` },
    {
      path: 'eventTime',
      value: 'yesterday',
      says: 'expected a date and time in ISO 8601, found "yesterday"',
    },
    { path: 's3.bucket.name', value: 7, says: `expected ${text}, found 7` },
    { path: 's3.object.key', value: undefined, says: `expected ${text}, found nothing` },
    { path: 's3.object.key', value: '', says: `expected ${text}, found ""` },
    { path: 's3.object.key', value: 'a%2', says: `expected ${encoded}, found "a%2"` },
    { path: 's3.object.key', value: '%FF', says: `expected ${encoded}, found "%FF"` },
    { path: 's3.object.key', value: '\ud800', says: `expected ${encoded}, found "\\ud800"` },
    { path: 's3.object.size', value: undefined, says: `expected ${bytes}, found nothing` },
    { path: 's3.object.size', value: '42', says: `expected ${bytes}, found "42"` },
    { path: 's3.object.size', value: -1, says: `expected ${bytes}, found -1` },
    { path: 's3.object.size', value: 0.5, says: `expected ${bytes}, found 0.5` },
    { path: 's3.object.eTag', value: null, says: `expected ${text}, found null` },
    { path: 's3.object.sequencer', value: undefined, says: `expected ${text}, found nothing` },
    { path: 's3.object.sequencer', value: '00XY', says: `expected ${hex}, found "00XY"` },
    {
      path: 's3.object.sequencer',
      value: '0'.repeat(33),
      says: `expected ${hex}, found "${'0'.repeat(33)}"`,
    },
  ])('refuses $path: $says', ({ path, value, says }) => {
    expect(() => objectFromRecord(recordWith(path, value), 3)).toThrow(
      new MalformedRecordError(`Records[3].${path}: ${says}`),
    );
  });

  test.each([null, 'text', 7, []])('refuses a record that is %j', (record) => {
    expect(() => objectFromRecord(record, 0)).toThrow(
      new MalformedRecordError('Records[0].eventSource: expected a text, found nothing'),
    );
  });

  test('cuts a long value in its message', () => {
    const record = recordWith('s3.object.key', `%${'x'.repeat(5_000)}`);

    expect(() => objectFromRecord(record, 0)).toThrow(`found "%${'x'.repeat(198)}… (5003 characters)`);
  });
});

describe('recordsOf', () => {
  test('leaves a bad record to be refused by itself', () => {
    expect(recordsOf(s3Event(s3Record(), 'bad'))).toHaveLength(2);
  });

  const list = 'Records: expected the list of an S3 event notification, found';
  const source = 'Records[0].eventSource: expected "aws:s3", found';
  test.each([
    { why: 'nothing', event: undefined, says: `${list} nothing` },
    { why: 'another service', event: { detail: {} }, says: `${list} {"detail":{}}` },
    { why: 'no list', event: { Records: 'x' }, says: `${list} "x"` },
    { why: 'no records', event: { Records: [] }, says: `${list} []` },
    { why: 'a queue', event: { Records: [{ eventSource: 'aws:sqs' }] }, says: `${source} "aws:sqs"` },
    { why: 'a topic', event: { Records: [{ EventSource: 'aws:sns' }] }, says: `${source} nothing` },
  ])('refuses an event: $why', ({ event, says }) => {
    expect(() => recordsOf(event)).toThrow(new MalformedEventError(says));
  });
});

test('isTestEvent knows the message S3 sends for a new notification', () => {
  expect(isTestEvent(TEST_EVENT)).toBe(true);
  expect(isTestEvent(s3Event(s3Record()))).toBe(false);
  expect(isTestEvent(null)).toBe(false);
});

test.each([
  { why: 'a sound record', record: s3Record({ key: 'a b' }), labels: { bucket: BUCKET, key: 'a b' } },
  {
    why: 'an undecodable key stays as it is',
    record: { s3: { object: { key: '%' } } },
    labels: { key: '%' },
  },
  { why: 'no record', record: null, labels: {} },
])('labelsOf: $why', ({ record, labels }) => {
  expect(labelsOf(record)).toEqual(labels);
});

test.each([
  { why: 'fractions of a second are cut', eventTime: '1970-01-01T00:00:01.999Z', days: 1, seconds: 86_401 },
  { why: 'an offset counts', eventTime: '1970-01-01T02:00:00+02:00', days: 30, seconds: 2_592_000 },
])('expiresAt: $why', ({ eventTime, days, seconds }) => {
  expect(expiresAt(eventTime, days)).toBe(seconds);
});
