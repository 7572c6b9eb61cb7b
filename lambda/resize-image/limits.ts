import { describe } from '../shared/errors.ts';
import type { ImageFormat } from '../shared/image-format.ts';
import type { ObjectVersion } from '../shared/object-version.ts';
import { ImageTooLargeError } from './errors.ts';

const MIB = 2 ** 20;
/** The memory of Node, the AWS SDK and libvips without an image: 130 MiB was measured, plus a reserve. */
const RESERVED = 192 * MIB;
/**
 * The measured maximum of memory per pixel. An interlaced PNG with four channels of 16 bits is in memory as a whole, with
 * 8 bytes per pixel. A progressive JPEG takes 7, most other images almost nothing. An AVIF is decoded as a whole and
 * copied: 28 bytes with 12 bits, transparency and rotation.
 */
const BYTES_PER_PIXEL = 9;
const BYTES_PER_AVIF_PIXEL = 32;

/** The limits of an image that fits into the function's memory. */
export interface Limits {
  readonly bytes: number;
  readonly pixels: number;
}

/**
 * The limits for a function's memory and an image of `size` bytes, since the file is in memory too. With 1024 MB they are
 * 256 MiB and 96 megapixels (an AVIF: 27), minus one megapixel for each 9 (32) MB of the file.
 */
export function limitsFor(memoryMB: number, format: ImageFormat, size: number): Limits {
  const memory = memoryMB * MIB;
  const pixels = Math.floor((memory - RESERVED - size) / bytesPerPixel(format));
  return { bytes: Math.floor(memory / 4), pixels: Math.max(1, pixels) };
}

/** The limits when the file is in memory a second time. */
export function withoutCopy({ bytes, pixels }: Limits, size: number, format: ImageFormat): Limits {
  return { bytes, pixels: Math.max(1, pixels - Math.ceil(size / bytesPerPixel(format))) };
}

function bytesPerPixel(format: ImageFormat): number {
  return format === 'AVIF' ? BYTES_PER_AVIF_PIXEL : BYTES_PER_PIXEL;
}

/**
 * Checks the size of a file.
 *
 * @throws ImageTooLargeError when it does not fit
 */
export function refuseTooManyBytes({ key, size }: ObjectVersion, { bytes }: Limits): void {
  if (size > bytes) throw tooLarge(key, `${size} bytes`, `${bytes} bytes`);
}

/**
 * Checks the dimensions of an image. `frames` is the number of frames of an animation.
 *
 * @throws ImageTooLargeError when they do not fit
 */
export function refuseTooManyPixels(
  key: string,
  { width, height, frames }: { width: number; height: number; frames: number },
  { pixels }: Limits,
): void {
  if (width * height * frames <= pixels) return;
  const times = frames > 1 ? `${frames} frames of ` : '';
  throw tooLarge(key, `${times}${width} x ${height} pixels`, `${megapixels(pixels)} megapixels`);
}

/**
 * Checks the resized frames of an animation. All frames are in memory together, and a pixel with transparency takes up to
 * 16 bytes, as measured. Frames that become much smaller always fit.
 *
 * @throws ImageTooLargeError when they do not fit
 */
export function refuseTooManyFrames(
  key: string,
  frame: { width: number; height: number; frames: number },
  width: number,
  limits: Limits,
): void {
  if (frame.frames === 1) return;
  const scale = Math.min(1, width / frame.width);
  const small = {
    frames: frame.frames,
    width: Math.round(frame.width * scale),
    height: Math.round(frame.height * scale),
  };
  refuseTooManyPixels(key, small, { ...limits, pixels: Math.floor(limits.pixels / 2) });
}

/** The error with what an image has, and what fits. */
export function tooLarge(key: string, has: string, fits: string, cause?: unknown): ImageTooLargeError {
  return new ImageTooLargeError(
    `${describe(key)} has ${has}, and no more than ${fits} fit into the function's memory: upload a smaller image, or ` +
      'raise spec.functions.memoryMB',
    { cause },
  );
}

function megapixels(pixels: number): string {
  return (pixels / 1e6).toFixed(1);
}
