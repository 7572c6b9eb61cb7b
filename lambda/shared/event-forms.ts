/** The two forms in which an event of S3 reaches a function: a notification of the bucket, and an event of EventBridge. */

/** Where a form has what. Paths begin at a record's value; `eTag` and `versionId` are names below `object`. */
export interface EventForm {
  readonly source: { readonly path: string; readonly is: string };
  readonly eventTime: string;
  readonly bucket: string;
  readonly object: string;
  readonly eTag: string;
  readonly versionId: string;
  /** `decode` gives the key as it was uploaded, or undefined for what is none; `is` says what it expects. */
  readonly key: { readonly decode: (key: string) => string | undefined; readonly is: string };
}

/** A record of an S3 notification. https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
export const NOTIFICATION: EventForm = {
  source: { path: 'eventSource', is: 'aws:s3' },
  eventTime: 'eventTime',
  bucket: 's3.bucket.name',
  object: 's3.object',
  eTag: 'eTag',
  versionId: 'versionId',
  key: { decode: decodeKey, is: 'a URL-encoded key in UTF-8' },
};

/** An event of EventBridge, whose key is as it is. https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export const EVENT_BRIDGE: EventForm = {
  source: { path: 'source', is: 'aws.s3' },
  eventTime: 'time',
  bucket: 'detail.bucket.name',
  object: 'detail.object',
  eTag: 'etag',
  versionId: 'version-id',
  key: { decode: wellFormed, is: 'a key in UTF-8' },
};

/** The `detail-type` of an upload at EventBridge, whatever API made it: a copy and a multipart upload too. */
export const OBJECT_CREATED = 'Object Created';

// S3 writes keys into notifications as an HTML form does: `+` is a space, and a real plus is %2B.
function decodeKey(encoded: string): string | undefined {
  try {
    return wellFormed(decodeURIComponent(encoded.replaceAll('+', ' ')));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function wellFormed(key: string): string | undefined {
  return key.isWellFormed() ? key : undefined;
}
