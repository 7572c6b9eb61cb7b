import { describe, expect, test } from 'vitest';
import { MalformedInputError, readInput } from './task-input.ts';

describe('readInput', () => {
  test('reads texts and sizes', () => {
    const fields = readInput({ key: 'a', size: 0 });

    expect([fields.text('key'), fields.bytes('size')]).toEqual(['a', 0]);
  });

  test.each([
    { input: { key: '' }, says: 'key: expected a text, found ""' },
    { input: { key: 7 }, says: 'key: expected a text, found 7' },
    { input: [], says: 'key: expected a text, found nothing' },
    { input: null, says: 'key: expected a text, found nothing' },
  ])('refuses $input: $says', ({ input, says }) => {
    expect(() => readInput(input).text('key')).toThrow(new MalformedInputError(says));
  });

  test.each(['7', -1, 0.5, undefined])('refuses %j as a size', (size) => {
    expect(() => readInput({ size }).bytes('size')).toThrow(MalformedInputError);
  });
});
