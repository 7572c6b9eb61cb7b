/** The dead-letter queue, which keeps the input of permanent failures for 14 days. */
import type { IQueue } from '@crossplane-models/provider-upjet-aws/sqs.aws.m.upbound.io/v1beta1/Queue';
import type { Context } from '../context.ts';
import { KEYS } from '../keys.ts';
import { type ComposedResource, define } from '../plan.ts';

/** The maximum of SQS. */
const RETENTION_SECONDS = 1209600;
/** The maximum of SQS, in bytes. A dead letter is larger than its event, and the provider's default is only 256 KiB. */
const MAX_MESSAGE_SIZE = 1048576;

/** The dead-letter queue. The provider needs a minute to create it, so the upload path does not wait for it. */
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
