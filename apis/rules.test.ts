/** The CEL rules of the XRD: what they let through. `refusals` has what they refuse, `type-rules.test.ts` those of the other types. */
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

/** What breaks a rule in another way than the wrong claim of that rule in `refusals`. */
const broken: [why: string, spec: Json, message: string][] = [
  ...['sthree-a', 'a--ol-s3', 'a--table-s3'].map((bucketName): [string, Json, string] => [
    `S3 keeps ${bucketName}`,
    { source: { bucketName } },
    'bucketName must not start or end with what S3 keeps for itself (xn--, sthree-, amzn-s3-demo-, -s3alias, --ol-s3, --x-s3, --table-s3). Choose another name.',
  ]),
  [
    'overlapping suffixes apart from each other',
    { source: { suffixes: ['.gz', '.txt', '.tar.gz'] } },
    'a suffix must not be the end of another one, since S3 refuses overlapping filters. Keep the shorter one only.',
  ],
  [
    'on demand with read capacity',
    billing({ mode: 'OnDemand', read }),
    'read and write must both be set with mode Provisioned, and neither with mode OnDemand. Add the missing one, or remove them for mode OnDemand.',
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
const table =
  'name must not be changed, added or removed. Create another FileIngestPipeline for another table.';
const execution =
  'execution must not be changed, since what is in flight would be lost. Create another FileIngestPipeline.';
const credentials =
  'providerConfigRef must not be changed, since what was made stays in the old account. Create another FileIngestPipeline.';
const keyArn = 'arn:aws:kms:eu-west-1:111122223333:key/1';

const changes: [why: string, before: Json, after: Json, ...messages: string[]][] = [
  [
    'credentials to those of the namespace',
    { providerConfigRef: { name: 'other' } },
    { providerConfigRef: { kind: 'ProviderConfig', name: 'other' } },
    credentials,
  ],
  ['Express to the default', workflow({ execution: 'Express' }), {}, execution],
  ['Standard to Direct', workflow({ execution: 'Standard' }), workflow({ execution: 'Direct' }), execution],
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
});
