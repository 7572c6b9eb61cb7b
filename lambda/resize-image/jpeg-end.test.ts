import { describe, expect, test } from 'vitest';
import { beach, photograph } from '../testing/images.ts';
import { withEndMarker } from './jpeg-end.ts';

const jpeg = await photograph(48, 32);
const END = Buffer.from([0xff, 0xd9]);
/** A photograph with a thumbnail in its EXIF, like the files of cameras. */
const withThumbnail = Buffer.concat([
  jpeg.subarray(0, 2),
  Buffer.from([0xff, 0xe1, (jpeg.length + 2) >> 8, (jpeg.length + 2) & 0xff]),
  jpeg,
  jpeg.subarray(2),
]);

const whole = [
  { why: 'with an end', bytes: jpeg },
  { why: 'progressive', bytes: await beach(48, 32).jpeg({ progressive: true }).toBuffer() },
  { why: 'with a thumbnail', bytes: withThumbnail },
  {
    why: 'with padding before markers',
    bytes: Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xff]), jpeg.subarray(2)]),
  },
  // A 0xff of the image data, a restart marker, and the end marker.
  { why: 'with restarts', bytes: Buffer.from('ffd8ffda0002aaff00bbffd0ccffd9', 'hex') },
];

describe('withEndMarker', () => {
  test.each(whole)('a JPEG $why is left as it is', ({ bytes }) => {
    expect(withEndMarker(bytes)).toBe(bytes);
  });

  test('what follows the end is no matter', () => {
    const film = Buffer.concat([jpeg, Buffer.from('a film')]);
    expect(withEndMarker(film)).toBe(film);
  });

  test.each(whole)('a JPEG $why gets its end back', ({ bytes }) => {
    expect(Buffer.from(withEndMarker(bytes.subarray(0, -2)))).toEqual(bytes);
  });

  test.each([
    { why: 'cut within a segment', bytes: jpeg.subarray(0, 30) },
    { why: 'cut after a marker', bytes: Buffer.from('ffd8ffe1', 'hex') },
    { why: 'cut within a marker', bytes: Buffer.from('ffd8ff', 'hex') },
    { why: 'a length of nothing', bytes: Buffer.from('ffd8ffe10000', 'hex') },
    { why: 'no JPEG', bytes: Buffer.from('a text') },
  ])('what is broken otherwise gets one too: $why', ({ bytes }) => {
    expect(Buffer.from(withEndMarker(bytes))).toEqual(Buffer.concat([bytes, END]));
  });
});
