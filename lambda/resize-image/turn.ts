import type { Metadata, Sharp, SharpConstructor } from 'sharp';

/** The steps that turn an image upright, by its EXIF orientation: sharp mirrors first, then turns clockwise. EXIF 2.32, 4.6.4. */
const UPRIGHT: Readonly<Record<number, { degrees: number; mirrored: boolean }>> = {
  2: { degrees: 0, mirrored: true },
  3: { degrees: 180, mirrored: false },
  4: { degrees: 180, mirrored: true },
  5: { degrees: 270, mirrored: true },
  6: { degrees: 90, mirrored: false },
  7: { degrees: 90, mirrored: true },
  8: { degrees: 270, mirrored: false },
};

/** Whether an orientation swaps width and height. */
export const isSideways = (orientation = 1): boolean => orientation > 4;

/** Whether the header describes an animation whose frames are not upright. */
export const isTurnedAnimation = ({ orientation = 1, pages = 1 }: Metadata): boolean =>
  pages > 1 && orientation in UPRIGHT;

/**
 * An animation with each frame upright. sharp stacks the frames vertically in one image. It rejects a quarter turn of that,
 * and half a turn would reverse the order of the frames.
 *
 * @param frames - the resized frames; all of them are in memory, with 4 bytes per pixel
 * @param header - the metadata of the original animation
 */
export async function turnFrames(sharp: SharpConstructor, frames: Sharp, header: Metadata): Promise<Sharp> {
  const { orientation = 1, pages = 1 } = header;
  const { degrees, mirrored } = UPRIGHT[orientation] ?? { degrees: 0, mirrored: false };
  const { data, info } = await frames.raw().toBuffer({ resolveWithObject: true });
  const { width, channels } = info;
  const height = info.height / pages;
  const bytes = width * height * channels;
  for (let at = 0; at < data.length; at += bytes) {
    const frame = sharp(data.subarray(at, at + bytes), { raw: { width, height, channels } });
    data.set(await frame.rotate(degrees).flop(mirrored).raw().toBuffer(), at);
  }
  const upright = isSideways(orientation) ? { width: height, height: width } : { width, height };
  const raw = { ...upright, height: upright.height * pages, pageHeight: upright.height, channels };
  return sharp(data, { raw, limitInputPixels: false });
}
