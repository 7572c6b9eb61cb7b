import { expect, it } from 'vitest';
import { type Choosable, letterFilter } from './letter-filter.ts';

const now = new Date('2026-05-03T12:00:00Z');
const letter: Choosable = {
  objects: [
    { key: 'in/a.csv', versionId: 'v' },
    { key: 'in/b.csv', versionId: 'null' },
  ],
  why: 'DynamoDB.ResourceNotFoundException: Requested resource not found',
  time: new Date('2026-05-03T11:00:00Z'),
};

it.each([
  [{}, true],
  [{ key: 'in/b.csv' }, true],
  [{ key: 'in/' }, false],
  [{ key: 'in/*' }, false],
  [{ error: 'resourcenotfound' }, true],
  [{ error: 'Throttl' }, false],
  [{ 'older-than': '59m' }, true],
  [{ 'older-than': '1h' }, false],
  [{ 'newer-than': '1h' }, true],
  [{ 'newer-than': '59m' }, false],
  [{ 'newer-than': '2026-05-03', 'older-than': '30m', key: 'in/a.csv', error: 'not found' }, true],
  [{ 'newer-than': '2026-05-03', 'older-than': '30m', key: 'in/c.csv', error: 'not found' }, false],
])('%j: %s', (values, expected) => {
  expect(letterFilter(values, now)(letter)).toBe(expected);
});

it('a letter about no object is none of a key', () => {
  expect(letterFilter({ key: '' }, now)({ ...letter, objects: [] })).toBe(false);
});

it('names the option whose time is none', () => {
  expect(() => letterFilter({ 'older-than': 'yesterday' }, now)).toThrow(
    '--older-than: Invalid value: "yesterday": must be a time such as 10m, 2h or 3d, or a date such as 2026-01-31T12:00:00Z.',
  );
});
