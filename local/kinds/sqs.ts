/** Queues. The provider takes the name from `forProvider.name` and calls the queue by its URL. */
import { QueueAttributeName } from '@aws-sdk/client-sqs';
import { dictionary, type Fields, needText } from '../fields.ts';
import { GROUPS, type Kind } from './kind.ts';

/** Fields of the manifest, each beside the attribute that SQS keeps as a text. */
const ATTRIBUTES = [
  ['maxMessageSize', QueueAttributeName.MaximumMessageSize, Number],
  ['messageRetentionSeconds', QueueAttributeName.MessageRetentionPeriod, Number],
  ['sqsManagedSseEnabled', QueueAttributeName.SqsManagedSseEnabled, (value: string) => value === 'true'],
] as const;

function toAttributes(spec: Fields): Record<string, string> {
  const present = ATTRIBUTES.filter(([field]) => spec[field] !== undefined);
  return Object.fromEntries(present.map(([field, name]) => [name, String(spec[field])]));
}

const queue: Kind = {
  group: GROUPS.sqs,
  kind: 'Queue',
  fields: ['region', 'name', 'tags', ...ATTRIBUTES.map(([field]) => field)],
  namedBy: 'provider',
  immutable: ['name'],
  defaults: { tags: {} },
  absent: ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'],

  async observe({ clients, name }) {
    const AttributeNames = [QueueAttributeName.All];
    const { Attributes: found } = await clients.sqs.getQueueAttributes({ QueueUrl: name, AttributeNames });
    if (!found) return undefined;
    const { Tags } = await clients.sqs.listQueueTags({ QueueUrl: name });
    const attributes = ATTRIBUTES.map(([field, attribute, read]) => {
      const value = found[attribute];
      return [field, value === undefined ? undefined : read(value)];
    });
    const arn = found[QueueAttributeName.QueueArn];
    return {
      state: { ...Object.fromEntries(attributes), name: arn?.split(':').at(-1), tags: Tags ?? {} },
      atProvider: { arn, id: name, url: name },
    };
  },

  async create({ clients, spec }) {
    // Without a name the provider makes one up, which nothing here could find again.
    const QueueName = needText(spec, 'name');
    const settings = { QueueName, Attributes: toAttributes(spec), tags: dictionary(spec, 'tags') };
    return (await clients.sqs.createQueue(settings)).QueueUrl;
  },

  tags: {
    put: ({ clients, name }, Tags) => clients.sqs.tagQueue({ QueueUrl: name, Tags }),
    take: ({ clients, name }, TagKeys) => clients.sqs.untagQueue({ QueueUrl: name, TagKeys }),
  },

  update: ({ clients, name, spec }) =>
    clients.sqs.setQueueAttributes({ QueueUrl: name, Attributes: toAttributes(spec) }),

  remove: ({ clients, name }) => clients.sqs.deleteQueue({ QueueUrl: name }),
};

export const sqsKinds = [queue];
