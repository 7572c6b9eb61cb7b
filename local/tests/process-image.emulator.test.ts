/** Images through a whole claim: every format, every state's way, and what must not get through. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readClaim } from '../../function/render.ts';
import { statesOf } from '../../function/tests/machines.ts';
import {
  animation,
  beach,
  blackPng,
  photograph,
  turnedAnimation,
  withJpegDimensions,
} from '../../lambda/testing/images.ts';
import { executeAll } from '../data-path/executions.ts';
import { bytesOf, keysOf, processImage } from '../data-path/process-image.ts';
import type { LocalFile } from '../files.ts';
import { type Pipeline, startPipeline } from '../pipeline.ts';
import { allMessages, redrive } from '../redrive.ts';
import { readItems } from '../upload.ts';

let pipeline: Pipeline;
let sequence = 0;
beforeAll(async () => {
  pipeline = await startPipeline(readClaim('process-image/formats-quarantine.yaml'), { waitScale: 0.01 });
});
afterAll(() => pipeline?.stop());

/** Uploads where no notification listens, and gives the input that the upload's event would have led to. */
async function put(key: string, body: Buffer) {
  const { clients, bucket } = pipeline;
  const { VersionId, ETag } = await clients.s3.putObject({ Bucket: bucket, Key: key, Body: body });
  sequence += 1;
  return {
    bucket,
    key,
    size: body.length,
    eTag: ETag?.replaceAll('"', '') ?? '',
    versionId: VersionId ?? 'null',
    sequencer: String(sequence).padStart(32, '0'),
    eventTime: new Date().toISOString(),
  };
}

async function execute(input: unknown) {
  const files = [{ key: 'input', body: Buffer.from(JSON.stringify(input)) }];
  const [ended] = await executeAll({
    claim: pipeline.composite,
    parts: pipeline,
    clients: pipeline.clients,
    files,
  });
  if (!ended) throw new Error('the execution was not started');
  return { ...ended, results: JSON.parse(ended.output ?? 'null') };
}

const inSource = async (key: string) => (await keysOf(pipeline.clients, pipeline.bucket)).includes(key);
const inDestination = async (key: string) =>
  (await keysOf(pipeline.clients, pipeline.destinationBucket)).includes(key);
const rowOf = async (key: string) =>
  (await readItems(pipeline.clients, pipeline.table)).find((item) => item[pipeline.partitionKey] === key);
const letters = async () =>
  (await allMessages(pipeline.clients, pipeline.deadLetterQueue)).map((message) => ({
    message,
    body: JSON.parse(message.Body ?? 'null'),
  }));

/** Runs with one state's parameter changed in the deployed state machine, and puts that back. */
async function withBroken<T>(state: string, changes: object, work: () => Promise<T>): Promise<T> {
  const { sfn } = pipeline.clients;
  const { stateMachine: stateMachineArn } = pipeline;
  const { definition } = await sfn.describeStateMachine({ stateMachineArn });
  const machine: unknown = JSON.parse(definition ?? '');
  const found = statesOf(machine).find(({ name }) => name === state);
  if (!found) throw new Error(`there is no state ${state}`);
  Object.assign(found.state['Parameters'] ?? {}, changes);
  await sfn.updateStateMachine({ stateMachineArn, definition: JSON.stringify(machine) });
  try {
    return await work();
  } finally {
    await sfn.updateStateMachine({ stateMachineArn, definition });
  }
}

/** Sends files through the whole of it. More at once would meet the emulator's limit of functions that run. */
function move(files: readonly LocalFile[]) {
  const { clients, composite: claim } = pipeline;
  return processImage.move({ claim, parts: pipeline, clients, files }, () => undefined);
}

describe('files that are uploaded', () => {
  it('of every format and form come out as a copy, a small image and a row', async () => {
    const forms: Record<string, Promise<Buffer>> = {
      'beach.jpg': photograph(480, 320),
      'progressive.jpeg': beach(480, 320).jpeg({ progressive: true }).toBuffer(),
      'cmyk.JPG': beach(480, 320).toColourspace('cmyk').jpeg().toBuffer(),
      'small.jpg': photograph(90, 60),
      'drawing.png': beach(480, 320).png({ palette: true }).toBuffer(),
      'interlaced.PNG': beach(480, 320).png({ progressive: true }).toBuffer(),
      'beach.webp': beach(480, 320).webp().toBuffer(),
      'turning.webp': animation('webp', 400, 3),
      'turning.gif': animation('gif', 400, 3),
      'beach.tif': beach(480, 320).tiff().toBuffer(),
      'beach.avif': beach(480, 320).avif().toBuffer(),
      'saved.jfif': photograph(480, 320, 1, 8).then((body) => body.subarray(0, -2)),
      'old.JPE': photograph(480, 320, 1, 9),
      'lying.webp': turnedAnimation(6),
      'a+b & c%20 Grüße 東京 🚚.jpg': photograph(480, 320, 1, 7),
      'a text.jpg': Promise.resolve(Buffer.from('a text')),
      'a png.jpg': beach(48, 32).png().toBuffer(),
      'a jpeg.txt': photograph(48, 32),
    };
    const named = Object.entries(forms).map(
      async ([name, body]): Promise<LocalFile> => ({ key: `incoming/${name}`, body: await body }),
    );
    const { clients } = pipeline;

    const moved = await move(await Promise.all(named));

    expect(moved.recorded).toBe(15);
    expect(moved.notes.map((note) => note.split(': ').slice(1))).toEqual([
      ['incoming/a text.jpg', 'its extension "jpg" says image/jpeg, its first bytes say no known type'],
      ['incoming/a png.jpg', 'its extension "jpg" says image/jpeg, its first bytes say image/png'],
      ['incoming/a jpeg.txt', expect.stringMatching(/^its extension "txt" is none of jpg, jpeg, /)],
    ]);
    expect(await keysOf(clients, pipeline.bucket)).toEqual([]);
  });

  it('of every orientation come out upright', async () => {
    const turned = ([1, 2, 3, 4, 5, 6, 7, 8] as const).map(
      async (orientation): Promise<LocalFile> => ({
        key: `incoming/orientation-${orientation}.jpg`,
        body: await photograph(480, 320, orientation),
      }),
    );

    expect((await move(await Promise.all(turned))).recorded).toBe(8);

    expect(await rowOf('incoming/orientation-6.jpg')).toMatchObject({
      width: 320,
      height: 480,
      resizedWidth: 320,
      resizedHeight: 480,
    });
  });
});

describe('an execution', () => {
  it('tells what it did, and leaves a row and a delete marker', async () => {
    const body = await photograph(640, 480);
    const input = await put('told.jpg', body);

    const { status, results } = await execute(input);

    expect(status).toBe('SUCCEEDED');
    expect(results).toMatchObject({
      fileType: {
        isImage: true,
        format: 'JPEG',
        contentType: 'image/jpeg',
        resizedKey: 'told-thumbnail.jpg',
      },
      images: {
        copied: expect.any(Object),
        resized: {
          key: 'told-thumbnail.jpg',
          width: 320,
          height: 240,
          original: { width: 640, height: 480 },
        },
      },
      writeStatus: expect.any(Object),
      deletionStatus: expect.any(Object),
    });
    const { key: Filename, ...object } = input;
    expect(await rowOf('told.jpg')).toEqual({
      Filename,
      ...object,
      recordedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      contentType: 'image/jpeg',
      width: 640,
      height: 480,
      destinationBucket: pipeline.destinationBucket,
      destinationKey: 'told.jpg',
      resizedKey: 'told-thumbnail.jpg',
      resizedSize: results.images.resized.size,
      resizedWidth: 320,
      resizedHeight: 240,
    });
    expect(await inSource('told.jpg')).toBe(false);
    const behind = await pipeline.clients.s3.getObject({
      Bucket: pipeline.bucket,
      Key: 'told.jpg',
      VersionId: input.versionId,
    });
    expect(body.equals(Buffer.from((await behind.Body?.transformToByteArray()) ?? []))).toBe(true);
    const small = await bytesOf(pipeline.clients, pipeline.destinationBucket, 'told-thumbnail.jpg');
    expect(await sharp(small).metadata()).toMatchObject({ format: 'jpeg', width: 320 });
  });

  it('that comes again changes no row, and still deletes what was left', async () => {
    const input = await put('again.jpg', await photograph(480, 320));
    await execute(input);
    const before = await rowOf('again.jpg');
    await put('again.jpg', await photograph(480, 320));

    expect(await execute(input)).toMatchObject({ status: 'SUCCEEDED' });

    expect(await rowOf('again.jpg')).toEqual(before);
    expect(await inSource('again.jpg')).toBe(false);
  });

  it('reads the version that its event is about, not the newest', async () => {
    const older = await photograph(480, 320);
    const input = await put('replaced.jpg', older);
    await put('replaced.jpg', await photograph(640, 480));

    await execute(input);

    expect(await rowOf('replaced.jpg')).toMatchObject({ size: older.length, width: 480 });
    expect(older.equals(await bytesOf(pipeline.clients, pipeline.destinationBucket, 'replaced.jpg'))).toBe(
      true,
    );
  });

  it('moves what is no image to the quarantine', async () => {
    const { status, results } = await execute(await put('in/notes.txt', Buffer.from('a text')));

    expect(status).toBe('SUCCEEDED');
    expect(results).toMatchObject({ fileType: { isImage: false, quarantineKey: 'rejected/in/notes.txt' } });
    expect(await inDestination('rejected/in/notes.txt')).toBe(true);
    expect(await inSource('in/notes.txt')).toBe(false);
  });

  it('of what is no image leaves a row that says why, and where it is', async () => {
    const input = await put('in/row.txt', Buffer.from('a text'));
    await execute(input);

    const { key: Filename, ...object } = input;
    expect(await rowOf('in/row.txt')).toEqual({
      Filename,
      ...object,
      recordedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      rejected: expect.stringMatching(/^its extension "txt" is none of jpg, jpeg, /),
      destinationBucket: pipeline.destinationBucket,
      destinationKey: 'rejected/in/row.txt',
    });
  });

  it('of an older refusal that comes late leaves the newer row', async () => {
    const older = await put('late.jpg', Buffer.from('a text'));
    await execute(await put('late.jpg', await photograph(480, 320)));
    const before = await rowOf('late.jpg');

    expect(await execute(older)).toMatchObject({ status: 'SUCCEEDED' });

    expect(before).toMatchObject({ contentType: 'image/jpeg' });
    expect(await rowOf('late.jpg')).toEqual(before);
  });

  it('of a newer refusal takes the place of the older row', async () => {
    await execute(await put('worse.jpg', await photograph(480, 320)));
    const newer = await put('worse.jpg', Buffer.from('a text'));
    await execute(newer);

    expect(await rowOf('worse.jpg')).toMatchObject({
      sequencer: newer.sequencer,
      rejected: 'its extension "jpg" says image/jpeg, its first bytes say no known type',
    });
    expect(await rowOf('worse.jpg')).not.toHaveProperty('contentType');
  });

  it('of an image that was refused takes the place of that, once the cause is gone', async () => {
    const input = await put('raised.jpg', await photograph(480, 320));
    const tooSmall = { ...input, size: 2 ** 28 + 1 };
    expect(await execute(tooSmall)).toMatchObject({ status: 'FAILED', error: 'ImageTooLargeError' });
    expect(await rowOf('raised.jpg')).toMatchObject({ rejected: expect.stringContaining('bytes fit') });

    expect(await execute(input)).toMatchObject({ status: 'SUCCEEDED' });

    expect(await rowOf('raised.jpg')).toMatchObject({ width: 480, size: input.size });
    expect(await rowOf('raised.jpg')).not.toHaveProperty('rejected');
  });
});

describe('an image that nothing can be made of is a dead letter by name, has a row that says why, and stays', () => {
  it.each([
    { key: 'empty.jpg', error: 'EmptyImageError', says: 'is empty', make: async () => Buffer.alloc(0) },
    {
      key: 'truncated.jpg',
      error: 'ImageBrokenError',
      says: 'is truncated or damaged: VipsJpeg: Corrupt JPEG data: premature end of data segment',
      make: async () => (await photograph(480, 320)).subarray(0, 3_000),
    },
    {
      key: 'bomb.png',
      error: 'ImageTooLargeError',
      says: '12000 x 12000 pixels, and no more than 96.9 megapixels',
      make: async () => blackPng(12_000, 12_000, 'black and white'),
    },
    {
      key: 'huge.jpg',
      error: 'ImageTooLargeError',
      says: '10000 x 10000 pixels, and no more than 96.9 megapixels',
      make: async () => withJpegDimensions(await photograph(480, 320), 10_000, 10_000),
    },
    {
      key: `${'long'.repeat(254)}.jpg`,
      error: 'KeyTooLongError',
      says: 'it would have 1030 bytes, and S3 takes 1024',
      make: () => photograph(48, 32),
    },
  ])('$error: $key', async ({ key, error, says, make }) => {
    const input = await put(key, await make());

    const ended = await execute(input);

    expect(ended).toMatchObject({ status: 'FAILED', error, cause: expect.stringContaining(says) });
    const [letter, ...more] = (await letters()).filter(({ body }) => body.input.key === key);
    expect(more).toEqual([]);
    expect(letter?.body).toMatchObject({
      input,
      error: { Error: error, Cause: ended.cause },
    });
    expect(await inSource(key)).toBe(true);
    const { key: Filename, ...object } = input;
    expect(await rowOf(key)).toEqual({
      Filename,
      ...object,
      recordedAt: expect.any(String),
      rejected: ended.cause,
    });
  });
});

const NOWHERE = 'nowhere-0000000000000000';

describe('a state that fails for good ends in the dead-letter queue, and the source stays', () => {
  it.each([
    { state: 'GetFileType', changes: { FunctionName: NOWHERE }, error: 'Lambda' },
    { state: 'CopyFile', changes: { Bucket: NOWHERE }, error: 'S3.NoSuchBucketException' },
    { state: 'ResizeFile', changes: { FunctionName: NOWHERE }, error: 'Lambda' },
    { state: 'WriteToDynamoDB', changes: { TableName: NOWHERE }, error: 'DynamoDB' },
    { state: 'RecordOtherFile', changes: { TableName: NOWHERE }, error: 'DynamoDB' },
    { state: 'DeleteSourceFile', changes: { Bucket: NOWHERE }, error: 'S3.NoSuchBucketException' },
    { state: 'CopyToQuarantine', changes: { Bucket: NOWHERE }, error: 'S3.NoSuchBucketException' },
  ])('$state', async ({ state, changes, error }) => {
    const isImage = !['CopyToQuarantine', 'RecordOtherFile'].includes(state);
    const key = isImage ? `${state}.jpg` : `${state}.txt`;
    const input = await put(key, await photograph(480, 320));

    const ended = await withBroken(state, changes, () => execute(input));

    expect(ended).toMatchObject({ status: 'FAILED', error: expect.stringContaining(error) });
    const found = (await letters()).filter(({ body }) => body.input.key === key);
    expect(found.map(({ body }) => body)).toMatchObject([
      { input, execution: expect.any(String), error: { Error: expect.stringContaining(error) } },
    ]);
    expect(await inSource(key)).toBe(true);

    // Once the cause is gone, the letter's input does all of it.
    await redrive(
      pipeline.clients,
      pipeline,
      found.map(({ message }) => message),
    );
    await expect.poll(() => inSource(key), { timeout: 30_000 }).toBe(false);
    expect(await inDestination(isImage ? key : `rejected/${key}`)).toBe(true);
  });

  it('a refusal that cannot be recorded is a dead letter of that, and comes out once it is given again', async () => {
    const input = await put('unrecorded.jpg', Buffer.alloc(0));

    const ended = await withBroken('RecordRefusedFile', { TableName: NOWHERE }, () => execute(input));

    expect(ended).toMatchObject({ status: 'FAILED', error: expect.stringContaining('DynamoDB') });
    expect(await rowOf('unrecorded.jpg')).toBeUndefined();
    expect(await execute(input)).toMatchObject({ status: 'FAILED', error: 'EmptyImageError' });
    expect(await rowOf('unrecorded.jpg')).toMatchObject({
      rejected: expect.stringContaining('is empty'),
    });
    expect(await inSource('unrecorded.jpg')).toBe(true);
  });

  it('and even without the dead-letter queue the execution fails', async () => {
    const input = await put('lost.jpg', Buffer.alloc(0));

    const ended = await withBroken('SendDeadLetter', { QueueUrl: `${pipeline.deadLetterQueue}-gone` }, () =>
      execute(input),
    );

    expect(ended.status).toBe('FAILED');
    expect(await inSource('lost.jpg')).toBe(true);
  });
});
