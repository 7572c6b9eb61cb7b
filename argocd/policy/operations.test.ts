import { expect, it, test } from 'vitest';
import { allows } from './allows.ts';
import { optionsOf } from './generate.ts';
import { actionsOf } from './operations.ts';
import type { PolicyDocument } from './policy.ts';

it.each([
  ['s3 HeadBucket', ['s3:ListBucket']],
  ['s3 PutPublicAccessBlock', ['s3:PutBucketPublicAccessBlock']],
  ['s3 PutBucketLifecycleConfiguration', ['s3:PutLifecycleConfiguration']],
  ['s3 PutBucketEncryption', ['s3:PutEncryptionConfiguration']],
  ['s3 PutBucketVersioning', ['s3:PutBucketVersioning']],
  ['s3 DeleteObjects', ['s3:DeleteObject', 's3:DeleteObjectVersion']],
  ['S3 Control TagResource', ['s3:TagResource']],
  ['lambda CreateFunction20150331', ['lambda:CreateFunction']],
  ['lambda GetFunction20150331v2', ['lambda:GetFunction']],
  ['lambda TagResource', ['lambda:TagResource']],
  ['sfn CreateStateMachine', ['states:CreateStateMachine']],
  ['CloudWatch Logs CreateLogGroup', ['logs:CreateLogGroup']],
  ['monitoring PutMetricAlarm', ['cloudwatch:PutMetricAlarm']],
  ['application-autoscaling PutScalingPolicy', ['application-autoscaling:PutScalingPolicy']],
  ['s3 PutBucketCors', ['s3:PutBucketCORS']],
  ['apigateway CreateStage', ['apigateway:POST']],
  ['apigatewayv2 GetTags', ['apigateway:GET']],
  ['apigateway UpdateApi', ['apigateway:PATCH']],
  ['apigateway UntagResource', ['apigateway:DELETE']],
  ['ec2 CreateLaunchTemplate', ['ec2:CreateLaunchTemplate']],
  ['scheduler GetSchedule', ['scheduler:GetSchedule']],
  ['sts GetCallerIdentity', []],
])('%s is checked as %j', (call, actions) => {
  expect(actionsOf(call)).toEqual(actions);
});

test('a call of API Gateway whose verb is not known is an error', () => {
  expect(() => actionsOf('apigateway ReimportApi')).toThrow(
    '"apigateway ReimportApi" has no verb in operations.ts: add it there',
  );
});

it.each(['s3', 'sns Publish', ''])('refuses "%s"', (call) => {
  expect(() => actionsOf(call)).toThrow(
    /is not a service and an operation, such as "s3 PutObject"\. Services: s3, /,
  );
});

const document = (Resource: string, Condition?: Record<string, Record<string, string>>): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    { Sid: 'A', Effect: 'Allow', Action: ['s3:Get*'], Resource: [Resource], ...(Condition && { Condition }) },
  ],
});

test('actions ignore case, resources do not, and dots are dots', () => {
  expect(allows(document('arn:a.b'), 'S3:GETOBJECT', 'arn:a.b')).toBe(true);
  expect(allows(document('arn:a.b'), 's3:GetObject', 'arn:A.b')).toBe(false);
  expect(allows(document('arn:a.b'), 's3:GetObject', 'arn:axb')).toBe(false);
  expect(allows(document('arn:??'), 's3:GetObject', 'arn:xy')).toBe(true);
  expect(allows(document('arn:??'), 's3:GetObject', 'arn:xyz')).toBe(false);
  expect(allows(document('*'), 's3:PutObject', 'arn:x')).toBe(false);
});

test('an operator that is not known is an error, not a yes', () => {
  const policy = document('*', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } });
  expect(() => allows(policy, 's3:GetObject', '*', {})).toThrow(
    'condition operator IpAddress is not known here',
  );
});

it.each([
  [['--account', '12'], '--account is "12": give it as twelve digits'],
  [['--regions', 'europe'], '--regions is "europe": give it as eu-west-1,us-east-1'],
  [['--regions', ''], '--regions names none: give at least one, such as eu-west-1'],
  [
    ['--partition', 'gcp'],
    '--partition is "gcp": give it as one of aws, aws-cn, aws-us-gov, aws-iso, aws-iso-b, aws-iso-e, aws-iso-f, aws-eusc',
  ],
  [['--permissions-boundary', 'x'], '--permissions-boundary is "x": give it as the ARN of a policy'],
  [
    ['--table-keys', 'arn:aws:kms:eu-west-1:111122223333:alias/a'],
    '--table-keys is "arn:aws:kms:eu-west-1:111122223333:alias/a": give it as the ARN of a key, not of an alias',
  ],
  [['--code-objects', 'a'], '--code-objects is "a": give it as bucket/key, such as artifacts/layers/*'],
  [['--image-parameters', 'a'], '--image-parameters is "a": give it as /the/name, with its leading slash'],
])('the command line refuses %j', (args, message) => {
  expect(() => optionsOf(args)).toThrow(message);
});
