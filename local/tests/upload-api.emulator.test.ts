import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keptLog } from '../../lambda/testing/records.ts';
import { apiEnv } from '../../lambda/testing/upload-api.ts';
import { createObjects, type Objects, type UploadForm } from '../../lambda/upload-api/objects.ts';
import { type ApiEvent, createHandler } from '../../lambda/upload-api/upload-api.ts';
import { type Clients, createClients } from '../aws.ts';
import { type Emulator, startEmulator } from '../emulator.ts';
import { makeStorage, moveOn } from '../testing/upload-api.ts';

// The emulator with AUTH on, which then checks what S3 checks of a form: the signature, the session token, whether the
// role may, and each condition of the policy. Without it, signatures and roles are not looked at.

const { BUCKET, TABLE_NAME } = apiEnv();
const ORIGIN = 'https://page.example';
const FILE = 'a,b\n';
const BODY = {
  input_text: 'Grüße',
  file_name: "Grüße & 50% of it's (1) 🚚.csv",
  size: FILE.length,
  content_type: 'text/csv',
};
/** What the function's role may do, and nothing more. */
const PERMISSIONS = [
  { Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:aws:s3:::${BUCKET}/uploads/*` },
  { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${BUCKET}/outputs/*` },
  {
    Effect: 'Allow',
    Action: ['dynamodb:PutItem', 'dynamodb:GetItem'],
    Resource: `arn:aws:dynamodb:eu-west-1:000000000000:table/${TABLE_NAME}`,
  },
];

let emulator: Emulator;
let clients: Clients;
let handle: ReturnType<typeof createHandler>;
let role: Clients;
let objects: Objects;

beforeAll(async () => {
  emulator = await startEmulator({ region: 'eu-west-1', auth: true });
  clients = createClients(emulator);
  await makeStorage(clients);
  await clients.s3.putBucketCors({
    Bucket: BUCKET,
    CORSConfiguration: { CORSRules: [{ AllowedMethods: ['POST'], AllowedOrigins: [ORIGIN] }] },
  });
  const credentials = await assumedRole();
  const { endpoint, region } = emulator;
  role = createClients({ endpoint, region, credentials });
  objects = createObjects({ endpoint, region, credentials }, BUCKET);
  const { log } = keptLog();
  handle = createHandler({
    dynamodb: role.dynamodb,
    objects: () => objects,
    html: '',
    env: apiEnv(),
    logger: log,
  });
});

afterAll(async () => {
  role?.close();
  clients?.close();
  await emulator?.stop();
});

/** Credentials as Lambda gets them: a role's, with a session token. */
async function assumedRole() {
  const Statement = [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: 'sts:AssumeRole' },
  ];
  const { Role } = await clients.iam.createRole({
    RoleName: 'upload-api',
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
  });
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: PERMISSIONS });
  await clients.iam.putRolePolicy({ RoleName: 'upload-api', PolicyName: 'upload-api', PolicyDocument });
  const { Credentials } = await clients.sts.assumeRole({ RoleArn: Role?.Arn, RoleSessionName: 'test' });
  const {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
  } = Credentials ?? {};
  if (!accessKeyId || !secretAccessKey || !sessionToken) throw new Error('the role gave no credentials');
  return { accessKeyId, secretAccessKey, sessionToken };
}

async function call(routeKey: string, changes: Partial<ApiEvent>) {
  const [method = '', rawPath = ''] = routeKey.split(' ');
  const requestContext = { requestId: 'request-1', http: { method } };
  const { statusCode, body } = await handle({ routeKey, rawPath, requestContext, ...changes });
  return { status: statusCode, body: JSON.parse(body) };
}

async function announce(changes: Partial<typeof BODY> = {}): Promise<UploadForm & { id: string }> {
  const { status, body } = await call('POST /uploads', { body: JSON.stringify({ ...BODY, ...changes }) });
  expect(status).toBe(201);
  return body;
}

/** Sends a form as a browser does. Resolves to the status, and S3's code when it refused. */
async function post(
  { url, fields }: UploadForm,
  changes: Record<string, string> = {},
  file = FILE,
): Promise<[number, string | undefined]> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...changes })) form.append(name, value);
  form.append('file', new Blob([file]), 'blob');
  const response = await fetch(url, { method: 'POST', body: form, headers: { origin: ORIGIN } });
  return [response.status, /<Code>(.*?)</.exec(await response.text())?.[1]];
}

describe('a form', () => {
  test('takes the file that was announced, to its key, with its type', async () => {
    const form = await announce();

    expect(await post(form)).toEqual([204, undefined]);

    const Key = `uploads/${form.id}/${BODY.file_name}`;
    const { Body, ContentType } = await clients.s3.getObject({ Bucket: BUCKET, Key });
    expect([await Body?.transformToString(), ContentType]).toEqual([FILE, 'text/csv']);
    const { Item } = await clients.dynamodb.getItem({ TableName: TABLE_NAME, Key: { id: { S: form.id } } });
    expect(Item).toEqual({
      id: { S: form.id },
      input_text: { S: 'Grüße' },
      input_file_path: { S: `${BUCKET}/${Key}` },
      file_name: { S: BODY.file_name },
      content_type: { S: 'text/csv' },
      size: { N: '4' },
      status: { S: 'waiting' },
      created: { S: expect.stringMatching(/^\d{4}-.*Z$/) },
      updated: Item?.['created'],
    });
  });

  test('takes an empty file', async () => {
    expect(await post(await announce({ size: 0 }), {}, '')).toEqual([204, undefined]);
  });

  const denied = [403, 'AccessDenied'];
  test.each([
    { why: 'another key', changes: { key: 'uploads/other/a.csv' }, refused: denied },
    { why: 'another type', changes: { 'Content-Type': 'text/html' }, refused: denied },
    { why: 'another bucket', changes: { bucket: 'other' }, refused: denied },
    { why: 'a public object', changes: { acl: 'public-read' }, refused: denied },
    { why: 'metadata', changes: { 'x-amz-meta-a': 'b' }, refused: denied },
    { why: 'a redirect', changes: { success_action_redirect: 'https://x.example' }, refused: denied },
    {
      why: 'another signature',
      changes: { 'X-Amz-Signature': '0'.repeat(64) },
      refused: [403, 'SignatureDoesNotMatch'],
    },
    { why: 'another session', changes: { 'X-Amz-Security-Token': 'x' }, refused: [400, 'InvalidToken'] },
    { why: 'one byte more', changes: {}, file: `${FILE}x`, refused: [400, 'EntityTooLarge'] },
    { why: 'one byte less', changes: {}, file: 'abc', refused: [400, 'EntityTooSmall'] },
  ])('takes nothing else: $why', async ({ changes, file, refused }) => {
    const form = await announce();

    expect(await post(form, changes, file)).toEqual(refused);

    const { Versions = [] } = await clients.s3.listObjectVersions({
      Bucket: BUCKET,
      Prefix: `uploads/${form.id}`,
    });
    expect(Versions).toEqual([]);
  });

  test('takes nothing once its time is over', async () => {
    const form = await objects.uploadForm(
      { key: 'uploads/a/b', size: FILE.length, contentType: 'text/csv' },
      -1,
    );

    expect(await post(form)).toEqual(denied);
  });

  test('goes no further than its role: a form for another folder is signed in vain', async () => {
    const form = await objects.uploadForm(
      { key: 'outputs/a/b', size: FILE.length, contentType: 'text/csv' },
      60,
    );

    expect(await post(form)).toEqual(denied);
  });
});

test("a browser's preflight is answered to the bucket's origins only", async () => {
  const { url } = await announce();
  const preflight = async (origin: string) => {
    const headers = { origin, 'access-control-request-method': 'POST' };
    const response = await fetch(url, { method: 'OPTIONS', headers });
    return [response.status, response.headers.get('access-control-allow-origin')];
  };

  expect(await preflight(ORIGIN)).toEqual([200, ORIGIN]);
  expect((await preflight('https://other.example'))[0]).toBe(403);
});

test('the link of a result is a download with its name, and nothing without its signature', async () => {
  const { id } = await announce();
  const Key = `outputs/${id}/${BODY.file_name}`;
  await clients.s3.putObject({ Bucket: BUCKET, Key, Body: 'the result' });
  await moveOn(clients.dynamodb, id, { status: 'done', output_file_path: `${BUCKET}/${Key}` });

  const { status, body } = await call('GET /uploads/{id}', { pathParameters: { id } });
  const response = await fetch(body.output_url);

  expect([status, body.status, await response.text()]).toEqual([200, 'done', 'the result']);
  expect(response.headers.get('content-disposition')).toBe(
    'attachment; filename="Gr__e & 50_ of it\'s (1) __.csv"; ' +
      "filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%26%2050%25%20of%20it%27s%20%281%29%20%F0%9F%9A%9A.csv",
  );
  const bare = new URL(body.output_url);
  bare.search = '';
  expect((await fetch(bare)).status).toBe(403);
  await expect(
    role.s3.headObject({ Bucket: BUCKET, Key: `uploads/${id}/${BODY.file_name}` }),
  ).rejects.toThrow();
});
