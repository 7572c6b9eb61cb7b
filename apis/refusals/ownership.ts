/** Mistakes in what a claim takes over, and in how uploads are noticed. */
import type { Json } from '../../function/src/objects.ts';
import { creation, processImage, type Refusal, type Row } from './refusal.ts';

const source = (fields: Json): Json => ({ source: fields });
const table = (fields: Json): Json => ({ table: fields });
const destination = (fields: Json): Json => processImage({ destination: fields });
const adopted = { bucketName: 'shared-files', adopt: true, trigger: 'EventBridge' };

const needsEventBridge =
  "source.adopt takes over the bucket that source.bucketName names, and its notifications are not this claim's to set. Add source.bucketName, and set source.trigger to EventBridge.";
const needsTableName =
  'table.adopt takes over the table that table.name names. Add table.name, or remove table.adopt.';
const needsDestination =
  'workflow.processImage.destination.adopt takes over the bucket that destination.bucketName names. Add bucketName, or remove adopt.';

const schema: Row[] = [
  ['adoption of a bucket in quotes', source({ ...adopted, adopt: 'yes' }), 'spec.source.adopt', 'boolean'],
  ['a trigger that is none', source({ trigger: 'SQS' }), 'spec.source.trigger', 'EventBridge'],
  ['adoption of a table in quotes', table({ name: 'Orders', adopt: 'yes' }), 'spec.table.adopt', 'boolean'],
  [
    'adoption of a destination in quotes',
    destination({ bucketName: 'small-images', adopt: 'yes' }),
    'spec.workflow.processImage.destination.adopt',
    'boolean',
  ],
];

const rules: Row[] = [
  [
    'an adopted bucket by its notification',
    source({ bucketName: 'shared-files', adopt: true }),
    'spec.source:',
    needsEventBridge,
  ],
  [
    'an adopted bucket without a name',
    source({ adopt: true, trigger: 'EventBridge' }),
    'spec.source:',
    needsEventBridge,
  ],
  [
    'an adopted bucket that is to expire',
    source({ ...adopted, expireAfterDays: 30 }),
    'spec.source:',
    "source.expireAfterDays sets the lifecycle of the bucket, and that of an adopted bucket is left alone. Remove source.expireAfterDays, and expire the files by the bucket's own lifecycle.",
  ],
  ['an adopted table without a name', table({ adopt: true }), 'spec.table:', needsTableName],
  [
    'an adopted table with a capacity',
    table({
      ...{ name: 'Orders', adopt: true },
      billing: { mode: 'Provisioned', read: { min: 1, max: 5 }, write: { min: 1, max: 5 } },
    }),
    'spec.table:',
    'table.billing sets the capacity of the table, and that of an adopted table is left alone. Remove table.billing.',
  ],
  [
    'an adopted destination without a name',
    destination({ adopt: true }),
    'spec.workflow.processImage.destination:',
    needsDestination,
  ],
  [
    'a trigger for messages',
    { ...source({ trigger: 'EventBridge' }), workflow: { type: 'RecordMessage' } },
    'spec:',
    'source is about files, and neither type RecordMessage nor type Custom with trigger None takes any. Remove all that is set in source.',
  ],
];

const suffixes = Array.from({ length: 10 }, (_, index) => `.${index}${'x'.repeat(60)}`);

export const OWNERSHIP: readonly Refusal[] = [
  ...schema.map((row) => creation('schema', row)),
  ...rules.map((row) => creation('rule', row)),
  creation('function', [
    'more filters than an event pattern holds',
    source({ bucketName: 'orders-in', trigger: 'EventBridge', prefix: 'p'.repeat(300), suffixes }),
    'spec.source.suffixes',
    'and source.prefix make an event pattern of 3906 characters, and EventBridge takes 2048. Shorten the prefix, or name fewer suffixes.',
  ]),
];
