import { describe, expect, test } from 'vitest';
import { setStage, settle } from '../testing/harness.ts';
import { change, changed, codeZip, get } from '../testing/manifests.ts';
import { pipeline } from '../testing/pipeline.ts';

const stage = setStage();

describe('drift is healed', () => {
  test('what someone changed is put back, and nothing else is touched', async () => {
    const { lambda, s3, iam, dynamodb, logs, cloudwatch } = stage.clients;
    await lambda.updateFunctionConfiguration({ FunctionName: 't-start', MemorySize: 128, Timeout: 9 });
    await lambda.removePermission({ FunctionName: 't-start', StatementId: 'files' });
    await s3.deletePublicAccessBlock({ Bucket: 't-files' });
    await s3.putObject({ Bucket: 't-code', Key: 'start.zip', Body: 'not a zip' });
    await iam.tagRole({ RoleName: 'start-role', Tags: [{ Key: 'stray', Value: 'y' }] });
    const TimeToLiveSpecification = { Enabled: false, AttributeName: 'expires' };
    await dynamodb.updateTimeToLive({ TableName: 't-table', TimeToLiveSpecification });
    const ResourceArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/t-table';
    await dynamodb.tagResource({ ResourceArn, Tags: [{ Key: 'team', Value: 'other' }] });
    await logs.putRetentionPolicy({ logGroupName: '/t/start', retentionInDays: 1 });
    const alarm = {
      AlarmName: 't-dead-alarm',
      MetricName: 'x',
      Namespace: 'y',
      Period: 60,
      EvaluationPeriods: 9,
    };
    await cloudwatch.putMetricAlarm({
      ...alarm,
      ComparisonOperator: 'LessThanThreshold',
      Statistic: 'Sum',
      Threshold: 9,
    });
    expect(await stage.pass()).toEqual([
      'AddPermissionCommand',
      'PutMetricAlarmCommand',
      'PutObjectCommand',
      'PutPublicAccessBlockCommand',
      'PutRetentionPolicyCommand',
      'TagResourceCommand',
      'TagRoleCommand',
      'UntagRoleCommand',
      'UpdateFunctionConfigurationCommand',
      'UpdateTimeToLiveCommand',
    ]);
    await settle(stage.reconciler);
    expect(await stage.pass()).toEqual([]);
    const { Configuration } = await lambda.getFunction({ FunctionName: 't-start' });
    expect(Configuration).toMatchObject({ MemorySize: 256, Timeout: 30 });
    expect((await iam.getRole({ RoleName: 'start-role' })).Role?.Tags).toEqual([{ Key: 'team', Value: 'x' }]);
    const found = await s3.getPublicAccessBlock({ Bucket: 't-files' });
    expect(found.PublicAccessBlockConfiguration?.BlockPublicAcls).toBe(true);
  });
});

describe('a changed manifest rolls out', () => {
  test('settings of each service', async () => {
    const desired = pipeline();
    const set = (key: string, fields: Record<string, unknown>) => change(desired, key, fields);
    set('start', { memorySize: 512, reservedConcurrentExecutions: 2, tags: { team: 'y' } });
    set('files-versioning', { versioningConfiguration: { status: 'Suspended' } });
    set('start-logs', { retentionInDays: 7, tags: {} });
    set('dead-letters', { messageRetentionSeconds: 86400, tags: { team: 'y' } });
    set('table', { pointInTimeRecovery: { enabled: false }, deletionProtectionEnabled: false, tags: {} });
    set('flow', { definition: '{"StartAt":"Fail","States":{"Fail":{"Type":"Fail"}}}', tags: {} });
    const Statement = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::t-files/*' }];
    set('start-policy', { policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
    set('dead-alarm', { threshold: 3 });
    set('start-invoke', { maximumRetryAttempts: 0 });
    stage.reconciler.apply(desired);
    expect(await stage.pass()).toEqual([
      'PutBucketVersioningCommand',
      'PutFunctionConcurrencyCommand',
      'PutFunctionEventInvokeConfigCommand',
      'PutMetricAlarmCommand',
      'PutRetentionPolicyCommand',
      'PutRolePolicyCommand',
      'SetQueueAttributesCommand',
      'TagQueueCommand',
      'TagResourceCommand',
      'UntagResourceCommand',
      'UntagResourceCommand',
      'UntagResourceCommand',
      'UpdateContinuousBackupsCommand',
      'UpdateFunctionConfigurationCommand',
      'UpdateStateMachineCommand',
    ]);
    await settle(stage.reconciler);
    expect(await stage.pass()).toEqual([]);
    const made = await stage.clients.lambda.getFunction({ FunctionName: 't-start' });
    expect([made.Configuration?.MemorySize, made.Concurrency?.ReservedConcurrentExecutions]).toEqual([
      512, 2,
    ]);
    const policy = await stage.clients.iam.getRolePolicy({
      RoleName: 'start-role',
      PolicyName: 'start-policy',
    });
    expect(decodeURIComponent(policy.PolicyDocument ?? '')).toContain('s3:GetObject');
  });

  test('new code under a new key, beside the old object', async () => {
    const desired = pipeline('two');
    const { base64, hash } = codeZip('two');
    desired.set('start-code', get(pipeline(), 'start-code'));
    const next = changed(get(desired, 'start-code'), { key: 'start-2.zip', contentBase64: base64 });
    desired.set('start-code-2', { ...next, metadata: { ...next.metadata, name: 'start-code-2' } });
    desired.set('start', changed(get(desired, 'start'), { s3Key: 'start-2.zip', sourceCodeHash: hash }));
    stage.reconciler.apply(desired);
    await settle(stage.reconciler);
    const { Payload } = await stage.clients.lambda.invoke({ FunctionName: 't-start' });
    expect(Payload?.transformToString()).toBe(`"two on ${process.version}"`);
    expect(stage.reconciler.observed().get('start')?.status?.atProvider).toMatchObject({
      s3Key: 'start-2.zip',
    });
    expect(await stage.pass()).toEqual([]);
  });
});
