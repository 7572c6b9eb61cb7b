import { GetObjectCommand } from '@aws-sdk/client-s3';
import { describe } from './errors.ts';
import { readInput } from './task-input.ts';

/** A version of an S3 object, as in the execution input that start-workflow writes. */
export interface ObjectVersion {
  readonly bucket: string;
  readonly key: string;
  /** The string `null` for an object in a bucket without versioning. */
  readonly versionId: string;
  /** Without quotes, as S3 writes it into events. */
  readonly eTag: string;
  /** Bytes. */
  readonly size: number;
}

/** The version was deleted or replaced. A retry does not help. */
export class ObjectGoneError extends Error {
  override readonly name = 'ObjectGoneError';
}

/** S3 sent fewer bytes than the object has. A retry helps. */
export class ObjectIncompleteError extends Error {
  override readonly name = 'ObjectIncompleteError';
}

/** The part of an S3Client that reading needs. */
export interface ObjectReader {
  send(command: GetObjectCommand): Promise<{ Body?: { transformToWebStream(): ReadableStream } | undefined }>;
}

const GONE = ['NoSuchKey', 'NoSuchVersion', 'PreconditionFailed'];

/**
 * The object version in a task's input.
 *
 * @throws MalformedInputError naming the field that is missing or wrong
 */
export function objectVersionOf(input: unknown): ObjectVersion {
  const fields = readInput(input);
  return {
    bucket: fields.text('bucket'),
    key: fields.text('key'),
    versionId: fields.text('versionId'),
    eTag: fields.text('eTag'),
    size: fields.bytes('size'),
  };
}

/**
 * The first `limit` bytes of exactly this version, or all its bytes when it has fewer. The request has the ETag too: without
 * versioning, only the ETag distinguishes a newer upload to the same key.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 *
 * @throws ObjectGoneError when the version was deleted or replaced
 * @throws ObjectIncompleteError when S3 sends fewer bytes than expected
 */
export async function readObject(
  s3: ObjectReader,
  object: ObjectVersion,
  limit: number,
): Promise<Uint8Array> {
  // A single buffer instead of joined chunks, so that an image is in memory only once.
  const bytes = new Uint8Array(Math.min(limit, object.size));
  if (bytes.length === 0) return bytes;
  const body = await open(s3, object, bytes.length);
  let filled = 0;
  for await (const chunk of body) {
    const part = chunk.subarray(0, bytes.length - filled);
    bytes.set(part, filled);
    filled += part.length;
    // A server can ignore the range and send the whole object.
    if (filled === bytes.length) break;
  }
  if (filled < bytes.length) {
    throw new ObjectIncompleteError(
      `${describe(object.key)} in ${object.bucket}: S3 sent ${filled} of ${bytes.length} bytes, try again`,
    );
  }
  return bytes;
}

async function open(
  s3: ObjectReader,
  object: ObjectVersion,
  length: number,
): Promise<AsyncIterable<Uint8Array>> {
  const { bucket, key, versionId, eTag, size } = object;
  try {
    const { Body } = await s3.send(
      new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        VersionId: versionId,
        IfMatch: `"${eTag}"`,
        ...(length < size ? { Range: `bytes=0-${length - 1}` } : {}),
      }),
    );
    return Body?.transformToWebStream() ?? new ReadableStream();
  } catch (cause) {
    if (!(cause instanceof Error) || !GONE.includes(cause.name)) throw cause;
    throw new ObjectGoneError(
      `${describe(key)} in ${bucket}: version ${versionId} with ETag ${eTag} does not exist any more ` +
        `(${cause.name}); upload the file again if it is still needed`,
      { cause },
    );
  }
}
