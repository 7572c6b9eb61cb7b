import { describe, expect, it } from 'vitest';
import { lineOf } from '../function/src/errors.ts';
import { defaulted, identityOf, type StructuralSchema, schemaErrors } from './structural-schema.ts';

const told = (...given: Parameters<typeof schemaErrors>) => schemaErrors(...given).map(lineOf);

const text: StructuralSchema = { type: 'string' };
const set: StructuralSchema = { type: 'array', 'x-kubernetes-list-type': 'set', items: text };
const entry: StructuralSchema = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', pattern: '^[a-z]+$' },
    size: { type: 'integer', default: 1 },
    labels: { type: 'object', additionalProperties: text },
  },
};
const map: StructuralSchema = {
  type: 'array',
  description: 'Things by name. More of them.',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['name'],
  items: entry,
};
const anything: StructuralSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

describe('what no two items of a list may have in common', () => {
  it.each<[why: string, list: StructuralSchema, item: unknown, identity: string | undefined]>([
    ['all of it, in a set', set, '.csv', '".csv"'],
    ['its keys, in a map', map, { name: 'a', size: 2 }, '{"name":"a"}'],
    ['nothing, where a key is missing', map, { size: 2 }, undefined],
    ['nothing, where it is no object', map, 'a', undefined],
    ['nothing, in another list', { ...map, 'x-kubernetes-list-type': 'atomic' }, { name: 'a' }, undefined],
    ['nothing, in a list of no type', { type: 'array', items: text }, '.csv', undefined],
  ])('%s', (_why, list, item, identity) => {
    expect(identityOf(list, item)).toBe(identity);
  });

  it('is refused where it is there twice, with whatever else is wrong', () => {
    const items = [{ name: 'a' }, { name: 'b', size: 2 }, { name: 'a', size: 'x' }, { size: 1 }, { size: 1 }];
    expect(told(map, items, 'things')).toEqual([
      'things[2]: Duplicate value: {"name":"a"}: must be there once. Remove one of them.',
      'things[2].size: Invalid value: "x": must be of type integer, but is of type string. Write a whole number.',
      'things[3].name: Required value: add it.',
      'things[4].name: Required value: add it.',
    ]);
  });

  it('is told apart past what a message shows', () => {
    const long = 'x'.repeat(200);
    expect(told(set, [`${long}1`, `${long}2`], 'things')).toEqual([]);
    expect(told(set, [long, long], 'things')).toEqual([
      `things[1]: Duplicate value: "${'x'.repeat(116)}...: must be there once. Remove one of them.`,
    ]);
  });
});

describe('an item of a list', () => {
  it('is told of in the words of the list, where it has none of its own', () => {
    const list: StructuralSchema = { ...set, description: 'Endings.', items: { ...text, pattern: '^[.]' } };
    expect(told(list, ['csv'], 'things')).toEqual([
      'things[0]: Invalid value: "csv": must match ^[.]. Correct it: Endings.',
    ]);
  });

  it('gets its defaults', () => {
    expect(defaulted(map, [{ name: 'a' }, { name: 'b', size: null }])).toEqual([
      { name: 'a', size: 1 },
      { name: 'b', size: 1 },
    ]);
  });

  it('stays when it is null, and is refused', () => {
    expect(defaulted(map, [null])).toEqual([null]);
    expect(told(map, [null], 'things')).toEqual([
      'things[0]: Invalid value: null: must be of type object, but is of type null. Write fields with their values.',
    ]);
  });
});

describe('a field that takes unknown ones', () => {
  const value = { StartAt: 'A', Nothing: null, States: { A: { ResultPath: null, Items: [null, 1] } } };

  it('keeps all that is in it, nulls too', () => {
    expect(defaulted(anything, value)).toEqual(value);
    expect(told(anything, value, 'definition')).toEqual([]);
  });

  it('drops nulls and checks types where it knows the field', () => {
    const partly: StructuralSchema = { ...anything, properties: { Comment: text } };
    expect(defaulted(partly, { Comment: null, Other: null })).toEqual({ Other: null });
    expect(told(partly, { Comment: 1, Other: 1 }, 'definition')).toEqual([
      'definition.Comment: Invalid value: 1: must be of type string, but is of type integer. Put it in quotes.',
    ]);
  });

  it('is an object all the same', () => {
    expect(told(anything, '{}', 'definition')).toEqual([
      'definition: Invalid value: "{}": must be of type object, but is of type string. Write fields with their values.',
    ]);
  });
});

it('nulls in a map of texts are dropped', () => {
  expect(defaulted(entry, { name: 'a', size: 2, labels: { team: null, tier: 'gold' } })).toEqual({
    name: 'a',
    size: 2,
    labels: { tier: 'gold' },
  });
});
