import { type FieldName, Problem } from './problem.ts';
import { plainType } from './words.ts';

/** A form to POST one file with. */
export interface UploadForm {
  readonly id: string;
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** What the API says of an upload. */
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

/** The API's address: where this page is, which may be below a stage. */
const BASE = new URL(location.pathname.replace(/\/?$/, '/'), location.origin);

/** Announces a file. Throws a Problem. */
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

/** Asks for an upload's state. Throws a Problem. */
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
    throw new Problem('connection', 'There is no connection. Check it, and try again.');
  });
  if (!response.ok) throw problemOf(response.status, answer);
  return answer;
}

async function fetchJson(path: string, init: RequestInit, signal: AbortSignal) {
  const response = await fetch(new URL(path, BASE), { ...init, signal });
  const answer = await response.json().catch((error: unknown) => {
    // A proxy's page instead of JSON is for its status to tell.
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
    return new Problem('signIn', 'Your access token is missing or has run out. Enter a new one.', 'token');
  if (status === 403)
    return new Problem('fatal', 'You are not allowed to use this. Ask whoever gave you its address.');
  if (status === 404)
    return new Problem('fatal', 'We know of no such upload. Check the address, or send the file again.');
  if (status === 429 || status >= 500) {
    const named = request_id === undefined ? '' : ` If it goes on, tell us this number: ${request_id}.`;
    return new Problem('busy', `Something went wrong on our side. Try again in a minute.${named}`);
  }
  const [first] = errors;
  const field = first?.field === undefined ? undefined : FIELDS[first.field];
  const all = errors.map((error) =>
    error.field === undefined ? error.message : `${error.field}: ${error.message}`,
  );
  return new Problem('input', `This was not taken. ${all.join('; ')}.`, field);
}
