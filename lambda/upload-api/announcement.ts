import { describe } from '../shared/errors.ts';
import type { Settings } from './settings.ts';

/** What a caller says of the file it is about to upload. The names are the row's own attributes. */
export interface Announcement {
  /** May be empty. */
  readonly input_text: string;
  readonly file_name: string;
  /** Bytes; the upload must have exactly as many. */
  readonly size: number;
  /** In lower case, without parameters; the upload must say exactly this. */
  readonly content_type: string;
}

/** One thing that is wrong with a request: which field, what is wrong with it, and what to do. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** All of a body is an announcement, or all that is wrong with it. */
export type Checked = { readonly announcement: Announcement } | { readonly errors: readonly FieldError[] };

/** Longest text, in bytes of UTF-8: a shell variable holds it with room to spare. */
export const MAX_TEXT_BYTES = 16_384;
/** Longest body, in bytes. The longest text takes six times its length when each character is escaped. */
export const MAX_BODY_BYTES = 131_072;
// What file systems take; with prefix and id it stays far below the 1,024 bytes of a key.
const MAX_NAME_BYTES = 255;
// Without the $ that RFC 6838 allows and no type has: no form takes it.
const CONTENT_TYPE = /^[a-z0-9][a-z0-9!#&^_.+-]*\/[a-z0-9][a-z0-9!#&^_.+-]*$/;
const MAX_TYPE_CHARS = 127;
const UNKNOWN_TYPE = 'application/octet-stream';
// Marks that turn the direction of text make `gpj.exe` look like `exe.jpg`.
const UNSEEN = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const FIELDS = ['input_text', 'file_name', 'size', 'content_type'];

/**
 * Checks a parsed body, field by field, and says everything that is wrong at once. A file name that could leave its
 * folder or deceive a reader is refused rather than changed: the person would not find the file under another name.
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
      unless(shown, `is no field of an upload, which has ${FIELDS.join(', ')}: remove or rename it`);
    }
  }
  // The checks above have made sure of the types; TypeScript wants to see it.
  if (errors.length > 0 || typeof text !== 'string' || typeof fileName !== 'string') return { errors };
  if (typeof size !== 'number' || typeof contentType !== 'string') return { errors };
  return { announcement: { input_text: text, file_name: fileName, size, content_type: contentType } };
}

/**
 * A content type as it is compared and signed: in lower case, without parameters such as `; charset=utf-8`. A browser has an
 * empty one for a file that its system does not know.
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
  return text.includes('\0') ? 'has a NUL character, which no shell can hold: remove it' : undefined;
}

function wrongName(name: unknown): string | undefined {
  if (name === undefined || name === null) return "is missing: send the file's name";
  if (typeof name !== 'string') return `expected a text, found ${describe(name)}: send the file's name`;
  if (name.trim() === '' || name === '.' || name === '..')
    return `${describe(name)} is no name: give the file one`;
  if (!name.isWellFormed()) return 'has half of a surrogate pair: rename the file';
  if (/[/\\]/.test(name)) return 'has a / or a \\: send the name alone, without folders';
  if (UNSEEN.test(name))
    return 'has a control character or one that turns the direction of text: rename the file';
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
    ? `${size} bytes is more than the ${maxSize} that are taken: send a smaller file`
    : undefined;
}

function wrongType(type: unknown, taken: readonly string[]): string | undefined {
  const fix = `send one such as text/csv, or ${UNKNOWN_TYPE} when it is not known`;
  if (type === undefined || type === null) return `is missing: ${fix}`;
  if (typeof type !== 'string' || type.length > MAX_TYPE_CHARS || !CONTENT_TYPE.test(type)) {
    return `expected a content type, found ${describe(type)}: ${fix}`;
  }
  return taken.length > 0 && !taken.includes(type)
    ? `${type} is not taken here: send a file of type ${taken.join(', ')}`
    : undefined;
}
