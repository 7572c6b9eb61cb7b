import { describe } from '../shared/errors.ts';
import type { ObjectVersion } from '../shared/object-version.ts';
import { KeyTooLongError } from './errors.ts';

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
const MAX_KEY_BYTES = 1024;
const EXTENSION = /\.([^./]+)$/;

/** The extension of a key, in lower case and without the dot. Empty when the last segment has none. */
export function extensionOf(key: string): string {
  return EXTENSION.exec(key)?.[1]?.toLowerCase() ?? '';
}

/**
 * The key with `suffix` before the extension: `a/b.jpg` becomes `a/b-small.jpg`.
 *
 * @throws KeyTooLongError when the result is longer than the limit of S3
 */
export function suffixedKey(key: string, suffix: string): string {
  const dot = EXTENSION.exec(key)?.index ?? key.length;
  return asKey(`${key.slice(0, dot)}${suffix}${key.slice(dot)}`, key, suffix);
}

/**
 * The key with `prefix` before it.
 *
 * @throws KeyTooLongError when the result is longer than the limit of S3
 */
export function prefixedKey(key: string, prefix: string): string {
  return asKey(`${prefix}${key}`, key, prefix);
}

function asKey(made: string, key: string, added: string): string {
  const bytes = Buffer.byteLength(made);
  if (bytes <= MAX_KEY_BYTES) return made;
  throw new KeyTooLongError(
    `${describe(key)}: with ${describe(added)} in it, it would have ${bytes} bytes, and S3 takes ${MAX_KEY_BYTES}: ` +
      'upload the file under a shorter key',
  );
}

/**
 * The source for CopyObject: URL-encoded, with the version if the bucket has versioning.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export function copySourceOf({ bucket, key, versionId }: ObjectVersion): string {
  const path = [bucket, ...key.split('/')].map(encodeURIComponent).join('/');
  return versionId === 'null' ? path : `${path}?versionId=${encodeURIComponent(versionId)}`;
}
