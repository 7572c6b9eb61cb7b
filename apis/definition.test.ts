import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluate } from '@marcbachmann/cel-js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exampleClaims } from '../function/examples.ts';
import { isObject } from '../function/src/objects.ts';
import { withDefaults } from '../function/src/read-spec.ts';
import { admit, readClaimFile } from './admission.ts';
import type { StructuralSchema } from './structural-schema.ts';

const definition = parse(readFileSync(new URL('definition.yaml', import.meta.url), 'utf8'));
const schema: StructuralSchema = definition.spec.versions[0].schema.openAPIV3Schema;

interface Field {
  path: string;
  schema: StructuralSchema;
}

/** Every schema at or below one, with its path. */
function fields(path: string, here: StructuralSchema): Field[] {
  const { properties = {}, items, additionalProperties } = here;
  return [
    { path, schema: here },
    ...Object.entries(properties).flatMap(([name, below]) => fields(`${path}.${name}`, below)),
    ...(items ? fields(`${path}[]`, items) : []),
    ...(additionalProperties ? fields(`${path}{}`, additionalProperties) : []),
  ];
}

const all = fields('', schema);
const spec = all.filter(({ path }) => path.startsWith('.spec.'));
const pathsWhere = (list: Field[], wrong: (schema: StructuralSchema) => boolean) =>
  list.filter((field) => wrong(field.schema)).map(({ path }) => path);

describe('the schema', () => {
  it('describes every property, for `kubectl explain`', () => {
    const properties = all.filter(({ path }) => !/(^|[\]}]|\.spec)$/.test(path));
    expect(properties.length).toBeGreaterThan(50);
    expect(pathsWhere(properties, ({ description }) => !description?.endsWith('.'))).toEqual([]);
  });

  it('bounds every string, list and map of the spec, so that the API server can reckon what CEL rules cost', () => {
    const unbounded = {
      string: pathsWhere(
        spec,
        ({ type, maxLength, enum: values }) => type === 'string' && !maxLength && !values,
      ),
      array: pathsWhere(spec, ({ type, maxItems }) => type === 'array' && !maxItems),
      map: pathsWhere(spec, (one) => one.additionalProperties !== undefined && !one.maxProperties),
    };
    expect(unbounded).toEqual({ string: [], array: [], map: [] });
  });

  it('bounds every number of the spec, or lists its values', () => {
    const isFree = ({ type, minimum, maximum, enum: values }: StructuralSchema) =>
      type === 'integer' && !values && (minimum === undefined || maximum === undefined);
    expect(pathsWhere(spec, isFree)).toEqual([]);
  });

  it('has only keywords that admission checks', () => {
    const known = [
      ...[
        'type',
        'description',
        'default',
        'enum',
        'required',
        'properties',
        'additionalProperties',
        'items',
      ],
      ...['pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems', 'maxProperties'],
      ...['x-kubernetes-list-type', 'x-kubernetes-list-map-keys', 'x-kubernetes-validations'],
      'x-kubernetes-preserve-unknown-fields',
    ];
    const used = new Set(all.flatMap((field) => Object.keys(field.schema)));
    expect([...used].filter((keyword) => !known.includes(keyword))).toEqual([]);
  });

  it('has defaults that keep the rules beside them as they stand, which is how the API server tries them', () => {
    const broken = all.flatMap(
      ({ path, schema: { default: self, 'x-kubernetes-validations': rules = [] } }) =>
        self === undefined
          ? []
          : rules
              .filter(({ rule }) => !rule.includes('oldSelf'))
              .filter(({ rule }) => evaluate(rule, { self }) !== true)
              .map(({ rule }) => `${path}: ${rule}`),
    );
    expect(broken).toEqual([]);
  });

  it('ends every rule with a sentence that says the fix', () => {
    const messages = all
      .flatMap((field) => field.schema['x-kubernetes-validations'] ?? [])
      .map(({ message }) => message);
    const fix =
      /\. (Create another|Change|Write|Remove|Set|Rename|Shorten|Choose another|Keep|Give|Name another|Add|Swap) ?[^.]*(\.[^. ][^.]*)*\.$/;
    expect(messages.length).toBeGreaterThan(15);
    expect(messages.filter((message) => !fix.test(message))).toEqual([]);
  });

  it('gives every object with defaults inside a default of its own, or they would not be filled in', () => {
    const hasDefault = (one: StructuralSchema): boolean =>
      Object.values(one.properties ?? {}).some((below) => below.default !== undefined);
    const lost = spec.filter((field) => hasDefault(field.schema) && field.schema.default === undefined);
    // Required, or there only when given. The function adds processImage where it is left out, as the type's settings.
    expect(lost.map(({ path }) => path)).toEqual([
      '.spec.source.upload',
      '.spec.workflow.processImage',
      '.spec.workflow.runScript',
      '.spec.workflow.runScript.network',
      '.spec.workflow.custom',
      '.spec.table.billing.read',
      '.spec.table.billing.write',
    ]);
  });
});

it('no item of a list has defaults, where the function fills in none', () => {
  const inLists = spec.filter(({ path }) => path.includes('[]'));
  expect(inLists.length).toBeGreaterThan(10);
  expect(pathsWhere(inLists, (one) => one.default !== undefined)).toEqual([]);
});

const examples = exampleClaims();
const readExample = (file: string) => readClaimFile(join(import.meta.dirname, '../examples', file));

describe('the examples', () => {
  it('are all here', () => {
    expect(examples).toEqual(expect.arrayContaining(['claim.yaml', 'record-file/production.yaml']));
  });

  it.each(examples)('%s is admitted, with the defaults that the function fills in by itself', (file) => {
    const claim = readExample(file);
    const given = isObject(claim) ? claim : {};
    expect(admit(claim)).toEqual({ claim: { ...given, spec: withDefaults(given['spec']) } });
  });

  it.each(examples)('%s may be applied again', (file) => {
    const claim = readExample(file);
    expect(admit(claim, claim)).toEqual(admit(claim));
  });
});
