/** Claims and platform settings that the API server lets through and no render can do. */
import {
  fromObject,
  RunFunctionRequest,
  RunFunctionResponse,
  Severity,
  to,
} from '@crossplane-org/function-sdk-typescript';
import { describe, expect, it } from 'vitest';
import { CATALOGUE, claimOf, requestOf, settle } from '../render.ts';
import { createCompose } from '../src/compose.ts';
import { WORKFLOW_TYPES } from '../src/generated/api.ts';
import { at, type Json } from '../src/objects.ts';

const TYPES = WORKFLOW_TYPES.map((type) => JSON.stringify(type)).join(', ');

const base = { region: 'eu-west-1', workflow: { type: 'RecordFile' } };
const spec = (change: Json) => ({ spec: { ...base, ...change } });
const inFrankfurt = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:111122223333:${rest}`;
const where = (field: string) => `EnvironmentConfig fileingest, data.${field}:`;
const tags = (count: number, stem: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${stem}-${index}`, 'x']));

interface Case {
  readonly spec?: unknown;
  readonly platform?: unknown;
}

const refusals: [why: string, given: Case, message: string][] = [
  [
    'no spec',
    { spec: undefined },
    'spec.region: Required value: must be an AWS region. Set one, such as eu-west-1.',
  ],
  [
    'a spec that is a list',
    { spec: [] },
    'spec.region: Required value: must be an AWS region. Set one, such as eu-west-1.',
  ],
  [
    'no region',
    { spec: { workflow: base.workflow } },
    'spec.region: Required value: must be an AWS region. Set one, such as eu-west-1.',
  ],
  [
    'a region that is none',
    spec({ region: 'Ireland' }),
    'spec.region: Invalid value: "Ireland": must be an AWS region. Set one, such as eu-west-1.',
  ],
  [
    'a region that would break out of an ARN',
    spec({ region: 'eu-west-1:*' }),
    'spec.region: Invalid value: "eu-west-1:*": must be an AWS region. Set one, such as eu-west-1.',
  ],
  [
    'a region with a line break',
    spec({ region: 'eu-west-1\n' }),
    'spec.region: Invalid value: "eu-west-1\\n": must be an AWS region. Set one, such as eu-west-1.',
  ],
  [
    'no workflow',
    { spec: { region: 'eu-west-1' } },
    `spec.workflow.type: Required value: supported values: ${TYPES}. Use one of them.`,
  ],
  [
    'a workflow type that is none',
    spec({ workflow: { type: 'Glacier' } }),
    `spec.workflow.type: Unsupported value: "Glacier": supported values: ${TYPES}. Use one of them.`,
  ],
  [
    'a workflow type of JavaScript itself',
    spec({ workflow: { type: 'constructor' } }),
    `spec.workflow.type: Unsupported value: "constructor": supported values: ${TYPES}. Use one of them.`,
  ],
  [
    'a key for the objects that S3 cannot reach',
    spec({ source: { kmsKeyArn: inFrankfurt('kms', 'key/a') } }),
    'spec.source.kmsKeyArn: Invalid value: "arn:aws:kms:eu-central-1:111122223333:key/a": must be in eu-west-1, as the pipeline is, but is in eu-central-1. Name one in eu-west-1.',
  ],
  [
    'a key for the table that DynamoDB cannot reach',
    spec({ table: { kmsKeyArn: inFrankfurt('kms', 'key/a') } }),
    'spec.table.kmsKeyArn: Invalid value: "arn:aws:kms:eu-central-1:111122223333:key/a": must be in eu-west-1, as the pipeline is, but is in eu-central-1. Name one in eu-west-1.',
  ],
  [
    'a topic that CloudWatch cannot reach',
    spec({ observability: { alarms: { enabled: true, topicArn: inFrankfurt('sns', 'oncall') } } }),
    'spec.observability.alarms.topicArn: Invalid value: "arn:aws:sns:eu-central-1:111122223333:oncall": must be in eu-west-1, as the pipeline is, but is in eu-central-1. Name one in eu-west-1.',
  ],
  [
    'a suffix that S3 finds in another one, encoded',
    spec({ source: { suffixes: ['D', '='] } }),
    'spec.source.suffixes[0]: Invalid value: "D": must not be the end of another suffix, since S3 refuses overlapping filters, and takes "=" as %3D. Remove one of them.',
  ],
  [
    'more tags than AWS takes, the platform’s among them',
    { ...spec({ tags: tags(40, 'claim') }), platform: { tags: tags(8, 'platform') } },
    "spec.tags: Too many: 48: must have at most 45 tags, the platform's included. Remove some.",
  ],
  [
    'a tag with a character that AWS does not take',
    spec({ tags: { 'cost-center': 'a;b' } }),
    'spec.tags.cost-center: Invalid value: "a;b": must have letters, digits, spaces and _.:/=+-@ only. Remove the others.',
  ],
  [
    'a tag of the platform with a character that AWS does not take',
    { ...spec({ tags: { team: 'orders' } }), platform: { tags: { 'cost;center': 'x', team: 'a;b' } } },
    `${where('tags.cost;center')} Invalid value: "cost;center": must have letters, digits, spaces and _.:/=+-@ only. Remove the others.`,
  ],
  [
    'a prefix longer than S3 has room for, encoded',
    spec({ source: { prefix: `${'ä'.repeat(170)}=ab` } }),
    'spec.source.prefix: Too long: must have at most 1024 URL-encoded characters, but has 1025. Shorten it.',
  ],
  [
    'a platform boundary that is no ARN',
    { ...spec({}), platform: { permissionsBoundaryArn: 'boundary' } },
    `${where('permissionsBoundaryArn')} Invalid value: "boundary": must be an ARN of its kind. Set one, such as arn:aws:iam::111122223333:policy/boundary.`,
  ],
  [
    'a platform topic that is no ARN',
    { ...spec({}), platform: { alarmTopicArn: 'oncall' } },
    `${where('alarmTopicArn')} Invalid value: "oncall": must be an ARN of its kind. Set one, such as arn:aws:sns:eu-west-1:111122223333:oncall.`,
  ],
  [
    'a platform tag with a reserved key',
    { ...spec({}), platform: { tags: { 'aws:owner': 'x' } } },
    `${where('tags.aws:owner')} Forbidden: keys that start with aws:, crossplane- or fileingest.dev/ are reserved, whatever their case. Rename the tag.`,
  ],
  [
    'a region that the platform does not allow',
    { ...spec({}), platform: { allowedRegions: ['eu-central-1', 'eu-north-1'] } },
    'spec.region: Forbidden: the platform does not allow eu-west-1. Use one of eu-central-1, eu-north-1.',
  ],
  [
    'platform data that is no map',
    { ...spec({}), platform: ['tags'] },
    'EnvironmentConfig fileingest, data: Invalid value: ["tags"]: must be a map. Write fields with their values.',
  ],
  [
    'a misspelt platform field',
    { ...spec({}), platform: { tag: {} } },
    `${where('tag')} Invalid value: {}: unknown field. There are: tags, permissionsBoundaryArn, alarmTopicArn, allowedRegions, sharpLayerArn, sharpLayer.`,
  ],
  [
    'platform tags that are a list',
    { ...spec({}), platform: { tags: ['a'] } },
    `${where('tags')} Invalid value: ["a"]: must be a map of strings. Write keys with their values.`,
  ],
  [
    'a platform tag that is a number',
    { ...spec({}), platform: { tags: { 'cost-center': 4711 } } },
    `${where('tags.cost-center')} Invalid value: 4711: must be a string. Put it in quotes.`,
  ],
  [
    'a boundary that is no string',
    { ...spec({}), platform: { permissionsBoundaryArn: { name: 'b' } } },
    `${where('permissionsBoundaryArn')} Invalid value: {"name":"b"}: must be a string. Write one.`,
  ],
  [
    'a topic that is no string',
    { ...spec({}), platform: { alarmTopicArn: 1 } },
    `${where('alarmTopicArn')} Invalid value: 1: must be a string. Write one.`,
  ],
  [
    "a platform topic of another region, where the claim's alarms would use it",
    {
      ...spec({ observability: { alarms: { enabled: true } } }),
      platform: { alarmTopicArn: 'arn:aws:sns:us-east-1:111122223333:oncall' },
    },
    `${where('alarmTopicArn')} Invalid value: "arn:aws:sns:us-east-1:111122223333:oncall": must be in eu-west-1, as the pipeline is, but is in us-east-1. Name one in eu-west-1.`,
  ],
  [
    'regions that are one string',
    { ...spec({}), platform: { allowedRegions: 'eu-west-1' } },
    `${where('allowedRegions')} Invalid value: "eu-west-1": must be a list of regions. Write one, such as [eu-west-1].`,
  ],
  [
    'a platform layer version that is no ARN',
    { ...spec({}), platform: { sharpLayerArn: 'sharp' } },
    `${where('sharpLayerArn')} Invalid value: "sharp": must be an ARN of its kind. Set one, such as arn:aws:lambda:eu-west-1:111122223333:layer:sharp:1.`,
  ],
  [
    'a platform layer that is no bucket and key',
    { ...spec({}), platform: { sharpLayer: 's3://layers/sharp.zip' } },
    `${where('sharpLayer')} Invalid value: "s3://layers/sharp.zip": must have the bucket and the key of a zip in S3. Give both.`,
  ],
  [
    'a platform layer without its key',
    { ...spec({}), platform: { sharpLayer: { bucket: 'layers' } } },
    `${where('sharpLayer')} Invalid value: {"bucket":"layers"}: must have the bucket and the key of a zip in S3. Give both.`,
  ],
  [
    'a platform layer with an empty key',
    { ...spec({}), platform: { sharpLayer: { bucket: 'layers', key: '' } } },
    `${where('sharpLayer')} Invalid value: {"bucket":"layers","key":""}: must have the bucket and the key of a zip in S3. Give both.`,
  ],
  [
    'regions that are numbers',
    { ...spec({}), platform: { allowedRegions: [1] } },
    `${where('allowedRegions')} Invalid value: [1]: must be a list of regions. Write one, such as [eu-west-1].`,
  ],
];

const wire = (request: RunFunctionRequest) =>
  RunFunctionRequest.decode(RunFunctionRequest.encode(request).finish());

/** The whole answer to a claim, after another function's step. */
async function answer(composite: Json, platform?: unknown): Promise<RunFunctionResponse> {
  const items = platform === undefined ? [] : [fromObject({ kind: 'EnvironmentConfig', data: platform })];
  const request = wire(
    RunFunctionRequest.fromPartial({
      ...requestOf(composite, {}),
      desired: { resources: { 'of-another-step': { resource: { kind: 'ConfigMap' } } } },
      requiredResources: { platform: { items } },
    }),
  );
  const response = to(request);
  const { desired = { composite: undefined, resources: {} } } = response;
  const answered = await createCompose(CATALOGUE)(request, { ...response, desired });
  return RunFunctionResponse.decode(RunFunctionResponse.encode(answered).finish());
}

describe('a claim that no render can do is one fatal result, and nothing changes', () => {
  it.each(refusals)('%s', async (_why, given, message) => {
    const { results, desired, conditions } = await answer(
      { ...claimOf({}), spec: given.spec },
      given.platform,
    );
    expect(results.map((result) => [result.severity, result.message])).toEqual([
      [Severity.SEVERITY_FATAL, message],
    ]);
    expect(desired?.resources).toEqual({
      'of-another-step': { resource: { kind: 'ConfigMap' }, connectionDetails: {}, ready: 0 },
    });
    expect(desired?.composite).toBeUndefined();
    expect(conditions).toEqual([]);
  });
});

describe('what is just right', () => {
  it.each([
    [
      'a prefix of 1,024 characters, encoded, and a suffix of 768',
      { source: { prefix: `${'ä'.repeat(170)}=a`, suffixes: ['\u{1f4c4}'.repeat(64)] } },
      {},
    ],
    ['45 tags', { tags: tags(40, 'claim') }, { tags: tags(5, 'platform') }],
    [
      'a tag of the platform that the claim replaces counts once',
      { tags: tags(40, 'same') },
      { tags: tags(45, 'same') },
    ],
    ['a region that the platform allows', {}, { allowedRegions: ['eu-west-1'] }],
    [
      'nulls, as a bare `source:` in YAML is',
      { source: null, table: { kmsKeyArn: null, billing: null }, tags: null },
      {},
    ],
  ])('%s', async (_why, change, platform) => {
    const { results, desired } = await answer(claimOf({ ...base, ...change }), platform);
    expect(results).toEqual([]);
    expect(desired?.resources['code-bucket']).toBeDefined();
    expect(desired?.resources['of-another-step']).toBeDefined();
    expect(JSON.stringify(desired)).not.toContain('null');
  });
});

describe('the platform’s EnvironmentConfig', () => {
  it('is asked for by name, and its absence is no error', async () => {
    const { requirements, results } = await answer(claimOf(base));
    expect(requirements?.resources).toEqual({
      platform: {
        apiVersion: 'apiextensions.crossplane.io/v1beta1',
        kind: 'EnvironmentConfig',
        matchName: 'fileingest',
      },
    });
    expect(results).toEqual([]);
  });

  it('is asked for even where the claim is refused, or Crossplane would forget it', async () => {
    const { requirements } = await answer(claimOf({}));
    expect(requirements?.resources['platform']).toBeDefined();
  });

  const boundary = 'arn:aws:iam::111122223333:policy/platform';
  const topic = 'arn:aws:sns:eu-west-1:111122223333:platform';
  const platform = {
    tags: { owner: 'platform', team: 'none' },
    permissionsBoundaryArn: boundary,
    alarmTopicArn: topic,
  };
  const fields = async (change: Json) => {
    const { resources } = (await settle(claimOf({ ...base, ...change }), { platform })).rendered;
    const provider = (key: string, field: string) => at(resources[key], 'spec', 'forProvider', field);
    return {
      tags: provider('bucket', 'tags'),
      boundaries: ['start-workflow-role', 'state-machine-role'].map((key) =>
        provider(key, 'permissionsBoundary'),
      ),
      actions: provider('dead-letters-alarm', 'alarmActions'),
    };
  };

  it('gives tags, boundary and topic where the claim is silent', async () => {
    expect(await fields({ observability: { alarms: { enabled: true } } })).toEqual({
      tags: { 'fileingest.dev/pipeline': 'team-a/invoices', owner: 'platform', team: 'none' },
      boundaries: [boundary, boundary],
      actions: [topic],
    });
  });

  it('gives way to the claim, field by field and tag by tag', async () => {
    const own = {
      boundary: 'arn:aws:iam::111122223333:policy/own',
      topic: 'arn:aws:sns:eu-west-1:111122223333:own',
    };
    const change = {
      tags: { team: 'orders' },
      permissionsBoundaryArn: own.boundary,
      observability: { alarms: { enabled: true, topicArn: own.topic } },
    };
    expect(await fields(change)).toEqual({
      tags: { 'fileingest.dev/pipeline': 'team-a/invoices', owner: 'platform', team: 'orders' },
      boundaries: [own.boundary, own.boundary],
      actions: [own.topic],
    });
  });

  it('turns no alarms on by itself', async () => {
    expect((await fields({})).actions).toBeUndefined();
  });
});
