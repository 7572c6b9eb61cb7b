/** Encodes the prefix and the suffixes of a bucket notification for S3. */

/** The maximum length of a value: https://docs.aws.amazon.com/AmazonS3/latest/API/API_FilterRule.html */
export const FILTER_CHARACTERS = 1024;

const AS_IS = /^[A-Za-z0-9._*/-]$/;

function encodedByte(byte: number): string {
  const char = String.fromCharCode(byte);
  if (AS_IS.test(char)) return char;
  return char === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/**
 * A text in the encoding of keys in S3's events, since S3 compares a notification's filters with these: form encoding, where a space is
 * a `+`, but with unencoded slashes. `!'()` are safe characters in keys, but events have them encoded.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export const asInEvents = (text: string): string => Array.from(Buffer.from(text), encodedByte).join('');
