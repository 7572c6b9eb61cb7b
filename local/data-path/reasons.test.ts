import { describe, expect, it } from 'vitest';
import { errorLine } from '../../function/src/dead-letters.ts';
import { ofExecution, ofExecutionLog, ofFunctionLog, ofLetter, type Reason, reasonLines } from './reasons.ts';

describe('errorLine', () => {
  it.each([
    ['NotToday', 'it is not wanted', 'NotToday: it is not wanted'],
    ['States.Timeout', undefined, 'States.Timeout'],
    [undefined, undefined, 'without an error'],
    ['', '', 'without an error'],
    // The cause of a function's error is JSON.
    [
      'TypeError',
      '{"errorType":"TypeError","errorMessage":"a is no list","trace":[]}',
      'TypeError: a is no list',
    ],
    ['E', '{"other":1}', 'E: {"other":1}'],
  ])('%s, %s', (error, cause, line) => {
    expect(errorLine(error, cause)).toBe(line);
  });
});

describe('ofExecution', () => {
  it('names the object that it was about', () => {
    const input = '{"bucket":"b","key":"in/a.csv"}';
    expect(ofExecution({ executionArn: 'arn:1', status: 'FAILED', error: 'E', cause: 'c', input })).toEqual({
      what: 'execution FAILED',
      why: 'E: c',
      which: ['in/a.csv', 'arn:1'],
    });
  });

  it('takes an input that is about something else', () => {
    const { which } = ofExecution({ executionArn: 'arn:1', status: 'TIMED_OUT', input: '{"message":"x"}' });
    expect(which).toEqual(['arn:1']);
  });
});

describe('ofLetter', () => {
  it.each([
    ['of EventBridge', { detail: { object: { key: 'in/a+b 1.txt' } } }, 'in/a+b 1.txt'],
    ['with a key that is not encoded', { Records: [{ s3: { object: { key: '100%.txt' } } }] }, '100%.txt'],
  ])('names the object of an event %s', (_, requestPayload, key) => {
    expect(ofLetter(JSON.stringify({ requestPayload })).which).toEqual([key]);
  });

  const requestPayload = { Records: [{ s3: { object: { key: 'in/a+b%2B.txt' } } }] };

  it.each<[string, object, Reason]>([
    [
      'what a function threw',
      {
        requestContext: { condition: 'RetriesExhausted' },
        requestPayload,
        responsePayload: { errorType: 'Error', errorMessage: 'no table' },
      },
      { what: 'dead letter', why: 'Error: no table', which: ['in/a b+.txt'] },
    ],
    [
      'an event that no function was free for',
      { requestContext: { condition: 'EventAgeExceeded' }, requestPayload },
      { what: 'dead letter', why: 'EventAgeExceeded', which: ['in/a b+.txt'] },
    ],
    [
      'what a state machine sent',
      { execution: 'arn:1', input: { key: 'in/a' }, error: { Error: 'E', Cause: 'c' } },
      { what: 'dead letter', why: 'E: c', which: ['in/a', 'arn:1'] },
    ],
    ['anything else', { hello: 1 }, { what: 'dead letter', why: '{"hello":1}', which: [] }],
  ])('%s', (_what, body, reason) => {
    expect(ofLetter(JSON.stringify(body))).toEqual(reason);
  });

  it('takes text that is no JSON', () => {
    expect(ofLetter('hello')).toEqual({ what: 'dead letter', why: 'hello', which: [] });
  });
});

it('ofFunctionLog: lines of level ERROR, what Lambda logs of a throw, and stacks', () => {
  const lines = [
    'START RequestId: 1',
    '{"level":"INFO","message":"fine"}',
    '{"level":"ERROR","message":"Record failed","key":"in/a","error":{"name":"NoTable","message":"not there"}}',
    '{"level":"ERROR","message":{"errorType":"TypeError","errorMessage":"a is no list"}}',
    'RecordsFailedError: 1 of 1 records failed',
    '    at handler (index.mjs:1:1)',
  ];
  expect(ofFunctionLog('f', lines)).toEqual([
    { what: 'function f', why: 'Record failed: NoTable: not there', which: ['in/a'] },
    { what: 'function f', why: 'TypeError: a is no list', which: [] },
    { what: 'function f', why: 'RecordsFailedError: 1 of 1 records failed', which: [] },
  ]);
});

it('ofExecutionLog: the ends that are failures', () => {
  const line = (type: string, details: object) =>
    JSON.stringify({ id: '4', type, details, execution_arn: 'arn:1', event_timestamp: '1' });
  const lines = [
    line('ExecutionStarted', {}),
    line('TaskFailed', { error: 'E', cause: 'c' }),
    line('ExecutionFailed', { error: 'E', cause: 'c' }),
    line('ExecutionTimedOut', {}),
    line('ExecutionSucceeded', {}),
  ];
  expect(ofExecutionLog(lines)).toEqual([
    { what: 'execution FAILED', why: 'E: c', which: ['arn:1'] },
    { what: 'execution TIMED_OUT', why: 'without an error', which: ['arn:1'] },
  ]);
});

describe('reasonLines', () => {
  const reason = (why: string, which: string): Reason => ({
    what: 'execution FAILED',
    why,
    which: which === '' ? [] : [which],
  });

  it('counts equal ones, and names one of them', () => {
    expect(reasonLines([reason('E: c', 'in/a'), reason('F', ''), reason('E: c', 'in/b')])).toEqual([
      '  2 × execution FAILED: E: c',
      '      such as in/a',
      '  1 × execution FAILED: F',
    ]);
  });

  it('sends no control character to the terminal, and shortens what is long', () => {
    expect(reasonLines([reason('a\n\u001b[31mb', '')])).toEqual(['  1 × execution FAILED: a\\n\\u001b[31mb']);
    expect(reasonLines([reason('x'.repeat(601), '')])).toEqual([
      `  1 × execution FAILED: ${'x'.repeat(600)}…`,
    ]);
  });

  it('shows five kinds', () => {
    const lines = reasonLines([1, 2, 3, 4, 5, 6, 7].map((number) => reason(`E${number}`, '')));
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toBe('  and 2 other kinds');
  });
});
