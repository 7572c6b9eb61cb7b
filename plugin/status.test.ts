import { expect, it } from 'vitest';
import { claimProblems, lines, type Report } from './status.ts';

const condition = (type: string, status: string, reason = '', message = '') => ({
  type,
  status,
  reason,
  message,
});

const WELL: Report = {
  name: 'invoices',
  namespace: 'team-a',
  type: 'RecordFile',
  execution: 'Standard',
  region: 'eu-west-1',
  isWell: true,
  problems: [],
  conditions: [condition('Ready', 'True', 'Available')],
  waitingFor: [],
};
const COUNTS = { succeeded: 2, failed: 1, running: 3 };
const plain = (_colour: string, text: string) => text;

it('lines: a pipeline that is well', () => {
  const found: Report = {
    ...WELL,
    alarms: [{ name: 'a', state: 'OK', why: '' }],
    deadLetters: { waiting: 0, beingRead: 0 },
    executions: { hour: COUNTS, day: { ...COUNTS, succeeded: 20 }, isWhole: true },
    rows: {
      hour: 2,
      day: 20,
      seen: 33,
      isWhole: true,
      last: { key: 'a\nb.txt', time: '2026-05-03T12:00:00Z' },
    },
  };
  expect(lines(found, plain)).toEqual([
    'team-a/invoices  RecordFile, Standard, eu-west-1',
    'Well',
    'Ready           True Available',
    'Alarms          1, 0 ringing',
    'Dead letters    0 waiting, 0 being read',
    'Executions      last hour 6 (2 succeeded, 1 failed, 3 running)',
    '                last day 24 (20 succeeded, 1 failed, 3 running)',
    'Rows            last hour 2; last day 20; 33 in all',
    'Last row        a\\nb.txt, 2026-05-03T12:00:00Z',
  ]);
});

it('lines: one that is not, and what was not read to its end', () => {
  const found: Report = {
    ...WELL,
    type: 'Custom',
    isWell: false,
    problems: ['2 dead letters'],
    executions: { hour: COUNTS, day: COUNTS, isWhole: false },
    rows: { hour: 0, day: 0, seen: 90, isWhole: false, last: undefined },
  };
  expect(lines(found, plain)).toEqual([
    'team-a/invoices  Custom, Standard, eu-west-1',
    'Not well:',
    '  2 dead letters',
    'Ready           True Available',
    'Alarms          none: observability.alarms.enabled is false',
    'Executions      last hour at least 6 (2 succeeded, 1 failed, 3 running)',
    '                last day at least 6 (2 succeeded, 1 failed, 3 running)',
    'Rows            at least 90 looked at, --all looks at the others',
  ]);
});

it.each<[string, Parameters<typeof claimProblems>[0], string[]]>([
  ['well', { conditions: [condition('Ready', 'True')], waitingFor: [] }, []],
  [
    'new',
    { conditions: [], waitingFor: [] },
    ['the claim has no conditions: Crossplane has not taken it up yet'],
  ],
  [
    'waiting',
    {
      conditions: [
        condition('Ready', 'False', 'Creating'),
        condition('CodeReady', 'False', 'WaitingForLayer', 'no layer'),
      ],
      waitingFor: ['layer: a zip'],
    },
    ['Ready is False: Creating', 'CodeReady is False: WaitingForLayer: no layer', 'waits for layer: a zip'],
  ],
])('claimProblems of a claim that is %s', (_what, claim, problems) => {
  expect(claimProblems(claim)).toEqual(problems);
});
