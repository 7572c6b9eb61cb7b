/** Queues. The provider takes the name from `forProvider.name` and calls the queue by its URL. */
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
  QueueAttributeName,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { defined, dictionary, type Fields, needText } from '../fields.ts';
import { GROUPS, ifFound, type Kind, type Subject, staleTags } from './kind.ts';

const ABSENT = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];

/** Numbers, flags and texts of the manifest, each beside the attribute that SQS keeps as a text. */
const ATTRIBUTES = [
  ['delaySeconds', QueueAttributeName.DelaySeconds],
  ['kmsDataKeyReusePeriodSeconds', QueueAttributeName.KmsDataKeyReusePeriodSeconds],
  ['kmsMasterKeyId', QueueAttributeName.KmsMasterKeyId],
  ['maxMessageSize', QueueAttributeName.MaximumMessageSize],
  ['messageRetentionSeconds', QueueAttributeName.MessageRetentionPeriod],
  ['policy', QueueAttributeName.Policy],
  ['receiveWaitTimeSeconds', QueueAttributeName.ReceiveMessageWaitTimeSeconds],
  ['redrivePolicy', QueueAttributeName.RedrivePolicy],
  ['sqsManagedSseEnabled', QueueAttributeName.SqsManagedSseEnabled],
  ['visibilityTimeoutSeconds', QueueAttributeName.VisibilityTimeout],
] as const;

const TEXTS: readonly string[] = ['kmsMasterKeyId', 'policy', 'redrivePolicy'];

function toAttributes(spec: Fields, include: (field: string) => boolean): Record<string, string> {
  const present = ATTRIBUTES.filter(([field]) => include(field) && spec[field] !== undefined);
  return Object.fromEntries(present.map(([field, name]) => [name, String(spec[field])]));
}

function fromAttribute(field: string, value: string | undefined): unknown {
  if (value === undefined || TEXTS.includes(field)) return value;
  return field === 'sqsManagedSseEnabled' ? value === 'true' : Number(value);
}

async function setTags({ clients, name, spec }: Subject, stale: string[]): Promise<void> {
  const Tags = dictionary(spec, 'tags');
  if (stale.length > 0) await clients.sqs.send(new UntagQueueCommand({ QueueUrl: name, TagKeys: stale }));
  if (Object.keys(Tags).length > 0) await clients.sqs.send(new TagQueueCommand({ QueueUrl: name, Tags }));
}

const queue: Kind = {
  group: GROUPS.sqs,
  kind: 'Queue',
  fields: ['region', 'name', 'tags', ...ATTRIBUTES.map(([field]) => field)],
  namedBy: 'provider',
  immutable: ['name'],
  documents: { policy: 'policy', redrivePolicy: 'json' },
  defaults: { tags: {} },

  async observe({ clients, name }) {
    const command = new GetQueueAttributesCommand({
      QueueUrl: name,
      AttributeNames: [QueueAttributeName.All],
    });
    const found = (await ifFound(clients.sqs.send(command), ...ABSENT))?.Attributes;
    if (!found) return undefined;
    const { Tags } = await clients.sqs.send(new ListQueueTagsCommand({ QueueUrl: name }));
    const attributes = ATTRIBUTES.map(([field, attribute]) => [
      field,
      fromAttribute(field, found[attribute]),
    ]);
    return {
      state: defined({
        ...Object.fromEntries(attributes),
        name: found[QueueAttributeName.QueueArn]?.split(':').at(-1),
        tags: Tags ?? {},
      }),
      atProvider: { arn: found[QueueAttributeName.QueueArn], id: name, url: name },
      ready: true,
    };
  },

  async create({ clients, spec }) {
    // Without a name the provider makes one up, which nothing here could find again.
    const QueueName = needText(spec, 'name');
    const tags = dictionary(spec, 'tags');
    const Attributes = toAttributes(spec, () => true);
    const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName, Attributes, tags }));
    return QueueUrl;
  },

  async update(subject, changed, seen) {
    const Attributes = toAttributes(subject.spec, (field) => changed.has(field));
    if (Object.keys(Attributes).length > 0) {
      await subject.clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl: subject.name, Attributes }));
    }
    if (changed.has('tags')) await setTags(subject, staleTags(seen, dictionary(subject.spec, 'tags')));
  },

  async remove({ clients, name }) {
    await ifFound(clients.sqs.send(new DeleteQueueCommand({ QueueUrl: name })), ...ABSENT);
  },
};

export const sqsKinds = [queue];
