/** What calls, variables and times are held to, beside the language's own rules. */
import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/asl/check.ts';
import { RIGHT_CALLS, WRONG_CALLS } from './calls.ts';
import { plain, report } from './corpus.ts';

describe('is right', () => {
  it.each(RIGHT_CALLS.map((sample) => [sample.why, sample] as const))('%s', (_why, sample) => {
    const definition = plain(sample.definition);
    expect(check(definition, 'definition', sample.execution)).toEqual([]);
    // It writes into the definition that it checks, and does not look at what a service takes.
    expect(validate(structuredClone(definition)).isValid).toBe(sample.differs === undefined);
  });
});

describe('is wrong, and it is said where', () => {
  it.each(WRONG_CALLS.map((sample) => [sample.why, sample] as const))('%s', (_why, sample) => {
    expect(report({ ...sample, definition: plain(sample.definition) })).toEqual(sample.problems);
  });
});
