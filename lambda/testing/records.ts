import type { Log, LogFields } from '../shared/log.ts';

/** The fields of an S3 record or EventBridge event that a test can set. All others have fixed values. */
export interface RecordFields {
  readonly bucket?: string;
  readonly key?: string;
  readonly size?: unknown;
  readonly versionId?: unknown;
  readonly sequencer?: unknown;
  readonly eventTime?: unknown;
}

/** The default bucket of the records. */
export const BUCKET = 'files-1a2b3c4d';

/** A key as S3 writes it into events: percent-encoded, `/` kept, a space as `+`. */
function encodeKey(key: string): string {
  return encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+')
    .replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** An ObjectCreated record of S3. `key` is encoded. */
export function s3Record({ bucket = BUCKET, key = 'report.csv', ...rest }: RecordFields = {}) {
  const {
    size = 42,
    versionId,
    sequencer = '0055AED6DCD90281E5',
    eventTime = '2026-01-02T03:04:05.678Z',
  } = rest;
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'eu-west-1',
    eventTime,
    eventName: 'ObjectCreated:Put',
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'files',
      bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
      object: {
        key: encodeKey(key),
        size,
        eTag: 'd41d8cd98f00b204e9800998ecf8427e',
        sequencer,
        ...(versionId === undefined ? {} : { versionId }),
      },
    },
  };
}

/** An S3 event with these records. */
export function s3Event(...records: unknown[]) {
  return { Records: records };
}

/** An EventBridge event of S3 for a new object. `key` is not encoded. */
export function eventBridgeEvent({ bucket = BUCKET, key = 'report.csv', ...rest }: RecordFields = {}) {
  const { size = 42, versionId, sequencer = '0055AED6DCD90281E5', eventTime = '2026-01-02T03:04:05Z' } = rest;
  return {
    version: '0',
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: '111122223333',
    time: eventTime,
    region: 'eu-west-1',
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: {
        key,
        size,
        etag: 'd41d8cd98f00b204e9800998ecf8427e',
        ...(versionId === undefined ? {} : { 'version-id': versionId }),
        sequencer,
      },
      'request-id': 'N4N7GDK58NMKJ12R',
      requester: '111122223333',
      'source-ip-address': '1.2.3.4',
      reason: 'PutObject',
    },
  };
}

/** Both forms of the event of one upload. */
export const EVENT_FORMS = [
  { form: 'a notification', eventOf: (fields?: RecordFields) => s3Event(s3Record(fields)) },
  { form: 'an event of EventBridge', eventOf: (fields?: RecordFields) => eventBridgeEvent(fields) },
] as const;

/** The test message of S3 for a new notification. */
export const TEST_EVENT = {
  Service: 'Amazon S3',
  Event: 's3:TestEvent',
  Time: '2026-01-02T03:04:05.678Z',
  Bucket: BUCKET,
  RequestId: '5582815E1AEA5ADF',
  HostId: '8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR',
};

/** A logged line. */
export interface LogLine extends LogFields {
  readonly level: string;
  readonly message: string;
}

/** A log that keeps its lines. */
export function keptLog(): { readonly log: Log; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const keep = (level: string) => (message: string, fields: LogFields) => {
    lines.push({ level, message, ...fields });
  };
  return { log: { info: keep('info'), warn: keep('warn'), error: keep('error') }, lines };
}

/** The error of a rejected promise. Fails when the promise was resolved. */
export async function rejectionOf(promise: Promise<unknown>): Promise<Error> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof Error)) throw new Error('expected a rejection with an Error');
  return thrown;
}

/**
 * Keys that have broken file-ingest systems, each with its reason. All are valid in S3, and all must arrive unchanged.
 */
export const HOSTILE_KEYS: readonly { readonly why: string; readonly key: string }[] = [
  { why: 'a space is a plus in events', key: 'annual report 2026.csv' },
  { why: 'a plus is %2B in events, and must not become a space', key: 'a+b + c.csv' },
  { why: 'a percent that looks like an escape must not be decoded twice', key: '100%25 off %2F %.csv' },
  { why: 'unicode of 2, 3 and 4 bytes, composed and decomposed', key: 'é-é/日本/🙂.txt' },
  { why: 'deep prefixes', key: `${'a/'.repeat(120)}b.txt` },
  { why: "S3's longest key, 1,024 bytes", key: `${'x'.repeat(1020)}.txt` },
  { why: '1,024 bytes of 4-byte characters, 12 bytes each when encoded', key: '🙂'.repeat(256) },
  { why: 'a path that climbs', key: '../../etc/passwd' },
  { why: 'quotes and backslashes close no JSON text', key: `"},{"key":"x"}'\\"\\n` },
  {
    why: 'paths and intrinsics of the States Language are data',
    key: `$.key $$.Execution States.Format('{}')`,
  },
  { why: 'JSONata of the States Language is data', key: '{% $states.input %}' },
  { why: 'control characters', key: 'line\r\nbreak\ttab\u0000null\u001b[31mred\u007f' },
  { why: 'the end of a folder, on a file with bytes', key: 'folder/' },
  { why: "names of JavaScript's own", key: '__proto__' },
];
