import {
  type AttributeValue,
  GetItemCommand,
  type GetItemCommandOutput,
  type PutItemCommand,
  type PutItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../shared/errors.ts';
import { keptLog } from '../testing/records.ts';
import { apiEnv } from '../testing/upload-api.ts';
import { type ApiEvent, createHandler } from './upload-api.ts';

const NOW = '2026-01-02T03:04:05.678Z';
const ID = 'V1StGXR8_Z5jdHi6B-myT';
const HTML = '<html data-settings="%SETTINGS%"><style>p{}</style><script>run()</script></html>';
const BODY = { input_text: 'secret words', file_name: 'a b.csv', size: 3, content_type: 'text/csv' };
const ROW = {
  status: { S: 'waiting' },
  file_name: { S: 'a b.csv' },
  created: { S: NOW },
  updated: { S: NOW },
};

/** A handler with stand-ins for the table and the signer, and what it sent to them. */
function setUp(env: Record<string, string> = {}, row?: Record<string, AttributeValue>, later = 0) {
  const sent: (PutItemCommand | GetItemCommand)['input'][] = [];
  const signed: unknown[] = [];
  function send(command: PutItemCommand): Promise<PutItemCommandOutput>;
  function send(command: GetItemCommand): Promise<GetItemCommandOutput>;
  async function send(command: PutItemCommand | GetItemCommand) {
    sent.push(command.input);
    const found = command instanceof GetItemCommand && row ? { Item: row } : {};
    return { $metadata: {}, ...found };
  }
  const { log, lines } = keptLog();
  const handle = createHandler({
    dynamodb: { send },
    objects: (bucket) => ({
      async uploadForm(announced, seconds) {
        signed.push({ bucket, announced, seconds });
        return { url: `https://${bucket}.example/`, fields: { key: announced.key } };
      },
      downloadLink: async (...link) => `https://${bucket}.example/?${link.join()}`,
    }),
    html: HTML,
    env: apiEnv(env),
    logger: log,
    now: () => new Date(Date.parse(NOW) + later * 1000),
    newId: () => ID,
  });
  return { handle, sent, signed, lines };
}

function event(routeKey: string, changes: Partial<ApiEvent> = {}, authorizer?: object): ApiEvent {
  const [method = '', path = ''] = routeKey.split(' ');
  return {
    routeKey,
    rawPath: path,
    requestContext: { requestId: 'request-1', http: { method }, ...(authorizer ? { authorizer } : {}) },
    ...changes,
  };
}

const post = (body: unknown) => event('POST /uploads', { body: JSON.stringify(body) });
const state = (id = ID) => event('GET /uploads/{id}', { pathParameters: { id } });

describe('POST /uploads', () => {
  test('signs a form, writes the row, and answers both', async () => {
    const { handle, sent, signed, lines } = setUp();

    const answer = await handle(post(BODY));

    const key = `uploads/${ID}/a b.csv`;
    expect(answer).toEqual({
      statusCode: 201,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
      body: JSON.stringify({
        id: ID,
        url: 'https://files-1a2b3c4d.example/',
        fields: { key },
        expires: '2026-01-02T03:09:05.678Z',
      }),
    });
    expect(signed).toEqual([
      { bucket: 'files-1a2b3c4d', announced: { key, size: 3, contentType: 'text/csv' }, seconds: 300 },
    ]);
    const path = { S: `files-1a2b3c4d/${key}` };
    expect(sent).toEqual([
      {
        TableName: 'uploads',
        Item: {
          id: { S: ID },
          input_text: { S: 'secret words' },
          input_file_path: path,
          file_name: { S: 'a b.csv' },
          content_type: { S: 'text/csv' },
          size: { N: '3' },
          status: { S: 'waiting' },
          created: { S: NOW },
          updated: { S: NOW },
        },
        ConditionExpression:
          'attribute_not_exists(#pk) OR (#path = :path AND #created = :created AND #updated = :created)',
        ExpressionAttributeNames: {
          '#pk': 'id',
          '#path': 'input_file_path',
          '#created': 'created',
          '#updated': 'updated',
        },
        ExpressionAttributeValues: { ':path': path, ':created': { S: NOW } },
      },
    ]);
    expect(lines).toEqual([
      { level: 'info', message: 'Upload announced', id: ID, size: 3, contentType: 'text/csv' },
    ]);
  });

  test('keeps a $ in the row but not in the key, since a form cannot have it', async () => {
    const { handle, sent, signed } = setUp();

    await handle(post({ ...BODY, file_name: '$5 & $HOME.csv' }));

    const key = `uploads/${ID}/_5 & _HOME.csv`;
    expect(signed).toMatchObject([{ announced: { key } }]);
    expect(sent).toMatchObject([
      {
        Item: {
          file_name: { S: '$5 & $HOME.csv' },
          input_file_path: { S: `files-1a2b3c4d/${key}` },
        },
      },
    ]);
  });

  test('sets an expiry for the row, in case its file never arrives', async () => {
    const { handle, sent } = setUp({ TTL_ATTRIBUTE: 'expiresAt', EXPIRE_AFTER_DAYS: '90' });

    await handle(post(BODY));

    const N = String(Math.floor(Date.parse(NOW) / 1000) + 90 * 86_400);
    expect(sent).toMatchObject([{ Item: { expiresAt: { N } } }]);
  });

  test('reads a body in base64', async () => {
    const { handle } = setUp();
    const body = Buffer.from(JSON.stringify({ ...BODY, file_name: 'Grüße 🚚' })).toString('base64');

    const answer = await handle(event('POST /uploads', { body, isBase64Encoded: true }));

    expect(JSON.parse(answer.body).fields).toEqual({ key: `uploads/${ID}/Grüße 🚚` });
  });

  const notJson = 'is not JSON in UTF-8: send JSON';
  test.each([
    { why: 'nothing', body: undefined, status: 400, message: notJson },
    { why: 'cut off', body: '{"size":', status: 400, message: notJson },
    { why: 'not UTF-8', body: 'Iv8i', base64: true, status: 400, message: notJson },
    {
      why: 'too long, in bytes',
      body: JSON.stringify('é'.repeat(65_536)),
      status: 413,
      message: 'has 131074 bytes, more than the maximum of 131072: shorten input_text',
    },
  ])('rejects a body: $why', async ({ body, base64, status, message }) => {
    const { handle, sent } = setUp();

    const answer = await handle(
      event('POST /uploads', { body: body ?? null, isBase64Encoded: base64 === true }),
    );

    expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([
      status,
      { errors: [{ field: 'body', message }] },
    ]);
    expect(sent).toEqual([]);
  });

  test('reports all errors, and writes nothing', async () => {
    const { handle, sent, signed } = setUp({ CONTENT_TYPES: 'image/png, text/CSV' });

    const answer = await handle(post({ ...BODY, file_name: 'a/b', size: 1_048_577 }));

    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({
      errors: [
        { field: 'file_name', message: 'has a / or a \\: send only the name, without folders' },
        {
          field: 'size',
          message: '1048577 bytes is more than the maximum of 1048576: send a smaller file',
        },
      ],
    });
    expect([...sent, ...signed]).toEqual([]);
  });
});

describe('GET /uploads/{id}', () => {
  const times = { file_name: 'a b.csv', created: NOW, updated: NOW };
  const done = { ...ROW, status: { S: 'done' } };
  test.each([
    { why: 'waiting', row: ROW, later: 299, says: { status: 'waiting' } },
    { why: 'waited for too long', row: ROW, later: 300, says: { status: 'expired' } },
    {
      why: 'arrived, later',
      row: { ...ROW, status: { S: 'uploaded' } },
      later: 999,
      says: { status: 'uploaded' },
    },
    {
      why: 'failed',
      row: { ...ROW, status: { S: 'failed' }, error: { S: 'exit code 1' } },
      later: 0,
      says: { status: 'failed', error: 'exit code 1' },
    },
    {
      why: 'failed, without the ARNs in the error',
      row: {
        ...ROW,
        status: { S: 'failed' },
        error: {
          S: 'User: arn:aws:sts::111122223333:assumed-role/a/b is not authorized on arn:aws-cn:s3:::x/y, it says.',
        },
      },
      later: 0,
      says: { status: 'failed', error: 'User: … is not authorized on …, it says.' },
    },
    {
      why: 'done, with a link',
      row: { ...done, output_file_path: { S: `files-1a2b3c4d/outputs/${ID}/x/a b.csv` } },
      later: 0,
      says: {
        status: 'done',
        output_url: `https://files-1a2b3c4d.example/?outputs/${ID}/x/a b.csv,a b.csv,300`,
      },
    },
    {
      why: 'running, so without a link yet',
      row: { ...ROW, status: { S: 'running' }, output_file_path: { S: 'files-1a2b3c4d/outputs/x' } },
      later: 0,
      says: { status: 'running' },
    },
  ])('says: $why', async ({ row, later, says }) => {
    const { handle, sent } = setUp({}, row, later);

    const answer = await handle(state());

    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({ id: ID, ...times, ...says });
    expect(sent).toEqual([
      {
        TableName: 'uploads',
        Key: { id: { S: ID } },
        ConsistentRead: true,
        ProjectionExpression: '#status, file_name, created, updated, #error, output_file_path',
        ExpressionAttributeNames: { '#status': 'status', '#error': 'error' },
      },
    ]);
  });

  test.each(['other-bucket/outputs/x', 'files-1a2b3c4d/', 'files-1a2b3c4dx/y', undefined])(
    'signs no link to an object outside its bucket: %s',
    async (path) => {
      const { handle, lines } = setUp({}, { ...done, ...(path ? { output_file_path: { S: path } } : {}) });

      const answer = await handle(state());

      expect(JSON.parse(answer.body)).toEqual({ id: ID, ...times, status: 'done' });
      expect(lines).toEqual([
        {
          level: 'error',
          message: 'output_file_path is not files-1a2b3c4d/<key>: the result has no link',
          id: ID,
          path: path ?? 'nothing',
        },
      ]);
    },
  );

  test.each([
    { id: 'unknown', status: 404, message: 'no upload has this id: check it, or start a new upload' },
    {
      id: '../x',
      status: 400,
      message: 'is not the id of an upload: use the id that POST /uploads returned',
    },
    { id: '', status: 400, message: 'is not the id of an upload: use the id that POST /uploads returned' },
  ])('rejects the id "$id"', async ({ id, status, message }) => {
    const answer = await setUp().handle(state(id));

    expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([
      status,
      { errors: [{ field: 'id', message }] },
    ]);
  });
});

describe('GET /', () => {
  test('is the page, with a policy that allows only what it needs', async () => {
    const { handle } = setUp({ AUTHORIZATION: 'JWT', CONTENT_TYPES: 'text/x"<&' });

    const { statusCode, headers, body } = await handle(event('GET /'));

    const settings =
      '{&quot;authorization&quot;:&quot;JWT&quot;,&quot;maxSize&quot;:1048576,&quot;maxTextBytes&quot;:16384,' +
      '&quot;contentTypes&quot;:[&quot;text/x\\&quot;&lt;&amp;&quot;]}';
    expect([statusCode, body]).toEqual([200, HTML.replace('%SETTINGS%', settings)]);
    expect(headers).toEqual({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "default-src 'none'; script-src 'sha256-AvyuiL0SD1mVY3NNxR+V2uo+lhk6RMFrytWmRt6CrJQ='; " +
        "style-src 'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='; " +
        "connect-src 'self' https://files-1a2b3c4d.example/; img-src data:; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'strict-transport-security': 'max-age=31536000',
    });
  });
});

describe('another path', () => {
  const nothing = 'this path does not exist: use GET /, POST /uploads or GET /uploads/{id}';
  test.each([
    { method: 'GET', path: '/x', status: 404, message: nothing },
    { method: 'GET', path: '/uploads/a/b', status: 404, message: nothing },
    { method: 'POST', path: '/uploads', status: 404, message: nothing },
    {
      method: 'POST',
      path: '/',
      status: 405,
      message: 'this path does not support POST: use GET',
      allow: 'GET',
    },
    {
      method: 'GET',
      path: '/live/uploads',
      status: 405,
      message: 'this path does not support GET: use POST',
      allow: 'POST',
    },
    {
      method: 'DELETE',
      path: '/uploads/a',
      status: 405,
      message: 'this path does not support DELETE: use GET',
      allow: 'GET',
    },
  ])(
    '$method $path by the open route is $status, never an upload',
    async ({ method, path, status, message, allow }) => {
      const { handle, sent } = setUp({ AUTHORIZATION: 'JWT' });
      const requestContext = { requestId: 'r', stage: 'live', http: { method } };

      const answer = await handle({
        ...event('$default', { body: JSON.stringify(BODY) }),
        rawPath: path,
        requestContext,
      });

      expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([status, { errors: [{ message }] }]);
      expect(answer.headers['allow']).toBe(allow);
      expect(sent).toEqual([]);
    },
  );
});

describe('authorization', () => {
  test.each([
    { authorization: 'JWT', authorizer: undefined, status: 401 },
    { authorization: 'JWT', authorizer: { iam: {} }, status: 401 },
    { authorization: 'JWT', authorizer: { jwt: { claims: {} } }, status: 201 },
    { authorization: 'IAM', authorizer: { jwt: {} }, status: 401 },
    { authorization: 'IAM', authorizer: { iam: { userArn: 'arn' } }, status: 201 },
    { authorization: 'None', authorizer: undefined, status: 201 },
  ])('$authorization with $authorizer is $status', async ({ authorization, authorizer, status }) => {
    const { handle, lines } = setUp({ AUTHORIZATION: authorization });

    const answer = await handle(event('POST /uploads', { body: JSON.stringify(BODY) }, authorizer));

    expect(answer.statusCode).toBe(status);
    expect(lines.map(({ level }) => level)).toEqual([status === 401 ? 'error' : 'info']);
  });
});

test('an internal error is logged, and the answer does not have its text', async () => {
  const { handle, lines } = setUp({}, { ...ROW, status: { S: 'strange' } });

  const answer = await handle(state());

  expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([
    500,
    {
      errors: [
        { message: 'The service has an error: try again, and report the request_id if it happens again' },
      ],
      request_id: 'request-1',
    },
  ]);
  expect(lines).toEqual([
    {
      level: 'error',
      message: 'Request failed',
      route: 'GET /uploads/{id}',
      error: new Error(`the row of ${ID} has the unknown status strange`),
    },
  ]);
});

const notSet = "is not set: set it in the function's environment to";
test.each([
  { env: { BUCKET: '' }, says: `BUCKET ${notSet} the name of the bucket` },
  { env: { TABLE_NAME: '' }, says: `TABLE_NAME ${notSet} the name of the table` },
  { env: { PARTITION_KEY: '' }, says: `PARTITION_KEY ${notSet} the name of the table's partition key` },
  {
    env: { PARTITION_KEY: 'status' },
    says: 'PARTITION_KEY is "status", which is already an attribute of every row: choose another name',
  },
  { env: { AUTHORIZATION: 'jwt' }, says: 'AUTHORIZATION is "jwt": set it to None or JWT or IAM' },
  {
    env: { MAX_SIZE_BYTES: '5368709121' },
    says: 'MAX_SIZE_BYTES is "5368709121": set it to a whole number of bytes from 1 to 5368709120',
  },
  {
    env: { EXPIRES_SECONDS: '1e3' },
    says: 'EXPIRES_SECONDS is "1e3": set it to a whole number of seconds from 1 to 3600',
  },
])('throws at cold start: $says', ({ env, says }) => {
  expect(() => setUp(env)).toThrow(new ConfigurationError(says));
});
