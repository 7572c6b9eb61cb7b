/** State machines of Step Functions. */
import { type LogDestination, LogLevel, StateMachineType } from '@aws-sdk/client-sfn';
import { dictionary, flag, text } from '../fields.ts';
import { GROUPS, type Kind, reference, type Subject } from './kind.ts';
import * as is from './mapping.ts';

function arnOf({ accountId, name, clients }: Subject): string {
  return `arn:aws:states:${clients.region}:${accountId}:stateMachine:${name}`;
}

const DESTINATIONS: is.Field<LogDestination[]> = {
  name: 'logDestination',
  paths: ['logDestination'],
  to(logging) {
    const logGroupArn = text(logging, 'logDestination');
    return logGroupArn ? [{ cloudWatchLogsLogGroup: { logGroupArn } }] : undefined;
  },
  from: (list) => list?.[0]?.cloudWatchLogsLogGroup?.logGroupArn,
};

/** Left out where it is false, as the provider leaves it out. */
const INCLUDE_DATA: is.Field<boolean> = {
  ...is.flag('includeExecutionData', false),
  to: (logging) => flag(logging, 'includeExecutionData') || undefined,
};

const MACHINE = is.mapping({
  definition: is.needText('definition'),
  roleArn: is.needText('roleArn'),
  loggingConfiguration: is.block('loggingConfiguration', {
    level: is.choice(LogLevel, 'level', 'OFF'),
    includeExecutionData: INCLUDE_DATA,
    destinations: DESTINATIONS,
  }),
  tracingConfiguration: is.block('tracingConfiguration', { enabled: is.flag('enabled') }),
});
const TYPE = is.mapping({ type: is.choice(StateMachineType, 'type') });

function configurationOf({ spec }: Subject) {
  const { tracingConfiguration, ...others } = MACHINE.to(spec);
  return { ...others, tracingConfiguration: { enabled: tracingConfiguration?.enabled ?? false } };
}

const listOf = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([key, value]) => ({ key, value }));

const stateMachine: Kind = {
  group: GROUPS.sfn,
  kind: 'StateMachine',
  fields: ['region', 'tags', ...MACHINE.fields, ...TYPE.fields],
  references: [reference('roleArn', 'iam', 'Role', 'status.arn')],
  namedBy: 'manifest',
  immutable: ['type'],
  documents: { definition: 'json' },
  defaults: { type: 'STANDARD', tags: {} },
  absent: ['StateMachineDoesNotExist'],

  async observe(subject) {
    const { sfn } = subject.clients;
    const arn = arnOf(subject);
    const found = await sfn.describeStateMachine({ stateMachineArn: arn });
    const { tags } = await sfn.listTagsForResource({ resourceArn: arn });
    const { loggingConfiguration = {} } = found;
    return {
      state: {
        // AWS reports it always; an emulator that drops it must not look like drift.
        tracingConfiguration: subject.applied['tracingConfiguration'],
        ...MACHINE.from({ ...found, loggingConfiguration }),
        ...TYPE.from(found),
        tags: Object.fromEntries((tags ?? []).map(({ key, value }) => [key, value])),
      },
      atProvider: { arn: found.stateMachineArn, id: found.stateMachineArn },
      ready: found.status === 'ACTIVE',
    };
  },

  create: (subject) =>
    subject.clients.sfn.createStateMachine({
      ...configurationOf(subject),
      ...TYPE.to(subject.spec),
      name: subject.name,
      tags: listOf(dictionary(subject.spec, 'tags')),
    }),

  tags: {
    put: ({ clients }, tags, resourceArn) => clients.sfn.tagResource({ resourceArn, tags: listOf(tags) }),
    take: ({ clients }, tagKeys, resourceArn) => clients.sfn.untagResource({ resourceArn, tagKeys }),
  },

  update: (subject) =>
    subject.clients.sfn.updateStateMachine({ stateMachineArn: arnOf(subject), ...configurationOf(subject) }),

  remove: (subject) => subject.clients.sfn.deleteStateMachine({ stateMachineArn: arnOf(subject) }),
};

export const sfnKinds = [stateMachine];
