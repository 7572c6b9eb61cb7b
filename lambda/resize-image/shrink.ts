import type { Metadata, Sharp, SharpConstructor } from 'sharp';
import { withAvifBrand } from '../shared/avif.ts';
import { describe } from '../shared/errors.ts';
import { IMAGE_FORMATS, type ImageFormat } from '../shared/image-format.ts';
import { FileRefusedError } from '../shared/refusal.ts';
import { ImageBrokenError, ImageTooSlowError } from './errors.ts';
import { withEndMarker } from './jpeg-end.ts';
import { type Limits, refuseTooManyFrames, refuseTooManyPixels, tooLarge, withoutCopy } from './limits.ts';
import { isSideways, isTurnedAnimation, turnFrames } from './turn.ts';

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
 * count as pixels. The pages of a TIFF are no frames: the first one stands for all. Of an animated PNG and a sequence of AVIF,
 * sharp reads the still picture alone.
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

    // `error`, not `warning`: photographs with a few stray bytes are common, and shown everywhere.
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

/** The file without what sharp does not bear and other programs do; the same bytes where there is none of it. */
function mended(bytes: Uint8Array, format: ImageFormat): Uint8Array {
  if (format === 'JPEG') return withEndMarker(bytes);
  return format === 'AVIF' ? withAvifBrand(bytes) : bytes;
}

/**
 * A JPEG that has been given its end marker may lack more than that. libvips then fills up with grey, and only warns of it;
 * `failOn: 'warning'` would not do, since it does not look at the warnings of the last rows. Needs sharp without its cache,
 * in which a picture is not closed before the answer, and tells its warnings only then.
 *
 * @throws ImageBrokenError
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
