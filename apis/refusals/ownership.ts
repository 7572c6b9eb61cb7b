/** Mistakes in what a claim takes over, and in how uploads are noticed. */
import type { Json } from '../../function/src/objects.ts';
import { creation, processImage, type Refusal, type Row } from './refusal.ts';

const source = (fields: Json): Json => ({ source: fields });
const table = (fields: Json): Json => ({ table: fields });
const destination = (fields: Json): Json => processImage({ destination: fields });
const adopted = { bucketName: 'shared-files', adopt: true, trigger: 'EventBridge' };

const needsEventBridge =
  "adopt needs bucketName and trigger EventBridge, since the notifications of an adopted bucket are not this claim's to set. Add bucketName, and set trigger to EventBridge.";
const needsTableName = 'adopt needs name, which names the table to take over. Add name, or remove adopt.';
const needsDestination =
  'adopt needs bucketName, which names the bucket to take over. Add bucketName, or remove adopt.';

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
    "expireAfterDays must not be set with adopt, since the lifecycle of an adopted bucket is left alone. Remove expireAfterDays, and expire the files by the bucket's own lifecycle.",
  ],
  ['an adopted table without a name', table({ adopt: true }), 'spec.table:', needsTableName],
  [
    'an adopted table with a capacity',
    table({
      ...{ name: 'Orders', adopt: true },
      billing: { mode: 'Provisioned', read: { min: 1, max: 5 }, write: { min: 1, max: 5 } },
    }),
    'spec.table:',
    'billing must not be set with adopt, since the capacity of an adopted table is left alone. Remove billing.',
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
    'source must not be set with type RecordMessage, nor with type Custom and trigger None, since they take no files. Remove all that is set in source.',
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
    'Too long: must have at most 2048 characters as an event pattern with spec.source.prefix, but has 3906. Shorten the prefix, or name fewer suffixes.',
  ]),
];
