/**
 * Merges and checks tags. IAM rejects two keys that differ only in case, although other services accept them. So such keys are never
 * emitted together. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
 */
import { duplicate, forbidden, specError } from './errors.ts';

type Tags = Readonly<Record<string, string>>;

/** Reserved prefixes of keys: of AWS, of the provider, and of our ownership tag. */
const RESERVED = /^(aws:|crossplane-|fileingest\.dev\/)/i;

/** The tags of the platform and the claim. A tag of the claim wins over the platform's tag with the same key, in upper or lower case. */
export function mergeTags(platform: Tags, claim: Tags): Record<string, string> {
  const taken = new Set(Object.keys(claim).map((key) => key.toLowerCase()));
  const left = Object.entries(platform).filter(([key]) => !taken.has(key.toLowerCase()));
  return { ...Object.fromEntries(left), ...claim };
}

/**
 * Checks the keys of tags.
 *
 * @param where - returns the field with the tag of a key
 * @throws SpecError when a key is reserved or occurs twice
 */
export function assertTagKeys(tags: Tags, where: (key: string) => string): void {
  const seen = new Map<string, string>();
  // Sorted, since the wire format has no order and the message must always be the same.
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
