import { describe, expect, test } from 'vitest';
import { EXTERNAL_NAME } from '../manifest.ts';
import { setStage } from '../testing/harness.ts';
import { codeZip } from '../testing/manifests.ts';
import { pipeline } from '../testing/pipeline.ts';

const stage = setStage();

describe('one of each kind (application autoscaling apart, which the emulator refuses)', () => {
  test('AWS has what the manifests say', async () => {
    const name = { FunctionName: 't-start' };
    const made = await stage.clients.lambda.getFunction(name);
    expect(made.Configuration).toMatchObject({
      CodeSha256: codeZip('one').hash,
      CodeSize: codeZip('one').size,
      LoggingConfig: { LogFormat: 'JSON', LogGroup: '/t/start' },
      MemorySize: 256,
      Role: 'arn:aws:iam::000000000000:role/start-role',
    });
    expect(made.Concurrency?.ReservedConcurrentExecutions).toBe(5);
    expect(made.Tags).toEqual({ team: 'x' });
    const answer = await stage.clients.lambda.invoke(name);
    expect(answer.Payload?.transformToString()).toBe(`"one on ${process.version}"`);
    const invoke = await stage.clients.lambda.getFunctionEventInvokeConfig(name);
    expect(invoke).toMatchObject({
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:t-dead-letters' } },
      MaximumRetryAttempts: 1,
    });
    const Bucket = 't-files';
    const calls = await stage.clients.s3.getBucketNotificationConfiguration({ Bucket });
    expect(calls.LambdaFunctionConfigurations).toMatchObject([
      { Id: 'files', Events: ['s3:ObjectCreated:*'] },
    ]);
    const { Status } = await stage.clients.s3.getBucketVersioning({ Bucket });
    expect(Status).toBe('Enabled');
    const { Table } = await stage.clients.dynamodb.describeTable({ TableName: 't-table' });
    expect(Table?.KeySchema).toEqual([{ AttributeName: 'Filename', KeyType: 'HASH' }]);
    const { Role } = await stage.clients.iam.getRole({ RoleName: 'start-role' });
    expect(Role?.PermissionsBoundary?.PermissionsBoundaryArn).toMatch(/policy\/boundary$/);
    const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:t-flow';
    expect(await stage.clients.sfn.describeStateMachine({ stateMachineArn })).toMatchObject({
      loggingConfiguration: { level: 'ERROR' },
      roleArn: 'arn:aws:iam::000000000000:role/flow-role',
      type: 'STANDARD',
    });
    const { MetricAlarms } = await stage.clients.cloudwatch.describeAlarms({});
    expect(MetricAlarms).toMatchObject([{ AlarmName: 't-dead-alarm', Threshold: 0 }]);
    const { QueueUrl } = await stage.clients.sqs.getQueueUrl({ QueueName: 't-dead-letters' });
    const queue = await stage.clients.sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] });
    expect(queue.Attributes).toMatchObject({
      MessageRetentionPeriod: '1209600',
      SqsManagedSseEnabled: 'true',
    });
    const { logGroups } = await stage.clients.logs.describeLogGroups({ logGroupNamePrefix: '/t/start' });
    expect(logGroups).toMatchObject([{ retentionInDays: 30 }]);
  });

  test('external names and status are what the provider writes', () => {
    const observed = stage.reconciler.observed();
    const names = [...observed].map(([key, { metadata }]) => [key, metadata.annotations?.[EXTERNAL_NAME]]);
    expect(Object.fromEntries(names)).toEqual({
      code: 't-code',
      'dead-alarm': 't-dead-alarm',
      'dead-letters': `${stage.emulator.endpoint}/000000000000/t-dead-letters`,
      files: 't-files',
      'files-access': 't-files',
      'files-encryption': 't-files',
      'files-lifecycle': 't-files',
      'files-notification': 't-files',
      'files-owner': 't-files',
      'files-policy': 't-files',
      'files-versioning': 't-files',
      flow: 't-flow',
      'flow-logs': '/aws/vendedlogs/states/t',
      'flow-role': 'flow-role',
      start: 't-start',
      'start-code': 't-code/start.zip',
      'start-invoke': 't-start',
      'start-logs': '/t/start',
      'start-permission': 'files',
      'start-policy': 'start-policy',
      'start-role': 'start-role',
      table: 't-table',
    });
    expect(observed.get('start')?.status?.atProvider).toMatchObject({
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:t-start',
      s3Key: 'start.zip',
      sourceCodeHash: codeZip('one').hash,
    });
    expect(observed.get('start')?.spec.forProvider).toMatchObject({
      loggingConfig: { logGroup: '/t/start', logFormat: 'JSON' },
      role: 'arn:aws:iam::000000000000:role/start-role',
      s3Bucket: 't-code',
    });
    expect(observed.get('dead-letters')?.status?.atProvider).toMatchObject({
      arn: 'arn:aws:sqs:us-east-1:000000000000:t-dead-letters',
      url: `${stage.emulator.endpoint}/000000000000/t-dead-letters`,
    });
  });

  test('a second pass changes nothing, applied anew or not', async () => {
    const before = stage.reconciler.observed();
    expect(await stage.pass()).toEqual([]);
    stage.reconciler.apply(pipeline());
    expect(await stage.pass()).toEqual([]);
    expect(stage.reconciler.observed()).toEqual(before);
  });
});
