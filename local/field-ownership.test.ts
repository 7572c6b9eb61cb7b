import { expect, test } from 'vitest';
import {
  added,
  afterApply,
  lateInitialization,
  merged,
  NOTHING_WRITTEN,
  ownedByAll,
  type Written,
} from './field-ownership.ts';

const late = (lateInitialized: Written['lateInitialized']): Written => ({
  ...NOTHING_WRITTEN,
  lateInitialized,
});

test('what the provider wrote stays beside what is applied', () => {
  const written: Written = { references: { apiId: 'a1' }, lateInitialized: { cors: { maxAge: 300 } } };
  expect(afterApply(written, { name: 'x' })).toEqual(written);
  expect(ownedByAll({ name: 'x', cors: { headers: ['a'] } }, written)).toEqual({
    name: 'x',
    apiId: 'a1',
    cors: { maxAge: 300, headers: ['a'] },
  });
});

test.each([
  ['another value takes it from the provider', { maxAge: 60 }, {}],
  ['the same value has two owners', { maxAge: 300 }, { cors: { maxAge: 300 } }],
  ['silence leaves it', {}, { cors: { maxAge: 300 } }],
])('%s', (_, cors, left) => {
  const written = afterApply(late({ cors: { maxAge: 300 } }), { cors });
  expect(written.lateInitialized).toEqual(left);
  // A field that Crossplane no longer applies stays as long as the provider owns it.
  expect(ownedByAll({ name: 'x' }, written)).toEqual({ name: 'x', ...left });
});

test('a list is one value', () => {
  expect(afterApply(late({ layers: ['a', 'b'] }), { layers: ['b'] })).toEqual(late({}));
  expect(merged({ layers: ['a', 'b'] }, { layers: ['b'] })).toEqual({ layers: ['b'] });
});

test('added: what is new or otherwise, at any depth', () => {
  const before = { name: 'x', rule: { arnRef: { name: 'r' } }, tags: ['a'] };
  const after = { name: 'x', rule: { arnRef: { name: 'r' }, arn: 'arn:r' }, tags: ['b'], apiId: 'a1' };
  expect(added(before, after)).toEqual({ rule: { arn: 'arn:r' }, tags: ['b'], apiId: 'a1' });
  expect(added(before, before)).toEqual({});
});

test('late initialization fills in top-level fields that AWS has, and looks into no block that is there', () => {
  const names = ['cors', 'rule', 'description', 'capacity', 'target', 'name'];
  const state = {
    cors: { origins: ['a'], credentials: false, maxAge: 300, headers: [] },
    rule: [{ id: 'x', days: 3 }],
    description: '',
    capacity: 0,
    target: undefined,
    name: 'other',
    unknown: 'x',
  };
  expect(lateInitialization(names, { name: 'x' }, state)).toEqual({
    cors: { origins: ['a'], maxAge: 300 },
    rule: [{ id: 'x', days: 3 }],
  });
  expect(lateInitialization(names, { cors: { origins: ['b'] }, rule: [] }, state)).toEqual({ name: 'other' });
});
