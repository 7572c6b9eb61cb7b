import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../shared/errors.ts';
import { IMAGE_FORMAT_NAMES, IMAGE_FORMATS } from '../shared/image-format.ts';
import { animation, beach, photograph, withMajorBrand } from '../testing/images.ts';
import { objectInput, oneObject } from '../testing/objects.ts';
import { BUCKET, HOSTILE_KEYS, keptLog } from '../testing/records.ts';
import { EmptyImageError } from './errors.ts';
import { createHandler } from './get-file-type.ts';

const ENV = { FORMATS: 'JPEG', SUFFIX: '-small' };
const ALL = { ...ENV, FORMATS: IMAGE_FORMAT_NAMES.join(',') };

async function typeOf(key: string, body: Uint8Array, env: Record<string, string> = ENV) {
  const { s3, gets } = oneObject(body);
  const { log, lines } = keptLog();
  const type = await createHandler({ s3, env, logger: log })(objectInput({ key, body }));
  return { type, gets, lines };
}

/** The beginning of a file with brands, the major brand first. */
function withBrands([major = '', ...compatible]: readonly string[]): Buffer {
  const box = Buffer.from(`....ftyp${major}\0\0\0\0${compatible.join('')}`, 'latin1');
  box.writeUInt32BE(box.length);
  return Buffer.concat([box, Buffer.alloc(100)]);
}

const jpeg = await photograph(48, 32);
const png = await beach(48, 32).png().toBuffer();
const made = {
  JPEG: jpeg,
  PNG: png,
  WebP: await beach(48, 32).webp().toBuffer(),
  GIF: await animation('gif', 16, 3),
  TIFF: await beach(48, 32).tiff().toBuffer(),
  AVIF: await beach(48, 32).avif().toBuffer(),
};

describe('get-file-type', () => {
  test('an image is one by its extension and its first bytes', async () => {
    const { type, gets, lines } = await typeOf('in/Beach.JPEG', jpeg);

    expect(type).toEqual({
      isImage: true,
      format: 'JPEG',
      contentType: 'image/jpeg',
      copySource: `${BUCKET}/in/Beach.JPEG?versionId=v1`,
      resizedKey: 'in/Beach-small.JPEG',
    });
    expect(gets).toHaveLength(1);
    expect(lines).toEqual([
      { level: 'info', message: 'Image found', bucket: BUCKET, key: 'in/Beach.JPEG', format: 'JPEG' },
    ]);
  });

  const extensions = IMAGE_FORMAT_NAMES.flatMap((format) =>
    IMAGE_FORMATS[format].extensions.flatMap((extension) => [
      { format, extension },
      { format, extension: extension.toUpperCase() },
    ]),
  );
  test.each(extensions)('$format named .$extension', async ({ format, extension }) => {
    const { type } = await typeOf(`a.${extension}`, made[format], ALL);

    expect(type).toMatchObject({ isImage: true, format, contentType: IMAGE_FORMATS[format].contentType });
  });

  test.each([
    { why: 'progressive', make: () => beach(48, 32).jpeg({ progressive: true }).toBuffer() },
    { why: 'CMYK', make: () => beach(48, 32).toColourspace('cmyk').jpeg().toBuffer() },
    { why: 'truncated', make: async () => jpeg.subarray(0, 1_000) },
    { why: 'with a colour profile', make: () => beach(48, 32).withIccProfile('p3').jpeg().toBuffer() },
  ])('a JPEG that is $why', async ({ make }) => {
    expect((await typeOf('a.jpg', await make())).type).toMatchObject({ isImage: true });
  });

  test.each([
    {
      why: 'with its directory at the end',
      make: () => beach(480, 320).tiff({ compression: 'none' }).toBuffer(),
    },
    {
      why: 'in the other byte order',
      make: async () => Buffer.concat([Buffer.from('MM\0*\0\x10\0\0'), Buffer.alloc(5_000)]),
    },
    { why: 'truncated', make: async () => made.TIFF.subarray(0, 1_000) },
    { why: 'a BigTIFF', make: () => beach(48, 32).tiff({ bigtiff: true }).toBuffer() },
  ])('a TIFF that is $why', async ({ make }) => {
    expect((await typeOf('a.tif', await make(), ALL)).type).toMatchObject({ isImage: true });
  });

  test.each(['mif1', 'miaf', 'msf1', 'avis'])('an AVIF whose major brand is %s', async (brand) => {
    const { type } = await typeOf('a.avif', withMajorBrand(made.AVIF, brand), ALL);

    expect(type).toMatchObject({ isImage: true, format: 'AVIF', contentType: 'image/avif' });
  });

  test.each([
    { why: 'a HEIC', brands: ['heic', 'mif1', 'heic'], says: 'image/heic' },
    { why: 'a HEIC with a general brand', brands: ['mif1', 'mif1', 'heic'], says: 'image/heif' },
    { why: 'a HEIC that says to be both', brands: ['mif1', 'mif1', 'heic', 'avif'], says: 'image/heif' },
    { why: 'a HEIF of something else', brands: ['mif1', 'mif1', 'miaf'], says: 'image/heif' },
    { why: 'a film', brands: ['isom', 'isom', 'iso2', 'mp41'], says: 'video/mp4' },
  ])('$why is no AVIF', async ({ brands, says }) => {
    const { type } = await typeOf('a.avif', withBrands(brands), ALL);

    const reason = `its extension "avif" says image/avif, its first bytes say ${says}`;
    expect(type).toMatchObject({ isImage: false, reason });
  });

  test('an animated PNG is a PNG', async () => {
    const control = Buffer.from('0000000861635 44c000000010000000000000000'.replaceAll(' ', ''), 'hex');
    const apng = Buffer.concat([png.subarray(0, 33), control, png.subarray(33)]);

    expect((await typeOf('a.png', apng, ALL)).type).toMatchObject({ isImage: true, format: 'PNG' });
  });

  test.each([
    {
      why: 'a text named .jpg',
      key: 'a.jpg',
      body: Buffer.from('a text'),
      reason: 'its extension "jpg" says image/jpeg, its first bytes say no known type',
    },
    {
      why: 'a PNG named .jpg',
      key: 'a.jpg',
      body: png,
      reason: 'its extension "jpg" says image/jpeg, its first bytes say image/png',
    },
    {
      why: 'a JPEG named .png',
      key: 'a.PNG',
      body: jpeg,
      reason: 'its extension "png" says image/png, its first bytes say image/jpeg',
    },
    {
      why: 'a drawing that is a program',
      key: 'a.gif',
      body: Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
      reason: 'its extension "gif" says image/gif, its first bytes say application/xml',
    },
  ])('$why is no image', async ({ key, body, reason }) => {
    const { type, lines } = await typeOf(key, body, ALL);

    expect(type).toEqual({ isImage: false, reason, copySource: `${BUCKET}/${key}?versionId=v1` });
    expect(lines).toEqual([{ level: 'info', message: 'Not an image', bucket: BUCKET, key, reason }]);
  });

  test.each([
    {
      key: 'a.txt',
      body: jpeg,
      reason: 'its extension "txt" is none of jpg, jpeg, jpe, jfif, jif, jfi, pjpeg, pjp',
    },
    {
      key: 'jpg',
      body: jpeg,
      reason: 'its extension "" is none of jpg, jpeg, jpe, jfif, jif, jfi, pjpeg, pjp',
    },
    {
      key: 'a.png',
      body: png,
      reason: 'its extension "png" is none of jpg, jpeg, jpe, jfif, jif, jfi, pjpeg, pjp',
    },
    {
      key: 'a.txt',
      body: Buffer.alloc(0),
      reason: 'its extension "txt" is none of jpg, jpeg, jpe, jfif, jif, jfi, pjpeg, pjp',
    },
  ])('$key is no image, and is not even read', async ({ key, body, reason }) => {
    const { type, gets } = await typeOf(key, body);

    expect(type).toMatchObject({ isImage: false, reason });
    expect(gets).toEqual([]);
  });

  test('a file without bytes is refused, and is not a file that is no image', async () => {
    const { type, lines } = await typeOf('a.jpg', Buffer.alloc(0));

    const Cause = `"a.jpg" in ${BUCKET} is empty: upload the JPEG file again`;
    expect(type).toEqual({ refused: { Error: 'EmptyImageError', Cause } });
    expect(lines).toEqual([
      {
        level: 'warn',
        message: 'File rejected',
        bucket: BUCKET,
        key: 'a.jpg',
        error: new EmptyImageError(Cause),
      },
    ]);
  });

  test('what is no image gets a key for its quarantine, where there is one', async () => {
    const { type } = await typeOf('in/a.txt', jpeg, { ...ENV, QUARANTINE_PREFIX: 'quarantine/' });

    expect(type).toMatchObject({ isImage: false, quarantineKey: 'quarantine/in/a.txt' });
    const long = await typeOf(`${'x'.repeat(1016)}.txt`, jpeg, { ...ENV, QUARANTINE_PREFIX: 'quarantine/' });
    expect(long.type).toMatchObject({ refused: { Error: 'KeyTooLongError' } });
  });

  test.each(HOSTILE_KEYS)('reads a key as it is: $why', async ({ key }) => {
    const name = `${key.slice(0, 200)}.jpg`;
    const { gets, type } = await typeOf(name, jpeg);

    expect(gets.map(({ Key }) => Key)).toEqual([name]);
    expect(type).toMatchObject({ isImage: true, resizedKey: `${key.slice(0, 200)}-small.jpg` });
  });

  test.each([
    {
      env: { SUFFIX: '-s' },
      says: "FORMATS is not set: set it in the function's environment to some of JPEG,PNG,WebP,GIF,TIFF,AVIF",
    },
    {
      env: { ...ENV, FORMATS: 'JPEG,jpg' },
      says: 'FORMATS has "jpg": set it to some of JPEG,PNG,WebP,GIF,TIFF,AVIF',
    },
    {
      env: { FORMATS: 'JPEG' },
      says:
        "SUFFIX is not set: set it in the function's environment to what the key of the small image has before its " +
        'extension',
    },
  ])('refuses at cold start: $says', ({ env, says }) => {
    const { s3 } = oneObject(jpeg);

    expect(() => createHandler({ s3, env, logger: keptLog().log })).toThrow(new ConfigurationError(says));
  });
});

test('the images of these tests are what they are said to be', async () => {
  const types = Object.entries(made).map(async ([format, body]) => [
    format,
    (await sharp(body).metadata()).mediaType,
  ]);

  expect(await Promise.all(types)).toEqual(
    IMAGE_FORMAT_NAMES.map((format) => [format, IMAGE_FORMATS[format].contentType]),
  );
});
