import { expect, it } from 'vitest';
import { readOptions } from './options.ts';

const STEP = { FROM: 'dev', TO: 'staging' };
const PLAIN = { from: 'dev', to: 'staging', claim: undefined, carryRevision: true, skip: [], dryRun: false };

it.each([
  ['two environments', STEP, [], PLAIN],
  ['empty ones as not given', { ...STEP, CLAIM: '', REVISION: '', SKIP: '', DRY_RUN: '' }, [], PLAIN],
  [
    'one claim, which leaves the revision',
    { ...STEP, CLAIM: 'orders' },
    [],
    { ...PLAIN, claim: 'orders', carryRevision: false },
  ],
  [
    'one claim with the revision',
    { ...STEP, CLAIM: 'orders', REVISION: 'carry' },
    [],
    { ...PLAIN, claim: 'orders' },
  ],
  ['the claims alone', { ...STEP, REVISION: 'keep' }, [], { ...PLAIN, carryRevision: false }],
  ['what is passed over', { ...STEP, SKIP: 'qa, load' }, [], { ...PLAIN, skip: ['qa', 'load'] }],
  ['a dry run', { ...STEP, DRY_RUN: '1' }, [], { ...PLAIN, dryRun: true }],
  ['a dry run by its flag', STEP, ['--dry-run'], { ...PLAIN, dryRun: true }],
])('takes %s', (_, env, args, options) => {
  expect(readOptions(env, args)).toEqual(options);
});

it.each([
  [{ TO: 'staging' }, [], 'FROM is missing. Name the environment, such as make promote FROM=dev TO=staging.'],
  [{ FROM: 'dev' }, [], 'TO is missing. Name the environment, such as make promote FROM=dev TO=staging.'],
  [{ FROM: 'dev', TO: 'dev' }, [], 'FROM and TO are both dev. Name two environments'],
  [{ ...STEP, REVISION: 'v0.2.0' }, [], 'REVISION=v0.2.0 is not known. Use keep or carry, or leave it out.'],
  [{ ...STEP, DRY_RUN: 'true' }, [], 'DRY_RUN=true is not known. Use DRY_RUN=1, or leave it out.'],
  [STEP, ['--dryrun'], '--dryrun is not known. There is --dry-run and no other.'],
])('refuses %j %j', (env, args, message) => {
  expect(() => readOptions(env, args)).toThrow(message);
});
