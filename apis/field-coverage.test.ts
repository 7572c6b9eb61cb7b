/** What a new field of the spec has to have, beside its wrong claim in `refusals`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isObject } from '../function/src/objects.ts';
import { CLAIMS } from '../function/tests/claims.ts';
import { WITHDRAWALS } from '../function/tests/withdrawals.ts';
import { readSpecSchema } from './admission.ts';
import type { StructuralSchema } from './structural-schema.ts';

const ROOT = join(import.meta.dirname, '..');

/** Paths of the fields below which there are no named ones; items of a list are as the list. */
function leaves(schema: StructuralSchema, path: string): string[] {
  if (schema.items?.properties) return leaves(schema.items, path);
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return [path];
  return fields.flatMap(([name, below]) => leaves(below, path === '' ? name : `${path}.${name}`));
}

/** Every path that a value has, and each on the way to it. */
function given(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return [path, ...value.flatMap((item) => given(item, path))];
  if (!isObject(value)) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([name, inner]) => given(inner, path === '' ? name : `${path}.${name}`)),
  ];
}

/** Fields that no claim there has, and the test in function/tests that is about them. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  providerConfigRef: 'settings.test.ts',
  'workflow.processImage.destination.adopt': 'ownership.test.ts',
  'workflow.processImage.layerArn': 'process-image.test.ts',
  'workflow.processImage.layer': 'process-image.test.ts',
  'workflow.runScript.scriptLocation': 'run-script.test.ts',
  'workflow.custom.functions.imageUri': 'custom.test.ts',
  'workflow.custom.functions.memoryMB': 'custom.test.ts',
  'workflow.custom.functions.timeoutSeconds': 'custom.test.ts',
  'workflow.custom.functions.policyStatements': 'custom.test.ts',
  'workflow.custom.policyStatements': 'custom.test.ts',
  'table.adopt': 'ownership.test.ts',
  'table.billing.read.targetUtilization': 'golden.test.ts',
  'table.billing.write.targetUtilization': 'golden.test.ts',
};

// Crossplane's own.
const { crossplane: _, ...own } = readSpecSchema().properties ?? {};
const FIELDS = leaves({ ...readSpecSchema(), properties: own }, '');

it('every field is given by a claim, so that goldens and withdrawals meet it', () => {
  const claims = [...Object.values(CLAIMS), ...WITHDRAWALS.flatMap(({ before, after }) => [before, after])];
  const known = new Set(claims.flatMap((claim) => given(claim['spec'])));
  const isElsewhere = (field: string) =>
    Object.keys(ELSEWHERE).some((path) => field === path || field.startsWith(`${path}.`));
  expect(FIELDS.length).toBeGreaterThan(80);
  expect(
    FIELDS.filter((field) => !known.has(field) && !isElsewhere(field)),
    'function/tests/claims.yaml: give the field in a claim, and its withdrawal in withdrawals.yaml',
  ).toEqual([]);
  const isStale = (path: string) =>
    FIELDS.filter((field) => field === path || field.startsWith(`${path}.`)).every((field) =>
      known.has(field),
    );
  expect(Object.keys(ELSEWHERE).filter(isStale), 'ELSEWHERE: remove what a claim has').toEqual([]);
});

it.each(Object.entries(ELSEWHERE))('%s is given by %s', (field, file) => {
  const text = readFileSync(join(ROOT, 'function/tests', file), 'utf8');
  expect(text).toMatch(new RegExp(`\\b${field.split('.').at(-1)}\\b`));
});
