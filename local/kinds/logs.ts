/** Log groups of CloudWatch Logs: what their table does not say. */
import { paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { number } from '../fields.ts';
import type { Subject } from './kind.ts';
import { kindsOf } from './table.ts';

async function setRetention({ clients, name, spec }: Subject): Promise<void> {
  const retentionInDays = number(spec, 'retentionInDays');
  if (retentionInDays) await clients.logs.putRetentionPolicy({ logGroupName: name, retentionInDays });
  else await clients.logs.deleteRetentionPolicy({ logGroupName: name });
}

export const logsKinds = kindsOf(
  'logs.yaml',
  {},
  {
    Group: ({ create }) => ({
      async find({ clients, name }) {
        const pages = paginateDescribeLogGroups({ client: clients.logs }, { logGroupNamePrefix: name });
        for await (const { logGroups = [] } of pages) {
          const found = logGroups.find(({ logGroupName }) => logGroupName === name);
          // The provider's `arn` has no `:*` at its end, and neither has the one that tagging takes.
          if (found) return { ...found, arn: (found.arn ?? '').replace(/:\*$/, '') };
        }
        return undefined;
      },
      async create(subject) {
        await create(subject);
        if (number(subject.spec, 'retentionInDays')) await setRetention(subject);
      },
      update: setRetention,
    }),
  },
);
