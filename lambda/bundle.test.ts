import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bundleHandler } from './build.ts';
import { BUCKET, HOSTILE_KEYS, s3Event, s3Record } from './testing/records.ts';

// Runs the bundles like Lambda: in a separate Node process, with no packages installed, against an HTTP server in place
// of AWS.

interface Request {
  readonly target: unknown;
  readonly authorization: string | undefined;
  readonly token: unknown;
  readonly body: unknown;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const NODE = join(import.meta.dirname, '../node_modules/.bin/node');
// Like Lambda's runtime, it reports the name and message of an error, at cold start or later.
const INVOKE = `
  try {
    const { handler } = await import(process.argv[1]);
    await handler(JSON.parse(process.argv[2]), { functionName: 'files-starter', awsRequestId: 'request-1' });
  } catch ({ name, message }) {
    console.error(name + ': ' + message);
    process.exitCode = 1;
  }
`;
const OK: Answer = { status: 200, body: {} };
const THROTTLED: Answer = { status: 400, body: { __type: 'ThrottlingException', message: 'Rate exceeded' } };
const DOWN: Answer = { status: 503, body: { __type: 'ServiceUnavailable', message: 'Try later' } };

let dir: string;
let endpoint: string;
let answers: Answer[];
let requests: Request[];

const server = createServer(async (request, response) => {
  const { authorization, 'x-amz-target': target, 'x-amz-security-token': token } = request.headers;
  requests.push({ target, authorization, token, body: await json(request) });
  const { status, body } = answers.shift() ?? OK;
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
});

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bundle-'));
  for (const name of ['start-workflow', 'record-file']) {
    await writeFile(join(dir, `${name}.mjs`), await bundleHandler(name));
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  endpoint = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
});

afterAll(async () => {
  server.close();
  await rm(dir, { recursive: true, force: true });
});

beforeEach(() => {
  answers = [];
  requests = [];
});

/** Runs a bundle once. An environment variable with the value undefined is not set. */
async function invoke(name: string, env: Record<string, string | undefined>, keys = ['in/a b.csv']) {
  const event = JSON.stringify(s3Event(...keys.map((key) => s3Record({ key }))));
  const child = spawn(NODE, ['--input-type=module', '-e', INVOKE, join(dir, `${name}.mjs`), event], {
    cwd: dir,
    env: {
      HOME: dir,
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'session',
      POWERTOOLS_SERVICE_NAME: 'files',
      ...env,
    },
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  const output = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
  const lines = output.filter((line) => line.startsWith('{"')).map((line): unknown => JSON.parse(line));
  return { code, lines, thrown: output.find((line) => !line.startsWith('{"')) };
}

describe('the start-workflow bundle', () => {
  const ARN = 'arn:aws:states:eu-west-1:111122223333:stateMachine:files';
  const ENV = { STATE_MACHINE_ARN: ARN, EXECUTION: 'Standard', EXPIRE_AFTER_DAYS: '1' };

  test('starts an execution, signed with the credentials of the environment, and logs it as JSON', async () => {
    answers = [{ status: 200, body: { executionArn: 'the-execution', startDate: 1 } }];

    const { code, lines, thrown } = await invoke('start-workflow', ENV);

    expect(thrown).toBeUndefined();
    expect(code).toBe(0);
    expect(requests).toEqual([
      {
        target: 'AWSStepFunctions.StartExecution',
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/states\//,
        ),
        token: 'session',
        body: {
          stateMachineArn: ARN,
          name: expect.stringMatching(/^a-b-csv-[0-9a-f]{64}$/),
          input: JSON.stringify({
            bucket: BUCKET,
            key: 'in/a b.csv',
            size: 42,
            eTag: 'd41d8cd98f00b204e9800998ecf8427e',
            versionId: 'null',
            sequencer: '000000000000000055AED6DCD90281E5',
            eventTime: '2026-01-02T03:04:05.678Z',
            expiresAt: 1767409445,
          }),
        },
      },
    ]);
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'INFO',
        message: 'Execution started',
        service: 'files',
        function_request_id: 'request-1',
        bucket: BUCKET,
        key: 'in/a b.csv',
        execution: 'the-execution',
      }),
    ]);
  });

  test('knows the answer to a name that was started before', async () => {
    answers = [
      { status: 400, body: { __type: 'ExecutionAlreadyExists', message: 'Execution Already Exists' } },
    ];

    const { code, lines } = await invoke('start-workflow', ENV);

    expect(code).toBe(0);
    expect(lines).toEqual([
      expect.objectContaining({ message: 'Duplicate event: its execution was started before' }),
    ]);
  });

  test('tries again when it is throttled or the service is down', async () => {
    answers = [THROTTLED, DOWN];

    const { code } = await invoke('start-workflow', ENV);

    expect(code).toBe(0);
    expect(requests).toHaveLength(3);
  });

  test('gives up after 4 tries, with the key and the cause', async () => {
    answers = [DOWN, DOWN, DOWN, DOWN];

    const { code, thrown } = await invoke('start-workflow', ENV);

    expect(code).toBe(1);
    expect(requests).toHaveLength(4);
    expect(thrown).toBe(
      'RecordsFailedError: 1 of 1 records failed: Records[0] "in/a b.csv": ServiceUnavailable: Try later',
    );
  });

  const notSet = "is not set: set it in the function's environment to";
  test.each([
    {
      why: 'no key',
      env: { AWS_ACCESS_KEY_ID: undefined },
      says:
        'RecordsFailedError: 1 of 1 records failed: Records[0] "in/a b.csv": ConfigurationError: ' +
        `AWS_ACCESS_KEY_ID ${notSet} an access key: Lambda sets it from the role`,
    },
    {
      why: 'no region',
      env: { AWS_REGION: undefined },
      says: `ConfigurationError: AWS_REGION ${notSet} the region of the AWS services it calls`,
    },
    {
      why: 'no ARN',
      env: { STATE_MACHINE_ARN: '' },
      says: `ConfigurationError: STATE_MACHINE_ARN ${notSet} the ARN of the state machine to start`,
    },
  ])('looks for nothing beyond its environment: $why', async ({ env, says }) => {
    const { code, thrown } = await invoke('start-workflow', { ...ENV, ...env });

    expect(code).toBe(1);
    expect(requests).toEqual([]);
    expect(thrown).toBe(says);
  });
});

describe('the record-file bundle', () => {
  const ENV = { TABLE_NAME: 'files', PARTITION_KEY: 'Filename' };

  test('writes a row', async () => {
    const { code, lines } = await invoke('record-file', ENV);

    expect(code).toBe(0);
    expect(requests).toEqual([
      {
        target: 'DynamoDB_20120810.PutItem',
        authorization: expect.stringContaining('/eu-west-1/dynamodb/'),
        token: 'session',
        body: {
          TableName: 'files',
          Item: {
            Filename: { S: 'in/a b.csv' },
            bucket: { S: BUCKET },
            size: { N: '42' },
            eTag: { S: 'd41d8cd98f00b204e9800998ecf8427e' },
            versionId: { S: 'null' },
            sequencer: { S: '000000000000000055AED6DCD90281E5' },
            eventTime: { S: '2026-01-02T03:04:05.678Z' },
            recordedAt: { S: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) },
          },
          ConditionExpression: 'attribute_not_exists(#pk) OR #sequencer < :sequencer',
          ExpressionAttributeNames: { '#pk': 'Filename', '#sequencer': 'sequencer' },
          ExpressionAttributeValues: { ':sequencer': { S: '000000000000000055AED6DCD90281E5' } },
        },
      },
    ]);
    expect(lines).toEqual([expect.objectContaining({ message: 'Row written', key: 'in/a b.csv' })]);
  });

  test('sends hostile keys as they are', async () => {
    const keys = HOSTILE_KEYS.map(({ key }) => key);

    const { code } = await invoke('record-file', ENV, keys);

    expect(code).toBe(0);
    expect(requests.map(({ body }) => body)).toEqual(
      expect.arrayContaining(
        keys.map((S) => expect.objectContaining({ Item: expect.objectContaining({ Filename: { S } }) })),
      ),
    );
    expect(requests).toHaveLength(keys.length);
  });

  test('knows the answer to a row that is newer', async () => {
    const __type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
    answers = [{ status: 400, body: { __type, message: 'The conditional request failed' } }];

    const { code, lines } = await invoke('record-file', ENV);

    expect(code).toBe(0);
    expect(lines).toEqual([
      expect.objectContaining({ message: 'Duplicate or late event: the row is as new or newer' }),
    ]);
  });
});
