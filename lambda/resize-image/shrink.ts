import type { Metadata, Sharp, SharpConstructor } from 'sharp';
import { describe } from '../shared/errors.ts';
import { IMAGE_FORMATS, type ImageFormat } from '../shared/image-format.ts';
import { ImageBrokenError, ImageTooLargeError, ImageTooSlowError } from './errors.ts';
import { type Limits, refuseTooManyPixels, tooLarge } from './limits.ts';

/** What is asked for. */
export interface ShrinkOptions {
  /** For messages. */
  readonly key: string;
  readonly format: ImageFormat;
  /** Pixels. */
  readonly width: number;
  readonly limits: Limits;
  /** How long it may take, whole seconds from 1. */
  readonly seconds: number;
}

/** Width and height in pixels, as they are shown: EXIF's orientation is applied; of one frame of an animation. */
export interface Dimensions {
  readonly width: number;
  readonly height: number;
}

/** A small image. */
export interface SmallImage extends Dimensions {
  readonly data: Uint8Array;
  readonly original: Dimensions;
}

/**
 * The animations among the formats. A small animation stays one: its first frame alone may well be empty. All frames
 * count as pixels. The pages of a TIFF are no frames: the first one stands for all.
 */
const ANIMATED: readonly ImageFormat[] = ['GIF', 'WebP'];

/**
 * Makes an image `width` pixels wide, in its own format, its ratio kept. An image that is not wider stays as wide as it is:
 * enlarging shows nothing more. EXIF's orientation is applied, CMYK and other colours become sRGB, and all metadata is
 * left out, such as the place where a photograph was taken. The same bytes give the same bytes.
 *
 * The dimensions are read from the header and checked before anything is decoded.
 *
 * @throws ImageTooLargeError, ImageBrokenError or ImageTooSlowError, each naming the key
 */
export async function shrink(
  sharp: SharpConstructor,
  bytes: Uint8Array,
  options: ShrinkOptions,
): Promise<SmallImage> {
  const { key, format, width, limits, seconds } = options;
  const animated = ANIMATED.includes(format);
  try {
    const header = await sharp(bytes, { animated, limitInputPixels: false }).metadata();
    refuseOtherFormat(key, format, header);
    const frame = { width: header.width, height: header.pageHeight ?? header.height };
    refuseTooManyPixels(key, { ...frame, frames: animated ? (header.pages ?? 1) : 1 }, limits);

    // `error`, not `warning`: photographs with a few stray bytes are common, and shown everywhere.
    const image = sharp(bytes, { animated, limitInputPixels: limits.pixels, failOn: 'error' })
      .timeout({ seconds })
      .autoOrient()
      .resize({ width, withoutEnlargement: true });
    const { data, info } = await encode(image, format).toBuffer({ resolveWithObject: true });
    const original = (header.orientation ?? 1) < 5 ? frame : { width: frame.height, height: frame.width };
    return { data, width: info.width, height: info.pageHeight ?? info.height, original };
  } catch (error) {
    throw named(error, options);
  }
}

function encode(image: Sharp, format: ImageFormat): Sharp {
  switch (format) {
    case 'JPEG':
      return image.jpeg();
    case 'PNG':
      return image.png();
    case 'WebP':
      return image.webp();
    case 'GIF':
      return image.gif();
    case 'TIFF':
      // sharp's own choice is JPEG inside, which loses what a TIFF is chosen for.
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

/** What libvips says, in one line, under a name. */
function named(error: unknown, { key, format, limits, seconds }: ShrinkOptions): Error {
  if (error instanceof ImageTooLargeError || error instanceof ImageBrokenError) return error;
  if (!(error instanceof Error)) return new ImageBrokenError(`${describe(key)}: ${describe(error)}`);
  const says = error.message.trim().replaceAll(/\s*\n\s*/g, '; ');
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
  return new ImageBrokenError(
    `${describe(key)} is truncated or damaged: ${says}; upload the ${format} file again`,
    {
      cause: error,
    },
  );
}
