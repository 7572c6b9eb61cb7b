import { describe, expect, test } from 'vitest';
import { HOSTILE_KEYS } from '../testing/records.ts';
import { transition } from './transition.ts';
import { FROM, inputKey, STATUSES, uploadOf } from './upload-row.ts';

describe('a row of RunScript', () => {
  test('goes forward only, and never on from an end', () => {
    for (const [place, status] of STATUSES.entries()) {
      for (const before of FROM[status]) expect(STATUSES.indexOf(before)).toBeLessThan(place);
      expect(FROM[status]).not.toContain('done');
      expect(FROM[status]).not.toContain('failed');
    }
  });

  test('moves on the condition that it may', () => {
    const address = { table: 'uploads', partitionKey: 'the key', id: 'abc' };

    expect(transition(address, 'running', '2026-01-02T03:04:05Z', { deadline: { N: '9' } })).toEqual({
      TableName: 'uploads',
      Key: { 'the key': { S: 'abc' } },
      UpdateExpression: 'SET #status = :status, #updated = :updated, #deadline = :deadline',
      ConditionExpression: '#status IN (:uploaded, :launched)',
      ExpressionAttributeNames: { '#status': 'status', '#updated': 'updated', '#deadline': 'deadline' },
      ExpressionAttributeValues: {
        ':status': { S: 'running' },
        ':updated': { S: '2026-01-02T03:04:05Z' },
        ':deadline': { N: '9' },
        ':uploaded': { S: 'uploaded' },
        ':launched': { S: 'launched' },
      },
    });
  });
});

describe('the key of an upload', () => {
  test.each(HOSTILE_KEYS)('holds any file name: $why', ({ key }) => {
    expect(uploadOf(`uploads/V1StGXR8_Z5jdHi6B-myT/${key}`)).toEqual({
      id: 'V1StGXR8_Z5jdHi6B-myT',
      fileName: key,
    });
  });

  test.each([
    ["it's (1) Grüße.txt", "it's (1) Grüße.txt"],
    ['~$plan $$ $HOME', '~_plan __ _HOME'],
  ])('of %j has no sign that a form cannot have: %j', (fileName, kept) => {
    expect(inputKey('abc', fileName)).toBe(`uploads/abc/${kept}`);
    expect(uploadOf(inputKey('abc', fileName))).toEqual({ id: 'abc', fileName: kept });
  });

  test.each([
    '',
    'uploads',
    'uploads/',
    'uploads/abc',
    'uploads/abc/',
    'uploads//a.txt',
    'uploads/a b/c.txt',
    'other/abc/a.txt',
    'uploads/é/a.txt',
    `uploads/${'x'.repeat(65)}/a`,
  ])('is not %j', (key) => {
    expect(uploadOf(key)).toBeUndefined();
  });
});
