import { describe, expect, test } from 'vitest';
import {
  BUCKET,
  EVENT_FORMS,
  eventBridgeEvent,
  HOSTILE_KEYS,
  s3Event,
  s3Record,
  TEST_EVENT,
} from '../testing/records.ts';
import { MalformedEventError, MalformedRecordError } from './errors.ts';
import {
  expiresAt,
  isFolderMarker,
  isTestEvent,
  labelsOf,
  objectFromRecord,
  recordsOf,
  type S3Record,
} from './s3-event.ts';

/** The one record of an event, which is sound but for another value at `path`. */
function recordWith(event: unknown, path = '', value?: unknown): S3Record {
  const [record] = recordsOf(event);
  if (record === undefined) throw new Error('the event has no record');
  return path === '' ? record : { ...record, value: replaced(record.value, path.split('.'), value) };
}

const read = (event: unknown) => objectFromRecord(recordWith(event));

function replaced(holder: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  const entries = typeof holder === 'object' && holder !== null ? Object.entries(holder) : [];
  return Object.fromEntries(entries.map(([at, old]) => [at, at === name ? replaced(old, rest, value) : old]));
}

describe.each(EVENT_FORMS)('objectFromRecord of $form', ({ eventOf }) => {
  test('reads every field', () => {
    const versionId = '3HL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY';

    expect(read(eventOf({ versionId, eventTime: '2026-01-02T03:04:05Z' }))).toEqual({
      bucket: BUCKET,
      key: 'report.csv',
      size: 42,
      eTag: 'd41d8cd98f00b204e9800998ecf8427e',
      versionId,
      sequencer: '000000000000000055AED6DCD90281E5',
      eventTime: '2026-01-02T03:04:05Z',
    });
  });

  test.each(HOSTILE_KEYS)('has a key as it was uploaded: $why', ({ key }) => {
    expect(read(eventOf({ key })).key).toBe(key);
  });

  test.each([
    { why: 'a bucket without versioning sends no version', versionId: undefined, expected: 'null' },
    { why: 'suspended versioning sends null', versionId: null, expected: 'null' },
    { why: 'an empty version is none', versionId: '', expected: 'null' },
    { why: 'a version is kept as it is', versionId: 'v1', expected: 'v1' },
  ])('versionId: $why', ({ versionId, expected }) => {
    expect(read(eventOf({ versionId })).versionId).toBe(expected);
  });

  test('an empty file has a size', () => {
    expect(read(eventOf({ size: 0 })).size).toBe(0);
  });

  test('sequencers of different lengths and cases are in order as texts', () => {
    const inOrder = ['0055AED6DC90281E55', '0055aed6dd000000', '0055AED6DD0000000a', '0055AED6DE', '9', 'a'];

    const sequencers = inOrder.map((sequencer) => read(eventOf({ sequencer })).sequencer);

    expect(sequencers.toSorted()).toEqual(sequencers);
  });
});

describe('objectFromRecord', () => {
  const text = 'a text';
  const date = 'a date and time in ISO 8601';
  const bytes = 'a whole number of bytes, 0 or more';
  const hex = 'up to 32 hex digits';
  const encoded = 'a URL-encoded key in UTF-8';
  test.each([
    { path: 'eventSource', value: 'aws:sqs', says: 'expected "aws:s3", found "aws:sqs"' },
    { path: 'eventTime', value: undefined, says: `expected ${text}, found nothing` },
    { path: 'eventTime', value: 'yesterday', says: `expected ${date}, found "yesterday"` },
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
  ])('refuses Records[0].$path: $says', ({ path, value, says }) => {
    expect(() => objectFromRecord(recordWith(s3Event(s3Record({ versionId: 'v1' })), path, value))).toThrow(
      new MalformedRecordError(`Records[0].${path}: ${says}`),
    );
  });

  test.each([
    { path: 'time', value: undefined, says: `expected ${text}, found nothing` },
    { path: 'time', value: 'yesterday', says: `expected ${date}, found "yesterday"` },
    {
      path: 'detail',
      value: undefined,
      field: 'detail.object.sequencer',
      says: `expected ${text}, found nothing`,
    },
    { path: 'detail.bucket.name', value: '', says: `expected ${text}, found ""` },
    { path: 'detail.object.key', value: undefined, says: `expected ${text}, found nothing` },
    { path: 'detail.object.key', value: '\ud800', says: 'expected a key in UTF-8, found "\\ud800"' },
    { path: 'detail.object.size', value: '42', says: `expected ${bytes}, found "42"` },
    { path: 'detail.object.etag', value: undefined, says: `expected ${text}, found nothing` },
    { path: 'detail.object.version-id', value: 7, says: 'expected a text, found 7' },
    { path: 'detail.object.sequencer', value: '00XY', says: `expected ${hex}, found "00XY"` },
  ])('refuses $path: $says', ({ path, value, field = path, says }) => {
    expect(() => objectFromRecord(recordWith(eventBridgeEvent({ versionId: 'v1' }), path, value))).toThrow(
      new MalformedRecordError(`${field}: ${says}`),
    );
  });

  test.each([null, 'text', 7, []])('refuses a record that is %j', (bad) => {
    const [, record] = recordsOf(s3Event(s3Record(), bad));

    expect(record && (() => objectFromRecord(record))).toThrow(
      new MalformedRecordError('Records[1].eventSource: expected a text, found nothing'),
    );
  });

  test('cuts a long value in its message', () => {
    const record = recordWith(s3Event(s3Record()), 's3.object.key', `%${'x'.repeat(5_000)}`);

    expect(() => objectFromRecord(record)).toThrow(`found "%${'x'.repeat(198)}… (5003 characters)`);
  });
});

describe('recordsOf', () => {
  test('leaves a bad record to be refused by itself', () => {
    expect(recordsOf(s3Event(s3Record(), 'bad'))).toHaveLength(2);
  });

  test('the event of EventBridge is one record', () => {
    expect(recordsOf(eventBridgeEvent())).toHaveLength(1);
  });

  const either =
    'Records or detail-type: expected an S3 event notification, or an event of EventBridge, found';
  const list = 'Records: expected the list of an S3 event notification, found';
  const source = 'Records[0].eventSource: expected "aws:s3", found';
  test.each([
    { why: 'nothing', event: undefined, says: `${either} nothing` },
    { why: 'a list', event: [7], says: `${either} [7]` },
    { why: 'something else', event: { detail: {} }, says: `${either} {"detail":{}}` },
    {
      why: 'another service at EventBridge',
      event: { ...eventBridgeEvent(), source: 'aws.ec2' },
      says: 'source: expected "aws.s3", found "aws.ec2"',
    },
    {
      why: 'an object that was deleted',
      event: { ...eventBridgeEvent(), 'detail-type': 'Object Deleted' },
      says: 'detail-type: expected "Object Created", found "Object Deleted"',
    },
    {
      why: 'no source',
      event: { 'detail-type': 'Object Created' },
      says: 'source: expected "aws.s3", found nothing',
    },
    { why: 'Records of nothing', event: { Records: null }, says: `${list} null` },
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
  for (const { eventOf } of EVENT_FORMS) expect(isTestEvent(eventOf())).toBe(false);
  expect(isTestEvent(null)).toBe(false);
});

test.each([
  {
    why: 'a sound record',
    event: s3Event(s3Record({ key: 'a b' })),
    path: '',
    value: undefined,
    labels: { bucket: BUCKET, key: 'a b' },
  },
  {
    why: 'an undecodable key stays as it is',
    event: s3Event(s3Record()),
    path: 's3.object.key',
    value: '%',
    labels: { bucket: BUCKET, key: '%' },
  },
  { why: 'no record', event: s3Event(s3Record()), path: 's3', value: null, labels: {} },
  {
    why: 'an event of EventBridge',
    event: eventBridgeEvent({ key: 'a+b%20c' }),
    path: 'detail.object.size',
    value: 'big',
    labels: { bucket: BUCKET, key: 'a+b%20c' },
  },
])('labelsOf: $why', ({ event, path, value, labels }) => {
  expect(labelsOf(recordWith(event, path, value))).toEqual(labels);
});

test.each([
  { key: 'photos/', size: 0, is: true, why: 'as the console makes it' },
  { key: 'a/b/', size: 0, is: true, why: 'in another folder' },
  { key: '/', size: 0, is: true, why: 'without a name' },
  { key: 'photos/', size: 1, is: false, why: 'it has a byte, which would be lost' },
  { key: 'photos', size: 0, is: false, why: 'an empty file' },
  { key: 'photos/.keep', size: 0, is: false, why: 'an empty file in a folder' },
])('isFolderMarker: $key of $size bytes: $is, $why', ({ key, size, is }) => {
  expect(isFolderMarker(read(s3Event(s3Record({ key, size }))))).toBe(is);
});

test.each([
  { why: 'fractions of a second are cut', eventTime: '1970-01-01T00:00:01.999Z', days: 1, seconds: 86_401 },
  { why: 'an offset counts', eventTime: '1970-01-01T02:00:00+02:00', days: 30, seconds: 2_592_000 },
])('expiresAt: $why', ({ eventTime, days, seconds }) => {
  expect(expiresAt(eventTime, days)).toBe(seconds);
});
