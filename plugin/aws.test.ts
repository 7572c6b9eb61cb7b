import { describe, expect, it } from 'vitest';
import { claimOf } from '../function/render.ts';
import { type Call, explained, statementFor } from './aws.ts';
import { countExecutions } from './executions.ts';
import { countRows } from './rows.ts';
import { Stop } from './stop.ts';
import { need, targetOf } from './target.ts';
import { awsOf } from './tests/stand-in.ts';

const ACCOUNT = '111122223333';
const STATE_MACHINE = `arn:aws:states:eu-west-1:${ACCOUNT}:stateMachine:m`;
const TARGET = targetOf({
  ...claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile' } }),
  status: { table: 'rows', stateMachine: STATE_MACHINE },
});

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

describe('statementFor', () => {
  it.each<[Call, string, string]>([
    [
      { client: 'S3Client', command: 'ListObjectVersionsCommand', input: { Bucket: 'files' } },
      's3:ListBucketVersions',
      'arn:aws:s3:::files',
    ],
    [
      { client: 'DynamoDBClient', command: 'BatchGetItemCommand', input: { RequestItems: {} } },
      'dynamodb:BatchGetItem',
      `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/rows`,
    ],
    [
      {
        client: 'SQSClient',
        command: 'DeleteMessageBatchCommand',
        input: { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/dead' },
      },
      'sqs:DeleteMessage',
      `arn:aws:sqs:eu-west-1:${ACCOUNT}:dead`,
    ],
    [
      {
        client: 'CloudWatchLogsClient',
        command: 'FilterLogEventsCommand',
        input: { logGroupName: '/aws/a' },
      },
      'logs:FilterLogEvents',
      `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:/aws/a:*`,
    ],
    [
      { client: 'LambdaClient', command: 'InvokeCommand', input: { FunctionName: 'start' } },
      'lambda:InvokeFunction',
      `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:start`,
    ],
    [
      { client: 'SFNClient', command: 'ListExecutionsCommand', input: { stateMachineArn: STATE_MACHINE } },
      'states:ListExecutions',
      STATE_MACHINE,
    ],
    [
      { client: 'CloudWatchClient', command: 'DescribeAlarmsCommand', input: {} },
      'cloudwatch:DescribeAlarms',
      '*',
    ],
  ])('%j', (call, action, resource) => {
    expect(statementFor(call, TARGET)).toMatchObject({ Action: [action], Resource: [resource] });
  });
});

describe('explained', () => {
  const call: Call = { client: 'DynamoDBClient', command: 'ScanCommand', input: { TableName: 'rows' } };
  const where = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/rows`;
  const messageOf = (error: unknown, of: Call | undefined = call) => {
    const told = explained(error, TARGET, of);
    return told instanceof Stop ? told.message : told;
  };

  it('what a caller may not do, with the statement that allows it', () => {
    expect(messageOf(named('AccessDeniedException', 'no'))).toBe(
      [
        `your credentials may not do dynamodb:Scan on ${where}: no`,
        'This statement in a policy of yours allows it:',
        `{"Sid":"KubectlFip","Effect":"Allow","Action":["dynamodb:Scan"],"Resource":["${where}"]}`,
      ].join('\n'),
    );
  });

  it.each([
    [
      'CredentialsProviderError',
      'there are no AWS credentials: x. Sign in, such as with aws sso login, or set AWS_PROFILE.',
    ],
    [
      'ExpiredToken',
      'AWS refuses your credentials: ExpiredToken: x. Sign in, such as with aws sso login, or set AWS_PROFILE.',
    ],
    [
      'ResourceNotFoundException',
      `${where} does not exist in eu-west-1 for your credentials (ResourceNotFoundException). Are they of another account? AWS_PROFILE chooses.`,
    ],
    ['TimeoutError', `dynamodb:Scan on ${where}: TimeoutError: x`],
  ])('%s', (name, message) => {
    expect(messageOf(named(name, 'x'))).toBe(message);
  });

  it('leaves what did not come from AWS', () => {
    const error = new TypeError('a fault of ours');
    expect(explained(error, TARGET, undefined)).toBe(error);
  });
});

it('need says what is missing and where to look', () => {
  expect(() => need(TARGET, 'bucket')).toThrow(
    'status.bucket: Required value: invoices is not ready for this. kubectl fip status invoices says what it waits for.',
  );
  expect(need(TARGET, 'table')).toBe('rows');
});

describe('countExecutions', () => {
  const now = new Date('2026-05-03T12:00:00Z');
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

  const page = [
    { status: 'RUNNING', startDate: ago(1) },
    { status: 'TIMED_OUT', startDate: ago(59) },
    { status: 'SUCCEEDED', startDate: ago(61) },
    { status: 'SUCCEEDED', startDate: ago(25 * 60) },
  ];
  const listed = { succeeded: 0, failed: 1, running: 1 };

  it('from the list, until the day is over', async () => {
    const aws = awsOf(() => ({ executions: page, nextToken: 'more' }));
    expect(await countExecutions(aws, STATE_MACHINE, now, 10)).toEqual({
      hour: listed,
      day: { ...listed, succeeded: 1 },
      isWhole: true,
    });
  });

  it('says where it stopped before', async () => {
    const aws = awsOf(() => ({ executions: page.slice(0, 2), nextToken: 'more' }));
    const twice = { succeeded: 0, failed: 2, running: 2 };
    expect(await countExecutions(aws, STATE_MACHINE, now, 2)).toEqual({
      hour: twice,
      day: twice,
      isWhole: false,
    });
  });

  it('of Express from the metrics', async () => {
    const sums = (Label: string, ...Values: number[]) => ({ Label, Values, Timestamps: [ago(5), ago(90)] });
    const aws = awsOf((command) => {
      if (command === 'ListExecutionsCommand') throw named('StateMachineTypeNotSupported', 'Express');
      return {
        MetricDataResults: [
          sums('ExecutionsSucceeded', 5, 7),
          sums('ExecutionsTimedOut', 1, 0),
          sums('ExecutionsFailed', 2, 3),
        ],
      };
    });
    expect(await countExecutions(aws, STATE_MACHINE, now, 10)).toEqual({
      hour: { succeeded: 5, failed: 3, running: 0 },
      day: { succeeded: 12, failed: 6, running: 0 },
      isWhole: true,
    });
  });
});

it('countRows: by their time, page by page, and the newest', async () => {
  const now = new Date('2026-05-03T12:00:00Z');
  const row = (key: string, recordedAt: string) => ({ Filename: { S: key }, recordedAt: { S: recordedAt } });
  const pages = [
    [row('a', '2026-05-03T11:59:00.000Z'), row('b', '2026-05-02T12:00:01.000Z')],
    [row('c', '2026-05-03T11:59:30.000Z'), row('d', '2026-05-02T11:59:59.000Z')],
  ];
  const aws = awsOf((_command, { ExclusiveStartKey }) =>
    ExclusiveStartKey === undefined
      ? { Items: pages[0], LastEvaluatedKey: { Filename: { S: 'b' } } }
      : { Items: pages[1] },
  );
  expect(await countRows(aws, TARGET, 'rows', now, 10)).toEqual({
    hour: 2,
    day: 3,
    seen: 4,
    isWhole: true,
    last: { key: 'c', time: '2026-05-03T11:59:30.000Z' },
  });
  expect(await countRows(aws, TARGET, 'rows', now, 1)).toMatchObject({
    hour: 1,
    day: 2,
    seen: 2,
    isWhole: false,
  });
});
