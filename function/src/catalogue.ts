/** Reads the handlers' code, once when the function starts. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The zip of a handler. */
export interface Code {
  readonly base64: string;
  /** The SHA-256 of the zip in hexadecimal. It is part of the S3 object's key. */
  readonly sha256: string;
  /** The same in base64, as Lambda's CodeSha256. */
  readonly sha256Base64: string;
}

/** Every folder of `lambda` that has a `handler.ts`: a test compares. */
export const HANDLERS = [
  'start-workflow',
  'record-file',
  'say-hello',
  'get-file-type',
  'resize-image',
  'upload-api',
  'mark-uploaded',
  'launch-instance',
  'sweep-instances',
] as const;
export type HandlerName = (typeof HANDLERS)[number];

export type Catalogue = Readonly<Record<HandlerName, Code>>;

/** The digests of a zip. */
export function codeOf(zip: Uint8Array): Code {
  const digest = createHash('sha256').update(zip).digest();
  return {
    base64: Buffer.from(zip).toString('base64'),
    sha256: digest.toString('hex'),
    sha256Base64: digest.toString('base64'),
  };
}

function assertComplete(found: Partial<Catalogue>): asserts found is Catalogue {
  const missing = HANDLERS.filter((handler) => found[handler] === undefined);
  if (missing.length > 0) throw new Error(`no code of ${missing.join(', ')}`);
}

/** A catalogue of the code that each handler has. */
export function catalogueOf(code: (handler: HandlerName) => Code): Catalogue {
  const found: Partial<Catalogue> = Object.fromEntries(HANDLERS.map((handler) => [handler, code(handler)]));
  assertComplete(found);
  return found;
}

/**
 * Reads `<folder>/<handler>.zip` for every handler.
 *
 * @throws Error when a zip is missing: the image was built without it
 */
export function readCatalogue(folder: string): Catalogue {
  return catalogueOf((handler) => codeOf(readFileSync(join(folder, `${handler}.zip`))));
}
