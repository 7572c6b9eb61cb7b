import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { settle } from '../../render.ts';
import { check } from '../../src/asl/check.ts';
import { lineOf } from '../../src/errors.ts';
import { isObject, stringAt } from '../../src/objects.ts';
import { CLAIMS } from '../claims.ts';
import { SAMPLES, type Sample } from './samples.ts';

/** The errors of a sample, as lines, without the definition's own path. */
const report = ({ definition, execution }: Sample) =>
  check(definition, 'definition', execution).map((error) =>
    lineOf(error).replaceAll(/\bdefinition(?=\.States|\.[A-Z]\w+:|:)/g, ''),
  );

describe.each(SAMPLES.map((sample) => [sample.why, sample] as const))('%s', (_why, sample) => {
  it(sample.problems.length === 0 ? 'is right' : 'is wrong, and it is said where', () => {
    expect(report(sample)).toEqual(sample.problems);
  });

  it(`has ${sample.differs ? 'another' : 'the same'} verdict from asl-validator`, () => {
    let valid: boolean | undefined;
    try {
      // It writes into the definition that it checks.
      valid = validate(structuredClone(sample.definition)).isValid;
    } catch {
      valid = undefined;
    }
    expect(valid === (sample.problems.length === 0)).toBe(sample.differs === undefined);
  });
});

describe('the project’s own workflows', () => {
  it.each(Object.keys(CLAIMS))('%s has nothing wrong', async (name) => {
    const { resources } = (await settle(CLAIMS[name] ?? {})).rendered;
    const machine = resources['state-machine'];
    // Some workflows have none.
    if (!machine) return expect(Object.keys(resources)).not.toContain('state-machine');
    const definition: unknown = JSON.parse(stringAt(machine, 'spec', 'forProvider', 'definition') ?? '');
    const express = stringAt(machine, 'spec', 'forProvider', 'type') === 'EXPRESS';
    expect(isObject(definition) && definition['StartAt']).toBeTruthy();
    expect(check(definition, 'definition', express ? 'Express' : 'Standard')).toEqual([]);
  });
});
