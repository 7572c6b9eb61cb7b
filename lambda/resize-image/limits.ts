import { describe } from '../shared/errors.ts';
import type { ImageFormat } from '../shared/image-format.ts';
import type { ObjectVersion } from '../shared/object-version.ts';
import { ImageTooLargeError } from './errors.ts';

const MIB = 2 ** 20;
/** What Node, the AWS SDK and libvips take before any image: measured, 130 MiB, and some more. */
const RESERVED = 192 * MIB;
/**
 * The most memory that a pixel was seen to take, whatever is in the file: an interlaced PNG of four channels with 16 bits
 * each is in memory as a whole, 8 bytes a pixel; a progressive JPEG takes 7, most others next to nothing. An AVIF is
 * decoded as a whole and copied on the way: 28 with 12 bits, transparency and a turn.
 */
const BYTES_PER_PIXEL = 9;
const BYTES_PER_AVIF_PIXEL = 32;

/** What an image may have so that it fits the function's memory. */
export interface Limits {
  readonly bytes: number;
  readonly pixels: number;
}

/**
 * The limits for a function's memory, and for an image of `size` bytes, which is in memory itself. With 1024 MB that is
 * 256 MiB, and 96 megapixels (an AVIF: 27) less one for each 9 (32) MB of the file.
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
 * Refuses a file that is larger than what fits.
 *
 * @throws ImageTooLargeError
 */
export function refuseTooManyBytes({ key, size }: ObjectVersion, { bytes }: Limits): void {
  if (size > bytes) throw tooLarge(key, `${size} bytes`, `${bytes} bytes`);
}

/**
 * Refuses dimensions that do not fit; `frames` are those of an animation.
 *
 * @throws ImageTooLargeError
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
 * Refuses an animation whose frames do not fit as they come out: all of them are in memory at once, and each pixel of them takes
 * up to 16 bytes with transparency, measured. Frames that are made much smaller are no matter.
 *
 * @throws ImageTooLargeError
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

/** The error that says what an image has, and what fits. */
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
