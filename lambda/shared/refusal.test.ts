import { expect, test } from 'vitest';
import { keptLog, rejectionOf } from '../testing/records.ts';
import { FileRefusedError, orRefused } from './refusal.ts';

class TooBlueError extends FileRefusedError {
  override readonly name = 'TooBlueError';
}

test('a refusal is an answer, and is logged', async () => {
  const { log, lines } = keptLog();
  const error = new TooBlueError('"a.jpg" is too blue');

  expect(await orRefused(log, () => Promise.reject(error))).toEqual({
    refused: { Error: 'TooBlueError', Cause: '"a.jpg" is too blue' },
  });
  expect(lines).toEqual([{ level: 'warn', message: 'File rejected', error }]);
});

test('what went well is the answer as it is, and any other error is thrown', async () => {
  const { log, lines } = keptLog();
  const error = new Error('no connection');

  expect(await orRefused(log, async () => 7)).toBe(7);
  expect(await rejectionOf(orRefused(log, () => Promise.reject(error)))).toBe(error);
  expect(lines).toEqual([]);
});
