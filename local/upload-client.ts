/** A program that uploads files through a pipeline's upload API, as the page does. */
import { InvokeCommand, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { KEYS } from '../function/src/keys.ts';
import { completeSpec } from '../function/src/read-spec.ts';
import type { Given } from './data-path/data-path.ts';
import { isFields, text } from './fields.ts';
import type { LocalFile } from './files.ts';
import { type Attempt, untilTaken } from './throttled.ts';

type Pipeline = Omit<Given, 'files'>;

/** What the API answered. */
interface Answered extends Attempt {
  body: unknown;
}

/** The function of a pipeline that runs a handler: its name has the handler's. */
export function functionOf({ parts }: Pick<Given, 'parts'>, handler: string): string {
  const found = parts.functionNames.find((name) => name.includes(`-${handler}-`));
  if (found === undefined) throw new Error(`the claim has no function ${handler} yet`);
  return found;
}

/**
 * Where an API is served. The emulator names a host of its own for each, which resolves nowhere, and serves it by its path too.
 *
 * @param url - of the claim's status.
 */
export function servedAt(url: string, endpoint: string): string {
  if (/[.]amazonaws[.]com$/.test(url)) return url;
  // As a host it is none to URL either: it ends in a number, and is no IPv4 address.
  const [, id] = /^https?:\/\/([a-z0-9]+)[.]/.exec(url) ?? [];
  return `${endpoint}/_aws/execute-api/${id}/$default`;
}

async function overHttp(pipeline: Pipeline, method: string, path: string, body?: object): Promise<Answered> {
  const init = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(`${servedAt(pipeline.parts.url, pipeline.clients.endpoint)}${path}`, {
    method,
    ...init,
  });
  const retryAfter = response.headers.get('retry-after') ?? undefined;
  return { status: response.status, body: jsonOrText(await response.text()), retryAfter };
}

/** What stands before the API answers in text. */
function jsonOrText(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** The event that the API hands on once it has let a caller in. */
async function byFunction(
  pipeline: Pipeline,
  method: string,
  path: string,
  body?: object,
): Promise<Answered> {
  const [, , id] = path.split('/');
  const event = {
    version: '2.0',
    routeKey: `${method} /uploads${id === undefined ? '' : '/{id}'}`,
    rawPath: path,
    ...(body && { body: JSON.stringify(body) }),
    ...(id !== undefined && { pathParameters: { id } }),
    requestContext: {
      requestId: 'local',
      stage: '$default',
      http: { method, path },
      authorizer: { jwt: { claims: { sub: 'local' }, scopes: null }, iam: { userId: 'local' } },
    },
  };
  const call = new InvokeCommand({
    FunctionName: functionOf(pipeline, KEYS.uploadApi),
    Payload: JSON.stringify(event),
  });
  const called = await pipeline.clients.lambda.send(call).catch((error: unknown) => {
    if (error instanceof TooManyRequestsException) return error;
    throw error;
  });
  if (called instanceof TooManyRequestsException)
    return { status: 429, body: called.message, retryAfter: called.retryAfterSeconds };
  const { Payload } = called;
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString());
  if (!isFields(answer) || typeof answer['statusCode'] !== 'number')
    throw new Error(`upload-api answered ${JSON.stringify(answer)}`);
  return { status: answer['statusCode'], body: JSON.parse(text(answer, 'body') ?? 'null') };
}

/**
 * Sends a request, again where the API takes no more for now. Where the API takes only tokens of an issuer, or signed requests, it is the function that is called, with
 * what the API would hand on: there is no issuer here.
 *
 * @throws when the API lets in a request without a token.
 */
export async function callApi(
  pipeline: Pipeline,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<Answered> {
  const type = completeSpec(pipeline.claim).source.upload?.authorization.type;
  const overApi = () => untilTaken(() => overHttp(pipeline, method, path, body));
  if (type === 'None') return overApi();
  if (type === 'JWT') {
    const { status } = await overApi();
    if (status !== 401) throw new Error(`${method} ${path} without a token was answered with ${status}`);
  }
  return untilTaken(() => byFunction(pipeline, method, path, body));
}

function need(condition: boolean, what: string, { status, body }: Answered): asserts condition {
  if (!condition) throw new Error(`${what} was answered with ${status}: ${JSON.stringify(body)}`);
}

/**
 * Announces a file and uploads it by the form that comes back.
 *
 * @returns the upload's id.
 * @throws what the API or S3 say against it.
 */
export async function uploadByForm(
  pipeline: Pipeline,
  file: LocalFile,
  inputText: string,
  contentType = 'text/plain',
): Promise<string> {
  const announced = await callApi(pipeline, 'POST', '/uploads', {
    input_text: inputText,
    file_name: file.key,
    size: file.body.length,
    content_type: contentType,
  });
  const { status, body } = announced;
  need(status === 201 && isFields(body) && isFields(body['fields']), `announcing ${file.key}`, announced);
  const form = new FormData();
  for (const [name, value] of Object.entries(body['fields'])) form.append(name, String(value));
  form.append('file', new Blob([new Uint8Array(file.body)], { type: contentType }), file.key);
  const response = await untilTaken(() => fetch(text(body, 'url') ?? '', { method: 'POST', body: form }));
  if (!response.ok)
    throw new Error(`S3 answered ${response.status} to ${file.key}: ${await response.text()}`);
  return text(body, 'id') ?? '';
}

/**
 * The output of an upload that is done, by the link that the API gives.
 *
 * @throws when it is not done.
 */
export async function download(pipeline: Pipeline, id: string): Promise<Buffer> {
  const answered = await callApi(pipeline, 'GET', `/uploads/${id}`);
  const { body } = answered;
  need(isFields(body) && body['status'] === 'done', `the state of ${id}`, answered);
  const response = await untilTaken(() => fetch(text(body, 'output_url') ?? ''));
  if (!response.ok) throw new Error(`the output of ${id} was answered with ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
