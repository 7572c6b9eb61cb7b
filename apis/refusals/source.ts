/** Mistakes in `spec.source`. */
import type { Json } from '../../function/src/objects.ts';
import { many, type Row } from './refusal.ts';

const source = (fields: Json): Json => ({ source: fields });

export const SOURCE: readonly Row[] = [
  [
    'a bucket name in capitals',
    source({ bucketName: 'Orders' }),
    'spec.source.bucketName',
    '^[a-z0-9][a-z0-9-]*[a-z0-9]$',
  ],
  [
    'a bucket name with a dot',
    source({ bucketName: 'orders.example.com' }),
    'spec.source.bucketName',
    '^[a-z0-9][a-z0-9-]*[a-z0-9]$',
  ],
  [
    'a bucket name with an underscore',
    source({ bucketName: 'my_orders' }),
    'spec.source.bucketName',
    '^[a-z0-9][a-z0-9-]*[a-z0-9]$',
  ],
  [
    'a bucket by its ARN',
    source({ bucketName: 'arn:aws:s3:::orders' }),
    'spec.source.bucketName',
    '^[a-z0-9][a-z0-9-]*[a-z0-9]$',
  ],
  ['a bucket name of 64 characters', source({ bucketName: 'x'.repeat(64) }), 'spec.source.bucketName', '63'],
  ['a bucket name of 2 characters', source({ bucketName: 'ab' }), 'spec.source.bucketName', 'at least 3'],
  ['a bucket by name, not bucketName', source({ name: 'orders' }), 'spec.source.name'],
  ['an empty prefix', source({ prefix: '' }), 'spec.source.prefix', 'at least 1'],
  ['a prefix of 513 characters', source({ prefix: 'x'.repeat(513) }), 'spec.source.prefix', '512'],
  ['one suffix, not a list', source({ suffixes: '.csv' }), 'spec.source.suffixes', 'must be of type array'],
  ['no suffixes in the list', source({ suffixes: [] }), 'spec.source.suffixes', 'at least 1'],
  [
    '11 suffixes',
    source({ suffixes: Object.keys(many(11, (index) => `.${index}x`)) }),
    'spec.source.suffixes',
    '10',
  ],
  ['the same suffix twice', source({ suffixes: ['.csv', '.csv'] }), 'spec.source.suffixes[1]', '.csv'],
  ['an empty suffix', source({ suffixes: ['.csv', ''] }), 'spec.source.suffixes[1]', 'at least 1'],
  ['a suffix of 65 characters', source({ suffixes: ['x'.repeat(65)] }), 'spec.source.suffixes[0]', '64'],
  [
    'days in quotes',
    source({ expireAfterDays: '30' }),
    'spec.source.expireAfterDays',
    'must be of type integer',
  ],
  [
    'days with their unit',
    source({ expireAfterDays: '30d' }),
    'spec.source.expireAfterDays',
    'must be of type integer',
  ],
  ['half a day', source({ expireAfterDays: 0.5 }), 'spec.source.expireAfterDays', 'must be of type integer'],
  ['files that expire at once', source({ expireAfterDays: 0 }), 'spec.source.expireAfterDays', '1'],
  [
    'files that expire in a millennium',
    source({ expireAfterDays: 365_000 }),
    'spec.source.expireAfterDays',
    '36500',
  ],
  [
    'versioning by its S3 name',
    source({ versioning: 'Enabled' }),
    'spec.source.versioning',
    'must be of type boolean',
  ],
  [
    'a KMS key by its id',
    source({ kmsKeyArn: '1234abcd-12ab-34cd-56ef-1234567890ab' }),
    'spec.source.kmsKeyArn',
    ':key/.+$',
  ],
  [
    'a KMS alias for the files',
    source({ kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:alias/files' }),
    'spec.source.kmsKeyArn',
    ':key/.+$',
  ],
  [
    'a KMS alias without its account',
    source({ kmsKeyArn: 'alias/files' }),
    'spec.source.kmsKeyArn',
    ':key/.+$',
  ],
];
