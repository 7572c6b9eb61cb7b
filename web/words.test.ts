import { describe, expect, test } from 'vitest';
import { limitsInWords, plainType, sizeInWords, storageProblem, wrongTypeInWords } from './words.ts';

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

test.each([
  ['text/csv', 'text/csv'],
  ['Text/CSV; charset=utf-8', 'text/csv'],
  ['', 'application/octet-stream'],
])('the type %j is %s', (type, plain) => {
  expect(plainType(type)).toBe(plain);
});

describe('a type that is not accepted', () => {
  const taken = ['text/plain', 'text/csv'];

  test.each(['text/csv', 'TEXT/CSV', 'text/csv;charset=utf-8'])('is not %s', (type) => {
    expect(wrongTypeInWords(type, taken)).toBeUndefined();
  });

  test.each(['', 'text/html'])('does not exist when all types are accepted: %j', (type) => {
    expect(wrongTypeInWords(type, [])).toBeUndefined();
  });

  test.each([
    ['application/vnd.ms-excel', 'Your browser reports the file type application/vnd.ms-excel'],
    ['', 'Your browser does not know the type of this file'],
    ['application/octet-stream', 'Your browser does not know the type of this file'],
  ])('is reported with what the browser says: %j', (type, says) => {
    expect(wrongTypeInWords(type, taken)).toBe(`${says}. Only text/plain or text/csv is accepted.`);
  });
});

describe('an upload that the storage rejects', () => {
  const late = 'The upload started too late, and its permission has expired. Try again.';
  const busy = 'The storage cannot accept the file right now. Try again in a minute.';
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
      'The storage rejected the file (418). Try again. If it happens again, report this code.',
    );
  });
});
