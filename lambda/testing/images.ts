/** Real images, made with sharp from a seed, so they are the same on every machine; and functions that damage them. */
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** EXIF's orientation: 1 is upright, 6 is a camera that was turned to the right. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const HORIZON = 0.45;
const SHORE = 0.75;

/** A generator of pseudo-random numbers from 0 to 1. The seed determines them (Marsaglia's xorshift). */
function randomFrom(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/**
 * A beach: sky with a sun at the left, waves, grainy sand. The pixels are computed here, so that the bytes of a file depend
 * only on the encoder of the format.
 */
export function beach(width: number, height: number, seed = 1) {
  const random = randomFrom(seed);
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const [red, green, blue] = colourAt(x / width, y / height, random());
      pixels.set([red, green, blue], at);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

function colourAt(x: number, y: number, noise: number): readonly [number, number, number] {
  const grain = Math.round(noise * 8);
  if (y < HORIZON) {
    const sun = (x - 0.2) ** 2 + (y - 0.15) ** 2 < 0.006;
    return sun ? [255, 236 - grain, 170] : [90 + 150 * y, 150 + 120 * y, 220 + 30 * y];
  }
  if (y < SHORE) {
    const wave = 12 * Math.sin(60 * y * y + 9 * x);
    return [30 + wave, 110 + wave + grain, 140 + wave + grain];
  }
  return [216 - 3 * grain, 190 - 3 * grain, 140 - 2 * grain];
}

/** A JPEG photograph with the EXIF data of a phone: camera, place and orientation. */
export function photograph(width: number, height: number, orientation: Orientation = 1, seed = 1) {
  return beach(width, height, seed)
    .jpeg({ quality: 70 })
    .withExif({
      IFD0: { Make: 'Example', Model: 'Phone 1' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '53/1 33/1 0/1' },
    })
    .withMetadata({ orientation })
    .toBuffer();
}

/**
 * An animated WebP with an EXIF orientation. It displays as 60 x 40 pixels in three frames: red, green and blue, each with a
 * white upper left quarter, for 100, 200 and 300 ms, twice.
 */
export async function turnedAnimation(orientation: Orientation): Promise<Buffer> {
  const { degrees, flop } = LYING[orientation];
  const frames = await Promise.all(
    ['#f00', '#0f0', '#00f'].map(async (background) => {
      const frame = sharp({ create: { width: 60, height: 40, channels: 3, background } });
      const quarter = await sharp({ create: { width: 30, height: 20, channels: 3, background: '#fff' } })
        .png()
        .toBuffer();
      const upright = await frame
        .composite([{ input: quarter, left: 0, top: 0 }])
        .png()
        .toBuffer();
      const turned = await sharp(upright).rotate(degrees).png().toBuffer();
      return sharp(turned).flop(flop).png().toBuffer();
    }),
  );
  return sharp(frames, { join: { animated: true } })
    .webp({ lossless: true, delay: [100, 200, 300], loop: 2 })
    .withMetadata({ orientation })
    .toBuffer();
}

/** How a file with an orientation stores an upright image: turned clockwise, then mirrored. */
export const LYING: Readonly<Record<Orientation, { degrees: number; flop: boolean }>> = {
  1: { degrees: 0, flop: false },
  2: { degrees: 0, flop: true },
  3: { degrees: 180, flop: false },
  4: { degrees: 180, flop: true },
  5: { degrees: 90, flop: true },
  6: { degrees: 270, flop: false },
  7: { degrees: 270, flop: true },
  8: { degrees: 90, flop: false },
};

/** An animation of squares in red, green and blue in turn, with 100 ms per frame. */
export function animation(format: 'gif' | 'webp', size: number, frames: number): Promise<Buffer> {
  const pixels = Buffer.alloc(size * size * frames * 3);
  for (let frame = 0; frame < frames; frame++) {
    for (let pixel = 0; pixel < size * size; pixel++) {
      pixels[(frame * size * size + pixel) * 3 + (frame % 3)] = 255;
    }
  }
  const raw = { width: size, height: size * frames, channels: 3, pageHeight: size } as const;
  return sharp(pixels, { raw })
    .toFormat(format, { delay: Array(frames).fill(100), loop: 0 })
    .toBuffer();
}

/** A JPEG with other dimensions in its header and the same image data. */
export function withJpegDimensions(jpeg: Uint8Array, width: number, height: number): Buffer {
  const changed = Buffer.from(jpeg);
  // SOF0 to SOF2: marker, length (2), precision (1), height (2), width (2).
  for (let at = 2; at < changed.length; at += 2 + changed.readUInt16BE(at + 2)) {
    const marker = changed.readUInt16BE(at);
    if (marker >= 0xffc0 && marker <= 0xffc2) {
      changed.writeUInt16BE(height, at + 5);
      changed.writeUInt16BE(width, at + 7);
      return changed;
    }
  }
  throw new Error('the JPEG has no start of a frame');
}

/** A HEIF file with another major brand and the same compatible brands. */
export function withMajorBrand(image: Uint8Array, brand: string): Buffer {
  const changed = Buffer.from(image);
  changed.write(brand, 8, 'latin1');
  return changed;
}

/** A complete black PNG of any size. The file has a thousandth of the bytes of its pixels. */
export function blackPng(
  width: number,
  height: number,
  kind: 'black and white' | 'interlaced RGBA of 16 bits',
): Buffer {
  const interlaced = kind !== 'black and white';
  const bits = interlaced ? 64 : 1;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set(interlaced ? [16, 6, 0, 0, 1] : [1, 0, 0, 0, 0], 8);
  let bytes = 0;
  for (const [left, top, right, down] of interlaced ? ADAM7 : [[0, 0, 1, 1] as const]) {
    bytes +=
      Math.ceil((height - top) / down) * (1 + Math.ceil((Math.ceil((width - left) / right) * bits) / 8));
  }
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const data = deflateSync(Buffer.alloc(bytes), { level: interlaced ? 1 : 9 });
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

// Each pass starts at a column and a row and takes every nth pixel: https://www.w3.org/TR/png-3/#8InterlaceMethods
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, sum]);
}
