/** The CEL rules of the XRD, kept and broken; those of the other types are in type-rules.test.ts. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../function/src/objects.ts';
import { admit } from './admission.ts';

const claim = (spec: Json) => ({
  apiVersion: 'fileingest.dev/v1alpha1',
  kind: 'FileIngestPipeline',
  metadata: { name: 'invoices', namespace: 'default' },
  spec: { region: 'eu-west-1', workflow: { type: 'RecordFile' }, ...spec },
});
const workflow = (fields: Json) => ({ workflow: { type: 'RecordFile', ...fields } });
const billing = (fields: Json) => ({ table: { billing: fields } });
const read = { min: 1, max: 5 };
const write = { min: 1, max: 5 };

const errorsOf = (result: ReturnType<typeof admit>) => ('errors' in result ? result.errors : []);
/** Only the rules' messages, without path and value. */
const messages = (result: ReturnType<typeof admit>) =>
  errorsOf(result).map((error) => error.replace(/^\S+: Invalid value: .*?(?<=["\]}.]): /, ''));

const attributes = ['bucket', 'size', 'eTag', 'versionId', 'sequencer', 'eventTime', 'recordedAt'];
const reserved =
  'bucketName must not start or end with what S3 keeps for itself (xn--, sthree-, amzn-s3-demo-, -s3alias, --ol-s3, --x-s3, --table-s3). Choose another name.';
const both =
  'read and write must both be set with mode Provisioned, and neither with mode OnDemand. Add the missing one, or remove them for mode OnDemand.';
const keyTaken =
  'table.partitionKey must not be the name of an attribute that each item has anyway. Choose another name, or remove it.';
const ttlTaken =
  'table.timeToLiveAttribute must not be the name of an attribute that each item has anyway. Choose another name, such as expiresAt.';
const overlap =
  'a suffix must not be the end of another one, since S3 refuses overlapping filters. Keep the shorter one only.';
const tagReserved =
  'tag keys must not start with aws:, crossplane- or fileingest.dev/, which are reserved. Rename the tag.';
const tagLength = "a tag's key must have 1 to 128 characters. Rename the tag.";

const broken: [why: string, spec: Json, message: string][] = [
  [
    'Direct has no state machine to name',
    workflow({ execution: 'Direct', name: 'x' }),
    'workflow.name must not be set with execution Direct, which makes no state machine. Remove workflow.name, or set workflow.execution to Standard or Express.',
  ],
  [
    'Direct has no state machine logs',
    { ...workflow({ execution: 'Direct' }), observability: { includeExecutionData: true } },
    'observability.includeExecutionData must be false with execution Direct and with type RunScript, which make no state machine. Remove it.',
  ],
  [
    'a table that is to be deleted and must not be',
    { dataRetention: 'Delete', table: { deletionProtection: true } },
    'table.deletionProtection must be false with dataRetention Delete, which deletes the table with the claim. Change one of them.',
  ],
  [
    'logs that are off take no data',
    { observability: { includeExecutionData: true, logLevel: 'OFF' } },
    'includeExecutionData must be false with logLevel OFF, which writes no logs. Set logLevel to ALL or ERROR, or remove includeExecutionData.',
  ],
  [
    'alarms that are off tell no topic',
    { observability: { alarms: { topicArn: 'arn:aws:sns:eu-west-1:111122223333:oncall' } } },
    'topicArn must not be set while enabled is false, since no alarms are made then. Set enabled to true, or remove topicArn.',
  ],
  ['a tag key too long for AWS', { tags: { ['x'.repeat(129)]: 'y' } }, tagLength],
  ['an empty tag key', { tags: { '': 'y' } }, tagLength],
  ['a tag key of AWS', { tags: { 'aws:owner': 'y' } }, tagReserved],
  ['a tag key of ours', { tags: { 'fileingest.dev/pipeline': 'y' } }, tagReserved],
  ['a tag key of the provider', { tags: { 'crossplane-name': 'y' } }, tagReserved],
  ...['xn--a', 'sthree-a', 'amzn-s3-demo-a', 'a-s3alias', 'a--ol-s3', 'a--x-s3', 'a--table-s3'].map(
    (bucketName): [string, Json, string] => [`S3 keeps ${bucketName}`, { source: { bucketName } }, reserved],
  ),
  [
    'keys start with no slash',
    { source: { prefix: '/incoming' } },
    'prefix must not start with a slash, since S3 keys do not. Remove the leading slash.',
  ],
  [
    'S3 has no wildcards in prefixes',
    { source: { prefix: 'in*/' } },
    'prefix must not have a *, which S3 would take for a plain character. Write the prefix alone.',
  ],
  [
    'S3 has no wildcards in suffixes',
    { source: { suffixes: ['*.csv'] } },
    'a suffix must not have a *, which S3 would take for a plain character. Write the suffix alone, such as .csv.',
  ],
  ['the longer suffix first', { source: { suffixes: ['.tar.gz', '.gz'] } }, overlap],
  ['the longer suffix last', { source: { suffixes: ['.gz', '.txt', '.tar.gz'] } }, overlap],
  [
    'one attribute, two uses',
    { table: { timeToLiveAttribute: 'Filename' } },
    'table.timeToLiveAttribute must differ from table.partitionKey. Name another attribute for the time to live.',
  ],
  ...attributes.map((partitionKey): [string, Json, string] => [
    `key ${partitionKey} is taken`,
    { table: { partitionKey } },
    keyTaken,
  ]),
  ...attributes.map((timeToLiveAttribute): [string, Json, string] => [
    `time to live ${timeToLiveAttribute} is taken`,
    { table: { timeToLiveAttribute } },
    ttlTaken,
  ]),
  ['provisioned, but no write capacity', billing({ mode: 'Provisioned', read }), both],
  ['provisioned, but no read capacity', billing({ mode: 'Provisioned', write }), both],
  ['provisioned, but no capacity', billing({ mode: 'Provisioned' }), both],
  ['on demand with read capacity', billing({ mode: 'OnDemand', read }), both],
  ['the default is on demand too', billing({ read, write }), both],
  [
    'read capacity the wrong way round',
    billing({ mode: 'Provisioned', read: { min: 9, max: 5 }, write }),
    'the min of read must not be larger than its max. Swap them.',
  ],
  [
    'write capacity the wrong way round',
    billing({ mode: 'Provisioned', read, write: { min: 9, max: 5 } }),
    'the min of write must not be larger than its max. Swap them.',
  ],
];

const kept: [why: string, spec: Json][] = [
  ['Direct without a name', workflow({ execution: 'Direct' })],
  ['a name for a Standard state machine', workflow({ execution: 'Standard', name: 'x' })],
  ['a name for an Express state machine', workflow({ execution: 'Express', name: 'x' })],
  ['execution data in the logs of errors', { observability: { includeExecutionData: true } }],
  ['no logs, no data', { observability: { logLevel: 'OFF' } }],
  ['alarms without a topic', { observability: { alarms: { enabled: true } } }],
  [
    'alarms with a topic',
    { observability: { alarms: { enabled: true, topicArn: 'arn:aws:sns:eu-west-1:111122223333:oncall' } } },
  ],
  [
    'a tag key of 128 characters, and one that only has aws: inside',
    { tags: { ['x'.repeat(128)]: '', 'my-aws:x': '' } },
  ],
  ['a bucket name with a reserved part in the middle', { source: { bucketName: 'a-xn--sthree-b' } }],
  ['a prefix with a slash elsewhere', { source: { prefix: 'in/coming/' } }],
  ['suffixes that only share letters', { source: { suffixes: ['.csv', '.csv.gz', '.gzip'] } }],
  ['a time to live of its own', { table: { timeToLiveAttribute: 'expiresAt' } }],
  ['an attribute name in another case', { table: { partitionKey: 'Bucket', timeToLiveAttribute: 'Size' } }],
  ['provisioned, both capacities', billing({ mode: 'Provisioned', read, write })],
  ['capacity that does not scale', billing({ mode: 'Provisioned', read: { min: 5, max: 5 }, write })],
];

const region = 'region must not be changed. Create another FileIngestPipeline in the new region.';
const bucket =
  'bucketName must not be changed, added or removed. Create another FileIngestPipeline for another bucket.';
const execution =
  'execution must not be changed, since what is in flight would be lost. Create another FileIngestPipeline.';
const machine = 'name must not be changed, added or removed. Create another FileIngestPipeline.';
const table =
  'name must not be changed, added or removed. Create another FileIngestPipeline for another table.';
const key = 'table.partitionKey must not be changed. Create another FileIngestPipeline for another table.';
const timeToLive = 'timeToLiveAttribute must not be changed or removed once it is set. Set it back.';
const tableKey =
  'kmsKeyArn must not be removed once it is set, only changed. Set it back, or to another key.';
const keyArn = 'arn:aws:kms:eu-west-1:111122223333:key/1';
const type = 'type must not be changed. Create another FileIngestPipeline.';

const credentials =
  'providerConfigRef must not be changed, since what was made stays in the old account. Create another FileIngestPipeline.';

const changes: [why: string, before: Json, after: Json, ...messages: string[]][] = [
  ['region to another', {}, { region: 'eu-west-2' }, region],
  ['credentials to others', {}, { providerConfigRef: { name: 'other' } }, credentials],
  [
    'credentials to those of the namespace',
    { providerConfigRef: { name: 'other' } },
    { providerConfigRef: { kind: 'ProviderConfig', name: 'other' } },
    credentials,
  ],
  ['bucket to another', { source: { bucketName: 'one' } }, { source: { bucketName: 'two' } }, bucket],
  ['bucket named later', {}, { source: { bucketName: 'two' } }, bucket],
  ['bucket no longer named', { source: { bucketName: 'one' } }, {}, bucket],
  ['workflow type to another', workflow({ type: 'ProcessImage' }), {}, type],
  ['Standard to Express', {}, workflow({ execution: 'Express' }), execution],
  ['Express to the default', workflow({ execution: 'Express' }), {}, execution],
  ['Standard to Direct', workflow({ execution: 'Standard' }), workflow({ execution: 'Direct' }), execution],
  ['state machine to another', workflow({ name: 'one' }), workflow({ name: 'two' }), machine],
  ['state machine named later', {}, workflow({ name: 'two' }), machine],
  ['state machine no longer named', workflow({ name: 'one' }), {}, machine],
  ['table to another', { table: { name: 'one' } }, { table: { name: 'two' } }, table],
  ['table named later', {}, { table: { name: 'two' } }, table],
  ['table no longer named', { table: { name: 'one' } }, {}, table],
  ['key to another', { table: { partitionKey: 'One' } }, { table: { partitionKey: 'Two' } }, key],
  ['key set to other than the default', {}, { table: { partitionKey: 'Two' } }, key],
  ['key back to the default', { table: { partitionKey: 'One' } }, {}, key],
  [
    'time to live to another',
    { table: { timeToLiveAttribute: 'one' } },
    { table: { timeToLiveAttribute: 'two' } },
    timeToLive,
  ],
  ['time to live removed', { table: { timeToLiveAttribute: 'one' } }, {}, timeToLive],
  ['table key removed', { table: { kmsKeyArn: keyArn } }, {}, tableKey],
  ['two at once, both told', {}, { region: 'eu-west-2', table: { name: 'two' } }, region, table],
];

const same: [why: string, before: Json, after: Json][] = [
  ['nothing', {}, {}],
  [
    'a default written out',
    {},
    { ...workflow({ execution: 'Standard' }), table: { partitionKey: 'Filename' } },
  ],
  [
    'the default credentials written out',
    {},
    { providerConfigRef: { kind: 'ClusterProviderConfig', name: 'default' } },
  ],
  ['a default no longer written out', workflow({ execution: 'Standard' }), {}],
  [
    'names kept',
    { source: { bucketName: 'one' }, ...workflow({ name: 'two' }), table: { name: 'three' } },
    {
      source: { bucketName: 'one', prefix: 'in/' },
      ...workflow({ name: 'two' }),
      table: { name: 'three', deletionProtection: true },
    },
  ],
  ['time to live set later', {}, { table: { timeToLiveAttribute: 'one' } }],
  ['another table key', { table: { kmsKeyArn: keyArn } }, { table: { kmsKeyArn: `${keyArn}2` } }],
  ['billing to provisioned', {}, billing({ mode: 'Provisioned', read, write })],
  [
    'settings of all kinds',
    {},
    {
      tags: { a: 'b' },
      dataRetention: 'Delete',
      functions: { memoryMB: 512 },
      source: { versioning: false, suffixes: ['.csv'] },
      observability: { tracing: true },
    },
  ],
];

describe('rules', () => {
  it.each(broken)('refused: %s', (_why, spec, message) => {
    expect(messages(admit(claim(spec)))).toEqual([message]);
  });

  it.each(kept)('admitted: %s', (_why, spec) => {
    expect(errorsOf(admit(claim(spec)))).toEqual([]);
  });

  it('name path and value', () => {
    expect(errorsOf(admit(claim(billing({ mode: 'Provisioned', read: { min: 9, max: 5 }, write }))))).toEqual(
      [
        'spec.table.billing.read: Invalid value: {"min":9,"max":5,"targetUtilization":70}: the min of read must not be larger than its max. Swap them.',
      ],
    );
  });
});

describe('what cannot be changed', () => {
  it.each(changes)('refused: %s', (_why, before, after, ...expected) => {
    expect(messages(admit(claim(after), claim(before)))).toEqual(expected);
  });

  it.each(same)('admitted: %s', (_why, before, after) => {
    expect(errorsOf(admit(claim(after), claim(before)))).toEqual([]);
  });

  it('binds nobody at creation', () => {
    const later = changes.map(([, , after]) => errorsOf(admit(claim(after))));
    expect(later.flat()).toEqual([]);
  });
});
