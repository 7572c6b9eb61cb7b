/** DynamoDB tables, with the settings that are calls of their own: recovery, time to live, tags. */
import {
  BillingMode,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTagsOfResourceCommand,
  TableClass,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clients } from '../aws.ts';
import { choice, defined, dictionary, type Fields, flag, number, text } from '../fields.ts';
import { definition, encryption, stream, tableState, throughput } from './dynamodb-mapping.ts';
import {
  GROUPS,
  ifFound,
  type Kind,
  type Observation,
  type Subject,
  staleTags,
  tagList,
  tagMap,
} from './kind.ts';

const ABSENT = 'ResourceNotFoundException';

async function setRecovery({ clients, name, spec }: Subject): Promise<void> {
  const PointInTimeRecoveryEnabled = flag(spec, 'pointInTimeRecovery.enabled') ?? false;
  const RecoveryPeriodInDays = number(spec, 'pointInTimeRecovery.recoveryPeriodInDays');
  const PointInTimeRecoverySpecification = {
    PointInTimeRecoveryEnabled,
    ...(PointInTimeRecoveryEnabled ? { RecoveryPeriodInDays } : {}),
  };
  await clients.dynamodb.send(
    new UpdateContinuousBackupsCommand({ TableName: name, PointInTimeRecoverySpecification }),
  );
}

/** To switch it off, DynamoDB wants the name of the attribute that it is on for. */
async function setTimeToLive({ clients, name, spec }: Subject, present: Fields): Promise<void> {
  const Enabled = flag(spec, 'ttl.enabled') ?? false;
  const AttributeName = text(Enabled ? spec : present, 'ttl.attributeName');
  const TimeToLiveSpecification = { Enabled, AttributeName };
  await clients.dynamodb.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
}

async function recoveryState({ dynamodb }: Clients, TableName: string): Promise<Fields> {
  const found = await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }));
  const recovery = found.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  return defined({
    enabled: recovery?.PointInTimeRecoveryStatus === 'ENABLED',
    recoveryPeriodInDays: recovery?.RecoveryPeriodInDays,
  });
}

async function timeToLiveState({ clients, name, spec }: Subject): Promise<Fields> {
  const found = await clients.dynamodb.send(new DescribeTimeToLiveCommand({ TableName: name }));
  const { TimeToLiveStatus: status, AttributeName } = found.TimeToLiveDescription ?? {};
  const enabled = status === 'ENABLED' || status === 'ENABLING';
  // Switched off, DynamoDB keeps no attribute, so whatever the manifest names is right.
  return defined({ enabled, attributeName: enabled ? AttributeName : text(spec, 'ttl.attributeName') });
}

/** DynamoDB takes one kind of change a call. While a table is changing it refuses the next, which waits for a pass. */
async function updateTable(
  { clients, name, spec }: Subject,
  changed: ReadonlySet<string>,
  seen: Observation,
): Promise<void> {
  const send = (change: object) =>
    clients.dynamodb.send(new UpdateTableCommand({ TableName: name, ...change }));
  if (changed.has('billingMode') || changed.has('readCapacity') || changed.has('writeCapacity')) {
    const mode = choice(BillingMode, spec, 'billingMode');
    await send({ BillingMode: mode, ProvisionedThroughput: throughput(spec) });
  }
  if (changed.has('serverSideEncryption')) await send({ SSESpecification: encryption(spec) });
  if (changed.has('streamEnabled') || changed.has('streamViewType')) {
    // A stream cannot change what it shows: it is ended, and the next pass starts another, which has another ARN.
    const isOther = flag(seen.state, 'streamEnabled') && flag(spec, 'streamEnabled');
    await send({ StreamSpecification: isOther ? { StreamEnabled: false } : stream(spec) });
  }
  if (changed.has('tableClass')) await send({ TableClass: choice(TableClass, spec, 'tableClass') });
  if (changed.has('deletionProtectionEnabled')) {
    await send({ DeletionProtectionEnabled: flag(spec, 'deletionProtectionEnabled') });
  }
}

const table: Kind = {
  group: GROUPS.dynamodb,
  kind: 'Table',
  fields: [
    ...[
      'region',
      'hashKey',
      'rangeKey',
      'attribute[].name',
      'attribute[].type',
      'billingMode',
      'tags',
      'tableClass',
    ],
    ...['readCapacity', 'writeCapacity', 'deletionProtectionEnabled', 'streamEnabled', 'streamViewType'],
    ...['pointInTimeRecovery.enabled', 'pointInTimeRecovery.recoveryPeriodInDays'],
    ...['serverSideEncryption.enabled', 'serverSideEncryption.kmsKeyArn', 'ttl.attributeName', 'ttl.enabled'],
  ],
  namedBy: 'manifest',
  immutable: ['hashKey', 'rangeKey', 'attribute'],
  defaults: {
    billingMode: 'PROVISIONED',
    deletionProtectionEnabled: false,
    pointInTimeRecovery: { enabled: false },
    serverSideEncryption: { enabled: false },
    streamEnabled: false,
    tags: {},
    ttl: { enabled: false },
  },

  async observe(subject) {
    const { clients, name } = subject;
    const found = await ifFound(clients.dynamodb.send(new DescribeTableCommand({ TableName: name })), ABSENT);
    const { Table } = found ?? {};
    if (!Table) return undefined;
    const { Tags } = await clients.dynamodb.send(
      new ListTagsOfResourceCommand({ ResourceArn: Table.TableArn }),
    );
    return {
      state: defined({
        ...tableState(Table),
        pointInTimeRecovery: await recoveryState(clients, name),
        tags: tagMap(Tags),
        ttl: await timeToLiveState(subject),
      }),
      atProvider: defined({
        arn: Table.TableArn,
        id: name,
        streamArn: Table.LatestStreamArn,
        streamLabel: Table.LatestStreamLabel,
      }),
      ready: Table.TableStatus === 'ACTIVE',
    };
  },

  async create(subject) {
    const { clients, name, spec } = subject;
    const made = await clients.dynamodb.send(new CreateTableCommand(definition(spec, name)));
    // AWS takes seconds to make one; the settings below then wait for a pass that finds it active.
    if (made.TableDescription?.TableStatus !== 'ACTIVE') return undefined;
    if (flag(spec, 'pointInTimeRecovery.enabled')) await setRecovery(subject);
    if (flag(spec, 'ttl.enabled')) await setTimeToLive(subject, {});
    return undefined;
  },

  async update(subject, changed, seen) {
    if (!seen.ready) return;
    const { clients, spec } = subject;
    if (changed.has('tags')) {
      const tags = dictionary(spec, 'tags');
      const ResourceArn = text(seen.atProvider, 'arn');
      const TagKeys = staleTags(seen, tags);
      if (TagKeys.length > 0) await clients.dynamodb.send(new UntagResourceCommand({ ResourceArn, TagKeys }));
      const Tags = tagList(tags);
      if (Tags.length > 0) await clients.dynamodb.send(new TagResourceCommand({ ResourceArn, Tags }));
    }
    if (changed.has('pointInTimeRecovery')) await setRecovery(subject);
    if (changed.has('ttl')) await setTimeToLive(subject, seen.state);
    await updateTable(subject, changed, seen);
  },

  async remove({ clients, name }) {
    await ifFound(clients.dynamodb.send(new DeleteTableCommand({ TableName: name })), ABSENT);
  },
};

export const dynamodbKinds = [table];
