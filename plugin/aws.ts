/** The AWS clients of one region, with the user's own credentials, and what their errors mean. */
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { SFN } from '@aws-sdk/client-sfn';
import { SQS } from '@aws-sdk/client-sqs';
import { messageOf } from '../function/src/errors.ts';
import { allow, type Statement } from '../function/src/iam.ts';
import { bucketArn, partitionOf } from '../function/src/names.ts';
import { isObject, type Json, stringAt } from '../function/src/objects.ts';
import { hasName, Stop } from './stop.ts';
import type { Target } from './target.ts';

export type Aws = ReturnType<typeof createAws>;

/** A call that failed. */
export interface Call {
  /** Such as `S3Client`. */
  readonly client: string;
  /** Such as `ListObjectVersionsCommand`. */
  readonly command: string;
  readonly input: Json;
}

/** The call that each error came from. The SDK's errors do not tell it, but its logger does. */
const CALLS = new WeakMap<Error, Call>();

function remember(entry: unknown): void {
  if (!isObject(entry) || !(entry['error'] instanceof Error)) return;
  const { clientName, commandName, input } = entry;
  CALLS.set(entry['error'], {
    client: String(clientName),
    command: String(commandName),
    input: isObject(input) ? input : {},
  });
}

/** One client per service. `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<service>` name another endpoint, as the SDK reads them. */
export function createAws(region: string, env: NodeJS.ProcessEnv = process.env) {
  const config = { region, logger: { trace() {}, debug() {}, info() {}, warn() {}, error: remember } };
  const isElsewhere = Boolean(env['AWS_ENDPOINT_URL'] || env['AWS_ENDPOINT_URL_S3']);
  return {
    // The name of a bucket before an emulator's host does not resolve.
    s3: new S3({ ...config, forcePathStyle: isElsewhere }),
    dynamodb: new DynamoDB(config),
    lambda: new Lambda(config),
    sfn: new SFN(config),
    // The host in the URL of a queue may be one that only an emulator's network knows.
    sqs: new SQS({ ...config, useQueueUrlAsEndpoint: false }),
    logs: new CloudWatchLogs(config),
    cloudwatch: new CloudWatch(config),
  };
}

const SERVICES: Readonly<Record<string, string>> = {
  CloudWatchLogsClient: 'logs',
  CloudWatchClient: 'cloudwatch',
  DynamoDBClient: 'dynamodb',
  LambdaClient: 'lambda',
  S3Client: 's3',
  SFNClient: 'states',
  SQSClient: 'sqs',
};

/** Where the IAM action is not called like the command. */
const ACTIONS: Readonly<Record<string, string>> = {
  ListObjectVersions: 'ListBucketVersions',
  DeleteMessageBatch: 'DeleteMessage',
  Invoke: 'InvokeFunction',
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
};

function resourceOf({ input }: Call, service: string, target: Target): string {
  const { region } = target.spec;
  const account = target.accountId ?? '*';
  const arn = (resource: string) => `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;
  const text = (field: string) => stringAt(input, field);
  const bucket = text('Bucket');
  const queue = text('QueueUrl');
  const logGroup = text('logGroupName');
  const functionName = text('FunctionName');
  if (bucket !== undefined) return bucketArn(region, bucket);
  if (queue !== undefined) return arn(queue.split('/').at(-1) ?? '');
  if (logGroup !== undefined) return arn(`log-group:${logGroup}:*`);
  if (functionName !== undefined) return arn(`function:${functionName}`);
  if (service === 'dynamodb') return arn(`table/${text('TableName') ?? target.table}`);
  return text('stateMachineArn') ?? text('executionArn') ?? '*';
}

/** The statement of an IAM policy that allows a call. */
export function statementFor(call: Call, target: Target): Statement {
  const service = SERVICES[call.client] ?? call.client;
  const command = call.command.replace(/Command$/, '');
  return allow(
    'KubectlFip',
    [`${service}:${ACTIONS[command] ?? command}`],
    [resourceOf(call, service, target)],
  );
}

const DENIED = ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'KMSAccessDeniedException'];
const NO_CREDENTIALS = ['CredentialsProviderError', 'TokenProviderError'];
const SIGN_IN = 'Sign in, such as with aws sso login, or set AWS_PROFILE.';
const WRONG_KEYS = [
  ...['InvalidClientTokenId', 'UnrecognizedClientException', 'InvalidAccessKeyId', 'SignatureDoesNotMatch'],
  ...['ExpiredToken', 'ExpiredTokenException', 'InvalidToken'],
];
const GONE = [
  ...['NoSuchBucket', 'ResourceNotFoundException', 'QueueDoesNotExist', 'StateMachineDoesNotExist'],
  'AWS.SimpleQueueService.NonExistentQueue',
];

/** Whether AWS says that what a call names does not exist. */
export const isGone = (error: unknown): boolean => hasName(error, ...GONE);

/** Whether an error would be the same for whatever else is sent: no permission, no credentials, or nothing to send it to. */
export const endsAll = (error: unknown): boolean =>
  hasName(error, ...DENIED, ...WRONG_KEYS, ...GONE, ...NO_CREDENTIALS);

/** An error of AWS as a sentence with the fix. Other errors stay as they are. */
export function explained(error: unknown, target: Target, call = callOf(error)): unknown {
  if (!(error instanceof Error) || error instanceof Stop) return error;
  const stop = (message: string) => new Stop(message, 1, { cause: error });
  if (hasName(error, ...NO_CREDENTIALS))
    return stop(`there are no AWS credentials: ${error.message}. ${SIGN_IN}`);
  if (call === undefined) return error;
  const { region } = target.spec;
  if (WRONG_KEYS.includes(error.name))
    return stop(`AWS refuses your credentials: ${error.name}: ${error.message}. ${SIGN_IN}`);
  const statement = statementFor(call, target);
  const [what] = statement.Action;
  const [where] = statement.Resource ?? [];
  if (DENIED.includes(error.name)) {
    const lines = [`your credentials may not do ${what} on ${where}: ${error.message}`];
    return stop(
      [...lines, 'This statement in a policy of yours allows it:', JSON.stringify(statement)].join('\n'),
    );
  }
  if (isGone(error))
    return stop(
      `${where} does not exist in ${region} for your credentials (${error.name}). Are they of another account? AWS_PROFILE chooses.`,
    );
  return stop(`${what} on ${where}: ${error.name}: ${messageOf(error) || 'no answer'}`);
}

const callOf = (error: unknown): Call | undefined => (error instanceof Error ? CALLS.get(error) : undefined);
