/** Tests each rule twice: the emulator accepts a request that AWS rejects, and the front rejects it. */
import { createHash, randomBytes } from 'node:crypto';
import type { CreateRouteCommandInput } from '@aws-sdk/client-apigatewayv2';
import type { RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import type { AddPermissionCommandInput } from '@aws-sdk/client-lambda';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { CreateStateMachineCommandInput } from '@aws-sdk/client-sfn';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Clients, createClients } from '../aws.ts';
import { type Emulator, startEmulator } from '../emulator.ts';
import { startStage } from '../pipeline.ts';
import { ACCOUNT, codeZip, REGION, trust, zipOf } from '../testing/manifests.ts';
import { startFront } from './front.ts';

let emulator: Emulator;
let direct: Clients;
let front: Clients;

const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:called`;
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const zip = codeZip('one');

beforeAll(async () => {
  emulator = await startEmulator({ region: REGION });
  direct = createClients({ endpoint: emulator.behindFront, region: REGION });
  front = createClients(emulator);
  for (const name of ['lambda', 'states', 'ec2']) {
    const AssumeRolePolicyDocument = trust(`${name}.amazonaws.com`);
    await front.iam.createRole({ RoleName: name, AssumeRolePolicyDocument });
  }
  await front.s3.createBucket({ Bucket: 'files' });
  await front.s3.putObject({ Bucket: 'files', Key: 'code.zip', Body: Buffer.from(zip.base64, 'base64') });
  await front.lambda.createFunction(withCode('called'));
});
afterAll(async () => {
  direct.close();
  front.close();
  await emulator.stop();
});

const withCode = (FunctionName: string, Role = role('lambda'), S3Key = 'code.zip', S3Bucket = 'files') => ({
  FunctionName,
  Role,
  Runtime: 'nodejs22.x' as const,
  Handler: 'index.handler',
  Code: { S3Bucket, S3Key },
});

/** The error that a call is rejected with. */
async function refusal(call: Promise<unknown>): Promise<[string, string, number | undefined]> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('it was not refused');
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? Number(metadata.httpStatusCode)
      : undefined;
  return [error.name, error.message, status];
}

describe('a notification', () => {
  const notify = ({ prefix, suffix }: { prefix?: string; suffix?: string }) => ({
    LambdaFunctionArn: FUNCTION,
    Events: ['s3:ObjectCreated:*' as const],
    Filter: {
      Key: {
        FilterRules: [
          ...(prefix === undefined ? [] : [{ Name: 'prefix' as const, Value: prefix }]),
          ...(suffix === undefined ? [] : [{ Name: 'suffix' as const, Value: suffix }]),
        ],
      },
    },
  });
  const put = (...LambdaFunctionConfigurations: ReturnType<typeof notify>[]) => ({
    Bucket: 'files',
    NotificationConfiguration: { LambdaFunctionConfigurations },
  });
  const permission = (more: Partial<AddPermissionCommandInput> = {}) => ({
    FunctionName: 'called',
    StatementId: 's3',
    Action: 'lambda:InvokeFunction',
    Principal: 's3.amazonaws.com',
    SourceArn: 'arn:aws:s3:::files',
    SourceAccount: ACCOUNT,
    ...more,
  });
  const withdraw = () =>
    front.lambda.removePermission({ FunctionName: 'called', StatementId: 's3' }).catch(() => undefined);
  beforeEach(withdraw);

  const INVALID = ['InvalidArgument', 'Unable to validate the following destination configurations', 400];

  it.each<[string, Partial<AddPermissionCommandInput> | undefined]>([
    ['none', undefined],
    ['one for another bucket', { SourceArn: 'arn:aws:s3:::others' }],
    ['one for another account', { SourceAccount: '111122223333' }],
    ['one for another service', { Principal: 'events.amazonaws.com' }],
    ['one for another action', { Action: 'lambda:GetFunction' }],
  ])('needs a permission, and has %s', async (_which, given) => {
    if (given) await front.lambda.addPermission(permission(given));
    await direct.s3.putBucketNotificationConfiguration(put(notify({})));
    expect(await refusal(front.s3.putBucketNotificationConfiguration(put(notify({}))))).toEqual(INVALID);
  });

  it('needs a function', async () => {
    const missing = { ...notify({}), LambdaFunctionArn: FUNCTION.replace('called', 'missing') };
    await direct.s3.putBucketNotificationConfiguration(put(missing));
    expect(await refusal(front.s3.putBucketNotificationConfiguration(put(missing)))).toEqual(INVALID);
  });

  it('is taken with its permission', async () => {
    await front.lambda.addPermission(permission());
    await front.s3.putBucketNotificationConfiguration(put(notify({ prefix: 'in/', suffix: '.csv' })));
  });

  it.each([
    ['no filters', {}, {}],
    ['one prefix within another', { prefix: 'in/' }, { prefix: 'in/new/' }],
    ['one suffix within another', { prefix: 'in/', suffix: '.csv' }, { suffix: 'a.csv' }],
  ])('does not share its events with another: %s', async (_how, one, other) => {
    await front.lambda.addPermission(permission());
    const both = put(notify(one), notify(other));
    await direct.s3.putBucketNotificationConfiguration(both);
    expect(await refusal(front.s3.putBucketNotificationConfiguration(both))).toEqual([
      'InvalidArgument',
      'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.',
      400,
    ]);
  });

  it('stands beside another that is told apart', async () => {
    await front.lambda.addPermission(permission());
    await front.s3.putBucketNotificationConfiguration(
      put(notify({ suffix: '.csv' }), notify({ suffix: '.json' })),
    );
  });

  it('compares its filters with the encoded key, and says them as they were put', async () => {
    const queue = { QueueName: 'events' };
    const { QueueUrl = '' } = await front.sqs.createQueue(queue);
    const filters: [string, string][] = [
      ['raw', 'a=1/'],
      ['encoded', 'b%3D1/'],
      ['space', 'c d/'],
      ['plus', 'e+f/'],
      ['letters', 'g%C3%A9/'],
      ['raw-letters', 'h\u00e9/'],
      ['lower', 'i%3d1/'],
      ['doubly', 'j%2F'],
      ['brackets', 'k(1)/'],
      ['escaped-brackets', 'l%281%29/'],
    ];
    const QueueConfigurations = filters.map(([Id, Value]) => ({
      Id,
      QueueArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:events`,
      Events: ['s3:ObjectCreated:*' as const],
      Filter: { Key: { FilterRules: [{ Name: 'prefix' as const, Value }] } },
    }));
    const configuration = { Bucket: 'files', NotificationConfiguration: { QueueConfigurations } };
    await front.s3.putBucketNotificationConfiguration(configuration);
    const kept = await front.s3.getBucketNotificationConfiguration({ Bucket: 'files' });
    expect(
      kept.QueueConfigurations?.map(({ Id, Filter }) => [Id, Filter?.Key?.FilterRules?.[0]?.Value]),
    ).toEqual(filters);

    const keys = [
      'a=1/x',
      'b=1/x',
      'c d/x',
      'e f/x',
      'g\u00e9/x',
      'h\u00e9/x',
      'i=1/x',
      'j/x',
      'k(1)/x',
      'l(1)/x',
    ];
    for (const Key of keys) await front.s3.putObject({ Bucket: 'files', Key, Body: 'x' });
    const come: string[] = [];
    const receive = async () => {
      const { Messages = [] } = await front.sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
      for (const { Body = '' } of Messages) {
        for (const record of JSON.parse(Body).Records ?? []) come.push(record.s3.configurationId);
      }
      return come.toSorted();
    };
    const wanted = ['brackets', 'encoded', 'escaped-brackets', 'letters', 'plus'];
    await expect.poll(receive, { timeout: 10_000 }).toEqual(wanted);
  });
});

describe('the encryption of a bucket', () => {
  const rules = async (clients: Clients, Bucket: string) =>
    (await clients.s3.getBucketEncryption({ Bucket })).ServerSideEncryptionConfiguration?.Rules;
  const rule = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const },
    BucketKeyEnabled: true,
  };
  const blocked = { EncryptionType: ['SSE-C' as const] };

  it('blocks keys of the client’s own, where nothing was said', async () => {
    await front.s3.createBucket({ Bucket: 'plain' });
    expect((await rules(direct, 'plain'))?.[0]?.BlockedEncryptionTypes).toBeUndefined();
    expect((await rules(front, 'plain'))?.[0]?.BlockedEncryptionTypes).toEqual(blocked);
  });

  it.each([
    ['nothing', rule, { ...rule, BlockedEncryptionTypes: blocked }],
    ['that', { ...rule, BlockedEncryptionTypes: blocked }, { ...rule, BlockedEncryptionTypes: blocked }],
    [
      'the opposite',
      { ...rule, BlockedEncryptionTypes: { EncryptionType: ['NONE' as const] } },
      { ...rule, BlockedEncryptionTypes: { EncryptionType: ['NONE'] } },
    ],
  ])('where it says %s of them', async (_what, put, got) => {
    const ServerSideEncryptionConfiguration = { Rules: [put] };
    await front.s3.putBucketEncryption({ Bucket: 'files', ServerSideEncryptionConfiguration });
    expect(await rules(front, 'files')).toEqual([got]);
  });
});

describe('a function', () => {
  const NO_KEY = [
    'InvalidParameterValueException',
    'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.',
    400,
  ];
  const NO_BUCKET = [
    'InvalidParameterValueException',
    'Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist',
    400,
  ];

  it.each([
    ['object', NO_KEY, 'gone.zip', 'files'],
    ['bucket', NO_BUCKET, 'code.zip', 'gone'],
  ])('needs its code: no such %s', async (_which, error, S3Key, S3Bucket) => {
    const create = withCode('lost', role('lambda'), S3Key, S3Bucket);
    await direct.lambda.createFunction(create);
    await direct.lambda.deleteFunction({ FunctionName: 'lost' });
    expect(await refusal(front.lambda.createFunction(create))).toEqual(error);
    expect(
      await refusal(front.lambda.updateFunctionCode({ FunctionName: 'called', S3Bucket, S3Key })),
    ).toEqual(error);
    const layer = { LayerName: 'lost', Content: { S3Bucket, S3Key } };
    await direct.lambda.publishLayerVersion(layer);
    expect(await refusal(front.lambda.publishLayerVersion(layer))).toEqual(error);
  });

  it.each(['missing', 'states'])('needs a role that Lambda may assume: %s', async (name) => {
    const error = [
      'InvalidParameterValueException',
      'The role defined for the function cannot be assumed by Lambda.',
      400,
    ];
    const create = withCode('idle', role(name));
    await direct.lambda.createFunction(create);
    await direct.lambda.deleteFunction({ FunctionName: 'idle' });
    expect(await refusal(front.lambda.createFunction(create))).toEqual(error);
    const update = { FunctionName: 'called', Role: role(name) };
    await direct.lambda.updateFunctionConfiguration(update);
    expect(await refusal(front.lambda.updateFunctionConfiguration(update))).toEqual(error);
  });
});

describe('a state machine', () => {
  const right = { StartAt: 'Only', States: { Only: { Type: 'Pass', End: true } } };
  const create = (
    definition: unknown,
    roleArn = role('states'),
    type: 'STANDARD' | 'EXPRESS' = 'STANDARD',
  ) => ({ name: 'flow', definition: JSON.stringify(definition), roleArn, type });
  const stateMachineArn = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:flow`;
  const waits = (Resource: string) => ({
    StartAt: 'Call',
    States: { Call: { Type: 'Task', Resource, Parameters: {}, End: true } },
  });

  const takenBy = async (clients: Clients, input: CreateStateMachineCommandInput) => {
    await clients.sfn.createStateMachine(input);
    await clients.sfn.deleteStateMachine({ stateMachineArn });
  };

  it.each([
    [
      'a state that is not there',
      { ...right, StartAt: 'Olny' },
      'STANDARD' as const,
      'MISSING_TRANSITION_TARGET: State Only is not reachable',
    ],
    [
      'a type that there is not',
      { StartAt: 'Only', States: { Only: { Type: 'Pas', End: true } } },
      'STANDARD' as const,
      'SCHEMA_VALIDATION_FAILED: /States/Only/Type is invalid. must be equal to one of the allowed values',
    ],
    [
      'Express that waits for a task token',
      waits('arn:aws:states:::sqs:sendMessage.waitForTaskToken'),
      'EXPRESS' as const,
      "SCHEMA_VALIDATION_FAILED: Express state machine does not support '.waitForTaskToken' service integration",
    ],
    [
      'Express that waits for a job',
      waits('arn:aws:states:::states:startExecution.sync:2'),
      'EXPRESS' as const,
      "SCHEMA_VALIDATION_FAILED: Express state machine does not support '.sync:2' service integration",
    ],
  ])('has a right definition: not %s', async (_what, definition, type, why) => {
    const flow = create(definition, role('states'), type);
    await takenBy(direct, flow);
    expect(await refusal(front.sfn.createStateMachine(flow))).toEqual([
      'InvalidDefinition',
      `Invalid State Machine Definition: '${why}'`,
      400,
    ]);
  });

  it.each(['missing', 'lambda'])('needs a role that Step Functions may assume: %s', async (name) => {
    const flow = create(right, role(name));
    await takenBy(direct, flow);
    expect(await refusal(front.sfn.createStateMachine(flow))).toEqual([
      'AccessDeniedException',
      'Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.',
      400,
    ]);
  });

  it('is held to both when it is updated', async () => {
    await front.sfn.createStateMachine(create(right));
    const update = (more: object) => refusal(front.sfn.updateStateMachine({ stateMachineArn, ...more }));
    expect((await update({ definition: '{' }))[0]).toBe('InvalidDefinition');
    expect((await update({ roleArn: role('lambda') }))[0]).toBe('AccessDeniedException');
    await takenBy(front, create(right));
  });
});

describe('an instance', () => {
  const run = (clients: Clients, more: Partial<RunInstancesCommandInput> = {}) =>
    clients.ec2.runInstances({ MinCount: 1, MaxCount: 1, ...more });
  const count = async () => {
    const { Reservations = [] } = await direct.ec2.describeInstances();
    return Reservations.flatMap(({ Instances = [] }) => Instances).length;
  };

  it.each([
    [
      'name',
      { LaunchTemplateName: 'gone' },
      'InvalidLaunchTemplateName.NotFoundException',
      'The specified launch template, with template name gone, does not exist.',
    ],
    [
      'ID',
      { LaunchTemplateId: 'lt-0123456789abcdef0' },
      'InvalidLaunchTemplateId.NotFound',
      'The specified launch template, with template ID lt-0123456789abcdef0, does not exist.',
    ],
  ])('needs its launch template, by %s', async (_by, LaunchTemplate, code, message) => {
    await run(direct, { LaunchTemplate });
    expect(await refusal(run(front, { LaunchTemplate }))).toEqual([code, message, 400]);
  });

  it('needs a version of its launch template', async () => {
    const LaunchTemplateName = 'there';
    const made = await front.ec2.createLaunchTemplate({
      LaunchTemplateName,
      LaunchTemplateData: { InstanceType: 't4g.nano' },
    });
    const id = made.LaunchTemplate?.LaunchTemplateId;
    await run(direct, { LaunchTemplate: { LaunchTemplateName, Version: '2' } });
    expect(await refusal(run(front, { LaunchTemplate: { LaunchTemplateName, Version: '2' } }))).toEqual([
      'InvalidLaunchTemplateId.VersionNotFound',
      `Could not find the specified version 2 for the launch template with ID ${id}.`,
      400,
    ]);
    for (const Version of ['1', '$Latest'])
      await run(front, { LaunchTemplate: { LaunchTemplateName, Version } });
  });

  it('is the same one for the same client token, also at once', async () => {
    const before = await count();
    const launches = await Promise.all([1, 2, 3].map(() => run(front, { ClientToken: 'twice' })));
    const ids = launches.map(({ Instances }) => Instances?.[0]?.InstanceId);
    expect(new Set(ids).size).toBe(1);
    expect(await count()).toBe(before + 1);
    await Promise.all([1, 2].map(() => run(direct, { ClientToken: 'twice' })));
    expect(await count()).toBe(before + 3);
  });

  it('is not another one for the same client token', async () => {
    await run(front, { ClientToken: 'other' });
    expect(await refusal(run(front, { ClientToken: 'other', InstanceType: 't3.nano' }))).toEqual([
      'IdempotentParameterMismatch',
      'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
      400,
    ]);
  });

  it('does not come back for the client token of one that was ended', async () => {
    const { Instances } = await run(front, { ClientToken: 'ended' });
    const InstanceIds = Instances?.map(({ InstanceId = '' }) => InstanceId);
    await front.ec2.terminateInstances({ InstanceIds });
    expect(await refusal(run(front, { ClientToken: 'ended' }))).toEqual([
      'IdempotentInstanceTerminated',
      'The client token you have provided is associated with a terminated instance. Please use a different client token.',
      400,
    ]);
  });

  it('may be had with the token of a launch that was refused', async () => {
    const refused = { ClientToken: 'refused', MinCount: 2 };
    expect((await refusal(run(front, refused)))[0]).toBe('InvalidParameterCombination');
    expect((await refusal(run(front, refused)))[0]).toBe('InvalidParameterCombination');
    const LaunchTemplate = { LaunchTemplateName: 'gone' };
    const [code] = await refusal(run(front, { ClientToken: 'refused', LaunchTemplate }));
    expect(code).toBe('InvalidLaunchTemplateName.NotFoundException');
    expect((await run(front, { ClientToken: 'refused' })).Instances).toHaveLength(1);
  });
});

describe('a route', () => {
  let ApiId = '';
  let AuthorizerId = '';
  beforeAll(async () => {
    const api = await front.apigateway.createApi({ Name: 'api', ProtocolType: 'HTTP' });
    ApiId = api.ApiId ?? '';
    const authorizer = await front.apigateway.createAuthorizer({
      ApiId,
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: 'https://issuer.example.org', Audience: ['us'] },
      Name: 'people',
    });
    AuthorizerId = authorizer.AuthorizerId ?? '';
  });
  const create = (clients: Clients, more: Partial<CreateRouteCommandInput>) =>
    clients.apigateway.createRoute({ ApiId, RouteKey: 'POST /uploads', ...more });
  const discard = (RouteId = '') => front.apigateway.deleteRoute({ ApiId, RouteId });

  const NULL = (verb: string) => [
    'BadRequestException',
    `Unable to ${verb} route. Authorizer type is invalid or null.`,
    400,
  ];
  const INVALID = [
    'BadRequestException',
    'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
    400,
  ];

  it.each(['NONE', 'AWS_IAM', undefined] as const)('has no authorizer with %s', async (AuthorizationType) => {
    await discard((await create(direct, { AuthorizationType, AuthorizerId })).RouteId);
    expect(await refusal(create(front, { AuthorizationType, AuthorizerId }))).toEqual(NULL('create'));
  });

  it.each([
    ['one that there is not', 'JWT' as const, 'abc123'],
    ['none', 'JWT' as const, undefined],
    ['one of another type', 'CUSTOM' as const, 'people'],
  ])('needs an authorizer, and has %s', async (_which, AuthorizationType, named) => {
    const wrong = { AuthorizationType, AuthorizerId: named === 'people' ? AuthorizerId : named };
    await discard((await create(direct, wrong)).RouteId);
    expect(await refusal(create(front, wrong))).toEqual(INVALID);
  });

  it('is held to it when it is updated', async () => {
    const { RouteId } = await create(front, { AuthorizationType: 'JWT', AuthorizerId });
    const update = (more: object) =>
      front.apigateway.updateRoute({ ApiId, RouteId, RouteKey: 'POST /uploads', ...more });
    expect(await refusal(update({ AuthorizationType: 'AWS_IAM', AuthorizerId }))).toEqual(NULL('update'));
    expect(await refusal(update({ AuthorizerId }))).toEqual(NULL('update'));
    expect(await refusal(update({ AuthorizationType: 'JWT', AuthorizerId: 'abc123' }))).toEqual(INVALID);
    await update({ AuthorizationType: 'JWT', AuthorizationScopes: ['upload'] });
    await update({ AuthorizationType: 'JWT', AuthorizerId });
    await update({ AuthorizationType: 'AWS_IAM' });
  });
});

describe('what the emulator itself refuses', () => {
  it('tags of a role that differ in case alone', async () => {
    const Tags = ['owner', 'Owner'].map((Key) => ({ Key, Value: 'x' }));
    const AssumeRolePolicyDocument = trust('lambda.amazonaws.com');
    expect(
      await refusal(front.iam.createRole({ RoleName: 'tagged', AssumeRolePolicyDocument, Tags })),
    ).toEqual([
      'InvalidInputException',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
      400,
    ]);
  });
});

describe('everything else', () => {
  it('goes through byte for byte, signed in the header or in the URL', async () => {
    const Body = randomBytes(6 * 1024 * 1024);
    const { ETag } = await front.s3.putObject({ Bucket: 'files', Key: 'a b/\u00e9', Body });
    expect(ETag).toBe(`"${createHash('md5').update(Body).digest('hex')}"`);
    const url = await getSignedUrl(front.s3, new GetObjectCommand({ Bucket: 'files', Key: 'a b/\u00e9' }));
    const answer = await fetch(url);
    expect(answer.headers.get('content-length')).toBe(String(Body.length));
    expect(Buffer.from(await answer.arrayBuffer()).equals(Body)).toBe(true);
  });

  it('is called by the front’s address: queues, and what functions call', async () => {
    const { QueueUrl } = await front.sqs.createQueue({ QueueName: 'named' });
    expect(QueueUrl).toBe(`${emulator.endpoint}/${ACCOUNT}/named`);
    const source = 'export const handler = async () => process.env.AWS_ENDPOINT_URL;';
    const tells = zipOf({ 'index.mjs': source });
    const Code = { ZipFile: Buffer.from(tells.base64, 'base64') };
    await front.lambda.createFunction({ ...withCode('tells'), Code });
    const invoke = async () => {
      const { Payload } = await front.lambda.invoke({ FunctionName: 'tells' });
      return Payload?.transformToString();
    };
    await expect.poll(invoke, { timeout: 20_000 }).toBe(JSON.stringify(emulator.endpoint));
  });

  it('is not there where the emulator is not', async () => {
    const alone = await startFront({ target: 'http://127.0.0.1:1' });
    try {
      await expect(fetch(alone.endpoint)).rejects.toThrow('fetch failed');
    } finally {
      await alone.stop();
    }
  });
});

describe('an emulator that already runs', () => {
  it('gets a front of ours', async () => {
    const stage = await startStage(REGION, {}, emulator.behindFront);
    try {
      expect((await refusal(stage.clients.lambda.createFunction(withCode('staged', role('none')))))[0]).toBe(
        'InvalidParameterValueException',
      );
    } finally {
      await stage.stop();
    }
  });
});

describe('a front before a front', () => {
  it('judges alone', async () => {
    const outer = await startFront({ target: emulator.endpoint });
    const clients = createClients({ ...outer, region: REGION });
    try {
      const once = await clients.ec2.runInstances({ MinCount: 1, MaxCount: 1, ClientToken: 'chain' });
      const again = await clients.ec2.runInstances({ MinCount: 1, MaxCount: 1, ClientToken: 'chain' });
      expect(again.Instances).toEqual(once.Instances);
      expect((await refusal(clients.lambda.createFunction(withCode('x', role('none')))))[0]).toBe(
        'InvalidParameterValueException',
      );
    } finally {
      clients.close();
      await outer.stop();
    }
  });
});
