import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../shared/errors.ts';
import { MalformedInputError } from '../shared/task-input.ts';
import { blackPng, photograph } from '../testing/images.ts';
import { objectInput, oneObject } from '../testing/objects.ts';
import { BUCKET, keptLog, rejectionOf } from '../testing/records.ts';
import { loadSharp } from './load-sharp.ts';
import { createHandler } from './resize-image.ts';

const ENV = { DESTINATION_BUCKET: 'pictures', WIDTH: '150', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024' };
const loaded = loadSharp();
const jpeg = await photograph(480, 320, 6);
const TASK = { format: 'JPEG', resizedKey: 'in/a-small.jpg' };

function setUp(body: Uint8Array, env: Record<string, string> = ENV) {
  const { s3, gets, puts } = oneObject(body);
  const { log, lines } = keptLog();
  const handle = createHandler({ s3, sharp: loaded, env, logger: log });
  return { handle: (task: object, remainingMs = 60_000) => handle(task, remainingMs), gets, puts, lines };
}

describe('resize-image', () => {
  test('writes a small image, and says what it and the original are', async () => {
    const { handle, gets, puts, lines } = setUp(jpeg);

    const small = await handle({ ...objectInput({ key: 'in/a.jpg', body: jpeg }), ...TASK });

    expect(puts).toEqual([
      { Bucket: 'pictures', Key: 'in/a-small.jpg', ContentType: 'image/jpeg', Body: expect.any(Uint8Array) },
    ]);
    const body = puts[0]?.Body;
    if (!(body instanceof Uint8Array)) throw new Error('expected bytes');
    expect(small).toEqual({
      bucket: 'pictures',
      key: 'in/a-small.jpg',
      size: body.length,
      width: 150,
      height: 225,
      original: { width: 320, height: 480, size: jpeg.length },
    });
    expect(await sharp(body).metadata()).toMatchObject({ format: 'jpeg', width: 150, height: 225 });
    expect(gets).toMatchObject([{ Bucket: BUCKET, Key: 'in/a.jpg', VersionId: 'v1' }]);
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'Image resized',
        bucket: BUCKET,
        key: 'in/a.jpg',
        to: 'pictures/in/a-small.jpg',
        width: 150,
        height: 225,
      },
    ]);
  });

  test('doing it again writes the same', async () => {
    const { handle, puts } = setUp(jpeg);
    const input = { ...objectInput({ key: 'in/a.jpg', body: jpeg }), ...TASK };

    expect(await handle(input)).toEqual(await handle(input));
    expect(puts[1]).toEqual(puts[0]);
  });

  test('a file that does not fit is not even read', async () => {
    const { handle, gets, puts, lines } = setUp(jpeg);
    const size = 2 ** 28 + 1;

    const answer = await handle({ ...objectInput({ key: 'a.jpg', body: jpeg }), ...TASK, size });

    const Cause =
      '"a.jpg" has 268435457 bytes, and no more than 268435456 bytes fit into the function\'s memory: upload a smaller ' +
      'image, or raise spec.functions.memoryMB';
    expect(answer).toEqual({ refused: { Error: 'ImageTooLargeError', Cause } });
    expect([gets, puts]).toEqual([[], []]);
    expect(lines).toMatchObject([{ level: 'warn', message: 'File rejected', bucket: BUCKET, key: 'a.jpg' }]);
  });

  test('how many pixels fit follows from the memory', async () => {
    const body = blackPng(6_000, 6_000, 'black and white');
    const input = { ...objectInput({ key: 'a.png', body }), format: 'PNG', resizedKey: 'a-small.png' };

    expect(await setUp(body).handle(input)).toMatchObject({ width: 150, height: 150 });
    const small = setUp(body, { ...ENV, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256' });
    expect(await small.handle(input)).toMatchObject({
      refused: { Cause: expect.stringContaining('no more than 7.5 megapixels fit') },
    });
  });

  test.each([
    { why: 'truncated', body: jpeg.subarray(0, 3_000), name: 'ImageBrokenError' },
    { why: 'without bytes', body: Buffer.alloc(0), name: 'ImageBrokenError' },
    { why: 'a text', body: Buffer.from('a text'), name: 'ImageBrokenError' },
  ])('nothing is written of an image that is $why', async ({ body, name }) => {
    const { handle, puts } = setUp(body);

    const answer = await handle({ ...objectInput({ key: 'a.jpg', body }), ...TASK });

    expect(answer).toEqual({ refused: { Error: name, Cause: expect.stringMatching(/^"a\.jpg" /) } });
    expect(puts).toEqual([]);
  });

  test.each([
    {
      input: { format: 'jpg' },
      says: 'format: expected one of JPEG, PNG, WebP, GIF, TIFF, AVIF, found "jpg"',
    },
    { input: { resizedKey: '' }, says: 'resizedKey: expected a text, found ""' },
    { input: { versionId: undefined }, says: 'versionId: expected a text, found nothing' },
  ])('refuses an input: $says', async ({ input, says }) => {
    const { handle } = setUp(jpeg);

    const error = await rejectionOf(
      handle({ ...objectInput({ key: 'a.jpg', body: jpeg }), ...TASK, ...input }),
    );

    expect(error).toEqual(new MalformedInputError(says));
  });

  test.each([
    {
      env: { WIDTH: '150' },
      says: "DESTINATION_BUCKET is not set: set it in the function's environment to the bucket for the small images",
    },
    { env: { ...ENV, WIDTH: '4097' }, says: 'WIDTH is "4097": set it to a number of pixels from 1 to 4096' },
    { env: { ...ENV, WIDTH: '0' }, says: 'WIDTH is "0": set it to a number of pixels from 1 to 4096' },
  ])('refuses at cold start: $says', ({ env, says }) => {
    expect(() => setUp(jpeg, env)).toThrow(new ConfigurationError(says));
  });
});
