/** The event pattern of uploads. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
import { specError, tooLong } from './errors.ts';

/** EventBridge's most for one pattern, in characters. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MOST_CHARACTERS = 2048;

type Matcher = string | { prefix: string } | { suffix: string } | { wildcard: string };

/** As itself in a wildcard pattern, where these two characters mean something else. */
const literal = (text: string) => text.replaceAll(/[\\*]/g, (character) => `\\${character}`);

/** Keys that begin with the one and end with the other. A wildcard leaves out the keys in which the two overlap. */
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

/** The keys that count; undefined when all do. Unlike a notification's filter, a pattern takes keys as they are. */
function keyMatchers(
  prefix: string | undefined,
  suffixes: readonly string[] | undefined,
): Matcher[] | undefined {
  if (prefix === undefined) return suffixes?.map((suffix) => ({ suffix }));
  return suffixes?.flatMap((suffix) => both(prefix, suffix)) ?? [{ prefix }];
}

/**
 * The pattern, as JSON, of the events that S3 sends for objects that come into a bucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 *
 * @throws a SpecError when it is longer than EventBridge takes.
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
