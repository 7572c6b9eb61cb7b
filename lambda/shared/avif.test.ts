import { describe, expect, test } from 'vitest';
import { beach, withMajorBrand } from '../testing/images.ts';
import { isAvif, withAvifBrand } from './avif.ts';

const avif = await beach(48, 32).avif().toBuffer();

describe('isAvif', () => {
  test('by its major brand, or by a compatible one', () => {
    expect([isAvif(avif), isAvif(withMajorBrand(avif, 'mif1'))]).toEqual([true, true]);
  });

  test.each([
    { why: 'of the HEVC kind', bytes: withMajorBrand(avif, 'heic') },
    { why: 'too short to tell', bytes: avif.subarray(0, 12) },
    { why: 'no brands at all', bytes: Buffer.from('avifavifavifavifavif') },
    { why: 'empty', bytes: Buffer.alloc(0) },
  ])('not what is $why', ({ bytes }) => {
    expect(isAvif(bytes)).toBe(false);
  });

  test('what stands behind the list of brands is none', () => {
    const bytes = Buffer.from('\0\0\0\x14ftypmif1\0\0\0\0miafavif', 'latin1');
    expect(isAvif(bytes)).toBe(false);
  });
});

describe('withAvifBrand', () => {
  test('gives a general brand for the exact one, in a copy', () => {
    const general = withMajorBrand(avif, 'mif1');
    const before = Buffer.from(general);

    expect(Buffer.from(withAvifBrand(general))).toEqual(avif);
    expect(general).toEqual(before);
  });

  test.each([
    { why: 'an AVIF', bytes: avif },
    { why: 'a HEIC', bytes: withMajorBrand(avif, 'heic') },
    { why: 'a text', bytes: Buffer.from('a text') },
  ])('leaves $why as it is', ({ bytes }) => {
    expect(withAvifBrand(bytes)).toBe(bytes);
  });
});
