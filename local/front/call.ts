/** Which operation of AWS a request is, as far as a rule has something to say about it. */
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

/** Who signed a request, and for what. */
export interface Signed {
  accessKeyId: string;
  region: string;
  service: string;
}

export interface Call extends Signed {
  operation: Operation;
  /** Decoded. */
  path: string;
  headers: IncomingMessage['headers'];
  /** As it came: JSON, XML or a form. */
  body: Buffer;
}

/**
 * Whom a signature is of: `Credential=AKID/20261121/us-east-1/lambda/aws4_request`. Undefined where the header has none: what is
 * presigned, or a browser's form, is about an object or a running pipeline, and no rule is.
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

/** Whether only the body tells the operation: the Query protocol has its `Action` there. */
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
 * Reads a request as far as it takes to tell its operation. `body` is called for those that a rule may be about, so that what
 * carries files is never held in memory.
 *
 * @returns undefined where no rule is about it. A body that was read for nothing comes back as `unruled`.
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

/** A bucket's name, from the path or, where the path has none, from the host. */
export function bucketOf({ path, headers }: Pick<Call, 'path' | 'headers'>): string {
  return path.split('/')[1] || (headers.host ?? '').split('.')[0] || '';
}

/** The body's fields; none where it is no JSON object, which is for the emulator to refuse. */
export function fieldsOf({ body }: Pick<Call, 'body'>): Readonly<Record<string, unknown>> {
  try {
    const fields: unknown = JSON.parse(body.toString());
    return typeof fields === 'object' && fields !== null ? { ...fields } : {};
  } catch {
    return {};
  }
}
