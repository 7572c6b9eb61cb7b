/** One event must not match two notification configurations of a bucket. */
import { type Target, targetsOf } from '../notification.ts';
import { type Rule, refuse } from '../rule.ts';

/** Whether two configurations share an event. `s3:ObjectCreated:*` includes `s3:ObjectCreated:Put`. */
function haveEventInCommon(one: Target, other: Target): boolean {
  const within = (event: string, wide: string) =>
    event === wide || (wide.endsWith('*') && event.startsWith(wide.slice(0, -1)));
  return one.events.some((a) => other.events.some((b) => within(a, b) || within(b, a)));
}

function overlap(one: Target, other: Target): boolean {
  return (
    haveEventInCommon(one, other) &&
    (one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix)) &&
    (one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix))
  );
}

export const overlappingFilters: Rule = {
  page: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html',
  operations: ['s3:PutBucketNotificationConfiguration'],
  judge({ body }) {
    const targets = targetsOf(body.toString());
    const ambiguous = targets.some((one, i) => targets.slice(i + 1).some((other) => overlap(one, other)));
    return ambiguous
      ? refuse(
          'InvalidArgument',
          'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.',
        )
      : undefined;
  },
};
