import { describe, expect, test } from 'vitest';
import { limitsInWords, sizeInWords, storageProblem } from './words.ts';

test.each([
  [0, '0 bytes'],
  [1023, '1023 bytes'],
  [1024, '1 KB'],
  [1536, '1.5 KB'],
  [104_857_600, '100 MB'],
  [5_368_709_120, '5 GB'],
])('%i is %s', (bytes, words) => {
  expect(sizeInWords(bytes)).toBe(words);
});

test.each([
  { types: [], says: 'Up to 1 MB.' },
  { types: ['text/csv'], says: 'Up to 1 MB. Only text/csv.' },
  { types: ['text/csv', 'image/png'], says: 'Up to 1 MB. Only text/csv or image/png.' },
])('limits: $says', ({ types, says }) => {
  expect(limitsInWords(1_048_576, types)).toBe(says);
});

describe("the storage's refusals", () => {
  const late = 'Sending began too late, and the permission for it has run out. Try again.';
  const busy = 'The storage could not take the file just now. Try again in a minute.';
  test.each([
    { status: 400, code: 'EntityTooSmall', message: '', kind: 'input', says: /has changed/ },
    { status: 403, code: 'AccessDenied', message: 'Policy expired.', kind: 'fatal', says: late },
    { status: 400, code: 'ExpiredToken', message: '', kind: 'fatal', says: late },
    { status: 400, code: 'RequestTimeout', message: '', kind: 'busy', says: busy },
    { status: 503, code: 'SlowDown', message: '', kind: 'busy', says: busy },
    { status: 403, code: 'AccessDenied', message: 'Access Denied', kind: 'fatal', says: /\(AccessDenied\)/ },
  ])('$status $code $message is $kind', ({ status, code, message, kind, says }) => {
    const problem = storageProblem(
      status,
      `<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
    );

    expect(problem.kind).toBe(kind);
    expect(problem.message).toMatch(says);
  });

  test('an answer that is not from the storage shows its status', () => {
    expect(storageProblem(418, '').message).toBe(
      'The storage refused the file (418). Try again; if it goes on, tell us.',
    );
  });
});
