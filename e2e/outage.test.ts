import { expect, it } from 'vitest';
import { during } from './outage.ts';

const recorded = () => {
  const calls: string[] = [];
  const note = (name: string) => async () => void calls.push(name);
  return { calls, note, outage: { begin: note('begin'), end: note('end') } };
};

it('takes a part away, and gives it back', async () => {
  const { calls, note, outage } = recorded();
  await during(outage, note('run'));
  expect(calls).toEqual(['begin', 'run', 'end']);
});

it.each([
  ['what runs meanwhile', {}],
  ['taking it away', { begin: () => Promise.reject(new Error('no')) }],
])('gives it back when %s fails', async (_, changes) => {
  const { calls, outage } = recorded();
  const failing = () => Promise.reject(new Error('no'));
  await expect(during({ ...outage, ...changes }, failing)).rejects.toThrow('no');
  expect(calls.at(-1)).toBe('end');
});
