import type { Metadata, Sharp, SharpConstructor } from 'sharp';

/** What turns a picture upright that a camera noted as lying: sharp mirrors first, then turns clockwise. EXIF 2.32, 4.6.4. */
const UPRIGHT: Readonly<Record<number, { degrees: number; mirrored: boolean }>> = {
  2: { degrees: 0, mirrored: true },
  3: { degrees: 180, mirrored: false },
  4: { degrees: 180, mirrored: true },
  5: { degrees: 270, mirrored: true },
  6: { degrees: 90, mirrored: false },
  7: { degrees: 90, mirrored: true },
  8: { degrees: 270, mirrored: false },
};

/** Whether an orientation exchanges width and height. */
export const isSideways = (orientation = 1): boolean => orientation > 4;

/** Whether the header is that of an animation whose frames do not stand upright. */
export const isTurnedAnimation = ({ orientation = 1, pages = 1 }: Metadata): boolean =>
  pages > 1 && orientation in UPRIGHT;

/**
 * An animation with each frame upright. sharp has the frames one below the other in one picture: it refuses to turn that to
 * its side, and upside down the last frame would come first.
 *
 * @param frames small ones already: all of them are in memory, 4 bytes a pixel
 * @param header of the animation that they come from
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
