import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { bucketOf, readCall } from './call.ts';

function request(service: string, method: string, url: string, headers: Record<string, string> = {}) {
  const message = new IncomingMessage(new Socket());
  const authorization = `AWS4-HMAC-SHA256 Credential=AKID/20261121/eu-west-1/${service}/aws4_request, SignedHeaders=host`;
  message.headers = service === '' ? headers : { authorization, ...headers };
  return Object.assign(message, { method, url });
}

const operation = async (one: IncomingMessage, body = '') => {
  const call = await readCall(one, async () => Buffer.from(body));
  return call && ('operation' in call ? call.operation : 'unruled');
};

it.each([
  ['s3', 'PUT', '/files?notification', 's3:PutBucketNotificationConfiguration'],
  ['s3', 'PUT', '/files/?notification=', 's3:PutBucketNotificationConfiguration'],
  ['s3', 'PUT', '/?notification', 's3:PutBucketNotificationConfiguration'],
  ['s3', 'PUT', '/files/a%3Fnotification', undefined],
  ['s3', 'PUT', '/files/key?notification', undefined],
  ['s3', 'GET', '/files?encryption', 's3:GetBucketEncryption'],
  ['s3', 'GET', '/files?versioning', undefined],
  ['lambda', 'POST', '/2015-03-31/functions', 'lambda:CreateFunction'],
  ['lambda', 'POST', '/2015-03-31/functions/a/invocations', undefined],
  ['lambda', 'PUT', '/2015-03-31/functions/a/code', 'lambda:UpdateFunctionCode'],
  ['apigateway', 'PATCH', '/v2/apis/a/routes/b', 'apigateway:UpdateRoute'],
  ['apigateway', 'PATCH', '/v2/apis/a/stages/b', undefined],
  ['', 'POST', '/2015-03-31/functions', undefined],
])('%s %s %s is %s', async (service, method, url, expected) => {
  expect(await operation(request(service, method, url))).toBe(expected);
});

it.each([
  ['AWSStepFunctions.CreateStateMachine', 'states:CreateStateMachine'],
  ['AWSStepFunctions.StartExecution', undefined],
  ['toString', undefined],
])('the target %s is %s', async (target, expected) => {
  expect(await operation(request('states', 'POST', '/', { 'x-amz-target': target }))).toBe(expected);
});

it.each([
  ['RunInstances', 'ec2:RunInstances'],
  ['DescribeInstances', 'unruled'],
  ['constructor', 'unruled'],
])('the action %s is %s', async (action, expected) => {
  expect(await operation(request('ec2', 'POST', '/'), `Action=${action}&Version=2016-11-15`)).toBe(expected);
});

it.each([
  ['/files', 'aws.fileingest.test', 'files'],
  ['/', 'files.aws.fileingest.test:4566', 'files'],
])('the bucket of %s at %s is %s', (path, host, bucket) => {
  expect(bucketOf({ path, headers: { host } })).toBe(bucket);
});
