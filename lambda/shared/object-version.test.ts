import { describe, expect, test } from 'vitest';
import { objectInput, oneObject } from '../testing/objects.ts';
import { BUCKET, rejectionOf } from '../testing/records.ts';
import { ObjectGoneError, ObjectIncompleteError, objectVersionOf, readObject } from './object-version.ts';

const BODY = Uint8Array.from({ length: 5_000 }, (_, index) => index % 251);
const OBJECT = objectVersionOf(objectInput({ key: 'a/b.jpg', body: BODY }));

describe('readObject', () => {
  test('asks for the first bytes of exactly this version', async () => {
    const { s3, gets } = oneObject(BODY);

    expect(await readObject(s3, OBJECT, 4_100)).toEqual(BODY.subarray(0, 4_100));
    expect(gets).toEqual([
      {
        Bucket: BUCKET,
        Key: 'a/b.jpg',
        VersionId: 'v1',
        IfMatch: '"d41d8cd98f00b204e9800998ecf8427e"',
        Range: 'bytes=0-4099',
      },
    ]);
  });

  test('asks for no range when it wants all', async () => {
    const { s3, gets } = oneObject(BODY);

    expect(await readObject(s3, OBJECT, BODY.length)).toEqual(BODY);
    expect(gets[0]).not.toHaveProperty('Range');
  });

  test('the version of a bucket without versioning is null, as a text', async () => {
    const { s3, gets } = oneObject(BODY);

    await readObject(s3, { ...OBJECT, versionId: 'null' }, 1);

    expect(gets[0]?.VersionId).toBe('null');
  });

  test('cuts what a server sends beyond the range', async () => {
    const s3 = { send: async () => ({ Body: { transformToWebStream: () => streamOf(BODY) } }) };

    expect(await readObject(s3, OBJECT, 10)).toEqual(BODY.subarray(0, 10));
  });

  test('asks for nothing when there is nothing', async () => {
    const { s3, gets } = oneObject(BODY);

    expect(await readObject(s3, { ...OBJECT, size: 0 }, 4_100)).toEqual(new Uint8Array());
    expect(gets).toEqual([]);
  });

  test.each(['NoSuchKey', 'NoSuchVersion', 'PreconditionFailed'])('%s: the version is gone', async (name) => {
    const { s3 } = oneObject(BODY, () => Object.assign(new Error('no'), { name }));

    const error = await rejectionOf(readObject(s3, OBJECT, 1));

    expect(error).toBeInstanceOf(ObjectGoneError);
    expect(error.message).toBe(
      `"a/b.jpg" in ${BUCKET}: version v1 with ETag d41d8cd98f00b204e9800998ecf8427e does not exist any more (${name}); ` +
        'upload the file again if it is still needed',
    );
  });

  test('other errors of S3 stay as they are', async () => {
    const denied = Object.assign(new Error('no'), { name: 'AccessDenied' });
    const { s3 } = oneObject(BODY, () => denied);

    expect(await rejectionOf(readObject(s3, OBJECT, 1))).toBe(denied);
  });

  test('less than S3 said is an error', async () => {
    const { s3 } = oneObject(BODY.subarray(0, 10));

    const error = await rejectionOf(readObject(s3, OBJECT, BODY.length));

    expect(error).toEqual(
      new ObjectIncompleteError(`"a/b.jpg" in ${BUCKET}: S3 sent 10 of 5000 bytes, try again`),
    );
  });
});

function streamOf(bytes: Uint8Array): ReadableStream {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}
