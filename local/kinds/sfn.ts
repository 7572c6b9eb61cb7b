/** State machines of Step Functions. */
import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeStateMachineCommand,
  EncryptionType,
  ListTagsForResourceCommand,
  LogLevel,
  StateMachineType,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { block, choice, defined, dictionary, type Fields, flag, needText, number, text } from '../fields.ts';
import { GROUPS, ifFound, type Kind, type Observation, type Subject, staleTags } from './kind.ts';

function arnOf({ accountId, name, clients }: Subject): string {
  return `arn:aws:states:${clients.region}:${accountId}:stateMachine:${name}`;
}

function configurationOf(spec: Fields) {
  const logging = block(spec, 'loggingConfiguration');
  const encryption = block(spec, 'encryptionConfiguration');
  const logGroupArn = logging && text(logging, 'logDestination');
  return {
    definition: needText(spec, 'definition'),
    roleArn: needText(spec, 'roleArn'),
    ...(logging
      ? {
          loggingConfiguration: {
            level: choice(LogLevel, logging, 'level'),
            // Left out where it is false, as the provider leaves it out.
            includeExecutionData: flag(logging, 'includeExecutionData') || undefined,
            ...(logGroupArn ? { destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }] } : {}),
          },
        }
      : {}),
    tracingConfiguration: { enabled: flag(spec, 'tracingConfiguration.enabled') ?? false },
    ...(encryption
      ? {
          encryptionConfiguration: {
            type: choice(EncryptionType, encryption, 'type'),
            kmsKeyId: text(encryption, 'kmsKeyId'),
            kmsDataKeyReusePeriodSeconds: number(encryption, 'kmsDataKeyReusePeriodSeconds'),
          },
        }
      : {}),
  };
}

async function setTags(subject: Subject, seen: Observation): Promise<void> {
  const { sfn } = subject.clients;
  const resourceArn = arnOf(subject);
  const tags = dictionary(subject.spec, 'tags');
  const tagKeys = staleTags(seen, tags);
  if (tagKeys.length > 0) await sfn.send(new UntagResourceCommand({ resourceArn, tagKeys }));
  const list = Object.entries(tags).map(([key, value]) => ({ key, value }));
  if (list.length > 0) await sfn.send(new TagResourceCommand({ resourceArn, tags: list }));
}

const stateMachine: Kind = {
  group: GROUPS.sfn,
  kind: 'StateMachine',
  fields: [
    ...['region', 'definition', 'roleArn', 'type', 'tags', 'tracingConfiguration.enabled'],
    ...['level', 'includeExecutionData', 'logDestination'].map((field) => `loggingConfiguration.${field}`),
    ...['type', 'kmsKeyId', 'kmsDataKeyReusePeriodSeconds'].map(
      (field) => `encryptionConfiguration.${field}`,
    ),
  ],
  references: [{ from: 'roleArnRef', to: 'roleArn', group: GROUPS.iam, kind: 'Role', take: 'status.arn' }],
  namedBy: 'manifest',
  immutable: ['type'],
  documents: { definition: 'json' },
  defaults: { type: 'STANDARD', tags: {} },

  async observe(subject) {
    const { sfn } = subject.clients;
    const stateMachineArn = arnOf(subject);
    const command = new DescribeStateMachineCommand({ stateMachineArn });
    const found = await ifFound(sfn.send(command), 'StateMachineDoesNotExist');
    if (!found) return undefined;
    const { tags } = await sfn.send(new ListTagsForResourceCommand({ resourceArn: stateMachineArn }));
    const {
      loggingConfiguration: logging,
      tracingConfiguration: tracing,
      encryptionConfiguration: encryption,
    } = found;
    return {
      state: defined({
        definition: found.definition,
        roleArn: found.roleArn,
        type: found.type,
        tags: Object.fromEntries((tags ?? []).map(({ key, value }) => [key, value])),
        loggingConfiguration: {
          level: logging?.level ?? 'OFF',
          includeExecutionData: logging?.includeExecutionData ?? false,
          logDestination: logging?.destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn,
        },
        // AWS reports both always; an emulator that drops them must not look like drift.
        tracingConfiguration: tracing
          ? { enabled: tracing.enabled }
          : subject.applied['tracingConfiguration'],
        encryptionConfiguration: encryption ? { ...encryption } : subject.applied['encryptionConfiguration'],
      }),
      atProvider: defined({
        arn: found.stateMachineArn,
        id: found.stateMachineArn,
        creationDate: found.creationDate?.toISOString(),
        revisionId: found.revisionId,
        status: found.status,
      }),
      ready: found.status === 'ACTIVE',
    };
  },

  async create({ clients, name, spec }) {
    await clients.sfn.send(
      new CreateStateMachineCommand({
        ...configurationOf(spec),
        name,
        type: choice(StateMachineType, spec, 'type'),
        tags: Object.entries(dictionary(spec, 'tags')).map(([key, value]) => ({ key, value })),
      }),
    );
    return undefined;
  },

  async update(subject, changed, seen) {
    if (changed.has('tags')) await setTags(subject, seen);
    if ([...changed].every((field) => field === 'tags')) return;
    const stateMachineArn = arnOf(subject);
    await subject.clients.sfn.send(
      new UpdateStateMachineCommand({ stateMachineArn, ...configurationOf(subject.spec) }),
    );
  },

  async remove(subject) {
    await subject.clients.sfn.send(new DeleteStateMachineCommand({ stateMachineArn: arnOf(subject) }));
  },
};

export const sfnKinds = [stateMachine];
