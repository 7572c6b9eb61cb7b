/** Mistakes in how fields go together, which the rules of the XRD know. */
import type { Json } from '../../function/src/objects.ts';
import { creation, type Refusal, type Row } from './refusal.ts';

const workflow = (fields: Json): Json => ({ workflow: { type: 'RecordFile', ...fields } });
const billing = (fields: Json): Json => ({ table: { billing: fields } });
const read = { min: 1, max: 5 };
const write = { min: 1, max: 5 };
const topicArn = 'arn:aws:sns:eu-west-1:111122223333:oncall';

const tagKey =
  'tag keys must not start with aws:, crossplane- or fileingest.dev/, which are reserved. Rename the tag.';
const tagLength = "a tag's key must have 1 to 128 characters. Rename the tag.";
const bucketName =
  'bucketName must not start or end with what S3 keeps for itself (xn--, sthree-, amzn-s3-demo-, -s3alias, --ol-s3, --x-s3, --table-s3). Choose another name.';
const overlap =
  'a suffix must not be the end of another one, since S3 refuses overlapping filters. Keep the shorter one only.';
const capacity =
  'read and write must both be set with mode Provisioned, and neither with mode OnDemand. Add the missing one, or remove them for mode OnDemand.';

const rows: Row[] = [
  [
    'a state machine name with Direct',
    workflow({ execution: 'Direct', name: 'record-orders' }),
    'spec:',
    'workflow.name must not be set with execution Direct, which makes no state machine. Remove workflow.name, or set workflow.execution to Standard or Express.',
  ],
  [
    'execution data with Direct',
    { ...workflow({ execution: 'Direct' }), observability: { includeExecutionData: true } },
    'spec:',
    'observability.includeExecutionData must be false with execution Direct and with type RunScript, which make no state machine. Remove it.',
  ],
  [
    'execution data with logs off',
    { observability: { includeExecutionData: true, logLevel: 'OFF' } },
    'spec.observability:',
    'includeExecutionData must be false with logLevel OFF, which writes no logs. Set logLevel to ALL or ERROR, or remove includeExecutionData.',
  ],
  [
    'a table to be deleted and to be kept',
    { dataRetention: 'Delete', table: { deletionProtection: true } },
    'spec:',
    'table.deletionProtection must be false with dataRetention Delete, which deletes the table with the claim. Change one of them.',
  ],
  [
    'a topic, but alarms not enabled',
    { observability: { alarms: { topicArn } } },
    'spec.observability.alarms:',
    'topicArn must not be set while enabled is false, since no alarms are made then. Set enabled to true, or remove topicArn.',
  ],
  [
    'a topic, but alarms disabled',
    { observability: { alarms: { enabled: false, topicArn } } },
    'spec.observability.alarms:',
    'Set enabled to true, or remove topicArn.',
  ],
  [
    'a tag that AWS keeps for itself',
    { tags: { 'aws:cloudformation:stack-name': 'x' } },
    'spec.tags:',
    tagKey,
  ],
  ['a tag that says whose things are', { tags: { 'fileingest.dev/pipeline': 'a/b' } }, 'spec.tags:', tagKey],
  ['a tag that the provider sets', { tags: { 'crossplane-name': 'x' } }, 'spec.tags:', tagKey],
  ['a tag key of 129 characters', { tags: { ['x'.repeat(129)]: 'y' } }, 'spec.tags:', tagLength],
  ['an empty tag key', { tags: { '': 'y' } }, 'spec.tags:', tagLength],
  [
    'a bucket name in punycode',
    { source: { bucketName: 'xn--bcher-kva' } },
    'spec.source.bucketName:',
    bucketName,
  ],
  [
    'a bucket name of the S3 examples',
    { source: { bucketName: 'amzn-s3-demo-bucket' } },
    'spec.source.bucketName:',
    bucketName,
  ],
  [
    'a bucket name like an access point',
    { source: { bucketName: 'orders-s3alias' } },
    'spec.source.bucketName:',
    bucketName,
  ],
  [
    'a bucket name like a directory bucket',
    { source: { bucketName: 'orders--euw1-az1--x-s3' } },
    'spec.source.bucketName:',
    bucketName,
  ],
  [
    'a prefix that starts with a slash',
    { source: { prefix: '/incoming/' } },
    'spec.source.prefix:',
    'prefix must not start with a slash, since S3 keys do not. Remove the leading slash.',
  ],
  [
    'a prefix with a wildcard',
    { source: { prefix: 'incoming/*' } },
    'spec.source.prefix:',
    'prefix must not have a *, which S3 would take for a plain character. Write the prefix alone.',
  ],
  [
    'a suffix with a wildcard',
    { source: { suffixes: ['*.csv'] } },
    'spec.source.suffixes:',
    'a suffix must not have a *, which S3 would take for a plain character. Write the suffix alone, such as .csv.',
  ],
  ['overlapping suffixes', { source: { suffixes: ['.gz', '.tar.gz'] } }, 'spec.source.suffixes:', overlap],
  [
    'overlapping suffixes, the longer first',
    { source: { suffixes: ['.tar.gz', '.csv', '.gz'] } },
    'spec.source.suffixes:',
    overlap,
  ],
  ['provisioned without capacity', billing({ mode: 'Provisioned' }), 'spec.table.billing:', capacity],
  [
    'provisioned with read capacity only',
    billing({ mode: 'Provisioned', read }),
    'spec.table.billing:',
    capacity,
  ],
  [
    'provisioned with write capacity only',
    billing({ mode: 'Provisioned', write }),
    'spec.table.billing:',
    capacity,
  ],
  ['capacity without a mode', billing({ read, write }), 'spec.table.billing:', capacity],
  ['capacity on demand', billing({ mode: 'OnDemand', write }), 'spec.table.billing:', capacity],
  [
    'least read capacity above the most',
    billing({ mode: 'Provisioned', read: { min: 50, max: 5 }, write }),
    'spec.table.billing.read:',
    'the min of read must not be larger than its max. Swap them.',
  ],
  [
    'least write capacity above the most',
    billing({ mode: 'Provisioned', read, write: { min: 50, max: 5 } }),
    'spec.table.billing.write:',
    'the min of write must not be larger than its max. Swap them.',
  ],
  [
    'a partition key that each item has anyway',
    { table: { partitionKey: 'eTag' } },
    'spec:',
    'table.partitionKey must not be the name of an attribute that each item has anyway. Choose another name, or remove it.',
  ],
  [
    'a time to live that each item has anyway',
    { table: { timeToLiveAttribute: 'recordedAt' } },
    'spec:',
    'table.timeToLiveAttribute must not be the name of an attribute that each item has anyway. Choose another name, such as expiresAt.',
  ],
  [
    'one attribute for key and time to live',
    { table: { partitionKey: 'id', timeToLiveAttribute: 'id' } },
    'spec:',
    'table.timeToLiveAttribute must differ from table.partitionKey. Name another attribute for the time to live.',
  ],
];

export const RULES: readonly Refusal[] = rows.map((row) => creation('rule', row));
