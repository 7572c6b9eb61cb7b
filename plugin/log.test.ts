import { describe, expect, it } from 'vitest';
import { patternOf, readable, shown, sourceOf } from './log.ts';

const IDENTITY = { name: 'in.voices', namespace: 'team-a', suffix: '0f1e2d3c' };

it.each([
  ['a b.txt', '"a b.txt"'],
  ['東京', '"東京"'],
  ['a"b', undefined],
  ['a\\b', undefined],
  ['a\nb', undefined],
])('patternOf %j', (key, expected) => {
  expect(patternOf(key)).toBe(expected);
});

it.each([
  ['/aws/lambda/team-a-in-voices-start-workflow-0f1e2d3c', 'start-workflow'],
  ['/aws/lambda/own-name', 'own-name'],
  ['/aws/vendedlogs/states/team-a-in-voices-workflow-0f1e2d3c', 'state machine'],
])('sourceOf %s', (group, expected) => {
  expect(sourceOf(group, IDENTITY)).toBe(expected);
});

describe('readable', () => {
  it.each<[string, unknown, string, string]>([
    [
      'a handler',
      { level: 'INFO', message: 'Execution started', key: 'a.txt', execution: 'arn' },
      'INFO',
      'Execution started  a.txt',
    ],
    [
      'a handler with an error',
      { level: 'ERROR', message: 'Record failed', error: { name: 'E', message: 'why' }, key: 'a.txt' },
      'ERROR',
      'Record failed  E: why  a.txt',
    ],
    [
      'Lambda',
      { type: 'platform.report', record: { metrics: { durationMs: 12.5 } } },
      'DEBUG',
      'platform.report 12.5 ms',
    ],
    ['Lambda without a time', { type: 'platform.start', record: {} }, 'DEBUG', 'platform.start'],
    [
      'what a function threw',
      { level: 'ERROR', message: { errorType: 'E', errorMessage: 'why' } },
      'ERROR',
      'E: why',
    ],
    [
      'a state machine',
      { type: 'ExecutionFailed', details: { error: 'E', cause: 'why' }, execution_arn: 'arn:e' },
      'ERROR',
      'ExecutionFailed  E: why  arn:e',
    ],
    [
      'a state',
      { type: 'TaskStateEntered', details: { name: 'RecordFile' }, execution_arn: 'arn:e' },
      'INFO',
      'TaskStateEntered  RecordFile  arn:e',
    ],
    ['text', 'START RequestId: 1', '', 'START RequestId: 1'],
  ])('%s', (_what, message, level, text) => {
    expect(readable(typeof message === 'string' ? message : JSON.stringify(message))).toEqual({
      level,
      text,
    });
  });
});

it('shown: time, source, level, text, and nothing that acts on a terminal', () => {
  const line = {
    timestamp: Date.UTC(2026, 4, 3, 12),
    id: '1',
    group: '/aws/lambda/team-a-in-voices-record-file-0f1e2d3c',
    message: JSON.stringify({ level: 'ERROR', message: 'a\u001b[2J' }),
  };
  expect(shown(line, IDENTITY, (_colour, text) => text)).toBe(
    '2026-05-03T12:00:00Z  record-file       ERROR a\\u001b[2J',
  );
});
