/**
 * Tags. Their keys differ by case everywhere but in IAM, which refuses two that differ in nothing else; so no two such are
 * emitted. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
 */
import { duplicate, forbidden, specError } from './errors.ts';

type Tags = Readonly<Record<string, string>>;

/** Whose tags they are: AWS's, the provider's, and ours, which say whose things are. */
const RESERVED = /^(aws:|crossplane-|fileingest\.dev\/)/i;

/** The platform's tags and the claim's, which win over those of the same key in any case. */
export function mergeTags(platform: Tags, claim: Tags): Record<string, string> {
  const taken = new Set(Object.keys(claim).map((key) => key.toLowerCase()));
  const left = Object.entries(platform).filter(([key]) => !taken.has(key.toLowerCase()));
  return { ...Object.fromEntries(left), ...claim };
}

/**
 * @param where - the field that holds the tag of a key.
 * @throws a SpecError on a key that is reserved, or there twice.
 */
export function assertTagKeys(tags: Tags, where: (key: string) => string): void {
  const seen = new Map<string, string>();
  // In order: the wire keeps none, and the message is to stay the same.
  for (const key of Object.keys(tags).toSorted()) {
    if (RESERVED.test(key))
      throw specError(
        forbidden(
          where(key),
          'keys that start with aws:, crossplane- or fileingest.dev/ are reserved, whatever their case. Rename the tag.',
        ),
      );
    const twin = seen.get(key.toLowerCase());
    if (twin !== undefined) {
      throw specError(
        duplicate(
          where(key),
          key,
          `is ${twin} in another case, and IAM takes them for one key. Remove one of them.`,
        ),
      );
    }
    seen.set(key.toLowerCase(), key);
  }
}
