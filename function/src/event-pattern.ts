/** The event pattern of uploads. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
import { specError, tooLong } from './errors.ts';

/** The maximum length of a pattern in EventBridge, in characters. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MOST_CHARACTERS = 2048;

type Matcher = string | { prefix: string } | { suffix: string } | { wildcard: string };

/** A text escaped for a wildcard pattern, where these two characters have a meaning. */
const literal = (text: string) => text.replaceAll(/[\\*]/g, (character) => `\\${character}`);

/** A matcher for keys with a prefix and a suffix. A wildcard does not match keys in which the two overlap. */
function both(prefix: string, suffix: string): Matcher[] {
  const shortest = Math.min(prefix.length, suffix.length);
  const overlaps = Array.from({ length: shortest }, (_, index) => index + 1).filter((length) =>
    prefix.endsWith(suffix.slice(0, length)),
  );
  return [
    { wildcard: `${literal(prefix)}*${literal(suffix)}` },
    ...overlaps.map((length) => prefix + suffix.slice(length)),
  ];
}

/** The matchers for keys, or undefined when all keys match. Unlike a notification's filter, a pattern compares unencoded keys. */
function keyMatchers(
  prefix: string | undefined,
  suffixes: readonly string[] | undefined,
): Matcher[] | undefined {
  if (prefix === undefined) return suffixes?.map((suffix) => ({ suffix }));
  return suffixes?.flatMap((suffix) => both(prefix, suffix)) ?? [{ prefix }];
}

/**
 * The pattern, as JSON, for the events that S3 sends for new objects in a bucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 *
 * @throws SpecError when it is longer than the limit of EventBridge
 */
export function uploadPattern(
  bucket: string,
  { prefix, suffixes }: { prefix?: string | undefined; suffixes?: readonly string[] | undefined },
): string {
  const key = keyMatchers(prefix, suffixes);
  const pattern = JSON.stringify({
    source: ['aws.s3'],
    'detail-type': ['Object Created'],
    detail: { bucket: { name: [bucket] }, ...(key && { object: { key } }) },
  });
  if (pattern.length <= MOST_CHARACTERS) return pattern;
  const sizes = {
    has: pattern.length,
    most: MOST_CHARACTERS,
    unit: 'characters as an event pattern with spec.source.prefix',
  };
  throw specError(tooLong('spec.source.suffixes', sizes, 'Shorten the prefix, or name fewer suffixes.'));
}
