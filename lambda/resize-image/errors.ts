import { FileRefusedError } from '../shared/refusal.ts';

/** The image has more bytes or pixels than fit into the function's memory. */
export class ImageTooLargeError extends FileRefusedError {
  override readonly name = 'ImageTooLargeError';
}

/** The image is truncated, damaged, or has another format than its key and first bytes say. */
export class ImageBrokenError extends FileRefusedError {
  override readonly name = 'ImageBrokenError';
}

/** Resizing the image takes longer than the function's timeout allows. */
export class ImageTooSlowError extends FileRefusedError {
  override readonly name = 'ImageTooSlowError';
}

/** sharp is not installed, or is built for another processor. Thrown at cold start. */
export class SharpLayerError extends Error {
  override readonly name = 'SharpLayerError';
}
