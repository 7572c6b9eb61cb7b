import { type FieldName, Problem } from './problem.ts';
import { plainType } from './words.ts';

/** The form of one upload: the file is sent with a POST to `url`, after the fields. */
export interface UploadForm {
  readonly id: string;
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The state of an upload, as the API returns it. */
export interface UploadState {
  readonly status: string;
  readonly file_name: string;
  readonly error?: string;
  readonly output_url?: string;
}

const FIELDS: Readonly<Record<string, FieldName>> = {
  input_text: 'text',
  file_name: 'file',
  size: 'file',
  content_type: 'file',
  body: 'text',
};
const ANSWER_WITHIN_MS = 30_000;

/** The API's address is the page's address. Its path can have a stage. */
const BASE = new URL(location.pathname.replace(/\/?$/, '/'), location.origin);

/** Announces a file and returns the form to send it with. Throws a Problem. */
export async function announce(
  file: File,
  text: string,
  token: string | undefined,
  signal: AbortSignal,
): Promise<UploadForm> {
  const content_type = plainType(file.type);
  const body = JSON.stringify({ input_text: text, file_name: file.name, size: file.size, content_type });
  return call('uploads', token, signal, { method: 'POST', body });
}

/** Returns the state of an upload. Throws a Problem. */
export async function stateOf(
  id: string,
  token: string | undefined,
  signal: AbortSignal,
): Promise<UploadState> {
  return call(`uploads/${encodeURIComponent(id)}`, token, signal, {});
}

async function call<T>(
  path: string,
  token: string | undefined,
  signal: AbortSignal,
  init: RequestInit,
): Promise<T> {
  const headers = new Headers(init.body ? { 'content-type': 'application/json' } : {});
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  const limit = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const options = { ...init, headers, cache: 'no-store', credentials: 'omit' } as const;
  const { response, answer } = await fetchJson(path, options, AbortSignal.any([signal, limit])).catch(() => {
    signal.throwIfAborted();
    throw new Problem('connection', 'There is no connection. Check your network and try again.');
  });
  if (!response.ok) throw problemOf(response.status, answer);
  return answer;
}

async function fetchJson(path: string, init: RequestInit, signal: AbortSignal) {
  const response = await fetch(new URL(path, BASE), { ...init, signal });
  const answer = await response.json().catch((error: unknown) => {
    // A proxy can answer with a page instead of JSON: then the status says what is wrong.
    if (error instanceof SyntaxError) return {};
    throw error;
  });
  return { response, answer };
}

interface Refusal {
  readonly errors?: readonly { readonly field?: string; readonly message: string }[];
  readonly request_id?: string;
}

function problemOf(status: number, { errors = [], request_id }: Refusal): Problem {
  if (status === 401)
    return new Problem('signIn', 'Your access token is missing or has expired. Enter a new one.', 'token');
  if (status === 403)
    return new Problem('fatal', 'You do not have access. Ask the person who gave you this address.');
  if (status === 404)
    return new Problem('unknown', 'There is no upload with this address. Check the address, or start over.');
  if (status === 429 || status >= 500) {
    const named = request_id === undefined ? '' : ` If it happens again, report this ID: ${request_id}.`;
    return new Problem('busy', `The service has an error. Try again in a minute.${named}`);
  }
  const [first] = errors;
  const field = first?.field === undefined ? undefined : FIELDS[first.field];
  const all = errors.map((error) =>
    error.field === undefined ? error.message : `${error.field}: ${error.message}`,
  );
  return new Problem('input', `The upload was rejected. ${all.join('; ')}.`, field);
}
