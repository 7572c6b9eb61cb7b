import { describe, expect, test } from 'vitest';
import { objectInput } from '../testing/objects.ts';
import { HOSTILE_KEYS } from '../testing/records.ts';
import { KeyTooLongError } from './errors.ts';
import { copySourceOf, extensionOf, suffixedKey } from './keys.ts';

describe('extensionOf', () => {
  test.each([
    { key: 'a/b.JPEG', extension: 'jpeg' },
    { key: 'a.jpg/b', extension: '' },
    { key: 'a.jpg/', extension: '' },
    { key: 'a.tar.gz', extension: 'gz' },
    { key: '.jpg', extension: 'jpg' },
    { key: 'a.', extension: '' },
    { key: 'a.jpg ', extension: 'jpg ' },
  ])('$key', ({ key, extension }) => {
    expect(extensionOf(key)).toBe(extension);
  });
});

describe('suffixedKey', () => {
  test.each([
    { key: 'a/b.JPEG', suffixed: 'a/b-small.JPEG' },
    { key: 'v1.2/b.c.jpg', suffixed: 'v1.2/b.c-small.jpg' },
    { key: 'Grüße 東京.jpg', suffixed: 'Grüße 東京-small.jpg' },
    { key: 'a.b/c', suffixed: 'a.b/c-small' },
  ])('$key', ({ key, suffixed }) => {
    expect(suffixedKey(key, '-small')).toBe(suffixed);
  });

  test('takes what S3 takes, and no byte more', () => {
    const key = (bytes: number) => `é${'x'.repeat(bytes - 6)}.jpg`;

    expect(suffixedKey(key(1018), '-small')).toHaveLength(1023);
    expect(() => suffixedKey(key(1019), '-small')).toThrow(KeyTooLongError);
    expect(() => suffixedKey(key(1019), '-small')).toThrow(
      'with "-small" in it, it would have 1025 bytes, and S3 takes 1024: upload the file under a shorter key',
    );
  });
});

describe('copySourceOf', () => {
  const sourceOf = (key: string, versionId?: string) =>
    copySourceOf(objectInput({ key, body: Buffer.alloc(0), ...(versionId ? { versionId } : {}) }));

  test('is encoded, with the version', () => {
    expect(sourceOf('in/a b+c?.jpg', '3/L4k=')).toBe(
      'files-1a2b3c4d/in/a%20b%2Bc%3F.jpg?versionId=3%2FL4k%3D',
    );
  });

  test('names no version where there is none', () => {
    expect(sourceOf('a.jpg', 'null')).toBe('files-1a2b3c4d/a.jpg');
  });

  test.each(HOSTILE_KEYS)('comes out as it went in: $why', ({ key }) => {
    const [path = '', version] = sourceOf(key).split('?');

    expect(path.split('/').map(decodeURIComponent).join('/')).toBe(`files-1a2b3c4d/${key}`);
    expect(version).toBe('versionId=v1');
    expect(path).toMatch(/^[\x21-\x7e]+$/);
  });
});
