import { describe } from '../shared/errors.ts';
import type { Settings } from './settings.ts';

/** What a caller states about the file of a new upload. The names are the row's attributes. */
export interface Announcement {
  /** May be empty. */
  readonly input_text: string;
  readonly file_name: string;
  /** In bytes. The uploaded file must have exactly this size. */
  readonly size: number;
  /** In lower case, without parameters. The upload must have exactly this type. */
  readonly content_type: string;
}

/** One error in a request: the field, what is wrong with it, and the fix. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** A body that was checked: the announcement, or all its errors. */
export type Checked = { readonly announcement: Announcement } | { readonly errors: readonly FieldError[] };

/** The longest text, in bytes of UTF-8. A shell variable can hold more. */
export const MAX_TEXT_BYTES = 16_384;
/** The longest body, in bytes. JSON can escape a character as six bytes, so the longest text can take six times its length. */
export const MAX_BODY_BYTES = 131_072;
// The limit of file systems. With prefix and id, the key stays far below the 1,024 bytes of S3.
const MAX_NAME_BYTES = 255;
// RFC 6838 also allows $. No type has it, and a form with it is not accepted.
const CONTENT_TYPE = /^[a-z0-9][a-z0-9!#&^_.+-]*\/[a-z0-9][a-z0-9!#&^_.+-]*$/;
const MAX_TYPE_CHARS = 127;
const UNKNOWN_TYPE = 'application/octet-stream';
// Characters that change the text direction make `gpj.exe` look like `exe.jpg`.
const UNSEEN = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const FIELDS = ['input_text', 'file_name', 'size', 'content_type'];

/**
 * Checks all fields of a parsed body and returns all errors together. A file name that could leave its folder or deceive
 * a reader is rejected, not changed: the user would not find the file under another name.
 */
export function checkAnnouncement(
  body: unknown,
  settings: Pick<Settings, 'maxSize' | 'contentTypes'>,
): Checked {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return {
      errors: [{ field: 'body', message: `expected a JSON object with ${FIELDS.join(', ')}: send one` }],
    };
  }
  const given = new Map<string, unknown>(Object.entries(body));
  const errors: FieldError[] = [];
  const unless = (field: string, message: string | undefined): void => {
    if (message !== undefined) errors.push({ field, message });
  };
  const text = given.get('input_text') ?? '';
  const fileName = given.get('file_name');
  const size = given.get('size');
  const type = given.get('content_type');
  const contentType = typeof type === 'string' ? plainType(type) : type;
  unless('input_text', wrongText(text));
  unless('file_name', wrongName(fileName));
  unless('size', wrongSize(size, settings.maxSize));
  unless('content_type', wrongType(contentType, settings.contentTypes));
  for (const field of given.keys()) {
    if (!FIELDS.includes(field)) {
      const shown = field.slice(0, MAX_TYPE_CHARS);
      unless(shown, `is not a field of an upload, which has ${FIELDS.join(', ')}: remove or rename it`);
    }
  }
  // The checks above ensure these types, but TypeScript cannot infer them.
  if (errors.length > 0 || typeof text !== 'string' || typeof fileName !== 'string') return { errors };
  if (typeof size !== 'number' || typeof contentType !== 'string') return { errors };
  return { announcement: { input_text: text, file_name: fileName, size, content_type: contentType } };
}

/**
 * A content type as it is compared and signed: in lower case, without parameters such as `; charset=utf-8`. A browser gives
 * an empty type when its system does not know the file.
 * https://developer.mozilla.org/en-US/docs/Web/API/File/type
 */
function plainType(type: string): string {
  const [plain = ''] = type.split(';');
  return plain.trim().toLowerCase() || UNKNOWN_TYPE;
}

function wrongText(text: unknown): string | undefined {
  if (typeof text !== 'string')
    return `expected a text, found ${describe(text)}: send a string, or leave it out`;
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_TEXT_BYTES) {
    return `has ${bytes} bytes, ${bytes - MAX_TEXT_BYTES} too many: shorten it, or put it into the file`;
  }
  if (!text.isWellFormed()) return 'has half of a surrogate pair: send it in valid Unicode';
  return text.includes('\0')
    ? 'has a NUL character, which a shell variable cannot hold: remove it'
    : undefined;
}

function wrongName(name: unknown): string | undefined {
  if (name === undefined || name === null) return "is missing: send the file's name";
  if (typeof name !== 'string') return `expected a text, found ${describe(name)}: send the file's name`;
  if (name.trim() === '' || name === '.' || name === '..')
    return `${describe(name)} is not a file name: send a valid one`;
  if (!name.isWellFormed()) return 'has half of a surrogate pair: rename the file';
  if (/[/\\]/.test(name)) return 'has a / or a \\: send only the name, without folders';
  if (UNSEEN.test(name))
    return 'has a control character or a character that changes the text direction: rename the file';
  const bytes = Buffer.byteLength(name);
  return bytes > MAX_NAME_BYTES
    ? `has ${bytes} bytes in UTF-8, ${bytes - MAX_NAME_BYTES} too many: shorten it`
    : undefined;
}

function wrongSize(size: unknown, maxSize: number): string | undefined {
  if (size === undefined || size === null) return "is missing: send the file's size in bytes";
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    return `expected a whole number of bytes, found ${describe(size)}: send the file's size`;
  }
  return size > maxSize
    ? `${size} bytes is more than the maximum of ${maxSize}: send a smaller file`
    : undefined;
}

function wrongType(type: unknown, taken: readonly string[]): string | undefined {
  const fix = `send one such as text/csv, or ${UNKNOWN_TYPE} when the type is not known`;
  if (type === undefined || type === null) return `is missing: ${fix}`;
  if (typeof type !== 'string' || type.length > MAX_TYPE_CHARS || !CONTENT_TYPE.test(type)) {
    return `expected a content type, found ${describe(type)}: ${fix}`;
  }
  return taken.length > 0 && !taken.includes(type)
    ? `${type} is not accepted: send a file of type ${taken.join(', ')}`
    : undefined;
}
