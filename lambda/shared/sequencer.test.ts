import { describe, expect, test } from 'vitest';
import { comparable } from './sequencer.ts';

/** The order that S3 defines: the shorter one padded with zeros on the right, then as text. */
function inOrderOfS3(a: string, b: string): number {
  const length = Math.max(a.length, b.length);
  const [left, right] = [a, b].map((text) => text.toUpperCase().padEnd(length, '0'));
  return left === right ? 0 : (left ?? '') < (right ?? '') ? -1 : 1;
}

/** As rows were written before: padded on the left, to 32 digits. */
const paddedLeft = (sequencer: string) => sequencer.toUpperCase().padStart(32, '0');

const compare = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);

describe('sequencers', () => {
  test('are of 32 digits, the 18 that S3 sends at their end', () => {
    expect(comparable('0055aed6dcd90281e5')).toBe('000000000000000055AED6DCD90281E5');
    expect(comparable('0055AED6DD000000')).toBe('00000000000000' + '0055AED6DD00000000');
    expect(comparable('0')).toBe('0'.repeat(32));
  });

  const samples = [
    ...['0', '00', '9', 'a', 'F', 'FF', '100', '1000', '01', '001'],
    ...['0055AED6DC90281E55', '0055AED6DD000000', '0055aed6dd', '0055AED6DD00', '617f08299329d189'],
    ...['0055AED6DC90281E5500', '0055AED6DC90281E5501', '0055AED6DC90281E55010', 'f'.repeat(32)],
  ];
  test.each(samples)('compare as texts as S3 compares them: %s', (a) => {
    for (const b of samples)
      expect([b, compare(comparable(a), comparable(b))]).toEqual([b, inOrderOfS3(a, b)]);
  });
});

describe('a row that was padded on the left', () => {
  const sent = '0055AED6DD000000FF';

  test('has the very form of today, if its sequencer has the 18 digits that S3 sends', () => {
    expect(paddedLeft(sent)).toBe(comparable(sent));
  });

  test.each([
    { why: 'the same event again', event: sent, order: 0 },
    { why: 'a newer event', event: '0055AED6DD00000100', order: -1 },
    { why: 'a newer event, shorter', event: '0055AED6DD0001', order: -1 },
    { why: 'an older event that comes late', event: '0055AED6DC90281E55', order: 1 },
    { why: 'an older event that comes late, shorter', event: '0055AED6DD0000', order: 1 },
  ])('is then compared exactly: $why', ({ event, order }) => {
    expect(compare(paddedLeft(sent), comparable(event))).toBe(order);
  });

  test.each([
    { why: 'a newer event', event: '0055AED6DD00000001' },
    { why: 'a newer event, shorter', event: '0055AED6DE' },
    // The last two write the row once more: the first with what it has, the second with what is older.
    { why: 'the same event again', event: '0055AED6DD0000' },
    { why: 'an older event that comes late', event: '0055AED6DC90281E55' },
  ])('is older than any event, if its sequencer is shorter: $why', ({ event }) => {
    expect(paddedLeft('0055AED6DD0000') < comparable(event)).toBe(true);
  });
});
