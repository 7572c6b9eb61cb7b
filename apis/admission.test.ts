import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { WORKFLOW_TYPES } from '../function/src/generated/api.ts';
import type { Json } from '../function/src/objects.ts';
import { admit, readClaimFile } from './admission.ts';

const TYPES = WORKFLOW_TYPES.map((type) => JSON.stringify(type)).join(', ');

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
  [
    'not an object',
    'invoices',
    'claim: Invalid value: "invoices": must be an object. Give a FileIngestPipeline.',
  ],
  ['nothing at all', undefined, 'claim: Invalid value: null: must be an object. Give a FileIngestPipeline.'],
  [
    'a list of claims',
    [base],
    'claim: Invalid value: [{"apiVersion":"fileingest.dev/v1alpha1","kind":"FileIngestPipeline","metadata":{"name":"invoices"},"spec":{"region":...: must be an object. Give a FileIngestPipeline.',
  ],
  [
    'another kind',
    head({ kind: 'Pod' }),
    'kind: Unsupported value: "Pod": supported values: "FileIngestPipeline". Use that.',
  ],
  [
    'a kind in the wrong case',
    head({ kind: 'fileingestpipeline' }),
    'kind: Unsupported value: "fileingestpipeline": supported values: "FileIngestPipeline". Use that.',
  ],
  ['no kind', head({ kind: undefined }), 'kind: Required value: set it to FileIngestPipeline.'],
  [
    'another version of the API',
    head({ apiVersion: 'fileingest.dev/v1' }),
    'apiVersion: Unsupported value: "fileingest.dev/v1": supported values: "fileingest.dev/v1alpha1". Use that.',
  ],
  [
    'a spec field outside spec',
    head({ region: 'eu-west-1' }),
    'region: Invalid value: "eu-west-1": unknown field. Did you mean spec.region?',
  ],
  [
    'a field that nothing has',
    head({ data: {} }),
    'data: Invalid value: {}: unknown field. There are: apiVersion, kind, metadata, spec.',
  ],
  [
    'no metadata',
    head({ metadata: undefined }),
    'metadata.name: Required value: lower-case letters, digits and dashes, with dots between words. Add it.',
  ],
  [
    'metadata that is no object',
    named('invoices'),
    'metadata: Invalid value: "invoices": must be of type object, but is of type string. Write fields with their values.',
  ],
  [
    'a name in capitals',
    named({ name: 'Invoices' }),
    'metadata.name: Invalid value: "Invoices": must match ^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$. Correct it: lower-case letters, digits and dashes, with dots between words.',
  ],
  [
    'a name with an underscore',
    named({ name: 'in_voices' }),
    'metadata.name: Invalid value: "in_voices": must match ^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$. Correct it: lower-case letters, digits and dashes, with dots between words.',
  ],
  [
    'a name that ends in a dash',
    named({ name: 'invoices-' }),
    'metadata.name: Invalid value: "invoices-": must match ^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$. Correct it: lower-case letters, digits and dashes, with dots between words.',
  ],
  [
    'a name with an empty label',
    named({ name: 'in..voices' }),
    'metadata.name: Invalid value: "in..voices": must match ^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$. Correct it: lower-case letters, digits and dashes, with dots between words.',
  ],
  [
    'an empty name',
    named({ name: '' }),
    'metadata.name: Invalid value: "": must match ^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$. Correct it: lower-case letters, digits and dashes, with dots between words.',
  ],
  [
    'a name too long for a label',
    named({ name: 'x'.repeat(64) }),
    'metadata.name: Too long: must have at most 63 characters, but has 64. Shorten it.',
  ],
  [
    'a name that YAML reads as a number',
    named({ name: 4711 }),
    'metadata.name: Invalid value: 4711: must be of type string, but is of type integer. Put it in quotes.',
  ],
  [
    'a namespace with a dot',
    named({ name: 'invoices', namespace: 'team.a' }),
    'metadata.namespace: Invalid value: "team.a": must match ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$. Correct it: lower-case letters, digits and dashes.',
  ],
  [
    'a label that is no string',
    named({ name: 'invoices', labels: { tier: 1 } }),
    'metadata.labels.tier: Invalid value: 1: must be of type string, but is of type integer. Put it in quotes.',
  ],
  [
    'a label with a space',
    named({ name: 'invoices', labels: { team: 'the orders' } }),
    'metadata.labels.team: Invalid value: "the orders": must match ^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$. Correct it: letters, digits, dashes, underscores and dots.',
  ],
  [
    'a label too long',
    named({ name: 'invoices', labels: { team: 'x'.repeat(64) } }),
    'metadata.labels.team: Too long: must have at most 63 characters, but has 64. Shorten it.',
  ],
  ...Object.entries({
    labels: ['a b', '/a', 'a/', 'a/b/c', '-a', 'x'.repeat(64), 'Example.com/a', ''],
    annotations: ['a b', 'x'.repeat(64)],
  }).flatMap(([field, keys]) =>
    keys.map((key): [string, unknown, string] => [
      `the key "${key}" in ${field}`,
      named({ name: 'invoices', [field]: { [key]: 'x' } }),
      `metadata.${field}: Invalid value: ${JSON.stringify({ [key]: 'x' })}: a key must have at most 63 letters, digits, dashes, underscores and dots, with a domain and a slash before them or not. Rename it.`,
    ]),
  ),
  [
    'a misspelt metadata field',
    named({ name: 'invoices', lables: {} }),
    'metadata.lables: Invalid value: {}: unknown field. Did you mean labels?',
  ],
  [
    'no spec',
    head({ spec: undefined }),
    'spec.region: Required value: AWS region of everything this pipeline makes, such as eu-west-1. Add it.',
    'spec.workflow: Required value: What happens to what comes in. Add it.',
  ],
  [
    'a spec that is a list',
    head({ spec: [] }),
    'spec: Invalid value: []: must be of type object, but is of type array. Write fields with their values.',
  ],
  [
    'no region',
    head({ spec: { workflow: { type: 'RecordFile' } } }),
    'spec.region: Required value: AWS region of everything this pipeline makes, such as eu-west-1. Add it.',
  ],
  [
    'no workflow',
    head({ spec: { region: 'eu-west-1' } }),
    'spec.workflow: Required value: What happens to what comes in. Add it.',
  ],
  [
    'a workflow without its type',
    spec({ workflow: {} }),
    'spec.workflow.type: Required value: RecordFile records each file as one item of the table. Add it.',
  ],
  [
    'a region that is none',
    spec({ region: 'Ireland' }),
    'spec.region: Invalid value: "Ireland": must match ^(eusc|[a-z]{2})(-[a-z]+)+-[0-9]$. Correct it: AWS region of everything this pipeline makes, such as eu-west-1.',
  ],
  [
    'an availability zone for a region',
    spec({ region: 'eu-west-1a' }),
    'spec.region: Invalid value: "eu-west-1a": must match ^(eusc|[a-z]{2})(-[a-z]+)+-[0-9]$. Correct it: AWS region of everything this pipeline makes, such as eu-west-1.',
  ],
  [
    'a region with a line break',
    spec({ region: 'eu-west-1\n' }),
    'spec.region: Invalid value: "eu-west-1\\n": must match ^(eusc|[a-z]{2})(-[a-z]+)+-[0-9]$. Correct it: AWS region of everything this pipeline makes, such as eu-west-1.',
  ],
  [
    'a region too long for any',
    spec({ region: `eu-${'west'.repeat(10)}-1` }),
    'spec.region: Too long: must have at most 32 characters, but has 45. Shorten it.',
  ],
  [
    'a workflow type that is none',
    spec({ workflow: { type: 'RecordFiles' } }),
    `spec.workflow.type: Unsupported value: "RecordFiles": supported values: ${TYPES}. Use one of them.`,
  ],
  [
    'a workflow type far from any',
    spec({ workflow: { type: 'Glacier' } }),
    `spec.workflow.type: Unsupported value: "Glacier": supported values: ${TYPES}. Use one of them.`,
  ],
  [
    'an execution in lower case',
    spec({ workflow: { type: 'RecordFile', execution: 'express' } }),
    'spec.workflow.execution: Unsupported value: "express": supported values: "Standard", "Express", "Direct". Use one of them.',
  ],
  [
    'a state machine name with a dot',
    spec({ workflow: { type: 'RecordFile', name: 'record.orders' } }),
    'spec.workflow.name: Invalid value: "record.orders": must match ^[A-Za-z0-9_-]+$. Correct it: Name of the state machine.',
  ],
  [
    'a state machine name too long',
    spec({ workflow: { type: 'RecordFile', name: 'x'.repeat(81) } }),
    'spec.workflow.name: Too long: must have at most 80 characters, but has 81. Shorten it.',
  ],
  [
    'a misspelt field',
    spec({ tabel: { name: 'Files' } }),
    'spec.tabel: Invalid value: {"name":"Files"}: unknown field. Did you mean table?',
  ],
  [
    'a field in the wrong case',
    spec({ source: { BucketName: 'orders' } }),
    'spec.source.BucketName: Invalid value: "orders": unknown field. Did you mean bucketName?',
  ],
  [
    'a field one level too high',
    spec({ bucketName: 'orders' }),
    'spec.bucketName: Invalid value: "orders": unknown field. Did you mean spec.source.bucketName?',
  ],
  [
    'a field one level too low',
    spec({ table: { billing: { pointInTimeRecovery: false } } }),
    'spec.table.billing.pointInTimeRecovery: Invalid value: false: unknown field. Did you mean spec.table.pointInTimeRecovery?',
  ],
  [
    'a field that nothing has',
    spec({ replicas: 3 }),
    'spec.replicas: Invalid value: 3: unknown field. There are: region, providerConfigRef, tags, dataRetention, permissionsBoundaryArn, source, workflow, table, functions, observability, crossplane.',
  ],
  [
    'a field of JavaScript itself',
    spec({ constructor: 'x' }),
    'spec.constructor: Invalid value: "x": unknown field. There are: region, providerConfigRef, tags, dataRetention, permissionsBoundaryArn, source, workflow, table, functions, observability, crossplane.',
  ],
  [
    'a field that sets a prototype',
    JSON.parse(JSON.stringify(base).replace('"region"', '"__proto__":{"region":"x"},"region"')),
    'spec.__proto__: Invalid value: {"region":"x"}: unknown field. There are: region, providerConfigRef, tags, dataRetention, permissionsBoundaryArn, source, workflow, table, functions, observability, crossplane.',
  ],
  [
    'a provider configuration of another kind',
    spec({ providerConfigRef: { kind: 'Provider' } }),
    'spec.providerConfigRef.kind: Unsupported value: "Provider": supported values: "ClusterProviderConfig", "ProviderConfig". Use one of them.',
  ],
  [
    'an empty provider configuration name',
    spec({ providerConfigRef: { name: '' } }),
    'spec.providerConfigRef.name: Invalid value: "": must have at least 1 characters, but has 0. Lengthen it.',
  ],
  [
    'an unknown composition policy',
    spec({ crossplane: { compositionUpdatePolicy: 'Never' } }),
    'spec.crossplane.compositionUpdatePolicy: Unsupported value: "Never": supported values: "Automatic", "Manual". Use one of them.',
  ],
  [
    'a composition without its name',
    spec({ crossplane: { compositionRef: {} } }),
    'spec.crossplane.compositionRef.name: Required value: add it.',
  ],
  [
    'a tag that YAML reads as a number',
    spec({ tags: { 'cost-center': 4711 } }),
    'spec.tags.cost-center: Invalid value: 4711: must be of type string, but is of type integer. Put it in quotes.',
  ],
  [
    'a tag too long for AWS',
    spec({ tags: { 'team/name': 'x'.repeat(257) } }),
    'spec.tags["team/name"]: Too long: must have at most 256 characters, but has 257. Shorten it.',
  ],
  [
    'too many tags',
    spec({ tags: many }),
    'spec.tags: Too many: 41: must have at most 40 entries. Remove some.',
  ],
  [
    'a retention in lower case',
    spec({ dataRetention: 'delete' }),
    'spec.dataRetention: Unsupported value: "delete": supported values: "Retain", "Delete". Use one of them.',
  ],
  [
    'a boundary that is a role',
    spec({ permissionsBoundaryArn: 'arn:aws:iam::111122223333:role/team' }),
    'spec.permissionsBoundaryArn: Invalid value: "arn:aws:iam::111122223333:role/team": must match ^arn:aws[a-z-]*:iam::[0-9]{12}:policy/.+$. Correct it: ARN of the IAM policy set as the permissions boundary of every role.',
  ],
  [
    'a bucket name too short',
    spec({ source: { bucketName: 'ab' } }),
    'spec.source.bucketName: Invalid value: "ab": must have at least 3 characters, but has 2. Lengthen it.',
  ],
  [
    'a bucket name too long',
    spec({ source: { bucketName: 'x'.repeat(64) } }),
    'spec.source.bucketName: Too long: must have at most 63 characters, but has 64. Shorten it.',
  ],
  [
    'a bucket name with a dot, which breaks TLS',
    spec({ source: { bucketName: 'my.bucket' } }),
    'spec.source.bucketName: Invalid value: "my.bucket": must match ^[a-z0-9][a-z0-9-]*[a-z0-9]$. Correct it: Name of the bucket, unique in all of AWS.',
  ],
  [
    'an empty prefix',
    spec({ source: { prefix: '' } }),
    'spec.source.prefix: Invalid value: "": must have at least 1 characters, but has 0. Lengthen it.',
  ],
  [
    'a prefix too long',
    spec({ source: { prefix: 'é'.repeat(513) } }),
    'spec.source.prefix: Too long: must have at most 512 characters, but has 513. Shorten it.',
  ],
  [
    'a list of suffixes that is a string',
    spec({ source: { suffixes: '.csv' } }),
    'spec.source.suffixes: Invalid value: ".csv": must be of type array, but is of type string. Write a list.',
  ],
  [
    'an empty list of suffixes',
    spec({ source: { suffixes: [] } }),
    'spec.source.suffixes: Invalid value: []: must have at least 1 entries, but has 0. Add some.',
  ],
  [
    'too many suffixes',
    spec({ source: { suffixes: Array.from({ length: 11 }, (_, i) => `.${i}x`) } }),
    'spec.source.suffixes: Too many: 11: must have at most 10 entries. Remove some.',
  ],
  [
    'an empty suffix',
    spec({ source: { suffixes: ['.csv', ''] } }),
    'spec.source.suffixes[1]: Invalid value: "": must have at least 1 characters, but has 0. Lengthen it.',
  ],
  [
    'a suffix twice',
    spec({ source: { suffixes: ['.csv', '.txt', '.csv'] } }),
    'spec.source.suffixes[2]: Duplicate value: ".csv": must be there once. Remove one of them.',
  ],
  [
    'a null among suffixes',
    spec({ source: { suffixes: ['.csv', null] } }),
    'spec.source.suffixes[1]: Invalid value: null: must be of type string, but is of type null. Write a string.',
  ],
  [
    'an expiry of no days',
    spec({ source: { expireAfterDays: 0 } }),
    'spec.source.expireAfterDays: Invalid value: 0: must be greater than or equal to 1. Raise it.',
  ],
  [
    'an expiry of half a day',
    spec({ source: { expireAfterDays: 0.5 } }),
    'spec.source.expireAfterDays: Invalid value: 0.5: must be of type integer, but is of type number. Write a whole number.',
  ],
  [
    'an expiry past what S3 takes',
    spec({ source: { expireAfterDays: 36501 } }),
    'spec.source.expireAfterDays: Invalid value: 36501: must be less than or equal to 36500. Lower it.',
  ],
  [
    'an expiry in quotes',
    spec({ source: { expireAfterDays: '30' } }),
    'spec.source.expireAfterDays: Invalid value: "30": must be of type integer, but is of type string. Remove the quotes.',
  ],
  [
    'versioning as a word',
    spec({ source: { versioning: 'Enabled' } }),
    'spec.source.versioning: Invalid value: "Enabled": must be of type boolean, but is of type string. Write true or false, without quotes.',
  ],
  [
    'a KMS key by its id',
    spec({ source: { kmsKeyArn: '0a1b2c3d' } }),
    'spec.source.kmsKeyArn: Invalid value: "0a1b2c3d": must match ^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$. Correct it: ARN of the KMS key, not of an alias, that encrypts the objects.',
  ],
  [
    'a key for the objects by its alias, which is no key in a policy',
    spec({ source: { kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:alias/files' } }),
    'spec.source.kmsKeyArn: Invalid value: "arn:aws:kms:eu-west-1:111122223333:alias/files": must match ^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$. Correct it: ARN of the KMS key, not of an alias, that encrypts the objects.',
  ],
  [
    'a table key by its alias, which DynamoDB refuses',
    spec({ table: { kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:alias/files' } }),
    'spec.table.kmsKeyArn: Invalid value: "arn:aws:kms:eu-west-1:111122223333:alias/files": must match ^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$. Correct it: ARN of the KMS key, not of an alias, that encrypts the table.',
  ],
  [
    'a table name too short',
    spec({ table: { name: 'ab' } }),
    'spec.table.name: Invalid value: "ab": must have at least 3 characters, but has 2. Lengthen it.',
  ],
  [
    'a table name with a space',
    spec({ table: { name: 'my files' } }),
    'spec.table.name: Invalid value: "my files": must match ^[a-zA-Z0-9_.-]+$. Correct it: Name of the table.',
  ],
  [
    'a key attribute with a hash',
    spec({ table: { partitionKey: 'File#Name' } }),
    `spec.table.partitionKey: Invalid value: "File#Name": must match ^[A-Za-z0-9_.-]+$. Correct it: Name of the partition key, a string.`,
  ],
  [
    'a billing mode by its AWS name',
    spec({ table: { billing: { mode: 'PROVISIONED' } } }),
    'spec.table.billing.mode: Unsupported value: "PROVISIONED": supported values: "OnDemand", "Provisioned". Use one of them.',
  ],
  [
    'billing as a word',
    spec({ table: { billing: 'Provisioned' } }),
    'spec.table.billing: Invalid value: "Provisioned": must be of type object, but is of type string. Write fields with their values.',
  ],
  [
    'capacity without its most',
    provisioned({ min: 1 }),
    'spec.table.billing.read.max: Required value: Most capacity units. Add it.',
  ],
  [
    'no capacity at all',
    provisioned({ min: 0, max: 5 }),
    'spec.table.billing.read.min: Invalid value: 0: must be greater than or equal to 1. Raise it.',
  ],
  [
    'capacity past the account quota',
    provisioned({ min: 1, max: 40001 }),
    'spec.table.billing.read.max: Invalid value: 40001: must be less than or equal to 40000. Lower it.',
  ],
  [
    'a target too low for the scaling',
    provisioned({ min: 1, max: 5, targetUtilization: 19 }),
    'spec.table.billing.read.targetUtilization: Invalid value: 19: must be greater than or equal to 20. Raise it.',
  ],
  [
    'a target too high for the scaling',
    provisioned({ min: 1, max: 5, targetUtilization: 91 }),
    'spec.table.billing.read.targetUtilization: Invalid value: 91: must be less than or equal to 90. Lower it.',
  ],
  [
    'too little memory',
    spec({ functions: { memoryMB: 127 } }),
    'spec.functions.memoryMB: Invalid value: 127: must be greater than or equal to 128. Raise it.',
  ],
  [
    'too much memory',
    spec({ functions: { memoryMB: 10241 } }),
    'spec.functions.memoryMB: Invalid value: 10241: must be less than or equal to 10240. Lower it.',
  ],
  [
    'a timeout longer than Lambda has',
    spec({ functions: { timeoutSeconds: 901 } }),
    'spec.functions.timeoutSeconds: Invalid value: 901: must be less than or equal to 900. Lower it.',
  ],
  [
    'an architecture by its other name',
    spec({ functions: { architecture: 'amd64' } }),
    'spec.functions.architecture: Unsupported value: "amd64": supported values: "arm64", "x86_64". Use one of them.',
  ],
  [
    'no concurrency, which would stop the pipeline',
    spec({ functions: { reservedConcurrency: 0 } }),
    'spec.functions.reservedConcurrency: Invalid value: 0: must be greater than or equal to 1. Raise it.',
  ],
  [
    'a retention that CloudWatch Logs lacks',
    spec({ observability: { logRetentionDays: 31 } }),
    'spec.observability.logRetentionDays: Unsupported value: 31: supported values: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653. Use one of them.',
  ],
  [
    'OFF without quotes, which YAML reads as false',
    spec({ observability: { logLevel: false } }),
    'spec.observability.logLevel: Invalid value: false: must be of type string, but is of type boolean. Put it in quotes: YAML reads on, off, yes and no as booleans.',
  ],
  [
    'a topic by its name',
    spec({ observability: { alarms: { enabled: true, topicArn: 'oncall' } } }),
    'spec.observability.alarms.topicArn: Invalid value: "oncall": must match ^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]+$. Correct it: ARN of the SNS topic told of alarms.',
  ],
  [
    'several mistakes, all told',
    spec({ region: 'x', functions: { memoryMb: 1 }, dataRetention: 'Keep' }),
    'spec.region: Invalid value: "x": must match ^(eusc|[a-z]{2})(-[a-z]+)+-[0-9]$. Correct it: AWS region of everything this pipeline makes, such as eu-west-1.',
    'spec.functions.memoryMb: Invalid value: 1: unknown field. Did you mean memoryMB?',
    'spec.dataRetention: Unsupported value: "Keep": supported values: "Retain", "Delete". Use one of them.',
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
        `spec.workflow.custom.functions[1]: Invalid value: {"name":"parse","imageUri":"${imageUri}"}: a function must not change between code and imageUri. Add a function of another name.`,
      ],
    });
  });

  it('are each asked the rules of one', () => {
    expect(admit(functions(parse, { name: 'load' }, { name: 'start-workflow', imageUri }))).toEqual({
      errors: [
        'spec.workflow.custom.functions[1]: Invalid value: {"name":"load"}: a function must have either code or imageUri. Set one of them.',
        expect.stringMatching(
          /^spec\.workflow\.custom\.functions\[2\]\.name: Invalid value: "start-workflow": .* Rename the function\.$/,
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
