import { expect, it } from 'vitest';
import { oneLine, summary } from './say.ts';

it('sums up in one line', () => {
  expect(summary(3, 6, 0)).toBe('3 environments, 6 claims: nothing wrong');
  expect(summary(1, 1, 1)).toBe('1 environment, 1 claim: 1 problem');
  expect(summary(2, 0, 3)).toBe('2 environments, 0 claims: 3 problems');
});

it('has each problem in one line', () => {
  expect(oneLine(' a:\n   b\n\n c\n')).toBe('a: b c');
});
