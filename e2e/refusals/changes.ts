/** Changes of what cannot be changed. */
import type { Json } from '../../function/src/objects.ts';
import { type ChangeRow, change, type Refusal } from './refusal.ts';

const workflow = (fields: Json): Json => ({ workflow: { type: 'RecordFile', ...fields } });
const bucket = (bucketName: string): Json => ({ source: { bucketName } });
const table = (name: string): Json => ({ table: { name } });
const key = (partitionKey: string): Json => ({ table: { partitionKey } });
const timeToLive = (timeToLiveAttribute: string): Json => ({ table: { timeToLiveAttribute } });

const noBucket =
  'source.bucketName cannot be changed, added or removed. Create another FileIngestPipeline for another bucket.';
const noExecution =
  'workflow.execution cannot be changed, since what is in flight would be lost. Create another FileIngestPipeline.';
const noMachine = 'workflow.name cannot be changed, added or removed. Create another FileIngestPipeline.';
const noTable =
  'table.name cannot be changed, added or removed. Create another FileIngestPipeline for another table.';
const noKey = 'table.partitionKey cannot be changed. Create another FileIngestPipeline for another table.';
const noTimeToLive = 'table.timeToLiveAttribute cannot be changed or removed once it is set. Set it back.';

const rows: ChangeRow[] = [
  [
    'another region',
    {},
    { region: 'eu-central-1' },
    'spec.region:',
    'region cannot be changed. Create another FileIngestPipeline in the new region.',
  ],
  ['another bucket', bucket('orders-one'), bucket('orders-two'), 'spec.source:', noBucket],
  ['a bucket name given later', {}, bucket('orders-two'), 'spec.source:', noBucket],
  ['a bucket name taken away', bucket('orders-one'), {}, 'spec.source:', noBucket],
  ['Standard to Express', {}, workflow({ execution: 'Express' }), 'spec.workflow.execution:', noExecution],
  [
    'Express to Direct',
    workflow({ execution: 'Express' }),
    workflow({ execution: 'Direct' }),
    'spec.workflow.execution:',
    noExecution,
  ],
  ['Direct to the default', workflow({ execution: 'Direct' }), {}, 'spec.workflow.execution:', noExecution],
  [
    'another state machine',
    workflow({ name: 'one' }),
    workflow({ name: 'two' }),
    'spec.workflow:',
    noMachine,
  ],
  ['a state machine name given later', {}, workflow({ name: 'two' }), 'spec.workflow:', noMachine],
  ['a state machine name taken away', workflow({ name: 'one' }), {}, 'spec.workflow:', noMachine],
  ['another table', table('one'), table('two'), 'spec.table:', noTable],
  ['a table name given later', {}, table('two'), 'spec.table:', noTable],
  ['a table name taken away', table('one'), {}, 'spec.table:', noTable],
  ['another partition key', key('one'), key('two'), 'spec.table.partitionKey:', noKey],
  ['a partition key other than the default', {}, key('two'), 'spec.table.partitionKey:', noKey],
  ['the default partition key again', key('one'), {}, 'spec.table.partitionKey:', noKey],
  ['another time to live', timeToLive('one'), timeToLive('two'), 'spec.table:', noTimeToLive],
  ['a time to live taken away', timeToLive('one'), {}, 'spec.table:', noTimeToLive],
  [
    'a table key taken away',
    { table: { kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/files' } },
    {},
    'spec.table:',
    'table.kmsKeyArn cannot be removed once it is set, only changed. Set it back, or to another key.',
  ],
];

export const CHANGES: readonly Refusal[] = rows.map(change);
