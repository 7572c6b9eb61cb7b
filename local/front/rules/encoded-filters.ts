/**
 * S3 compares a notification's prefix and suffix with the key as events have it, which is URL-encoded with `+` for a space. The
 * emulators compare with the key itself, so they are given what does the same there; who asks gets what was put.
 */
import {
  GetBucketNotificationConfigurationCommand,
  type NotificationConfigurationFilter,
  PutBucketNotificationConfigurationCommand,
} from '@aws-sdk/client-s3';
import { bucketOf } from '../call.ts';
import type { Answer, Ask, Rule } from '../rule.ts';
import { escapeXml, texts, unescapeXml } from '../xml.ts';

/** Longer than any key, which has 1,024 bytes at most: no key begins or ends with it. */
const NEVER = '~'.repeat(1025);

/** `!*'()~` are taken both ways: S3's page does not say whether an event has them encoded. */
const ENCODED = /^(?:[A-Za-z0-9/._+!*'()~-]|%[0-9A-F]{2})*$/;

/** What no encoder encodes: an escape of it is in no event. */
const SAFE = /[A-Za-z0-9/._-]/;

/** A filter's text before it was encoded; undefined where it matches no encoded key. */
function decoded(filter: string): string | undefined {
  const escapes = filter.match(/%[0-9A-F]{2}/g) ?? [];
  const isOdd = (one: string) =>
    one === '%20' || SAFE.test(String.fromCharCode(Number.parseInt(one.slice(1), 16)));
  if (!ENCODED.test(filter) || escapes.some(isOdd)) return undefined;
  try {
    return decodeURIComponent(filter.replaceAll('+', ' '));
  } catch {
    // An escape that ends within a character.
    return undefined;
  }
}

/** `encodeURIComponent` leaves `!*'()~-._` alone. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll('%20', '+').replaceAll('%2F', '/');

/** What an emulator is given for a filter, so that its comparison with the raw key has the outcome that S3's has. */
export function forEmulator(filter: string): string {
  return decoded(filter) ?? `${NEVER}${filter}`;
}

/** What was put, from what an emulator was given. */
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

/** A front's own rule: where two encodings mean one text, it remembers which of them a bucket was given. */
export function createEncodedFilters(): Rule {
  const kept = new Map<string, string>();
  const keyOf = (bucket: string, given: string) => `${bucket}/${given}`;

  /** The emulator's own document with each filter as it was put. */
  const asPut = (bucket: string, answer: Answer): Answer => {
    if (answer.status !== 200) return answer;
    const xml = answer.body.toString().replaceAll(/(?<=<Value>)[^<]*(?=<\/Value>)/g, (value) => {
      const given = unescapeXml(value);
      return escapeXml(kept.get(keyOf(bucket, given)) ?? fromEmulator(given));
    });
    return { ...answer, body: Buffer.from(xml) };
  };

  const putAgain = async (Bucket: string, ask: Ask): Promise<void> => {
    const found = await ask.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    const { $metadata: _, ...put } = found;
    await ask.s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket,
        // It has been validated, and queues have had their test event.
        SkipDestinationValidation: true,
        NotificationConfiguration: {
          ...put,
          LambdaFunctionConfigurations: translated(put.LambdaFunctionConfigurations),
          QueueConfigurations: translated(put.QueueConfigurations),
          TopicConfigurations: translated(put.TopicConfigurations),
        },
      }),
    );
  };

  return {
    page: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html',
    operations: ['s3:PutBucketNotificationConfiguration', 's3:GetBucketNotificationConfiguration'],
    judge(call, ask) {
      const bucket = bucketOf(call);
      if (call.operation === 's3:GetBucketNotificationConfiguration')
        return { after: (answer) => asPut(bucket, answer) };
      const filters = texts(call.body.toString(), 'Value');
      // The emulator has seen the caller's own request by then, and whether the caller may.
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
