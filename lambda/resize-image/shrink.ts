import type { Metadata, Sharp, SharpConstructor } from 'sharp';
import { withAvifBrand } from '../shared/avif.ts';
import { describe } from '../shared/errors.ts';
import { IMAGE_FORMATS, type ImageFormat } from '../shared/image-format.ts';
import { FileRefusedError } from '../shared/refusal.ts';
import { ImageBrokenError, ImageTooSlowError } from './errors.ts';
import { withEndMarker } from './jpeg-end.ts';
import { type Limits, refuseTooManyFrames, refuseTooManyPixels, tooLarge, withoutCopy } from './limits.ts';
import { isSideways, isTurnedAnimation, turnFrames } from './turn.ts';

/** The options of `shrink`. */
export interface ShrinkOptions {
  /** The object's key, for messages. */
  readonly key: string;
  readonly format: ImageFormat;
  /** In pixels. */
  readonly width: number;
  readonly limits: Limits;
  /** The time limit, in whole seconds from 1. */
  readonly seconds: number;
}

/** The displayed width and height in pixels, with EXIF's orientation applied. For an animation, the size of one frame. */
export interface Dimensions {
  readonly width: number;
  readonly height: number;
}

/** A resized image. */
export interface SmallImage extends Dimensions {
  readonly data: Uint8Array;
  readonly original: Dimensions;
}

/**
 * The formats whose animations are kept, since the first frame alone can be empty. The pixels of all frames count. The
 * pages of a TIFF are not frames: only the first page is used. From an animated PNG or an AVIF sequence, sharp reads only
 * the still image.
 */
const ANIMATED: readonly ImageFormat[] = ['GIF', 'WebP'];

/**
 * Resizes an image to `width` pixels, with the same format and aspect ratio. A narrower image keeps its width. EXIF's
 * orientation is applied, colours such as CMYK become sRGB, and all metadata is removed, such as the place of a
 * photograph. The same input gives the same bytes.
 *
 * The dimensions are read from the header and checked before the image is decoded.
 *
 * @throws ImageTooLargeError, ImageBrokenError or ImageTooSlowError, each naming the key
 */
export async function shrink(
  sharp: SharpConstructor,
  bytes: Uint8Array,
  options: ShrinkOptions,
): Promise<SmallImage> {
  const { key, format, width, seconds } = options;
  const animated = ANIMATED.includes(format);
  const end = performance.now() + seconds * 1000;
  const secondsLeft = () => Math.max(1, Math.floor((end - performance.now()) / 1000));
  try {
    const whole = mended(bytes, format);
    const limits = whole === bytes ? options.limits : withoutCopy(options.limits, whole.length, format);
    const header = await sharp(whole, { animated, limitInputPixels: false }).metadata();
    refuseOtherFormat(key, format, header);
    const frame = { width: header.width, height: header.pageHeight ?? header.height };
    const frames = animated ? (header.pages ?? 1) : 1;
    const original = isSideways(header.orientation) ? { width: frame.height, height: frame.width } : frame;
    refuseTooManyPixels(key, { ...frame, frames }, limits);
    refuseTooManyFrames(key, { ...original, frames }, width, limits);

    // `error`, not `warning`: photographs with a few stray bytes are common, and all programs show them.
    const image = sharp(whole, { animated, limitInputPixels: limits.pixels, failOn: 'error' });
    const warnings: string[] = [];
    image.on('warning', (warning: string) => warnings.push(warning));
    const isTurned = isTurnedAnimation(header);
    const side = isTurned && isSideways(header.orientation) ? 'height' : 'width';
    image.timeout({ seconds: secondsLeft() });
    if (!isTurned) image.autoOrient();
    image.resize({ [side]: width, withoutEnlargement: true });
    const upright = isTurned ? await turnFrames(sharp, image, header) : image;
    const small = encode(upright.timeout({ seconds: secondsLeft() }), format, header);
    const { data, info } = await small.toBuffer({ resolveWithObject: true });
    if (whole !== bytes) refuseCutOff(key, warnings);
    return { data, width: info.width, height: info.pageHeight ?? info.height, original };
  } catch (error) {
    throw named(error, options);
  }
}

/** The file with corrections for defects that sharp rejects and other programs accept, or the same bytes. */
function mended(bytes: Uint8Array, format: ImageFormat): Uint8Array {
  if (format === 'JPEG') return withEndMarker(bytes);
  return format === 'AVIF' ? withAvifBrand(bytes) : bytes;
}

/**
 * Checks that a JPEG whose end marker was added is complete. libvips fills missing rows with grey and only logs a warning.
 * `failOn: 'warning'` does not help, as it ignores warnings about the last rows. sharp must run without its cache: with
 * the cache, libvips closes an image, and emits its warnings, only after the result.
 *
 * @throws ImageBrokenError when it is not
 */
function refuseCutOff(key: string, warnings: readonly string[]): void {
  const cutOff = warnings.find((warning) => warning.includes('premature end'));
  if (cutOff !== undefined) throw broken(key, 'JPEG', inOneLine(cutOff));
}

function encode(image: Sharp, format: ImageFormat, { delay, loop }: Metadata): Sharp {
  switch (format) {
    case 'JPEG':
      return image.jpeg();
    case 'PNG':
      return image.png();
    case 'WebP':
      return image.webp({ ...(delay && { delay }), ...(loop !== undefined && { loop }) });
    case 'GIF':
      return image.gif();
    case 'TIFF':
      // sharp's default for TIFF is JPEG compression, which is lossy.
      return image.tiff({ compression: 'deflate' });
    case 'AVIF':
      return image.avif();
  }
}

function refuseOtherFormat(key: string, format: ImageFormat, { mediaType }: Metadata): void {
  const { contentType } = IMAGE_FORMATS[format];
  if (mediaType === contentType) return;
  throw new ImageBrokenError(
    `${describe(key)} is no ${format}: its header is that of ${mediaType ?? 'nothing known'}, not ${contentType}`,
  );
}

/** The error of libvips as a named error with a message of one line. */
function named(error: unknown, { key, format, limits, seconds }: ShrinkOptions): Error {
  if (error instanceof FileRefusedError) return error;
  if (!(error instanceof Error)) return new ImageBrokenError(`${describe(key)}: ${describe(error)}`);
  const says = inOneLine(error.message);
  if (/^timeout:/.test(says)) {
    return new ImageTooSlowError(
      `${describe(key)} takes longer than ${seconds} s: upload a smaller image, or raise spec.functions.memoryMB or ` +
        '.timeoutSeconds',
      { cause: error },
    );
  }
  if (/exceeds pixel limit|out of memory/.test(says)) {
    return tooLarge(key, `more pixels than its header says (${says})`, `${limits.pixels} pixels`, error);
  }
  return broken(key, format, says, error);
}

function broken(key: string, format: ImageFormat, says: string, cause?: unknown): ImageBrokenError {
  return new ImageBrokenError(
    `${describe(key)} is truncated or damaged: ${says}; upload the ${format} file again`,
    { cause },
  );
}

const inOneLine = (text: string): string => text.trim().replaceAll(/\s*\n\s*/g, '; ');
