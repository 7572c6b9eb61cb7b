import { expect, test } from 'vitest';
import { isRowAttribute, ROW_ATTRIBUTES } from './row.ts';

test('the attributes of a row', () => {
  expect(ROW_ATTRIBUTES).toEqual([
    'bucket',
    'size',
    'eTag',
    'versionId',
    'sequencer',
    'eventTime',
    'recordedAt',
  ]);
});

test.each([
  { name: 'size', taken: true, why: 'one of them' },
  { name: 'Size', taken: false, why: 'another name to DynamoDB' },
  { name: 'Filename', taken: false, why: 'none of them' },
])('$name is taken: $taken, as it is $why', ({ name, taken }) => {
  expect(isRowAttribute(name)).toBe(taken);
});
