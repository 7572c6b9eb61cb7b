import { FileRefusedError } from '../shared/refusal.ts';

/** A file with an image's extension has no bytes at all. */
export class EmptyImageError extends FileRefusedError {
  override readonly name = 'EmptyImageError';
}

/** With the suffix or the prefix, the key in the destination would be longer than S3 takes. */
export class KeyTooLongError extends FileRefusedError {
  override readonly name = 'KeyTooLongError';
}
