import { nanoid } from 'nanoid';
import type { Environment } from '../shared/env.ts';
import { type Log, withFields } from '../shared/log.ts';
import { ID, INPUT_PREFIX, inputKey } from '../shared/upload-row.ts';
import { checkAnnouncement, MAX_BODY_BYTES } from './announcement.ts';
import { type Answer, json, refusal } from './answers.ts';
import type { Objects } from './objects.ts';
import { pageAnswer } from './page.ts';
import { createRows, type TableClient, type UploadRow } from './rows.ts';
import { type Settings, settingsFrom } from './settings.ts';

/** The dependencies of the handler. `objects` signs for the bucket, `html` is the page, `now` is the clock. */
export interface UploadApiDependencies {
  readonly dynamodb: TableClient;
  readonly objects: (bucket: string) => Objects;
  readonly html: string;
  readonly env: Environment;
  readonly logger: Log;
  readonly now?: () => Date;
  readonly newId?: () => string;
}

/**
 * The part of an HTTP API event, in payload format 2.0, that the handler reads.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export interface ApiEvent {
  readonly routeKey: string;
  readonly rawPath: string;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly pathParameters?: Readonly<Record<string, string | undefined>> | null;
  readonly requestContext: {
    readonly requestId: string;
    readonly stage?: string;
    readonly http: { readonly method: string };
    readonly authorizer?: { readonly jwt?: unknown; readonly iam?: unknown } | null;
  };
}

const PAGE = 'GET /';
const ANNOUNCE = 'POST /uploads';
const STATE = 'GET /uploads/{id}';

/**
 * A handler for all routes of an HTTP API. `settingsFrom` documents the environment.
 *
 * - `GET /`: the page
 * - `POST /uploads` `{input_text?, file_name, size, content_type}`, named like the row's attributes: writes a row with the
 *   status `waiting` and answers 201 `{id, url, fields, expires}`, a form for the file (first the fields, then `file`)
 * - `GET /uploads/{id}`: `{id, status, file_name, created, updated, error?, output_url?}`. The status is the row's, or
 *   `expired` when the file did not arrive in time. `output_url` is present when the status is `done`
 *
 * An error answer has all errors, `{errors: [{field?, message}]}`: 400, 401, 404, 405, 413, or 500 with a `request_id`.
 *
 * The handler decides by the route key alone, as API Gateway authorizes by it. The open `$default` route therefore never
 * gives access to an upload, whatever the path is. It answers 404 or 405.
 *
 * @throws ConfigurationError when a variable is missing or wrong
 */
export function createHandler(dependencies: UploadApiDependencies) {
  const { dynamodb, env, logger, html, now = () => new Date(), newId = nanoid } = dependencies;
  const settings = settingsFrom(env);
  const objects = dependencies.objects(settings.bucket);
  const rows = createRows(dynamodb, settings);

  const page = async (): Promise<Answer> => {
    const { url } = await objects.uploadForm({ key: INPUT_PREFIX, size: 0, contentType: 'text/plain' }, 1);
    return pageAnswer(html, settings, url);
  };

  const announce = async (event: ApiEvent): Promise<Answer> => {
    const body = bodyOf(event);
    if (body.length > MAX_BODY_BYTES) {
      const message = `has ${body.length} bytes, more than the maximum of ${MAX_BODY_BYTES}: shorten input_text`;
      return refusal(413, { field: 'body', message });
    }
    const parsed = parse(body);
    if (parsed === undefined)
      return refusal(400, { field: 'body', message: 'is not JSON in UTF-8: send JSON' });
    const checked = checkAnnouncement(parsed.value, settings);
    if ('errors' in checked) return refusal(400, ...checked.errors);

    const { announcement } = checked;
    const { size, content_type: contentType } = announcement;
    const id = newId();
    const created = now();
    const key = inputKey(id, announcement.file_name);
    // The form is signed before the row is written, so that no row waits for a file without a form.
    const form = await objects.uploadForm({ key, size, contentType }, settings.expiresSeconds);
    await rows.add(id, key, announcement, created.toISOString());
    logger.info('Upload announced', { id, size, contentType });
    return json(201, { id, ...form, expires: new Date(expiry(created, settings)).toISOString() });
  };

  const state = async ({ pathParameters }: ApiEvent): Promise<Answer> => {
    const id = pathParameters?.['id'] ?? '';
    if (!ID.test(id)) {
      return refusal(400, {
        field: 'id',
        message: 'is not the id of an upload: use the id that POST /uploads returned',
      });
    }
    const row = await rows.find(id);
    if (!row)
      return refusal(404, { field: 'id', message: 'no upload has this id: check it, or start a new upload' });
    const isExpired = row.status === 'waiting' && expiry(new Date(row.created), settings) <= now().getTime();
    const output = await outputOf(row, withFields(logger, { id }));
    return json(200, {
      id,
      status: isExpired ? 'expired' : row.status,
      file_name: row.fileName,
      created: row.created,
      updated: row.updated,
      error: row.error && withoutArns(row.error),
      output_url: output,
    });
  };

  const outputOf = async (row: UploadRow, log: Log): Promise<string | undefined> => {
    const { status, outputFilePath: path } = row;
    if (status !== 'done') return undefined;
    // A script writes the path. It must not get a signed link to another bucket.
    const own = `${settings.bucket}/`;
    if (path === undefined || !path.startsWith(own) || path === own) {
      log.error(`output_file_path is not ${own}<key>: the result has no link`, { path: path ?? 'nothing' });
      return undefined;
    }
    const key = path.slice(own.length);
    return objects.downloadLink(key, key.slice(key.lastIndexOf('/') + 1), settings.expiresSeconds);
  };

  const route = (event: ApiEvent): Promise<Answer> | Answer => {
    const { routeKey, requestContext } = event;
    if (routeKey === PAGE) return page();
    if (routeKey !== ANNOUNCE && routeKey !== STATE) return elsewhere(event);
    if (!isAuthorized(settings, requestContext.authorizer)) {
      logger.error(`${routeKey} has no ${settings.authorization} authorizer: add it to the route`, {});
      return refusal(401, { message: 'Sign in and try again' });
    }
    return routeKey === ANNOUNCE ? announce(event) : state(event);
  };

  return async (event: ApiEvent): Promise<Answer> => {
    try {
      return await route(event);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      logger.error('Request failed', { route: event.routeKey, error });
      const message = 'The service has an error: try again, and report the request_id if it happens again';
      return json(500, { errors: [{ message }], request_id: event.requestContext.requestId });
    }
  };
}

/** Removes ARNs: messages of AWS name roles and the account, which a user must not see. The row keeps the full text. */
function withoutArns(error: string): string {
  return error.replaceAll(/arn:aws[a-z-]*:[^\s"',;]+/g, '…');
}

/** Whether API Gateway has authorized the call. This finds a route that has no authorizer. */
function isAuthorized(settings: Settings, authorizer: ApiEvent['requestContext']['authorizer']): boolean {
  if (settings.authorization === 'None') return true;
  return Boolean(settings.authorization === 'JWT' ? authorizer?.jwt : authorizer?.iam);
}

/** The answer to a path without a route, or to a path that has a route for another method only. */
function elsewhere({ rawPath, requestContext: { stage = '', http } }: ApiEvent): Answer {
  const path = rawPath.startsWith(`/${stage}/`) ? rawPath.slice(stage.length + 1) : rawPath;
  const allow =
    path === '/uploads' ? 'POST' : path === '/' || /^\/uploads\/[^/]+$/.test(path) ? 'GET' : undefined;
  if (allow === undefined || allow === http.method) {
    return refusal(404, { message: `this path does not exist: use ${PAGE}, ${ANNOUNCE} or ${STATE}` });
  }
  return json(
    405,
    { errors: [{ message: `this path does not support ${http.method}: use ${allow}` }] },
    { allow },
  );
}

function expiry(created: Date, { expiresSeconds }: Settings): number {
  return created.getTime() + expiresSeconds * 1000;
}

function bodyOf({ body, isBase64Encoded }: ApiEvent): Buffer {
  return Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
}

function parse(body: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) };
  } catch {
    return undefined;
  }
}
