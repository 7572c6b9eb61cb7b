/** Determines the AWS operation of a request, for the operations that rules are about. */
import type { IncomingMessage } from 'node:http';

const BUCKET = /^\/[^/]*\/?$/;
const NOTIFICATION = { path: BUCKET, query: 'notification' } as const;

/** By the names that services sign with: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */
const REST = [
  { operation: 's3:PutBucketNotificationConfiguration', method: 'PUT', ...NOTIFICATION },
  { operation: 's3:GetBucketNotificationConfiguration', method: 'GET', ...NOTIFICATION },
  { operation: 's3:GetBucketEncryption', method: 'GET', path: BUCKET, query: 'encryption' },
  { operation: 'lambda:CreateFunction', method: 'POST', path: /^\/2015-03-31\/functions\/?$/ },
  { operation: 'lambda:UpdateFunctionCode', method: 'PUT', path: /^\/2015-03-31\/functions\/[^/]+\/code$/ },
  {
    operation: 'lambda:UpdateFunctionConfiguration',
    method: 'PUT',
    path: /^\/2015-03-31\/functions\/[^/]+\/configuration$/,
  },
  {
    operation: 'lambda:PublishLayerVersion',
    method: 'POST',
    path: /^\/2018-10-31\/layers\/[^/]+\/versions$/,
  },
  { operation: 'apigateway:CreateRoute', method: 'POST', path: /^\/v2\/apis\/[^/]+\/routes$/ },
  { operation: 'apigateway:UpdateRoute', method: 'PATCH', path: /^\/v2\/apis\/[^/]+\/routes\/[^/]+$/ },
] as const;

const TARGETS = {
  'AWSStepFunctions.CreateStateMachine': 'states:CreateStateMachine',
  'AWSStepFunctions.UpdateStateMachine': 'states:UpdateStateMachine',
} as const;

const ACTIONS = { RunInstances: 'ec2:RunInstances' } as const;

export type Operation =
  | (typeof REST)[number]['operation']
  | (typeof TARGETS)[keyof typeof TARGETS]
  | (typeof ACTIONS)[keyof typeof ACTIONS];

/** The signature's data: the caller, the service and the region. */
export interface Signed {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

export interface Call extends Signed {
  readonly operation: Operation;
  /** The decoded path. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** The raw body: JSON, XML or a form. */
  readonly body: Buffer;
}

/**
 * The data of a signature: `Credential=AKID/20261121/us-east-1/lambda/aws4_request`. Undefined when the header has none: presigned
 * requests and browser forms are about objects or running pipelines, and no rule is about those.
 */
export function signatureOf(headers: IncomingMessage['headers']): Signed | undefined {
  const found = /Credential=([^/]*)\/\d+\/([^/]*)\/([^/]+)\//.exec(headers.authorization ?? '');
  if (found === null) return undefined;
  const [, accessKeyId = '', region = '', service = ''] = found;
  return { accessKeyId, region, service };
}

function pathOf(url: URL): string {
  try {
    return decodeURIComponent(url.pathname);
  } catch {
    return url.pathname;
  }
}

/** Whether only the body has the operation: the Query protocol has `Action` there. */
const isForm = ({ service }: Signed): boolean => service === 'ec2';

function fromHead(signed: Signed, { method, headers }: IncomingMessage, url: URL): Operation | undefined {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const [, operation] = Object.entries(TARGETS).find(([name]) => name === target) ?? [];
    return operation;
  }
  return REST.find(
    (one) =>
      one.operation.startsWith(`${signed.service}:`) &&
      one.method === method &&
      (!('query' in one) || url.searchParams.has(one.query)) &&
      one.path.test(url.pathname),
  )?.operation;
}

/**
 * Reads as much of a request as is needed to determine its operation. It calls `body` only for requests that a rule can be about, so
 * that files are never held in memory.
 *
 * @returns undefined when no rule is about the request. If its body was read, the result has the body as `unruled`.
 */
export async function readCall(
  request: IncomingMessage,
  body: () => Promise<Buffer>,
): Promise<Call | { unruled: Buffer } | undefined> {
  const signed = signatureOf(request.headers);
  if (signed === undefined) return undefined;
  const url = new URL(request.url ?? '/', 'http://emulator');
  const found = { ...signed, path: pathOf(url), headers: request.headers };
  if (isForm(signed)) {
    const form = await body();
    const action = new URLSearchParams(form.toString()).get('Action');
    const [, operation] = Object.entries(ACTIONS).find(([name]) => name === action) ?? [];
    return operation === undefined ? { unruled: form } : { ...found, operation, body: form };
  }
  const operation = fromHead(signed, request, url);
  return operation === undefined ? undefined : { ...found, operation, body: await body() };
}

/** The name of the bucket, from the path or, if the path has none, from the host. */
export function bucketOf({ path, headers }: Pick<Call, 'path' | 'headers'>): string {
  return path.split('/')[1] || (headers.host ?? '').split('.')[0] || '';
}

/** The fields of the body. Empty when it is not a JSON object; the emulator rejects that itself. */
export function fieldsOf({ body }: Pick<Call, 'body'>): Readonly<Record<string, unknown>> {
  try {
    const fields: unknown = JSON.parse(body.toString());
    return typeof fields === 'object' && fields !== null ? { ...fields } : {};
  } catch {
    return {};
  }
}
