import { describe, expect, it } from 'vitest';
import { eventBridgeEvent } from '../lambda/testing/records.ts';
import { matches } from './files.ts';
import { readDeadLetter } from './redrive.ts';

describe('matches, as S3 filters', () => {
  it.each([
    ['in/a.csv', 'in/', ['.csv'], true],
    ['in/a.CSV', 'in/', ['.csv'], false],
    ['out/a.csv', 'in/', ['.csv'], false],
    ['in/a.txt', 'in/', ['.csv', '.txt'], true],
    ['a', undefined, undefined, true],
  ] as const)('%s, prefix %s, suffixes %s: %s', (key, prefix, suffixes, expected) => {
    expect(matches(key, prefix, suffixes)).toBe(expected);
  });
});

describe('readDeadLetter', () => {
  it('reads what a function left, what a state machine left, and refuses the rest', () => {
    const event = { Records: [] };
    expect(readDeadLetter({ Body: JSON.stringify({ requestPayload: event, version: '1.0' }) })).toEqual({
      event,
    });
    expect(
      readDeadLetter({ Body: JSON.stringify({ execution: 'arn', input: { key: 'a' }, error: {} }) }),
    ).toEqual({ input: { key: 'a' } });
    expect(() => readDeadLetter({ MessageId: 'm1', Body: '{"hello":1}' })).toThrow(
      'message m1 is neither a failed invocation, nor a failed execution, nor an event: {"hello":1}',
    );
  });

  it('reads an event of EventBridge, of a function that failed or as EventBridge could not deliver it', () => {
    const event = eventBridgeEvent();
    for (const body of [{ requestPayload: event, version: '1.0' }, event]) {
      expect(readDeadLetter({ Body: JSON.stringify(body) })).toEqual({ event });
    }
  });
});
