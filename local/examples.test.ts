import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { exampleClaims } from '../function/examples.ts';
import { stringAt } from '../function/src/objects.ts';

it('the examples have names of their own, so that all of them can be applied side by side', () => {
  const names = exampleClaims().map((path) => {
    const text = readFileSync(join(import.meta.dirname, '../examples', path), 'utf8');
    return stringAt(parse(text), 'metadata', 'name');
  });
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
