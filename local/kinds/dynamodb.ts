/** DynamoDB tables: what their table does not say. */
import * as sdk from '@aws-sdk/client-dynamodb';
import { choice, type Fields, flag, needText, number, text } from '../fields.ts';
import type { Observation, Subject } from './kind.ts';
import { kindsOf } from './table.ts';

/** Capacity units; a table paid by the request has none. */
const throughput = (spec: Fields) =>
  text(spec, 'billingMode') === 'PAY_PER_REQUEST'
    ? undefined
    : {
        ReadCapacityUnits: number(spec, 'readCapacity'),
        WriteCapacityUnits: number(spec, 'writeCapacity'),
      };

/** With a key of KMS, or the one that DynamoDB owns. */
function encryption(spec: Fields): sdk.SSESpecification {
  if (!flag(spec, 'serverSideEncryption.enabled')) return { Enabled: false };
  return { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: text(spec, 'serverSideEncryption.kmsKeyArn') };
}

/** The stream of its changes. */
function stream(spec: Fields): sdk.StreamSpecification {
  if (!flag(spec, 'streamEnabled')) return { StreamEnabled: false };
  return { StreamEnabled: true, StreamViewType: choice(sdk.StreamViewType, spec, 'streamViewType') };
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

async function timeToLive({ clients, name, spec }: Subject): Promise<Fields> {
  const found = await clients.dynamodb.describeTimeToLive({ TableName: name });
  const { TimeToLiveStatus: status, AttributeName } = found.TimeToLiveDescription ?? {};
  const Enabled = status === 'ENABLED' || status === 'ENABLING';
  // Switched off, DynamoDB keeps no attribute, so whatever the manifest names is right.
  return { Enabled, AttributeName: Enabled ? AttributeName : text(spec, 'ttl.attributeName') };
}

/** DynamoDB takes one kind of change a call. While a table is changing it refuses the next, which waits for a pass. */
async function updateTable(
  { clients, name, spec }: Subject,
  changed: ReadonlySet<string>,
  seen: Observation,
): Promise<void> {
  const send = (change: object) => clients.dynamodb.updateTable({ TableName: name, ...change });
  if (changed.has('billingMode') || changed.has('readCapacity') || changed.has('writeCapacity')) {
    const BillingMode = choice(sdk.BillingMode, spec, 'billingMode');
    await send({ BillingMode, ProvisionedThroughput: throughput(spec) });
  }
  if (changed.has('serverSideEncryption')) await send({ SSESpecification: encryption(spec) });
  if (changed.has('streamEnabled') || changed.has('streamViewType')) {
    // A stream cannot change what it shows: it is ended, and the next pass starts another, which has another ARN.
    const isOther = flag(seen.state, 'streamEnabled') && flag(spec, 'streamEnabled');
    await send({ StreamSpecification: isOther ? { StreamEnabled: false } : stream(spec) });
  }
  if (changed.has('deletionProtectionEnabled'))
    await send({ DeletionProtectionEnabled: flag(spec, 'deletionProtectionEnabled') });
}

const keyOf = ({ KeySchema }: sdk.TableDescription, type: sdk.KeyType) =>
  KeySchema?.find(({ KeyType }) => KeyType === type)?.AttributeName;

export const dynamodbKinds = kindsOf('dynamodb.yaml', sdk, {
  Table: ({ send, whole, tagged }) => ({
    async find(subject) {
      const { clients, name: TableName } = subject;
      const { Table } = await clients.dynamodb.describeTable({ TableName });
      if (!Table) return undefined;
      const backups = await clients.dynamodb.describeContinuousBackups({ TableName });
      const recovery = backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
      return {
        ...Table,
        HashKey: keyOf(Table, 'HASH'),
        RangeKey: keyOf(Table, 'RANGE'),
        Encrypted: ['ENABLED', 'UPDATING'].includes(Table.SSEDescription?.Status ?? ''),
        Recoverable: recovery?.PointInTimeRecoveryStatus === 'ENABLED',
        TimeToLive: await timeToLive(subject),
      };
    },
    async create(subject) {
      const { spec } = subject;
      const made = await send(subject, 'createTable', {
        ...whole(subject),
        KeySchema: [{ AttributeName: needText(spec, 'hashKey'), KeyType: 'HASH' }],
        ProvisionedThroughput: throughput(spec),
        ...(flag(spec, 'serverSideEncryption.enabled') && { SSESpecification: encryption(spec) }),
        ...(flag(spec, 'streamEnabled') && { StreamSpecification: stream(spec) }),
        ...tagged(spec),
      });
      // AWS takes seconds to make one; the settings below then wait for a pass that finds it active.
      if (text(made, 'TableDescription.TableStatus') !== 'ACTIVE') return;
      if (flag(spec, 'pointInTimeRecovery.enabled')) await setRecovery(subject);
      if (flag(spec, 'ttl.enabled')) await setTimeToLive(subject, {});
    },
    async update(subject, changed, seen) {
      if (changed.has('pointInTimeRecovery')) await setRecovery(subject);
      if (changed.has('ttl')) await setTimeToLive(subject, seen.state);
      await updateTable(subject, changed, seen);
    },
  }),
});
