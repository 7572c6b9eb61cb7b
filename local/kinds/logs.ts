/** Log groups of CloudWatch Logs. */
import type { LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import { dictionary, number } from '../fields.ts';
import { GROUPS, type Kind, type Subject } from './kind.ts';

async function find({ clients, name }: Subject): Promise<LogGroup | undefined> {
  let nextToken: string | undefined;
  do {
    const page = await clients.logs.describeLogGroups({ logGroupNamePrefix: name, nextToken });
    const found = page.logGroups?.find((group) => group.logGroupName === name);
    if (found) return found;
    nextToken = page.nextToken;
  } while (nextToken);
  return undefined;
}

async function setRetention({ clients, name, spec }: Subject): Promise<void> {
  const retentionInDays = number(spec, 'retentionInDays');
  if (retentionInDays) await clients.logs.putRetentionPolicy({ logGroupName: name, retentionInDays });
  else await clients.logs.deleteRetentionPolicy({ logGroupName: name });
}

const group: Kind = {
  group: GROUPS.logs,
  kind: 'Group',
  fields: ['region', 'retentionInDays', 'tags'],
  namedBy: 'manifest',
  defaults: { retentionInDays: 0, tags: {} },
  absent: ['ResourceNotFoundException'],

  async observe(subject) {
    const found = await find(subject);
    if (!found) return undefined;
    // The provider's `arn` has no `:*` at its end, and neither has the one that tagging takes.
    const arn = (found.arn ?? '').replace(/:\*$/, '');
    const { tags } = await subject.clients.logs.listTagsForResource({ resourceArn: arn });
    return {
      state: { retentionInDays: found.retentionInDays ?? 0, tags: tags ?? {} },
      atProvider: { arn, id: subject.name },
    };
  },

  async create(subject) {
    const { clients, name, spec } = subject;
    const tags = dictionary(spec, 'tags');
    await clients.logs.createLogGroup({ logGroupName: name, ...(Object.keys(tags).length > 0 && { tags }) });
    if (number(spec, 'retentionInDays')) await setRetention(subject);
  },

  tags: {
    put: ({ clients }, tags, resourceArn) => clients.logs.tagResource({ resourceArn, tags }),
    take: ({ clients }, tagKeys, resourceArn) => clients.logs.untagResource({ resourceArn, tagKeys }),
  },

  update: setRetention,

  remove: ({ clients, name }) => clients.logs.deleteLogGroup({ logGroupName: name }),
};

export const logsKinds = [group];
