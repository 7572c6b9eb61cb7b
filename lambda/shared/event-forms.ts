/** The two forms in which an event of S3 reaches a function: a notification of the bucket, and an event of EventBridge. */

/** The places of the fields in a form. A path begins at the record's value. `eTag` and `versionId` are names in `object`. */
export interface EventForm {
  readonly source: { readonly path: string; readonly is: string };
  readonly eventTime: string;
  readonly bucket: string;
  readonly object: string;
  readonly eTag: string;
  readonly versionId: string;
  /** `decode` returns the key as it was uploaded, or undefined for an invalid key. `is` describes what it expects. */
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

/** An event of EventBridge. Its key is not encoded. https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export const EVENT_BRIDGE: EventForm = {
  source: { path: 'source', is: 'aws.s3' },
  eventTime: 'time',
  bucket: 'detail.bucket.name',
  object: 'detail.object',
  eTag: 'etag',
  versionId: 'version-id',
  key: { decode: wellFormed, is: 'a key in UTF-8' },
};

/** The `detail-type` of EventBridge for a new object, from any API: a copy or a multipart upload too. */
export const OBJECT_CREATED = 'Object Created';

// In a notification, S3 encodes keys like an HTML form: `+` is a space, and a plus sign is %2B.
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
