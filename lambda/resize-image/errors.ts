import { FileRefusedError } from '../shared/refusal.ts';

/** The image has more bytes or pixels than the function's memory has room for. */
export class ImageTooLargeError extends FileRefusedError {
  override readonly name = 'ImageTooLargeError';
}

/** The image is truncated, damaged, or of another format than its key and first bytes say. */
export class ImageBrokenError extends FileRefusedError {
  override readonly name = 'ImageBrokenError';
}

/** The image takes longer than the function has. */
export class ImageTooSlowError extends FileRefusedError {
  override readonly name = 'ImageTooSlowError';
}

/** sharp is not there, or not for this processor. Thrown at cold start. */
export class SharpLayerError extends Error {
  override readonly name = 'SharpLayerError';
}
