/** Log groups of CloudWatch Logs. */
import {
  AssociateKmsKeyCommand,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DisassociateKmsKeyCommand,
  ListTagsForResourceCommand,
  type LogGroup,
  LogGroupClass,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { choice, dictionary, number, text } from '../fields.ts';
import { GROUPS, ifFound, type Kind, type Observation, type Subject, staleTags } from './kind.ts';

async function find({ clients, name }: Subject): Promise<LogGroup | undefined> {
  let nextToken: string | undefined;
  do {
    const page = await clients.logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: name, nextToken }),
    );
    const found = page.logGroups?.find((group) => group.logGroupName === name);
    if (found) return found;
    nextToken = page.nextToken;
  } while (nextToken);
  return undefined;
}

/** The provider's `arn` has no `:*` at its end, and neither has the one that tagging takes. */
function arnOf({ arn = '' }: LogGroup): string {
  return arn.replace(/:\*$/, '');
}

async function setRetention({ clients, name, spec }: Subject): Promise<void> {
  const retentionInDays = number(spec, 'retentionInDays');
  if (retentionInDays)
    await clients.logs.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays }));
  else await clients.logs.send(new DeleteRetentionPolicyCommand({ logGroupName: name }));
}

async function setKey({ clients, name, spec }: Subject): Promise<void> {
  const kmsKeyId = text(spec, 'kmsKeyId');
  if (kmsKeyId) await clients.logs.send(new AssociateKmsKeyCommand({ logGroupName: name, kmsKeyId }));
  else await clients.logs.send(new DisassociateKmsKeyCommand({ logGroupName: name }));
}

async function setTags({ clients, spec }: Subject, seen: Observation): Promise<void> {
  const tags = dictionary(spec, 'tags');
  const resourceArn = text(seen.atProvider, 'arn');
  const tagKeys = staleTags(seen, tags);
  if (tagKeys.length > 0) await clients.logs.send(new UntagResourceCommand({ resourceArn, tagKeys }));
  if (Object.keys(tags).length > 0) await clients.logs.send(new TagResourceCommand({ resourceArn, tags }));
}

const group: Kind = {
  group: GROUPS.logs,
  kind: 'Group',
  fields: ['region', 'retentionInDays', 'kmsKeyId', 'tags', 'logGroupClass'],
  namedBy: 'manifest',
  immutable: ['logGroupClass'],
  defaults: { retentionInDays: 0, kmsKeyId: '', tags: {} },

  async observe(subject) {
    const found = await find(subject);
    if (!found) return undefined;
    const arn = arnOf(found);
    const { tags } = await subject.clients.logs.send(new ListTagsForResourceCommand({ resourceArn: arn }));
    return {
      state: {
        retentionInDays: found.retentionInDays ?? 0,
        kmsKeyId: found.kmsKeyId ?? '',
        logGroupClass: found.logGroupClass ?? 'STANDARD',
        tags: tags ?? {},
      },
      atProvider: { arn, id: subject.name },
      ready: true,
    };
  },

  async create(subject) {
    const { clients, name, spec } = subject;
    const tags = dictionary(spec, 'tags');
    await clients.logs.send(
      new CreateLogGroupCommand({
        logGroupName: name,
        kmsKeyId: text(spec, 'kmsKeyId') || undefined,
        logGroupClass: choice(LogGroupClass, spec, 'logGroupClass'),
        ...(Object.keys(tags).length > 0 ? { tags } : {}),
      }),
    );
    if (number(spec, 'retentionInDays')) await setRetention(subject);
    return undefined;
  },

  async update(subject, changed, seen) {
    if (changed.has('retentionInDays')) await setRetention(subject);
    if (changed.has('kmsKeyId')) await setKey(subject);
    if (changed.has('tags')) await setTags(subject, seen);
  },

  async remove({ clients, name }) {
    const command = new DeleteLogGroupCommand({ logGroupName: name });
    await ifFound(clients.logs.send(command), 'ResourceNotFoundException');
  },
};

export const logsKinds = [group];
