/** The prefix and the suffixes of a bucket notification, as S3 takes them. */

/** Of each value: https://docs.aws.amazon.com/AmazonS3/latest/API/API_FilterRule.html */
export const FILTER_CHARACTERS = 1024;

const AS_IS = /^[A-Za-z0-9._*/-]$/;

function encodedByte(byte: number): string {
  const char = String.fromCharCode(byte);
  if (AS_IS.test(char)) return char;
  return char === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/**
 * A text as it stands in the keys of S3's events, which a notification's filters are compared with: form encoding, where a
 * space is a `+`, but for the slash. S3 calls `!'()` safe in keys, yet its events have them encoded.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export const asInEvents = (text: string): string => Array.from(Buffer.from(text), encodedByte).join('');
