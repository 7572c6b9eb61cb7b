/** Mistakes in `spec.table`. */
import type { Json } from '../../function/src/objects.ts';
import type { Row } from './refusal.ts';

const table = (fields: Json): Json => ({ table: fields });
const capacity = { min: 1, max: 5 };
const read = (fields: Json) =>
  table({ billing: { mode: 'Provisioned', read: { ...capacity, ...fields }, write: capacity } });
const write = (fields: Json) =>
  table({ billing: { mode: 'Provisioned', read: capacity, write: { ...capacity, ...fields } } });

export const TABLE: readonly Row[] = [
  ['a table name with a space', table({ name: 'my files' }), 'spec.table.name', '^[a-zA-Z0-9_.-]+$'],
  ['a table name of 2 characters', table({ name: 'ab' }), 'spec.table.name', 'at least 3'],
  ['a table name of 256 characters', table({ name: 'x'.repeat(256) }), 'spec.table.name', '255'],
  [
    'a partition key with a hash',
    table({ partitionKey: 'File#Name' }),
    'spec.table.partitionKey',
    '^[A-Za-z0-9_.-]+$',
  ],
  ['an empty partition key', table({ partitionKey: '' }), 'spec.table.partitionKey', 'at least 1'],
  [
    'a list of keys',
    table({ partitionKey: ['Filename', 'date'] }),
    'spec.table.partitionKey',
    'must be of type string',
  ],
  ['a sort key', table({ sortKey: 'date' }), 'spec.table.sortKey'],
  [
    'billing by its DynamoDB name',
    table({ billing: { mode: 'PAY_PER_REQUEST' } }),
    'spec.table.billing.mode',
    'OnDemand',
    'Provisioned',
  ],
  [
    'billing by its mode only',
    table({ billing: 'Provisioned' }),
    'spec.table.billing',
    'must be of type object',
  ],
  [
    'read capacity as a number',
    table({ billing: { mode: 'Provisioned', read: 5, write: capacity } }),
    'spec.table.billing.read',
    'must be of type object',
  ],
  [
    'write capacity as a number',
    table({ billing: { mode: 'Provisioned', read: capacity, write: 5 } }),
    'spec.table.billing.write',
    'must be of type object',
  ],
  [
    'read capacity without its most',
    table({ billing: { mode: 'Provisioned', read: { min: 1 }, write: capacity } }),
    'spec.table.billing.read.max',
  ],
  [
    'write capacity without its least',
    table({ billing: { mode: 'Provisioned', read: capacity, write: { max: 5 } } }),
    'spec.table.billing.write.min',
  ],
  ['no read capacity', read({ min: 0 }), 'spec.table.billing.read.min', '1'],
  ['more read capacity than an account has', read({ max: 40_001 }), 'spec.table.billing.read.max', '40000'],
  [
    'a read target below what scaling takes',
    read({ targetUtilization: 19 }),
    'spec.table.billing.read.targetUtilization',
    '20',
  ],
  [
    'a read target as a fraction',
    read({ targetUtilization: 0.7 }),
    'spec.table.billing.read.targetUtilization',
    'must be of type integer',
  ],
  ['no write capacity', write({ min: 0 }), 'spec.table.billing.write.min', '1'],
  [
    'more write capacity than an account has',
    write({ max: 40_001 }),
    'spec.table.billing.write.max',
    '40000',
  ],
  [
    'a write target above what scaling takes',
    write({ targetUtilization: 91 }),
    'spec.table.billing.write.targetUtilization',
    '90',
  ],
  [
    'point-in-time recovery in quotes',
    table({ pointInTimeRecovery: 'true' }),
    'spec.table.pointInTimeRecovery',
    'must be of type boolean',
  ],
  [
    'backups at the wrong level',
    table({ billing: { pointInTimeRecovery: false } }),
    'spec.table.billing.pointInTimeRecovery',
  ],
  [
    'a time to live in days',
    table({ timeToLiveAttribute: 30 }),
    'spec.table.timeToLiveAttribute',
    'must be of type string',
  ],
  [
    'a time-to-live attribute with a space',
    table({ timeToLiveAttribute: 'expires at' }),
    'spec.table.timeToLiveAttribute',
    '^[A-Za-z0-9_.-]+$',
  ],
  [
    'a KMS alias for the table',
    table({ kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:alias/files' }),
    'spec.table.kmsKeyArn',
    ':key/.+$',
  ],
  [
    'deletion protection by its DynamoDB name',
    table({ deletionProtectionEnabled: true }),
    'spec.table.deletionProtectionEnabled',
  ],
  [
    'deletion protection in quotes',
    table({ deletionProtection: 'yes' }),
    'spec.table.deletionProtection',
    'must be of type boolean',
  ],
];
