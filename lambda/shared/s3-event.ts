import { describe, MalformedEventError, MalformedRecordError } from './errors.ts';
import { fieldOf, isObject } from './fields.ts';
import { comparable } from './sequencer.ts';

/** What an S3 ObjectCreated record says about an object, checked and decoded. */
export interface S3Object {
  readonly bucket: string;
  /** The object's key as it was uploaded, no longer URL-encoded. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly eTag: string;
  /** `null` (S3's own word) for an object of a bucket without versioning. */
  readonly versionId: string;
  /** As `comparable` writes it: string order is the order of events on one key. */
  readonly sequencer: string;
  /** ISO 8601, as S3 wrote it. */
  readonly eventTime: string;
}

const SECONDS_A_DAY = 86_400;

/** Whether this is the message S3 sends when a notification is set up, which is about no object. */
export function isTestEvent(event: unknown): boolean {
  return isObject(event) && event['Event'] === 's3:TestEvent';
}

/**
 * The records of an S3 notification, unchecked: each is checked by itself, so that one bad record costs no other.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 *
 * @throws MalformedEventError when the event has no records, or none of them is from S3
 */
export function recordsOf(event: unknown): readonly unknown[] {
  const records: unknown = isObject(event) ? event['Records'] : undefined;
  if (!Array.isArray(records) || records.length === 0) {
    throw new MalformedEventError(
      `Records: expected the list of an S3 event notification, found ${describe(records ?? event)}`,
    );
  }
  if (!records.some((record) => fieldOf(record, 'eventSource') === 'aws:s3')) {
    const found = describe(fieldOf(records[0], 'eventSource'));
    throw new MalformedEventError(`Records[0].eventSource: expected "aws:s3", found ${found}`);
  }
  return records;
}

/**
 * Reads one record of an S3 notification. `index` is its place in the event, for messages.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 *
 * @throws MalformedRecordError naming the field, such as `Records[3].s3.object.key`, and what was found there
 */
export function objectFromRecord(record: unknown, index: number): S3Object {
  const refuse = (path: string, expected: string): never => {
    const found = describe(fieldOf(record, path));
    throw new MalformedRecordError(`Records[${index}].${path}: expected ${expected}, found ${found}`);
  };
  const text = (path: string): string => {
    const value = fieldOf(record, path);
    return typeof value === 'string' && value !== '' ? value : refuse(path, 'a text');
  };

  if (text('eventSource') !== 'aws:s3') refuse('eventSource', '"aws:s3"');
  const eventTime = text('eventTime');
  if (Number.isNaN(Date.parse(eventTime))) refuse('eventTime', 'a date and time in ISO 8601');
  const sequencer = text('s3.object.sequencer');
  if (!/^[0-9a-f]{1,32}$/i.test(sequencer)) refuse('s3.object.sequencer', 'up to 32 hex digits');
  const size = fieldOf(record, 's3.object.size');
  const versionId = fieldOf(record, 's3.object.versionId') ?? 'null';

  return {
    bucket: text('s3.bucket.name'),
    key: decodeKey(text('s3.object.key')) ?? refuse('s3.object.key', 'a URL-encoded key in UTF-8'),
    size: isByteCount(size) ? size : refuse('s3.object.size', 'a whole number of bytes, 0 or more'),
    eTag: text('s3.object.eTag'),
    versionId: typeof versionId === 'string' ? versionId || 'null' : refuse('s3.object.versionId', 'a text'),
    sequencer: comparable(sequencer),
    eventTime,
  };
}

/** The bucket and key a record names, as far as they can be read: labels for a record that cannot be processed. */
export function labelsOf(record: unknown): { readonly bucket?: string; readonly key?: string } {
  const bucket = fieldOf(record, 's3.bucket.name');
  const key = fieldOf(record, 's3.object.key');
  return {
    ...(typeof bucket === 'string' ? { bucket } : {}),
    ...(typeof key === 'string' ? { key: decodeKey(key) ?? key } : {}),
  };
}

/**
 * When a row expires: `days` after the event, in epoch seconds as DynamoDB's time to live wants it.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html
 */
export function expiresAt(eventTime: string, days: number): number {
  return Math.floor(Date.parse(eventTime) / 1000) + days * SECONDS_A_DAY;
}

// S3 writes keys as an HTML form does: `+` is a space, and a real plus is %2B.
function decodeKey(encoded: string): string | undefined {
  try {
    const key = decodeURIComponent(encoded.replaceAll('+', ' '));
    return key.isWellFormed() ? key : undefined;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function isByteCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
