import { describe, expect, test } from 'vitest';
import { clientConfig, credentialsFrom } from './client-config.ts';
import { optionalDays, requiredChoice, requiredText } from './env.ts';
import { ConfigurationError } from './errors.ts';

describe('environment', () => {
  test.each([
    { why: 'absent', env: {} },
    { why: 'empty', env: { TABLE_NAME: '' } },
  ])('a required text that is $why is named, with the fix', ({ env }) => {
    expect(() => requiredText(env, 'TABLE_NAME', 'the name of the table')).toThrow(
      new ConfigurationError(
        "TABLE_NAME is not set: set it in the function's environment to the name of the table",
      ),
    );
  });

  test('a choice is one of its words, exactly', () => {
    const choose = (EXECUTION: string) => requiredChoice({ EXECUTION }, 'EXECUTION', ['Standard', 'Express']);

    expect(choose('Express')).toBe('Express');
    expect(() => choose('express')).toThrow(
      new ConfigurationError('EXECUTION is "express": set it to Standard or Express'),
    );
  });

  test.each([
    { why: 'absent', days: undefined, expected: undefined },
    { why: 'empty is absent', days: '', expected: undefined },
    { why: 'least', days: '1', expected: 1 },
    { why: 'most', days: '36500', expected: 36_500 },
  ])('days: $why', ({ days, expected }) => {
    expect(optionalDays({ DAYS: days }, 'DAYS')).toBe(expected);
  });

  test.each(['0', '-1', '1.5', '7 days', '36501', '1e3', ' 7'])('days refuse %j', (days) => {
    expect(() => optionalDays({ DAYS: days }, 'DAYS')).toThrow(
      new ConfigurationError(
        `DAYS is "${days}": set it to a whole number of days from 1 to 36500, or leave it out`,
      ),
    );
  });
});

describe('clients', () => {
  test('need a region', () => {
    expect(() => clientConfig({})).toThrow(/^AWS_REGION is not set/);
  });

  test('read the credentials anew each time', async () => {
    const env: Record<string, string> = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
    const credentials = credentialsFrom(env);

    const before = await credentials();
    env['AWS_ACCESS_KEY_ID'] = 'c';
    env['AWS_SESSION_TOKEN'] = 'd';
    const after = await credentials();

    expect(before).toEqual({ accessKeyId: 'a', secretAccessKey: 'b' });
    expect(after).toEqual({ accessKeyId: 'c', secretAccessKey: 'b', sessionToken: 'd' });
  });

  test.each([
    { missing: 'AWS_ACCESS_KEY_ID', env: { AWS_SECRET_ACCESS_KEY: 'b' } },
    { missing: 'AWS_SECRET_ACCESS_KEY', env: { AWS_ACCESS_KEY_ID: 'a' } },
  ])('name the credential that is missing: $missing', async ({ missing, env }) => {
    await expect(credentialsFrom(env)()).rejects.toThrow(`${missing} is not set`);
  });
});
