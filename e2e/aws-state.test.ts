import { expect, it } from 'vitest';
import { canonical, differences } from './aws-state.ts';

it('leaves out what is volatile and the tags of the provider, and parses documents', () => {
  const left = {
    RoleId: 'AROA1',
    CreateDate: new Date(),
    AssumeRolePolicyDocument: encodeURIComponent('{"Version":"2012-10-17","Statement":[]}'),
    Tags: [
      { Key: 'crossplane-name', Value: 'a' },
      { Key: 'team', Value: 'a' },
    ],
  };
  expect(canonical(left)).toEqual({
    AssumeRolePolicyDocument: { Statement: [], Version: '2012-10-17' },
    Tags: [{ Key: 'team', Value: 'a' }],
  });
});

it('an order that AWS does not keep is no difference', () => {
  expect(differences(canonical({ a: ['x', 'y'] }), canonical({ a: ['y', 'x'] }))).toEqual([]);
});

it('differences are told by path, with both values', () => {
  expect(
    differences({ table: { ttl: 'ENABLED', key: 'a' } }, { table: { ttl: 'DISABLED', key: 'a' }, extra: 1 }),
  ).toEqual(['table.ttl: "ENABLED" and "DISABLED"', 'extra: undefined and 1']);
});
