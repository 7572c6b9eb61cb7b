import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../shared/errors.ts';
import { DEFAULT_SCRIPT } from './default-script.ts';
import { deadlineOf, vmParameters } from './parameters.ts';
import { userData } from './user-data.ts';

const ENV = {
  AWS_REGION: 'eu-west-1',
  TABLE_NAME: 'uploads',
  PARTITION_KEY: 'id',
  BUCKET: 'files',
  SCRIPT_BUCKET: 'code',
  SCRIPT_KEY: 'scripts/1a2b.sh',
  TIMEOUT_MINUTES: '15',
};
const PARAMETERS = vmParameters(ENV);

/** The settings in a text as bash reads them. Nothing after them is run, and no program can be found. */
function settings(text: string, ...names: string[]): string[] {
  const [assignments = '', rest] = text.split("\ntrap 'shutdown");
  if (rest === undefined) throw new Error('the user data has no trap after its settings');
  const show = names.map((name) => `printf '%s\\0' "$${name}"`).join('\n');
  const script = `${assignments}\n${show}`;
  return execFileSync('/bin/bash', ['-c', script], { encoding: 'utf8', env: { PATH: '/nonexistent' } })
    .split('\0')
    .slice(0, -1);
}

describe('user data', () => {
  test('schedules the end before anything else', () => {
    const commands = userData('abc', PARAMETERS)
      .split('\n')
      .filter((line) => !/^(#|$|[A-Z_]+=)/.test(line));

    expect(commands.slice(0, 2)).toEqual([`trap 'shutdown -P now' EXIT`, `shutdown -P "+$MACHINE_MINUTES"`]);
  });

  test.each([
    { why: 'user data', text: userData('abc', PARAMETERS) },
    { why: 'the default script', text: DEFAULT_SCRIPT },
  ])('is bash: $why', ({ text }) => {
    expect(spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  test('is the same for the same upload, and well below what EC2 takes', () => {
    const text = userData('abc', PARAMETERS);

    expect(userData('abc', vmParameters(ENV))).toBe(text);
    expect(Buffer.byteLength(text)).toBeLessThan(8 * 1024);
  });

  test.each([
    'a b',
    `it's`,
    `'; touch pwned; '`,
    '$(id) `id` $HOME "x" \\',
    'line\nbreak\n',
    '東京 🚚',
    '%s %%',
  ])('a setting is one word: %j', (hostile) => {
    const text = userData('abc', { ...PARAMETERS, bucket: hostile, scriptKey: hostile, region: hostile });

    expect(settings(text, 'BUCKET', 'SCRIPT', 'AWS_REGION')).toEqual([
      hostile,
      `s3://code/${hostile}`,
      hostile,
    ]);
  });

  test('says how long things may take', () => {
    const text = userData('abc', PARAMETERS);

    expect(settings(text, 'TIMEOUT_SECONDS', 'TIMEOUT', 'MACHINE_MINUTES', 'DEADLINE_SECONDS')).toEqual([
      '900',
      '15 minutes',
      '20',
      '1500',
    ]);
    expect(deadlineOf(1000, 900)).toBe(2500);
  });

  test.each(['', 'a b', `'; shutdown -r now; '`, '../x', 'x'.repeat(65)])('refuses the id %j', (id) => {
    expect(() => userData(id, PARAMETERS)).toThrow(
      'is no id of an upload: it must match ^[A-Za-z0-9_-]{1,64}$',
    );
  });

  test('refuses to be more than EC2 takes', () => {
    expect(() => userData('abc', { ...PARAMETERS, scriptKey: 'x'.repeat(16_384) })).toThrow(
      /^the user data has \d+ bytes, and EC2 takes 16384$/,
    );
  });
});

describe('parameters', () => {
  test.each(Object.keys(ENV))('%s is needed', (name) => {
    expect(() => vmParameters({ ...ENV, [name]: '' })).toThrow(
      new RegExp(`^${name} is not set: set it in the function's environment to `),
    );
  });

  test.each(['0', '1.5', '1441', '9999', '-1', '15m', ' 1'])('TIMEOUT_MINUTES refuses %j', (minutes) => {
    expect(() => vmParameters({ ...ENV, TIMEOUT_MINUTES: minutes })).toThrow(
      new ConfigurationError(
        `TIMEOUT_MINUTES is "${minutes}": set it to a whole number of minutes from 1 to 1440`,
      ),
    );
  });

  test.each([
    { minutes: '1', seconds: 60 },
    { minutes: '1440', seconds: 86_400 },
  ])('TIMEOUT_MINUTES takes $minutes', ({ minutes, seconds }) => {
    expect(vmParameters({ ...ENV, TIMEOUT_MINUTES: minutes }).timeoutSeconds).toBe(seconds);
  });
});
