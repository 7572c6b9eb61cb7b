import { expect, it } from 'vitest';
import { forEmulator, fromEmulator } from './encoded-filters.ts';

const NEVER = '~'.repeat(1025);

it.each([
  ['', ''],
  ['in/', 'in/'],
  ['final+report', 'final report'],
  ['year%3D2026/', 'year=2026/'],
  ['a%2Bb', 'a+b'],
  ['100%25', '100%'],
  ['%C3%A9/', '\u00e9/'],
  ['%F0%9F%99%82', '\u{1F642}'],
])('%j means keys with %j, and is said again as it was', (filter, text) => {
  expect(forEmulator(filter)).toBe(text);
  expect(fromEmulator(text)).toBe(filter);
});

it.each(['k(1)', 'k%281%29', "it's", 'it%27s', 'a!*~'])(
  '%j is taken: the page does not say which of two encodings an event has',
  (filter) => {
    expect(forEmulator(filter)).toBe(decodeURIComponent(filter));
  },
);

it.each([
  ['is raw', 'year=2026/'],
  ['is raw', ' final.txt'],
  ['is raw', '\u00e9/'],
  ['is raw', 'a&b'],
  ['is raw', '100%'],
  ['has a space that no event has', 'a%20b'],
  ['has a slash that no event has', 'a%2Fb'],
  ['has an escape of a plain letter', '%61'],
  ['has small letters in an escape', 'a%3db'],
  ['ends within a character', 'caf%C3'],
])('what %s matches no key: %j', (_why, filter) => {
  expect(forEmulator(filter)).toBe(NEVER + filter);
  expect(fromEmulator(NEVER + filter)).toBe(filter);
});
