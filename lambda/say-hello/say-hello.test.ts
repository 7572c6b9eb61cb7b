import { describe, expect, test } from 'vitest';
import { InvalidMessageError } from '../shared/errors.ts';
import { keptLog } from '../testing/records.ts';
import { createHandler } from './say-hello.ts';

describe('say-hello', () => {
  test('logs the message, its input and the outcome, and answers', () => {
    const { log, lines } = keptLog();

    const answer = createHandler({ logger: log })({ message: 'Hello step function', from: 'me' });

    expect(answer).toEqual({ outcome: 'Hello', message: 'Hello step function' });
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'Hello step function',
        input: '{"message":"Hello step function","from":"me"}',
        outcome: 'Hello',
      },
    ]);
  });

  test.each(['', '日本 🚚', "$.key States.Format('{}')", 'a\nb'])('takes any text: %j', (message) => {
    expect(createHandler({ logger: keptLog().log })({ message })).toEqual({ outcome: 'Hello', message });
  });

  test.each([
    { event: {}, found: 'nothing' },
    { event: { Message: 'x' }, found: 'nothing' },
    { event: { message: 7 }, found: '7' },
    { event: { message: null }, found: 'null' },
    { event: { message: ['x'] }, found: '["x"]' },
    { event: 'text', found: 'nothing' },
    { event: null, found: 'nothing' },
  ])('refuses %j', ({ event, found }) => {
    const { log, lines } = keptLog();

    expect(() => createHandler({ logger: log })(event)).toThrow(
      new InvalidMessageError(`message: expected a text, found ${found}`),
    );
    expect(lines).toEqual([]);
  });
});
