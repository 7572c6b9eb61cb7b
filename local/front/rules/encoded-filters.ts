/**
 * S3 compares a notification's prefix and suffix with the key in the form of events: URL-encoded, with `+` for a space. The emulators
 * compare them with the raw key. So the front gives the emulator filters with the same effect, and returns the original filters.
 */
import type { NotificationConfigurationFilter } from '@aws-sdk/client-s3';
import { bucketOf } from '../call.ts';
import type { Answer, Ask, Rule } from '../rule.ts';
import { escapeXml, texts, unescapeXml } from '../xml.ts';

/** A text that no key begins or ends with: it is longer than the limit of a key, 1,024 bytes. */
const NEVER = '~'.repeat(1025);

/** An encoded text. `!*'()~` can be encoded or not: the documentation of S3 does not say which form events have. */
const ENCODED = /^(?:[A-Za-z0-9/._+!*'()~-]|%[0-9A-F]{2})*$/;

/** Characters that are never encoded, so no event has an escape of them. */
const SAFE = /[A-Za-z0-9/._-]/;

/** The decoded text of a filter, or undefined when it matches no encoded key. */
function decoded(filter: string): string | undefined {
  const escapes = filter.match(/%[0-9A-F]{2}/g) ?? [];
  const isOdd = (one: string) =>
    one === '%20' || SAFE.test(String.fromCharCode(Number.parseInt(one.slice(1), 16)));
  if (!ENCODED.test(filter) || escapes.some(isOdd)) return undefined;
  try {
    return decodeURIComponent(filter.replaceAll('+', ' '));
  } catch {
    // The escapes end in the middle of a character.
    return undefined;
  }
}

/** A text in the encoding of events. `encodeURIComponent` does not encode `!*'()~-._`. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll('%20', '+').replaceAll('%2F', '/');

/** The filter for the emulator: its comparison with the raw key has the same result as S3's comparison with the encoded key. */
export function forEmulator(filter: string): string {
  return decoded(filter) ?? `${NEVER}${filter}`;
}

/** The original filter, from the emulator's filter. */
export function fromEmulator(given: string): string {
  return given.startsWith(NEVER) ? given.slice(NEVER.length) : encoded(given);
}

function translated<T extends { Filter?: NotificationConfigurationFilter | undefined }>(
  configurations: readonly T[] | undefined,
): T[] | undefined {
  return configurations?.map((one) => {
    const rules = one.Filter?.Key?.FilterRules;
    if (rules === undefined) return one;
    const FilterRules = rules.map((rule) => ({ ...rule, Value: forEmulator(rule.Value ?? '') }));
    return { ...one, Filter: { Key: { FilterRules } } };
  });
}

/** Creates the rule of one front. When two encodings mean the same text, it remembers which one a bucket has. */
export function createEncodedFilters(): Rule {
  const kept = new Map<string, string>();
  const keyOf = (bucket: string, given: string) => `${bucket}/${given}`;

  /** The emulator's document with the original filters. */
  const asPut = (bucket: string, answer: Answer): Answer => {
    if (answer.status !== 200) return answer;
    const xml = answer.body.toString().replaceAll(/(?<=<Value>)[^<]*(?=<\/Value>)/g, (value) => {
      const given = unescapeXml(value);
      return escapeXml(kept.get(keyOf(bucket, given)) ?? fromEmulator(given));
    });
    return { ...answer, body: Buffer.from(xml) };
  };

  const putAgain = async (Bucket: string, ask: Ask): Promise<void> => {
    const found = await ask.s3.getBucketNotificationConfiguration({ Bucket });
    const { $metadata: _, ...put } = found;
    await ask.s3.putBucketNotificationConfiguration({
      Bucket,
      // The destinations were validated before, and queues have received their test event.
      SkipDestinationValidation: true,
      NotificationConfiguration: {
        ...put,
        LambdaFunctionConfigurations: translated(put.LambdaFunctionConfigurations),
        QueueConfigurations: translated(put.QueueConfigurations),
        TopicConfigurations: translated(put.TopicConfigurations),
      },
    });
  };

  return {
    page: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html',
    operations: ['s3:PutBucketNotificationConfiguration', 's3:GetBucketNotificationConfiguration'],
    judge(call, ask) {
      const bucket = bucketOf(call);
      if (call.operation === 's3:GetBucketNotificationConfiguration')
        return { after: (answer) => asPut(bucket, answer) };
      const filters = texts(call.body.toString(), 'Value');
      // At this point the emulator has accepted the caller's own request, including its permissions.
      const after = async (answer: Answer): Promise<Answer> => {
        if (answer.status !== 200) return answer;
        for (const filter of filters) kept.set(keyOf(bucket, forEmulator(filter)), filter);
        if (filters.some((filter) => forEmulator(filter) !== filter)) await putAgain(bucket, ask);
        return answer;
      };
      return { after };
    },
  };
}
