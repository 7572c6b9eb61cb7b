/** The queue that keeps, for 14 days, the input of whatever failed for good. */
import type { IQueue } from '@crossplane-models/provider-upjet-aws/sqs.aws.m.upbound.io/v1beta1/Queue';
import type { Context } from '../context.ts';
import { KEYS } from '../keys.ts';
import { type ComposedResource, define } from '../plan.ts';

/** SQS's longest. */
const RETENTION_SECONDS = 1209600;
/** SQS's largest, in bytes. A dead letter is larger than the event in it, and the provider's default is 256 KiB. */
const MAX_MESSAGE_SIZE = 1048576;

/** The dead-letter queue. The provider takes a minute to make it, so nothing that takes files waits for it. */
export function deadLetters(context: Context): ComposedResource[] {
  return [
    define<IQueue>(context, {
      apiVersion: 'sqs.aws.m.upbound.io/v1beta1',
      area: 'Workflow',
      key: KEYS.deadLetterQueue,
      kind: 'Queue',
      forProvider: {
        region: context.spec.region,
        name: context.names.deadLetterQueue,
        messageRetentionSeconds: RETENTION_SECONDS,
        maxMessageSize: MAX_MESSAGE_SIZE,
        sqsManagedSseEnabled: true,
        tags: context.tags,
      },
    }),
  ];
}
