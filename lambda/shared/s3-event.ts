import { describe, MalformedEventError, MalformedRecordError } from './errors.ts';
import { EVENT_BRIDGE, type EventForm, NOTIFICATION, OBJECT_CREATED } from './event-forms.ts';
import { fieldOf, isObject } from './fields.ts';
import { comparable } from './sequencer.ts';

/** A created object, checked and decoded from either form of event. */
export interface S3Object {
  readonly bucket: string;
  /** The key as it was uploaded, not URL-encoded. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly eTag: string;
  /** The string `null`, as in S3, for an object in a bucket without versioning. */
  readonly versionId: string;
  /** The result of `comparable`: text order is the order of the events on one key. */
  readonly sequencer: string;
  /** ISO 8601, unchanged from the event. */
  readonly eventTime: string;
}

/** The unchecked part of an event about one object. Each record is checked separately: a bad one does not affect others. */
export interface S3Record {
  readonly form: EventForm;
  /** The place of `value` in the event: `Records[3]`, or empty when `value` is the event. */
  readonly place: string;
  readonly value: unknown;
}

const SECONDS_A_DAY = 86_400;

/** Whether this is the test message that S3 sends when a notification is configured. */
export function isTestEvent(event: unknown): boolean {
  return isObject(event) && event['Event'] === 's3:TestEvent';
}

/**
 * The records of an S3 notification, or the one object of an EventBridge event.
 *
 * @throws MalformedEventError when the event has neither form, has no records, is not from S3, or is not about a created
 *   object
 */
export function recordsOf(event: unknown): readonly S3Record[] {
  const records = fieldOf(event, 'Records');
  const detailType = fieldOf(event, 'detail-type');
  if (records === undefined && detailType === undefined) {
    const expected = 'an S3 event notification, or an event of EventBridge';
    throw new MalformedEventError(`Records or detail-type: expected ${expected}, found ${describe(event)}`);
  }
  if (records === undefined) {
    const { source } = EVENT_BRIDGE;
    refuseUnless(source.is, fieldOf(event, source.path), source.path);
    refuseUnless(OBJECT_CREATED, detailType, 'detail-type');
    return [{ form: EVENT_BRIDGE, place: '', value: event }];
  }
  if (!Array.isArray(records) || records.length === 0) {
    throw new MalformedEventError(
      `Records: expected the list of an S3 event notification, found ${describe(records)}`,
    );
  }
  const { source } = NOTIFICATION;
  const values: readonly unknown[] = records;
  if (!values.some((value) => fieldOf(value, source.path) === source.is)) {
    refuseUnless(source.is, fieldOf(values[0], source.path), `Records[0].${source.path}`);
  }
  return values.map((value, index) => ({ form: NOTIFICATION, place: `Records[${index}]`, value }));
}

/**
 * Reads one record.
 *
 * @throws MalformedRecordError with the field, such as `Records[3].s3.object.key` or `detail.object.key`, and its value
 */
export function objectFromRecord({ form, place, value: record }: S3Record): S3Object {
  const refuse = (path: string, expected: string): never => {
    const found = describe(fieldOf(record, path));
    const field = place === '' ? path : `${place}.${path}`;
    throw new MalformedRecordError(`${field}: expected ${expected}, found ${found}`);
  };
  const text = (path: string): string => {
    const value = fieldOf(record, path);
    return typeof value === 'string' && value !== '' ? value : refuse(path, 'a text');
  };
  const inObject = (name: string) => `${form.object}.${name}`;

  if (text(form.source.path) !== form.source.is) refuse(form.source.path, `"${form.source.is}"`);
  const eventTime = text(form.eventTime);
  if (Number.isNaN(Date.parse(eventTime))) refuse(form.eventTime, 'a date and time in ISO 8601');
  const sequencer = text(inObject('sequencer'));
  if (!/^[0-9a-f]{1,32}$/i.test(sequencer)) refuse(inObject('sequencer'), 'up to 32 hex digits');
  const size = fieldOf(record, inObject('size'));
  const versionId = fieldOf(record, inObject(form.versionId)) ?? 'null';

  return {
    bucket: text(form.bucket),
    key: form.key.decode(text(inObject('key'))) ?? refuse(inObject('key'), form.key.is),
    size: isByteCount(size) ? size : refuse(inObject('size'), 'a whole number of bytes, 0 or more'),
    eTag: text(inObject(form.eTag)),
    versionId:
      typeof versionId === 'string' ? versionId || 'null' : refuse(inObject(form.versionId), 'a text'),
    sequencer: comparable(sequencer),
    eventTime,
  };
}

/** The bucket and key of a record, if they can be read. They label a record that cannot be processed. */
export function labelsOf({ form, value }: S3Record): { readonly bucket?: string; readonly key?: string } {
  const bucket = fieldOf(value, form.bucket);
  const key = fieldOf(value, `${form.object}.key`);
  return {
    ...(typeof bucket === 'string' ? { bucket } : {}),
    ...(typeof key === 'string' ? { key: form.key.decode(key) ?? key } : {}),
  };
}

/**
 * Whether this is a folder of the S3 console: an object of 0 bytes whose key ends with `/`. An object with content is a
 * file, even with such a key.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-folders.html
 */
export function isFolderMarker({ key, size }: S3Object): boolean {
  return size === 0 && key.endsWith('/');
}

/**
 * The expiry of a row, `days` after the event, in epoch seconds as DynamoDB's time to live requires.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html
 */
export function expiresAt(eventTime: string, days: number): number {
  return Math.floor(Date.parse(eventTime) / 1000) + days * SECONDS_A_DAY;
}

function refuseUnless(expected: string, found: unknown, path: string): void {
  if (found !== expected) {
    throw new MalformedEventError(`${path}: expected "${expected}", found ${describe(found)}`);
  }
}

function isByteCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
