import { describe, expect, it } from 'vitest';
import { claimOf } from '../function/render.ts';
import { at as jsonAt } from '../function/src/objects.ts';
import { filePages, rowKey, rowsOf, versionPages } from './objects.ts';
import { targetOf } from './target.ts';
import { awsOf } from './tests/stand-in.ts';

const target = (type: string) => targetOf(claimOf({ region: 'eu-west-1', workflow: { type } }));
const at = new Date('2026-05-03T12:00:00Z');
const version = (Key: string, VersionId: string, IsLatest: boolean, Size = 1) => ({
  ...{ Key, VersionId, IsLatest, Size },
  ETag: '"e"',
  LastModified: at,
});

describe('filePages', () => {
  const listed = async (pages: readonly Readonly<Record<string, unknown>>[]) => {
    let asked = 0;
    const aws = awsOf((_command, { KeyMarker }) => {
      expect(KeyMarker).toBe(asked === 0 ? undefined : pages[asked - 1]?.['NextKeyMarker']);
      return { IsTruncated: asked < pages.length - 1, ...pages[asked++] };
    });
    const found: string[] = [];
    for await (const page of filePages(versionPages(aws, 'b', '')))
      found.push(
        ...page.map(({ key, versionId, isDeleted }) => `${key} ${versionId}${isDeleted ? ' deleted' : ''}`),
      );
    return found;
  };

  it('has the newest version of each key, and no folders', async () => {
    const Versions = [
      ...[version('a', '2', true), version('a', '1', false)],
      ...[version('dir/', '1', true, 0), version('full/', '1', true, 5)],
    ];
    expect(await listed([{ Versions }])).toEqual(['a 2', 'full/ 1']);
  });

  it('has what was deleted since, with its version on the next page too', async () => {
    const pages = [
      {
        Versions: [version('a', '1', false)],
        DeleteMarkers: [
          { Key: 'a', IsLatest: true },
          { Key: 'b', IsLatest: true },
        ],
        NextKeyMarker: 'b',
      },
      { Versions: [version('b', '2', false), version('b', '1', false), version('c', '1', true)] },
    ];
    expect(await listed(pages)).toEqual(['a 1 deleted', 'b 2 deleted', 'c 1']);
  });

  it('asks for a page when it is wanted, and holds no other', async () => {
    let asked = 0;
    const aws = awsOf(() => {
      asked += 1;
      const Key = `key ${asked}`;
      return { Versions: [version(Key, '1', true)], IsTruncated: true, NextKeyMarker: Key };
    });
    for await (const _page of filePages(versionPages(aws, 'b', ''))) if (asked === 3) break;
    expect(asked).toBe(3);
  });
});

it('rowsOf asks again for what DynamoDB left, a hundred keys at a time', async () => {
  const asked: number[] = [];
  const aws = awsOf((_command, { RequestItems }) => {
    const found = jsonAt(RequestItems, 't', 'Keys');
    const Keys: readonly unknown[] = Array.isArray(found) ? found : [];
    asked.push(Keys.length);
    const done = Keys.length > 1 ? Keys.slice(1) : Keys;
    const left = Keys.length > 1 ? { t: { Keys: Keys.slice(0, 1) } } : {};
    const items = done.map((key) => ({ Filename: jsonAt(key, 'Filename'), size: { N: '7' } }));
    return { Responses: { t: items }, UnprocessedKeys: left };
  });
  const keys = Array.from({ length: 150 }, (_, index) => `k${index}`);
  const rows = await rowsOf(aws, target('RecordFile'), 't', [...keys, 'k0']);
  expect(asked).toEqual([100, 1, 50, 1]);
  expect([...rows.keys()].sort()).toEqual(keys.sort());
  expect(rows.get('k1')).toEqual({ Filename: 'k1', size: 7 });
});

it('rowKey: the key, or the id in it', () => {
  expect(rowKey(target('RecordFile'), 'uploads/x/a.txt')).toBe('uploads/x/a.txt');
  const runScript = targetOf(
    claimOf({
      region: 'eu-west-1',
      source: { upload: { authorization: 'None' } },
      workflow: { type: 'RunScript', runScript: { network: { subnetId: 'subnet-1' } } },
    }),
  );
  expect(rowKey(runScript, 'uploads/x1/a.txt')).toBe('x1');
  expect(rowKey(runScript, 'outputs/x1/a.txt')).toBeUndefined();
});
