import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { WORKFLOW_TYPES } from '../function/src/generated/api.ts';
import type { Json } from '../function/src/objects.ts';
import { admit, readClaimFile } from './admission.ts';

const TYPES = WORKFLOW_TYPES.join(', ');

const base = {
  apiVersion: 'fileingest.dev/v1alpha1',
  kind: 'FileIngestPipeline',
  metadata: { name: 'invoices' },
  spec: { region: 'eu-west-1', workflow: { type: 'RecordFile' } },
};
const head = (change: Json) => ({ ...base, ...change });
const named = (metadata: unknown) => head({ metadata });
const spec = (change: Json) => head({ spec: { ...base.spec, ...change } });
const provisioned = (read: Json) =>
  spec({ table: { billing: { mode: 'Provisioned', read, write: { min: 1, max: 2 } } } });
const many = Object.fromEntries(Array.from({ length: 41 }, (_, index) => [`key-${index}`, 'x']));

const wrong: [why: string, claim: unknown, ...errors: string[]][] = [
  ['not an object', 'invoices', 'claim: "invoices" is not an object. Give a FileIngestPipeline.'],
  ['nothing at all', undefined, 'claim: null is not an object. Give a FileIngestPipeline.'],
  [
    'a list of claims',
    [base],
    'claim: [{"apiVersion":"fileingest.dev/v1alpha1","kind":"FileIngestPipeline","metadata":{"name":"invoices... is not an object. Give a FileIngestPipeline.',
  ],
  ['another kind', head({ kind: 'Pod' }), 'kind: "Pod" is not known here. Use FileIngestPipeline.'],
  [
    'a kind in the wrong case',
    head({ kind: 'fileingestpipeline' }),
    'kind: "fileingestpipeline" is not known here. Use FileIngestPipeline.',
  ],
  ['no kind', head({ kind: undefined }), 'kind: is missing. Set it to FileIngestPipeline.'],
  [
    'another version of the API',
    head({ apiVersion: 'fileingest.dev/v1' }),
    'apiVersion: "fileingest.dev/v1" is not known here. Use fileingest.dev/v1alpha1.',
  ],
  [
    'a spec field outside spec',
    head({ region: 'eu-west-1' }),
    'region: "eu-west-1" is not a known field. Did you mean spec.region?',
  ],
  [
    'a field that nothing has',
    head({ data: {} }),
    'data: {} is not a known field. Use apiVersion, kind, metadata, spec.',
  ],
  [
    'no metadata',
    head({ metadata: undefined }),
    'metadata.name: is missing. Set it: lower-case letters, digits and dashes, with dots between words.',
  ],
  [
    'metadata that is no object',
    named('invoices'),
    'metadata: "invoices" is of type string, but must be of type object. Correct it.',
  ],
  [
    'a name in capitals',
    named({ name: 'Invoices' }),
    'metadata.name: "Invoices" does not match ^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$. Correct it: lower-case letters, digits and dashes, with dots between words.',
  ],
  [
    'a name with an underscore',
    named({ name: 'in_voices' }),
    'metadata.name: "in_voices" does not match ^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$. Correct it: lower-case letters, digits and dashes, with dots between words.',
  ],
  [
    'a name that ends in a dash',
    named({ name: 'invoices-' }),
    'metadata.name: "invoices-" does not match ^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$. Correct it: lower-case letters, digits and dashes, with dots between words.',
  ],
  [
    'a name with an empty label',
    named({ name: 'in..voices' }),
    'metadata.name: "in..voices" does not match ^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$. Correct it: lower-case letters, digits and dashes, with dots between words.',
  ],
  [
    'an empty name',
    named({ name: '' }),
    'metadata.name: "" does not match ^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$. Correct it: lower-case letters, digits and dashes, with dots between words.',
  ],
  [
    'a name too long for a label',
    named({ name: 'x'.repeat(64) }),
    'metadata.name: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" has 64 characters, but may have at most 63. Shorten it.',
  ],
  [
    'a name that YAML reads as a number',
    named({ name: 4711 }),
    'metadata.name: 4711 is of type integer, but must be of type string. Put it in quotes.',
  ],
  [
    'a namespace with a dot',
    named({ name: 'invoices', namespace: 'team.a' }),
    'metadata.namespace: "team.a" does not match ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$. Correct it: lower-case letters, digits and dashes.',
  ],
  [
    'a label that is no string',
    named({ name: 'invoices', labels: { tier: 1 } }),
    'metadata.labels.tier: 1 is of type integer, but must be of type string. Put it in quotes.',
  ],
  [
    'a label with a space',
    named({ name: 'invoices', labels: { team: 'the orders' } }),
    'metadata.labels.team: "the orders" does not match ^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$. Correct it: letters, digits, dashes, underscores and dots.',
  ],
  [
    'a label too long',
    named({ name: 'invoices', labels: { team: 'x'.repeat(64) } }),
    'metadata.labels.team: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" has 64 characters, but may have at most 63. Shorten it.',
  ],
  ...Object.entries({
    labels: ['a b', '/a', 'a/', 'a/b/c', '-a', 'x'.repeat(64), 'Example.com/a', ''],
    annotations: ['a b', 'x'.repeat(64)],
  }).flatMap(([field, keys]) =>
    keys.map((key): [string, unknown, string] => [
      `the key "${key}" in ${field}`,
      named({ name: 'invoices', [field]: { [key]: 'x' } }),
      `metadata.${field}: ${JSON.stringify({ [key]: 'x' })}: a key has at most 63 letters, digits, dashes, underscores and dots, with a domain and a slash before them or not. Rename it.`,
    ]),
  ),
  [
    'a misspelt metadata field',
    named({ name: 'invoices', lables: {} }),
    'metadata.lables: {} is not a known field. Did you mean labels?',
  ],
  [
    'no spec',
    head({ spec: undefined }),
    'spec.region: is missing. Set it: AWS region of everything this pipeline makes, such as eu-west-1.',
    'spec.workflow: is missing. Set it: What happens to what comes in.',
  ],
  [
    'a spec that is a list',
    head({ spec: [] }),
    'spec: [] is of type array, but must be of type object. Correct it.',
  ],
  [
    'no region',
    head({ spec: { workflow: { type: 'RecordFile' } } }),
    'spec.region: is missing. Set it: AWS region of everything this pipeline makes, such as eu-west-1.',
  ],
  [
    'no workflow',
    head({ spec: { region: 'eu-west-1' } }),
    'spec.workflow: is missing. Set it: What happens to what comes in.',
  ],
  [
    'a workflow without its type',
    spec({ workflow: {} }),
    'spec.workflow.type: is missing. Set it: RecordFile records each file as one item of the table.',
  ],
  [
    'a region that is none',
    spec({ region: 'Ireland' }),
    'spec.region: "Ireland" does not match ^(eusc|[a-z]{2})(-[a-z]+)+-[0-9]$. Correct it: AWS region of everything this pipeline makes, such as eu-west-1.',
  ],
  [
    'an availability zone for a region',
    spec({ region: 'eu-west-1a' }),
    'spec.region: "eu-west-1a" does not match ^(eusc|[a-z]{2})(-[a-z]+)+-[0-9]$. Correct it: AWS region of everything this pipeline makes, such as eu-west-1.',
  ],
  [
    'a region with a line break',
    spec({ region: 'eu-west-1\n' }),
    'spec.region: "eu-west-1\\n" does not match ^(eusc|[a-z]{2})(-[a-z]+)+-[0-9]$. Correct it: AWS region of everything this pipeline makes, such as eu-west-1.',
  ],
  [
    'a region too long for any',
    spec({ region: `eu-${'west'.repeat(10)}-1` }),
    'spec.region: "eu-westwestwestwestwestwestwestwestwestwest-1" has 45 characters, but may have at most 32. Shorten it.',
  ],
  [
    'a workflow type that is none',
    spec({ workflow: { type: 'RecordFiles' } }),
    `spec.workflow.type: "RecordFiles" is not supported. Use one of ${TYPES}.`,
  ],
  [
    'a workflow type far from any',
    spec({ workflow: { type: 'Glacier' } }),
    `spec.workflow.type: "Glacier" is not supported. Use one of ${TYPES}.`,
  ],
  [
    'an execution in lower case',
    spec({ workflow: { type: 'RecordFile', execution: 'express' } }),
    'spec.workflow.execution: "express" is not supported. Use one of Standard, Express, Direct.',
  ],
  [
    'a state machine name with a dot',
    spec({ workflow: { type: 'RecordFile', name: 'record.orders' } }),
    'spec.workflow.name: "record.orders" does not match ^[A-Za-z0-9_-]+$. Correct it: Name of the state machine.',
  ],
  [
    'a state machine name too long',
    spec({ workflow: { type: 'RecordFile', name: 'x'.repeat(81) } }),
    'spec.workflow.name: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" has 81 characters, but may have at most 80. Shorten it.',
  ],
  [
    'a misspelt field',
    spec({ tabel: { name: 'Files' } }),
    'spec.tabel: {"name":"Files"} is not a known field. Did you mean table?',
  ],
  [
    'a field in the wrong case',
    spec({ source: { BucketName: 'orders' } }),
    'spec.source.BucketName: "orders" is not a known field. Did you mean bucketName?',
  ],
  [
    'a field one level too high',
    spec({ bucketName: 'orders' }),
    'spec.bucketName: "orders" is not a known field. Did you mean spec.source.bucketName?',
  ],
  [
    'a field one level too low',
    spec({ table: { billing: { pointInTimeRecovery: false } } }),
    'spec.table.billing.pointInTimeRecovery: false is not a known field. Did you mean spec.table.pointInTimeRecovery?',
  ],
  [
    'a field that nothing has',
    spec({ replicas: 3 }),
    'spec.replicas: 3 is not a known field. Use region, providerConfigRef, tags, dataRetention, permissionsBoundaryArn, source, workflow, table, functions, observability, crossplane.',
  ],
  [
    'a field of JavaScript itself',
    spec({ constructor: 'x' }),
    'spec.constructor: "x" is not a known field. Use region, providerConfigRef, tags, dataRetention, permissionsBoundaryArn, source, workflow, table, functions, observability, crossplane.',
  ],
  [
    'a field that sets a prototype',
    JSON.parse(JSON.stringify(base).replace('"region"', '"__proto__":{"region":"x"},"region"')),
    'spec.__proto__: {"region":"x"} is not a known field. Use region, providerConfigRef, tags, dataRetention, permissionsBoundaryArn, source, workflow, table, functions, observability, crossplane.',
  ],
  [
    'a provider configuration of another kind',
    spec({ providerConfigRef: { kind: 'Provider' } }),
    'spec.providerConfigRef.kind: "Provider" is not supported. Use one of ClusterProviderConfig, ProviderConfig.',
  ],
  [
    'an empty provider configuration name',
    spec({ providerConfigRef: { name: '' } }),
    'spec.providerConfigRef.name: "" has 0 characters, but needs at least 1. Lengthen it.',
  ],
  [
    'an unknown composition policy',
    spec({ crossplane: { compositionUpdatePolicy: 'Never' } }),
    'spec.crossplane.compositionUpdatePolicy: "Never" is not supported. Use one of Automatic, Manual.',
  ],
  [
    'a composition without its name',
    spec({ crossplane: { compositionRef: {} } }),
    'spec.crossplane.compositionRef.name: is missing. Set it.',
  ],
  [
    'a tag that YAML reads as a number',
    spec({ tags: { 'cost-center': 4711 } }),
    'spec.tags.cost-center: 4711 is of type integer, but must be of type string. Put it in quotes.',
  ],
  [
    'a tag too long for AWS',
    spec({ tags: { 'team/name': 'x'.repeat(257) } }),
    'spec.tags["team/name"]: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx... has 257 characters, but may have at most 256. Shorten it.',
  ],
  [
    'too many tags',
    spec({ tags: many }),
    'spec.tags: {"key-0":"x","key-1":"x","key-2":"x","key-3":"x","key-4":"x","key-5":"x","key-6":"x","key-7":"x",... has 41 entries, but may have at most 40. Remove some.',
  ],
  [
    'a retention in lower case',
    spec({ dataRetention: 'delete' }),
    'spec.dataRetention: "delete" is not supported. Use one of Retain, Delete.',
  ],
  [
    'a boundary that is a role',
    spec({ permissionsBoundaryArn: 'arn:aws:iam::111122223333:role/team' }),
    'spec.permissionsBoundaryArn: "arn:aws:iam::111122223333:role/team" does not match ^arn:aws[a-z-]*:iam::[0-9]{12}:policy/.+$. Correct it: ARN of the IAM policy set as the permissions boundary of every role.',
  ],
  [
    'a bucket name too short',
    spec({ source: { bucketName: 'ab' } }),
    'spec.source.bucketName: "ab" has 2 characters, but needs at least 3. Lengthen it.',
  ],
  [
    'a bucket name too long',
    spec({ source: { bucketName: 'x'.repeat(64) } }),
    'spec.source.bucketName: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" has 64 characters, but may have at most 63. Shorten it.',
  ],
  [
    'a bucket name with a dot, which breaks TLS',
    spec({ source: { bucketName: 'my.bucket' } }),
    'spec.source.bucketName: "my.bucket" does not match ^[a-z0-9][a-z0-9-]*[a-z0-9]$. Correct it: Name of the bucket, unique in all of AWS.',
  ],
  [
    'an empty prefix',
    spec({ source: { prefix: '' } }),
    'spec.source.prefix: "" has 0 characters, but needs at least 1. Lengthen it.',
  ],
  [
    'a prefix too long',
    spec({ source: { prefix: 'é'.repeat(513) } }),
    'spec.source.prefix: "éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé... has 513 characters, but may have at most 512. Shorten it.',
  ],
  [
    'a list of suffixes that is a string',
    spec({ source: { suffixes: '.csv' } }),
    'spec.source.suffixes: ".csv" is of type string, but must be of type array. Correct it.',
  ],
  [
    'an empty list of suffixes',
    spec({ source: { suffixes: [] } }),
    'spec.source.suffixes: [] has 0 entries, but needs at least 1. Add some.',
  ],
  [
    'too many suffixes',
    spec({ source: { suffixes: Array.from({ length: 11 }, (_, i) => `.${i}x`) } }),
    'spec.source.suffixes: [".0x",".1x",".2x",".3x",".4x",".5x",".6x",".7x",".8x",".9x",".10x"] has 11 entries, but may have at most 10. Remove some.',
  ],
  [
    'an empty suffix',
    spec({ source: { suffixes: ['.csv', ''] } }),
    'spec.source.suffixes[1]: "" has 0 characters, but needs at least 1. Lengthen it.',
  ],
  [
    'a suffix twice',
    spec({ source: { suffixes: ['.csv', '.txt', '.csv'] } }),
    'spec.source.suffixes[2]: ".csv" is there twice. Remove one.',
  ],
  [
    'a null among suffixes',
    spec({ source: { suffixes: ['.csv', null] } }),
    'spec.source.suffixes[1]: null is of type null, but must be of type string. Correct it.',
  ],
  [
    'an expiry of no days',
    spec({ source: { expireAfterDays: 0 } }),
    'spec.source.expireAfterDays: 0 is less than 1. Use 1 or more.',
  ],
  [
    'an expiry of half a day',
    spec({ source: { expireAfterDays: 0.5 } }),
    'spec.source.expireAfterDays: 0.5 is of type number, but must be of type integer. Give a whole number.',
  ],
  [
    'an expiry past what S3 takes',
    spec({ source: { expireAfterDays: 36501 } }),
    'spec.source.expireAfterDays: 36501 is more than 36500. Use 36500 or less.',
  ],
  [
    'an expiry in quotes',
    spec({ source: { expireAfterDays: '30' } }),
    'spec.source.expireAfterDays: "30" is of type string, but must be of type integer. Remove the quotes.',
  ],
  [
    'versioning as a word',
    spec({ source: { versioning: 'Enabled' } }),
    'spec.source.versioning: "Enabled" is of type string, but must be of type boolean. Give true or false, without quotes.',
  ],
  [
    'a KMS key by its id',
    spec({ source: { kmsKeyArn: '0a1b2c3d' } }),
    'spec.source.kmsKeyArn: "0a1b2c3d" does not match ^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$. Correct it: ARN of the KMS key, not of an alias, that encrypts the objects.',
  ],
  [
    'a key for the objects by its alias, which is no key in a policy',
    spec({ source: { kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:alias/files' } }),
    'spec.source.kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:alias/files" does not match ^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$. Correct it: ARN of the KMS key, not of an alias, that encrypts the objects.',
  ],
  [
    'a table key by its alias, which DynamoDB refuses',
    spec({ table: { kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:alias/files' } }),
    'spec.table.kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:alias/files" does not match ^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$. Correct it: ARN of the KMS key, not of an alias, that encrypts the table.',
  ],
  [
    'a table name too short',
    spec({ table: { name: 'ab' } }),
    'spec.table.name: "ab" has 2 characters, but needs at least 3. Lengthen it.',
  ],
  [
    'a table name with a space',
    spec({ table: { name: 'my files' } }),
    'spec.table.name: "my files" does not match ^[a-zA-Z0-9_.-]+$. Correct it: Name of the table.',
  ],
  [
    'a key attribute with a hash',
    spec({ table: { partitionKey: 'File#Name' } }),
    `spec.table.partitionKey: "File#Name" does not match ^[A-Za-z0-9_.-]+$. Correct it: Name of the partition key, a string.`,
  ],
  [
    'a billing mode by its AWS name',
    spec({ table: { billing: { mode: 'PROVISIONED' } } }),
    'spec.table.billing.mode: "PROVISIONED" is not supported. Use one of OnDemand, Provisioned.',
  ],
  [
    'billing as a word',
    spec({ table: { billing: 'Provisioned' } }),
    'spec.table.billing: "Provisioned" is of type string, but must be of type object. Correct it.',
  ],
  [
    'capacity without its most',
    provisioned({ min: 1 }),
    'spec.table.billing.read.max: is missing. Set it: Most capacity units.',
  ],
  [
    'no capacity at all',
    provisioned({ min: 0, max: 5 }),
    'spec.table.billing.read.min: 0 is less than 1. Use 1 or more.',
  ],
  [
    'capacity past the account quota',
    provisioned({ min: 1, max: 40001 }),
    'spec.table.billing.read.max: 40001 is more than 40000. Use 40000 or less.',
  ],
  [
    'a target too low for the scaling',
    provisioned({ min: 1, max: 5, targetUtilization: 19 }),
    'spec.table.billing.read.targetUtilization: 19 is less than 20. Use 20 or more.',
  ],
  [
    'a target too high for the scaling',
    provisioned({ min: 1, max: 5, targetUtilization: 91 }),
    'spec.table.billing.read.targetUtilization: 91 is more than 90. Use 90 or less.',
  ],
  [
    'too little memory',
    spec({ functions: { memoryMB: 127 } }),
    'spec.functions.memoryMB: 127 is less than 128. Use 128 or more.',
  ],
  [
    'too much memory',
    spec({ functions: { memoryMB: 10241 } }),
    'spec.functions.memoryMB: 10241 is more than 10240. Use 10240 or less.',
  ],
  [
    'a timeout longer than Lambda has',
    spec({ functions: { timeoutSeconds: 901 } }),
    'spec.functions.timeoutSeconds: 901 is more than 900. Use 900 or less.',
  ],
  [
    'an architecture by its other name',
    spec({ functions: { architecture: 'amd64' } }),
    'spec.functions.architecture: "amd64" is not supported. Use one of arm64, x86_64.',
  ],
  [
    'no concurrency, which would stop the pipeline',
    spec({ functions: { reservedConcurrency: 0 } }),
    'spec.functions.reservedConcurrency: 0 is less than 1. Use 1 or more.',
  ],
  [
    'a retention that CloudWatch Logs lacks',
    spec({ observability: { logRetentionDays: 31 } }),
    'spec.observability.logRetentionDays: 31 is not supported. Use one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653.',
  ],
  [
    'OFF without quotes, which YAML reads as false',
    spec({ observability: { logLevel: false } }),
    'spec.observability.logLevel: false is of type boolean, but must be of type string. Put it in quotes: YAML reads on, off, yes and no as booleans.',
  ],
  [
    'a topic by its name',
    spec({ observability: { alarms: { enabled: true, topicArn: 'oncall' } } }),
    'spec.observability.alarms.topicArn: "oncall" does not match ^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]+$. Correct it: ARN of the SNS topic told of alarms.',
  ],
  [
    'several mistakes, all told',
    spec({ region: 'x', functions: { memoryMb: 1 }, dataRetention: 'Keep' }),
    'spec.region: "x" does not match ^(eusc|[a-z]{2})(-[a-z]+)+-[0-9]$. Correct it: AWS region of everything this pipeline makes, such as eu-west-1.',
    'spec.functions.memoryMb: 1 is not a known field. Did you mean memoryMB?',
    'spec.dataRetention: "Keep" is not supported. Use one of Retain, Delete.',
  ],
];

describe('a wrong claim is refused with path, value and fix', () => {
  it.each(wrong)('%s', (_why, claim, ...errors) => {
    expect(admit(claim)).toEqual({ errors });
  });
});

describe('what the API server takes', () => {
  it('the smallest claim, with every default and the namespace filled in', () => {
    expect(admit({ ...base, status: { bucket: 'someone-else' } })).toEqual({
      claim: {
        apiVersion: 'fileingest.dev/v1alpha1',
        kind: 'FileIngestPipeline',
        metadata: { name: 'invoices', namespace: 'default' },
        spec: {
          region: 'eu-west-1',
          providerConfigRef: { kind: 'ClusterProviderConfig', name: 'default' },
          dataRetention: 'Retain',
          source: { adopt: false, trigger: 'Notification', versioning: true },
          workflow: { type: 'RecordFile' },
          table: {
            adopt: false,
            billing: { mode: 'OnDemand' },
            pointInTimeRecovery: true,
            deletionProtection: false,
          },
          functions: { architecture: 'arm64' },
          observability: {
            logRetentionDays: 30,
            logLevel: 'ERROR',
            includeExecutionData: false,
            tracing: false,
            alarms: { enabled: false },
          },
        },
      },
    });
  });

  it('null for a field that is not set, as a bare `source:` in YAML is', () => {
    expect(admit(spec({ source: null, table: { name: null, partitionKey: null } }))).toEqual(admit(base));
  });

  it('metadata that controllers write, and a choice of Composition', () => {
    const metadata = {
      name: 'a.b-1',
      namespace: 'team-a',
      generateName: 'a',
      uid: 'u',
      managedFields: [{}],
      labels: { a: 'b', 'app.kubernetes.io/part-of': '', ['x'.repeat(63)]: 'A_b.c-1' },
      annotations: { 'Example.com/note': 'two words' },
    };
    const crossplane = {
      compositionSelector: { matchLabels: { tier: 'gold' } },
      compositionUpdatePolicy: 'Manual',
      resourceRefs: [{ apiVersion: 's3.aws.m.upbound.io/v1beta1', kind: 'Bucket', name: 'invoices-bucket' }],
    };
    const claim = { ...spec({ crossplane }), metadata };
    expect(admit(claim)).toMatchObject({ claim: { metadata, spec: { crossplane } } });
  });

  it('lengths in characters, as the API server counts them, not in UTF-16 units', () => {
    expect(admit(spec({ source: { prefix: '\u{1F4C1}'.repeat(512) } }))).not.toHaveProperty('errors');
  });

  it('defaults inside what is given', () => {
    const { claim } = { claim: {}, ...admit(provisioned({ min: 1, max: 2 })) };
    expect(claim).toHaveProperty('spec.table.billing.read', { min: 1, max: 2, targetUtilization: 70 });
    expect(claim).toHaveProperty('spec.table.pointInTimeRecovery', true);
  });

  it('leaves the claim that it was given as it was', () => {
    const claim = structuredClone(base);
    admit(claim);
    expect(claim).toEqual(base);
  });
});

describe('the functions of a custom workflow', () => {
  const imageUri = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/parse:1';
  const zip = {
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    code: { bucket: 'orders-code', key: 'parse.zip', sha256: 'a'.repeat(64) },
  };
  const definition = { StartAt: 'Done', States: { Done: { Type: 'Succeed', Output: null } } };
  const functions = (...list: Json[]) =>
    spec({ workflow: { type: 'Custom', custom: { definition, functions: list } } });
  const parse = { name: 'parse', ...zip };
  const load = { name: 'load', imageUri };

  it.each([
    ['may change their order', functions(parse, load), functions(load, parse)],
    ['may come, before others too', functions(parse), functions(load, parse)],
    ['may go', functions(parse, load), functions(load)],
    ['may be the first ones', functions(), functions(parse)],
    ['may change their image', functions(load), functions({ ...load, imageUri: `${imageUri}2` })],
  ])('%s', (_why, before, after) => {
    expect(admit(after, before)).not.toHaveProperty('errors');
  });

  it('are compared by name, wherever they stand', () => {
    expect(admit(functions(load, { name: 'parse', imageUri }), functions(parse, load))).toEqual({
      errors: [
        `spec.workflow.custom.functions[1]: {"name":"parse","imageUri":"${imageUri}"}: a function of workflow.custom.functions cannot change between code and imageUri. Add a function of another name.`,
      ],
    });
  });

  it('are each asked the rules of one', () => {
    expect(admit(functions(parse, { name: 'load' }, { name: 'start-workflow', imageUri }))).toEqual({
      errors: [
        'spec.workflow.custom.functions[1]: {"name":"load"}: a function of workflow.custom.functions has neither code nor imageUri, or both. Give one of them.',
        expect.stringMatching(
          /^spec\.workflow\.custom\.functions\[2\]\.name: "start-workflow": .* Rename it\.$/,
        ),
      ],
    });
  });

  it('leave the definition as it was given, nulls too', () => {
    const { claim } = { claim: {}, ...admit(functions(parse)) };
    expect(claim).toHaveProperty('spec.workflow.custom.definition', definition);
  });
});

describe('a claim file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'claim-'));
  const path = join(folder, 'claim.yaml');
  afterAll(() => rmSync(folder, { recursive: true }));
  const reading = (content: string) => () => {
    writeFileSync(path, content);
    return readClaimFile(path);
  };

  it.each([
    ['empty', '', 'is empty. Give a file with a FileIngestPipeline.'],
    ['comments only', '# nothing yet\n', 'is empty. Give a file with a FileIngestPipeline.'],
    [
      'cut off',
      'a: [\n',
      'is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 2, column 1',
    ],
    [
      'the same field twice',
      'a: 1\na: 2\n',
      'is not valid YAML: Map keys must be unique at line 2, column 1',
    ],
    [
      'indented by a tab',
      '\ta: 1',
      'is not valid YAML: Tabs are not allowed as indentation at line 1, column 1',
    ],
    [
      'an alias of nothing',
      'a: *b\n',
      'is not valid YAML: Unresolved alias (the anchor must be set before the alias): b',
    ],
    [
      'two claims',
      'kind: FileIngestPipeline\n---\nkind: FileIngestPipeline\n',
      'has 2 YAML documents. Give a file with one FileIngestPipeline.',
    ],
    ['another kind', 'kind: Pod\n', 'is a Pod. Give a file with a FileIngestPipeline.'],
    ['a list', '- kind: FileIngestPipeline\n', 'is of no kind. Give a file with a FileIngestPipeline.'],
    ['a sentence', 'hello\n', 'is of no kind. Give a file with a FileIngestPipeline.'],
  ])('%s is refused in one line', (_why, content, message) => {
    expect(reading(content)).toThrow(new Error(`${path} ${message}`));
  });

  it('that is not there, or is a folder, is refused in one line', () => {
    expect(() => readClaimFile('/nowhere/claim.yaml')).toThrow(
      new Error('/nowhere/claim.yaml does not exist. Give the path of a claim.'),
    );
    expect(() => readClaimFile(folder)).toThrow(
      new Error(`${folder} is a folder. Give the path of a claim.`),
    );
  });

  it('may start and end with document markers, as tools write them', () => {
    expect(reading('---\nkind: FileIngestPipeline\n---\n')()).toEqual({ kind: 'FileIngestPipeline' });
  });

  it('is read as kubectl reads it: off and no are booleans, dates and times are strings', () => {
    const read = reading('kind: FileIngestPipeline\na: OFF\nb: no\nc: 2026-01-01\nd: 1:30\ne: 4711\n')();
    expect(read).toEqual({
      kind: 'FileIngestPipeline',
      a: false,
      b: false,
      c: '2026-01-01',
      d: '1:30',
      e: 4711,
    });
  });
});
