import sharp, { type Metadata } from 'sharp';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { IMAGE_FORMAT_NAMES, IMAGE_FORMATS, type ImageFormat } from '../shared/image-format.ts';
import {
  animation,
  beach,
  blackPng,
  LYING,
  photograph,
  turnedAnimation,
  withJpegDimensions,
  withMajorBrand,
} from '../testing/images.ts';
import { rejectionOf } from '../testing/records.ts';
import { limitsFor } from './limits.ts';
import { loadSharp } from './load-sharp.ts';
import { shrink } from './shrink.ts';

const loaded = loadSharp();
const MEMORY_MB = 1024;
const jpeg = await photograph(480, 320);

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function shrunk(bytes: Uint8Array, format: ImageFormat = 'JPEG', { width = 150, seconds = 50 } = {}) {
  const limits = limitsFor(MEMORY_MB, format, bytes.length);
  return shrink(loaded, bytes, { key: 'a', format, width, limits, seconds });
}

async function seen(bytes: Uint8Array, format: ImageFormat = 'JPEG') {
  const small = await shrunk(bytes, format);
  const metadata: Metadata = await sharp(small.data, { animated: true }).metadata();
  return { ...small, metadata };
}

async function shrunkTo(width: number, bytes: Uint8Array) {
  const small = await shrunk(bytes, 'WebP', { width });
  return { ...small, metadata: await sharp(small.data, { animated: true }).metadata() };
}

/** The colours of the four quarters of a 30 x 20 frame, row by row. */
async function quartersOf(animated: Uint8Array, page: number): Promise<string[]> {
  const { data } = await sharp(animated, { page }).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const places = [
    [7, 5],
    [22, 5],
    [7, 15],
    [22, 15],
  ] as const;
  return places.map(([x, y]) => {
    const shining = [0, 1, 2].filter((channel) => (data[(y * 30 + x) * 3 + channel] ?? 0) > 128);
    return shining.length === 3 ? 'white' : (['red', 'green', 'blue'][shining[0] ?? 3] ?? 'black');
  });
}

/** The average colour of a corner, as red, green, blue. */
async function corner(image: Uint8Array, left: number, top: number): Promise<number[]> {
  const cut = await sharp(image).extract({ left, top, width: 10, height: 10 }).png().toBuffer();
  const { channels } = await sharp(cut).stats();
  return channels.map(({ mean }) => Math.round(mean));
}

describe('shrink', () => {
  test.each(IMAGE_FORMAT_NAMES)('%s stays %s, its ratio kept', async (format) => {
    const bytes = await beach(480, 320).toFormat(NAMES[format]).toBuffer();

    const { width, height, original, metadata } = await seen(bytes, format);

    expect({ width, height, original }).toEqual({
      width: 150,
      height: 100,
      original: { width: 480, height: 320 },
    });
    expect(metadata).toMatchObject({
      mediaType: IMAGE_FORMATS[format].contentType,
      width: 150,
      height: 100,
      space: 'srgb',
    });
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8] as const)('EXIF orientation %i is applied', async (orientation) => {
    // The scene in upright position. The file stores it rotated, with the orientation in EXIF.
    const upright = await beach(480, 320).png().toBuffer();
    const { degrees, flop } = LYING[orientation];
    const turned = await sharp(upright).rotate(degrees).png().toBuffer();
    const bytes = await sharp(turned).flop(flop).jpeg().withMetadata({ orientation }).toBuffer();

    const { data, width, height, original, metadata } = await seen(bytes);

    expect({ width, height, original }).toEqual({
      width: 150,
      height: 100,
      original: { width: 480, height: 320 },
    });
    expect(metadata.orientation).toBeUndefined();
    const [red = 0, , blue = 0] = await corner(data, 120, 5);
    expect(blue).toBeGreaterThan(red + 50);
    const [sandRed = 0, , sandBlue = 0] = await corner(data, 5, 88);
    expect(sandRed).toBeGreaterThan(sandBlue + 30);
    // The sun is at the upper left.
    const [sunRed = 0] = await corner(data, 25, 10);
    expect(sunRed).toBeGreaterThan(200);
  });

  test('nothing of the metadata is left: no place, no camera', async () => {
    expect((await sharp(jpeg).metadata()).exif?.toString('latin1')).toContain('Phone 1');

    const { metadata, data } = await seen(jpeg);

    expect(metadata).not.toHaveProperty('exif');
    expect(metadata).not.toHaveProperty('icc');
    expect(Buffer.from(data).includes('Phone 1')).toBe(false);
  });

  test('CMYK becomes sRGB, its colours kept', async () => {
    const cmyk = await beach(480, 320).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');

    const { data, metadata } = await seen(cmyk);

    expect(metadata).toMatchObject({ space: 'srgb', channels: 3 });
    const [red = 0, , blue = 0] = await corner(data, 120, 5);
    expect(blue).toBeGreaterThan(red + 50);
  });

  test.each([
    { why: 'progressive', make: () => beach(480, 320).jpeg({ progressive: true }).toBuffer() },
    { why: 'grey', make: () => beach(480, 320).greyscale().jpeg().toBuffer() },
    { why: 'of one pixel in width', make: () => beach(1, 320).jpeg().toBuffer(), width: 1, height: 320 },
    { why: 'of one pixel in height', make: () => beach(480, 1).jpeg().toBuffer(), height: 1 },
    {
      why: 'followed by something else',
      make: async () => Buffer.concat([jpeg, Buffer.from('something else')]),
    },
  ])('a JPEG that is $why', async ({ make, width = 150, height = 100 }) => {
    const { metadata } = await seen(await make());

    expect(metadata).toMatchObject({ format: 'jpeg', width, height });
  });

  test.each([
    { why: 'a JPEG', make: async () => jpeg },
    { why: 'a progressive JPEG', make: () => beach(480, 320).jpeg({ progressive: true }).toBuffer() },
  ])('$why that lacks its end marker is as if it had it', async ({ make }) => {
    const bytes = await make();

    expect((await shrunk(bytes.subarray(0, -2))).data).toEqual((await shrunk(bytes)).data);
  });

  test.each(['mif1', 'miaf', 'msf1', 'avis'])('an AVIF with the major brand %s is one', async (brand) => {
    const avif = await beach(480, 320).avif().toBuffer();

    expect((await shrunk(withMajorBrand(avif, brand), 'AVIF')).data).toEqual(
      (await shrunk(avif, 'AVIF')).data,
    );
  });

  test('an image is never enlarged', async () => {
    const { width, height, metadata } = await seen(await photograph(90, 60));

    expect({ width, height }).toEqual({ width: 90, height: 60 });
    expect(metadata).toMatchObject({ width: 90, height: 60 });
  });

  test.each(['GIF', 'WebP'] as const)('an animated %s stays animated', async (format) => {
    const bytes = await animation(NAMES[format], 300, 3);

    const { width, height, original, metadata, data } = await seen(bytes, format);

    expect({ width, height, original }).toEqual({
      width: 150,
      height: 150,
      original: { width: 300, height: 300 },
    });
    expect(metadata).toMatchObject({ pages: 3, pageHeight: 150, delay: [100, 100, 100], loop: 0 });
    const frames = await Promise.all(
      [0, 1, 2].map(async (page) => (await sharp(data, { page }).stats()).dominant),
    );
    expect(
      frames.map(({ r, g, b }) => [r, g, b].indexOf(Math.max(r, g, b))),
      'red, green, blue',
    ).toEqual([0, 1, 2]);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8] as const)(
    'of an animation EXIF orientation %i is applied to each frame',
    async (orientation) => {
      const bytes = await turnedAnimation(orientation);

      const { data, width, height, original, metadata } = await shrunkTo(30, bytes);

      expect({ width, height, original }).toEqual({
        width: 30,
        height: 20,
        original: { width: 60, height: 40 },
      });
      expect(metadata).toMatchObject({ pages: 3, pageHeight: 20, delay: [100, 200, 300], loop: 2 });
      expect(metadata.orientation).toBeUndefined();
      const quarters = await Promise.all([0, 1, 2].map((page) => quartersOf(data, page)));
      expect(quarters).toEqual([
        ['white', 'red', 'red', 'red'],
        ['white', 'green', 'green', 'green'],
        ['white', 'blue', 'blue', 'blue'],
      ]);
    },
  );

  test('of a TIFF with pages the first one is taken', async () => {
    const pages = Buffer.alloc(300 * 200 * 3 * 2, 200);
    const raw = { width: 300, height: 400, channels: 3, pageHeight: 200 } as const;
    const bytes = await sharp(pages, { raw }).tiff().toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);

    const { height, metadata } = await seen(bytes, 'TIFF');

    expect(height).toBe(100);
    expect(metadata).toMatchObject({ pages: 1 });
  });

  test('an alpha channel stays', async () => {
    const { metadata } = await seen(await beach(480, 320).ensureAlpha(0.5).png().toBuffer(), 'PNG');

    expect(metadata.hasAlpha).toBe(true);
  });

  test('the same bytes give the same bytes', async () => {
    expect((await shrunk(jpeg)).data).toEqual((await shrunk(jpeg)).data);
  });

  const bomb = blackPng(12_000, 12_000, 'black and white');
  test('a decompression bomb is refused by its header', async () => {
    expect(bomb.length).toBeLessThan(20_000);

    const error = await rejectionOf(shrunk(bomb, 'PNG'));

    expect(error.name).toBe('ImageTooLargeError');
    expect(error.message).toBe(
      '"a" has 12000 x 12000 pixels, and no more than 96.9 megapixels fit into the function\'s memory: upload a ' +
        'smaller image, or raise spec.functions.memoryMB',
    );
  });

  test.each([
    {
      why: 'a JPEG of 100 megapixels',
      format: 'JPEG' as const,
      make: async () => withJpegDimensions(jpeg, 10_000, 10_000),
      says: '10000 x 10000 pixels, and no more than 96.9 megapixels',
    },
    {
      why: 'a JPEG as large as its format can be',
      format: 'JPEG' as const,
      make: async () => withJpegDimensions(jpeg, 65_500, 65_500),
      says: '65500 x 65500 pixels',
    },
    {
      why: 'an AVIF, which takes more memory',
      format: 'AVIF' as const,
      make: () => beach(6_000, 4_600).avif({ effort: 0, quality: 1 }).toBuffer(),
      says: '6000 x 4600 pixels, and no more than 27.',
    },
    {
      why: 'an animation by all of its frames',
      format: 'GIF' as const,
      make: () => animation('gif', 1_000, 97),
      says: '97 frames of 1000 x 1000 pixels',
    },
  ])('refuses $why', { timeout: 60_000 }, async ({ format, make, says }) => {
    const error = await rejectionOf(shrunk(await make(), format));

    expect(error.name).toBe('ImageTooLargeError');
    expect(error.message).toContain(`"a" has ${says}`);
  });

  test('an animation that fits may be too large where its frames stay as wide as they are', async () => {
    const bytes = await animation('gif', 1_000, 5);
    const limits = limitsFor(256, 'GIF', bytes.length);
    const wide = (width: number) =>
      shrink(loaded, bytes, { key: 'a', format: 'GIF', width, limits, seconds: 50 });

    expect(await wide(150)).toMatchObject({ width: 150, height: 150 });
    expect((await rejectionOf(wide(1_000))).message).toContain(
      '"a" has 5 frames of 1000 x 1000 pixels, and no more than 3.7 megapixels fit',
    );
  });

  test.each([
    { why: 'truncated', format: 'JPEG' as const, make: async () => jpeg.subarray(0, 4_000) },
    {
      why: 'without its end and a little more',
      format: 'JPEG' as const,
      make: async () => jpeg.subarray(0, -3),
    },
    { why: 'truncated in its header', format: 'JPEG' as const, make: async () => jpeg.subarray(0, 100) },
    {
      why: 'truncated',
      format: 'PNG' as const,
      make: async () => (await beach(480, 320).png().toBuffer()).subarray(0, 4_000),
    },
    {
      why: 'truncated',
      format: 'WebP' as const,
      make: async () => (await beach(480, 320).webp().toBuffer()).subarray(0, 1_000),
    },
    {
      why: 'truncated',
      format: 'GIF' as const,
      make: async () => (await beach(480, 320).gif().toBuffer()).subarray(0, 4_000),
    },
    {
      why: 'truncated',
      format: 'TIFF' as const,
      make: async () => (await beach(480, 320).tiff().toBuffer()).subarray(0, 4_000),
    },
    {
      why: 'truncated',
      format: 'AVIF' as const,
      make: async () => (await beach(480, 320).avif().toBuffer()).subarray(0, 1_000),
    },
    { why: 'no image', format: 'JPEG' as const, make: async () => Buffer.from('a text') },
    {
      why: 'a drawing',
      format: 'JPEG' as const,
      make: async () => Buffer.from('<svg width="1" height="1"/>'),
    },
  ])('a $format that is $why is broken', async ({ format, make }) => {
    const error = await rejectionOf(shrunk(await make(), format));

    expect(error.name).toBe('ImageBrokenError');
    expect(error.message).toMatch(/^"a" is truncated or damaged: [^\n]+; upload the \w+ file again$/);
  });

  test('another format than its key says is refused', async () => {
    const error = await rejectionOf(shrunk(await beach(480, 320).png().toBuffer()));

    expect(error.message).toBe('"a" is no JPEG: its header is that of image/png, not image/jpeg');
  });

  test('gives libvips the time that is left, and says when it was not enough', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const timeout = vi.spyOn(loaded.prototype, 'timeout');
    vi.spyOn(loaded.prototype, 'toBuffer').mockRejectedValue(new Error('timeout: 3% complete'));

    const error = await rejectionOf(shrunk(jpeg, 'JPEG', { seconds: 7 }));

    expect(timeout.mock.calls).toEqual([[{ seconds: 7 }], [{ seconds: 7 }]]);
    expect(error.name).toBe('ImageTooSlowError');
    expect(error.message).toContain('"a" takes longer than 7 s');
  });
});

const NAMES = { JPEG: 'jpeg', PNG: 'png', WebP: 'webp', GIF: 'gif', TIFF: 'tiff', AVIF: 'avif' } as const;
