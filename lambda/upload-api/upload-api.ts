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

/** What the handler needs from outside: `objects` signs for the bucket, `html` is the page, `now` the clock. */
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
 * The part that is read of an HTTP API's event in payload format 2.0.
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
 * A handler for all routes of an HTTP API; the environment is what `settingsFrom` says.
 *
 * - `GET /`: the page
 * - `POST /uploads` `{input_text?, file_name, size, content_type}`, the names of the row's attributes: writes a row that
 *   is `waiting`, and answers 201 `{id, url, fields, expires}`, a form to POST the file with (fields first, then `file`)
 * - `GET /uploads/{id}`: `{id, status, file_name, created, updated, error?, output_url?}`. Beside the row's own states,
 *   `expired` is one that waited for its file for too long. `output_url` is there when it is `done`
 *
 * What is refused has `{errors: [{field?, message}]}`, all at once: 400, 401, 404, 405, 413, and 500 with a `request_id`.
 *
 * Only the route key says what is asked for: API Gateway authorizes by it. A `$default` route, which is open, so never
 * leads to an upload, whatever its path looks like; it tells 404 from 405.
 *
 * @throws ConfigurationError at once, when a variable is missing or wrong
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
      const message = `has ${body.length} bytes, and ${MAX_BODY_BYTES} are taken: shorten input_text`;
      return refusal(413, { field: 'body', message });
    }
    const parsed = parse(body);
    if (parsed === undefined)
      return refusal(400, { field: 'body', message: 'is no JSON in UTF-8: send JSON' });
    const checked = checkAnnouncement(parsed.value, settings);
    if ('errors' in checked) return refusal(400, ...checked.errors);

    const { announcement } = checked;
    const { size, content_type: contentType } = announcement;
    const id = newId();
    const created = now();
    const key = inputKey(id, announcement.file_name);
    // Signed before the row is written: without a form, no row shall wait for a file.
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
        message: 'is no id of an upload: use the one that POST /uploads gave',
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
    // A script writes the path: it must not get a link signed to another bucket.
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
      return refusal(401, { message: 'Sign in, and try again' });
    }
    return routeKey === ANNOUNCE ? announce(event) : state(event);
  };

  return async (event: ApiEvent): Promise<Answer> => {
    try {
      return await route(event);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      logger.error('Request failed', { route: event.routeKey, error });
      const message = 'Something went wrong here: try again, and name the request_id if it goes on';
      return json(500, { errors: [{ message }], request_id: event.requestContext.requestId });
    }
  };
}

/** What AWS says names roles and the account, which are no business of whoever uploads. The row has all of it. */
function withoutArns(error: string): string {
  return error.replaceAll(/arn:aws[a-z-]*:[^\s"',;]+/g, '…');
}

/** API Gateway has checked who calls; this makes sure that it was told to. */
function isAuthorized(settings: Settings, authorizer: ApiEvent['requestContext']['authorizer']): boolean {
  if (settings.authorization === 'None') return true;
  return Boolean(settings.authorization === 'JWT' ? authorizer?.jwt : authorizer?.iam);
}

/** The answer to a path that no route has, or that has it for another method. */
function elsewhere({ rawPath, requestContext: { stage = '', http } }: ApiEvent): Answer {
  const path = rawPath.startsWith(`/${stage}/`) ? rawPath.slice(stage.length + 1) : rawPath;
  const allow =
    path === '/uploads' ? 'POST' : path === '/' || /^\/uploads\/[^/]+$/.test(path) ? 'GET' : undefined;
  if (allow === undefined || allow === http.method) {
    return refusal(404, { message: `there is nothing at this path: use ${PAGE}, ${ANNOUNCE} or ${STATE}` });
  }
  return json(405, { errors: [{ message: `this path takes no ${http.method}: use ${allow}` }] }, { allow });
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
