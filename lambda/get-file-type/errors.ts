import { FileRefusedError } from '../shared/refusal.ts';

/** A file with the extension of an image is empty. */
export class EmptyImageError extends FileRefusedError {
  override readonly name = 'EmptyImageError';
}

/** The destination key, with its suffix or prefix, is longer than the limit of S3. */
export class KeyTooLongError extends FileRefusedError {
  override readonly name = 'KeyTooLongError';
}
