/** DynamoDB tables, with the settings that are calls of their own: recovery, time to live, tags. */
import {
  BillingMode,
  type CreateTableCommandInput,
  KeyType,
  ScalarAttributeType,
  StreamViewType,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { choice, defined, dictionary, type Fields, flag, needText, text } from '../fields.ts';
import { GROUPS, type Kind, type Observation, type Subject, tagList, tagMap } from './kind.ts';
import * as is from './mapping.ts';

/** What CreateTable takes as the manifest says it. */
const TABLE = is.mapping({
  AttributeDefinitions: is.blocks('attribute', {
    AttributeName: is.needText('name'),
    AttributeType: is.choice(ScalarAttributeType, 'type'),
  }),
  BillingMode: is.choice(BillingMode, 'billingMode'),
  DeletionProtectionEnabled: is.flag('deletionProtectionEnabled', false),
});
const CAPACITY = is.mapping({
  ReadCapacityUnits: is.number('readCapacity'),
  WriteCapacityUnits: is.number('writeCapacity'),
});

/** Capacity units; a table paid by the request has none. */
const throughput = (spec: Fields) =>
  text(spec, 'billingMode') === 'PAY_PER_REQUEST' ? undefined : CAPACITY.to(spec);

/** With a key of KMS, or the one that DynamoDB owns. */
function encryption(spec: Fields): CreateTableCommandInput['SSESpecification'] {
  if (!flag(spec, 'serverSideEncryption.enabled')) return { Enabled: false };
  return { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: text(spec, 'serverSideEncryption.kmsKeyArn') };
}

/** The stream of its changes. */
function stream(spec: Fields): CreateTableCommandInput['StreamSpecification'] {
  if (!flag(spec, 'streamEnabled')) return { StreamEnabled: false };
  return { StreamEnabled: true, StreamViewType: choice(StreamViewType, spec, 'streamViewType') };
}

const setRecovery = ({ clients, name, spec }: Subject) =>
  clients.dynamodb.updateContinuousBackups({
    TableName: name,
    PointInTimeRecoverySpecification: {
      PointInTimeRecoveryEnabled: flag(spec, 'pointInTimeRecovery.enabled') ?? false,
    },
  });

/** To switch it off, DynamoDB wants the name of the attribute that it is on for. */
async function setTimeToLive({ clients, name, spec }: Subject, present: Fields): Promise<void> {
  const Enabled = flag(spec, 'ttl.enabled') ?? false;
  const AttributeName = text(Enabled ? spec : present, 'ttl.attributeName');
  const TimeToLiveSpecification = { Enabled, AttributeName };
  await clients.dynamodb.updateTimeToLive({ TableName: name, TimeToLiveSpecification });
}

async function recoveryState({ clients, name }: Subject): Promise<Fields> {
  const found = await clients.dynamodb.describeContinuousBackups({ TableName: name });
  const recovery = found.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  return { enabled: recovery?.PointInTimeRecoveryStatus === 'ENABLED' };
}

async function timeToLiveState({ clients, name, spec }: Subject): Promise<Fields> {
  const found = await clients.dynamodb.describeTimeToLive({ TableName: name });
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
  const send = (change: object) => clients.dynamodb.updateTable({ TableName: name, ...change });
  const { BillingMode, DeletionProtectionEnabled } = TABLE.to(spec);
  if (changed.has('billingMode') || changed.has('readCapacity') || changed.has('writeCapacity'))
    await send({ BillingMode, ProvisionedThroughput: throughput(spec) });
  if (changed.has('serverSideEncryption')) await send({ SSESpecification: encryption(spec) });
  if (changed.has('streamEnabled') || changed.has('streamViewType')) {
    // A stream cannot change what it shows: it is ended, and the next pass starts another, which has another ARN.
    const isOther = flag(seen.state, 'streamEnabled') && flag(spec, 'streamEnabled');
    await send({ StreamSpecification: isOther ? { StreamEnabled: false } : stream(spec) });
  }
  if (changed.has('deletionProtectionEnabled')) await send({ DeletionProtectionEnabled });
}

/** What DescribeTable answers, in the words of `forProvider`. */
function tableState(table: TableDescription): Fields {
  const { BillingModeSummary, ProvisionedThroughput, SSEDescription, StreamSpecification } = table;
  const encrypted = SSEDescription?.Status === 'ENABLED' || SSEDescription?.Status === 'UPDATING';
  return {
    ...TABLE.from({ ...table, BillingMode: BillingModeSummary?.BillingMode ?? 'PROVISIONED' }),
    ...CAPACITY.from(ProvisionedThroughput ?? {}),
    hashKey: keyOf(table, KeyType.HASH),
    serverSideEncryption: { enabled: encrypted, kmsKeyArn: SSEDescription?.KMSMasterKeyArn },
    streamEnabled: StreamSpecification?.StreamEnabled ?? false,
    streamViewType: StreamSpecification?.StreamViewType,
  };
}

const keyOf = ({ KeySchema }: TableDescription, type: KeyType) =>
  KeySchema?.find(({ KeyType: each }) => each === type)?.AttributeName;

const table: Kind = {
  group: GROUPS.dynamodb,
  kind: 'Table',
  fields: [
    ...['region', 'tags', 'hashKey', ...TABLE.fields, ...CAPACITY.fields, 'streamEnabled', 'streamViewType'],
    ...['pointInTimeRecovery.enabled', 'ttl.attributeName', 'ttl.enabled'],
    ...['serverSideEncryption.enabled', 'serverSideEncryption.kmsKeyArn'],
  ],
  namedBy: 'manifest',
  immutable: ['hashKey', 'attribute'],
  defaults: {
    billingMode: 'PROVISIONED',
    deletionProtectionEnabled: false,
    pointInTimeRecovery: { enabled: false },
    serverSideEncryption: { enabled: false },
    streamEnabled: false,
    tags: {},
    ttl: { enabled: false },
  },
  absent: ['ResourceNotFoundException'],
  waits: true,

  async observe(subject) {
    const { clients, name } = subject;
    const { Table } = await clients.dynamodb.describeTable({ TableName: name });
    if (!Table) return undefined;
    const ResourceArn = Table.TableArn;
    const { Tags } = await clients.dynamodb.listTagsOfResource({ ResourceArn });
    return {
      state: {
        ...tableState(Table),
        pointInTimeRecovery: await recoveryState(subject),
        tags: tagMap(Tags),
        ttl: await timeToLiveState(subject),
      },
      atProvider: {
        arn: ResourceArn,
        id: name,
        // Of a table that somebody else made.
        rangeKey: keyOf(Table, KeyType.RANGE),
        streamArn: Table.LatestStreamArn,
      },
      ready: Table.TableStatus === 'ACTIVE',
    };
  },

  async create(subject) {
    const { clients, name, spec } = subject;
    const made = await clients.dynamodb.createTable({
      TableName: name,
      ...TABLE.to(spec),
      KeySchema: [{ AttributeName: needText(spec, 'hashKey'), KeyType: KeyType.HASH }],
      ProvisionedThroughput: throughput(spec),
      ...(flag(spec, 'serverSideEncryption.enabled') && { SSESpecification: encryption(spec) }),
      ...(flag(spec, 'streamEnabled') && { StreamSpecification: stream(spec) }),
      Tags: tagList(dictionary(spec, 'tags')),
    });
    // AWS takes seconds to make one; the settings below then wait for a pass that finds it active.
    if (made.TableDescription?.TableStatus !== 'ACTIVE') return;
    if (flag(spec, 'pointInTimeRecovery.enabled')) await setRecovery(subject);
    if (flag(spec, 'ttl.enabled')) await setTimeToLive(subject, {});
  },

  tags: {
    put: ({ clients }, tags, ResourceArn) =>
      clients.dynamodb.tagResource({ ResourceArn, Tags: tagList(tags) }),
    take: ({ clients }, TagKeys, ResourceArn) => clients.dynamodb.untagResource({ ResourceArn, TagKeys }),
  },

  async update(subject, changed, seen) {
    if (changed.has('pointInTimeRecovery')) await setRecovery(subject);
    if (changed.has('ttl')) await setTimeToLive(subject, seen.state);
    await updateTable(subject, changed, seen);
  },

  remove: ({ clients, name }) => clients.dynamodb.deleteTable({ TableName: name }),
};

export const dynamodbKinds = [table];
