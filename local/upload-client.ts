/** A client of a pipeline's upload API. It uploads files like the page. */
import { TooManyRequestsException } from '@aws-sdk/client-lambda';
import { KEYS } from '../function/src/keys.ts';
import { completeSpec } from '../function/src/read-spec.ts';
import type { Given } from './data-path/data-path.ts';
import { isFields, text } from './fields.ts';
import type { LocalFile } from './files.ts';
import { type Attempt, untilTaken } from './throttled.ts';

type Pipeline = Omit<Given, 'files'>;

/** The answer of the API. */
interface Answered extends Attempt {
  readonly body: unknown;
}

/** The name of the pipeline's function that runs a handler. It contains the handler's name. */
export function functionOf({ parts }: Pick<Given, 'parts'>, handler: string): string {
  const found = parts.functionNames.find((name) => name.includes(`-${handler}-`));
  if (found === undefined) throw new Error(`the claim has no function ${handler} yet`);
  return found;
}

/**
 * The address of an API. The emulator returns a separate host for each API, which does not resolve, but also serves it by a path.
 *
 * @param url - the URL in the claim's status
 */
export function servedAt(url: string, endpoint: string): string {
  if (/[.]amazonaws[.]com$/.test(url)) return url;
  // URL cannot parse such a host: it ends with a number and is not an IPv4 address.
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

/** The parsed body, or its text: a proxy in front of the API answers in plain text. */
function jsonOrText(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** Calls the function with the event that the API sends after it has authorized a caller. */
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
  const called = await pipeline.clients.lambda
    .invoke({
      FunctionName: functionOf(pipeline, KEYS.uploadApi),
      Payload: JSON.stringify(event),
    })
    .catch((error: unknown) => {
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
 * Sends a request to the API, and repeats it while the API throttles. If the API requires tokens or signed requests, it calls the
 * function directly with the event of the API, since there is no issuer of tokens here.
 *
 * @throws Error when such an API accepts a request without a token
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
 * Announces a file and uploads it with the returned form.
 *
 * @returns the upload's id
 * @throws Error with the message of the API or of S3
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
 * Downloads the output of a finished upload with the link from the API.
 *
 * @throws Error when it is not finished
 */
export async function download(pipeline: Pipeline, id: string): Promise<Buffer> {
  const answered = await callApi(pipeline, 'GET', `/uploads/${id}`);
  const { body } = answered;
  need(isFields(body) && body['status'] === 'done', `the state of ${id}`, answered);
  const response = await untilTaken(() => fetch(text(body, 'output_url') ?? ''));
  if (!response.ok) throw new Error(`the output of ${id} was answered with ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
