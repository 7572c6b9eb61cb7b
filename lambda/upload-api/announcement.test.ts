import { describe, expect, test } from 'vitest';
import { checkAnnouncement } from './announcement.ts';
import type { Settings } from './settings.ts';

const SETTINGS: Pick<Settings, 'maxSize' | 'contentTypes'> = { maxSize: 1000, contentTypes: [] };
const GOOD = { input_text: 'hi', file_name: 'a.csv', size: 3, content_type: 'text/csv' };
const errorsOf = (body: unknown, settings = SETTINGS) => {
  const checked = checkAnnouncement(body, settings);
  return 'errors' in checked ? checked.errors : [];
};

describe('an announcement', () => {
  test.each([
    { why: 'unchanged', given: {}, expected: {} },
    {
      why: 'a missing text is an empty text',
      given: { input_text: undefined },
      expected: { input_text: '' },
    },
    { why: 'null is an empty text', given: { input_text: null }, expected: { input_text: '' } },
    { why: 'an empty file', given: { size: 0 }, expected: { size: 0 } },
    { why: 'the largest file', given: { size: 1000 }, expected: { size: 1000 } },
    {
      why: 'a type in capitals',
      given: { content_type: ' Text/CSV ' },
      expected: { content_type: 'text/csv' },
    },
    {
      why: 'a type with parameters, which are ignored',
      given: { content_type: 'text/csv ; charset=UTF-8; header=present' },
      expected: { content_type: 'text/csv' },
    },
    {
      why: 'an empty type, for a file that the system does not know',
      given: { content_type: '' },
      expected: { content_type: 'application/octet-stream' },
    },
    {
      why: 'unicode',
      given: { file_name: 'Grüße 東京 🚚.txt' },
      expected: { file_name: 'Grüße 東京 🚚.txt' },
    },
    {
      why: 'the longest name',
      given: { file_name: 'é'.repeat(127) },
      expected: { file_name: 'é'.repeat(127) },
    },
    { why: 'dots within', given: { file_name: 'a..b.' }, expected: { file_name: 'a..b.' } },
    { why: 'shell in a name', given: { file_name: '$(id);`id`&|' }, expected: { file_name: '$(id);`id`&|' } },
    {
      why: 'the longest text',
      given: { input_text: 'é'.repeat(8192) },
      expected: { input_text: 'é'.repeat(8192) },
    },
  ])('is accepted: $why', ({ given, expected }) => {
    expect(checkAnnouncement({ ...GOOD, ...given }, SETTINGS)).toEqual({
      announcement: { ...GOOD, ...expected },
    });
  });

  const noName = 'is not a file name: send a valid one';
  const folder = 'has a / or a \\: send only the name, without folders';
  const unseen = 'has a control character or a character that changes the text direction: rename the file';
  const type = 'send one such as text/csv, or application/octet-stream when the type is not known';
  test.each([
    { field: 'input_text', value: 7, says: 'expected a text, found 7: send a string, or leave it out' },
    {
      field: 'input_text',
      value: 'é'.repeat(8193),
      says: 'has 16386 bytes, 2 too many: shorten it, or put it into the file',
    },
    { field: 'input_text', value: '\ud800', says: 'has half of a surrogate pair: send it in valid Unicode' },
    {
      field: 'input_text',
      value: 'a\0b',
      says: 'has a NUL character, which a shell variable cannot hold: remove it',
    },
    { field: 'file_name', value: undefined, says: "is missing: send the file's name" },
    { field: 'file_name', value: ['a'], says: 'expected a text, found ["a"]: send the file\'s name' },
    { field: 'file_name', value: '', says: `"" ${noName}` },
    { field: 'file_name', value: '  ', says: `"  " ${noName}` },
    { field: 'file_name', value: '..', says: `".." ${noName}` },
    { field: 'file_name', value: '../../etc/passwd', says: folder },
    { field: 'file_name', value: 'C:\\a.txt', says: folder },
    { field: 'file_name', value: 'a\nb', says: unseen },
    { field: 'file_name', value: 'a\u0000', says: unseen },
    { field: 'file_name', value: 'exe.\u202egpj', says: unseen },
    { field: 'file_name', value: '\udc00', says: 'has half of a surrogate pair: rename the file' },
    { field: 'file_name', value: 'é'.repeat(128), says: 'has 256 bytes in UTF-8, 1 too many: shorten it' },
    { field: 'size', value: undefined, says: "is missing: send the file's size in bytes" },
    { field: 'size', value: '3', says: 'expected a whole number of bytes, found "3": send the file\'s size' },
    { field: 'size', value: -1, says: "expected a whole number of bytes, found -1: send the file's size" },
    { field: 'size', value: 0.5, says: "expected a whole number of bytes, found 0.5: send the file's size" },
    {
      field: 'size',
      value: 1001,
      says: '1001 bytes is more than the maximum of 1000: send a smaller file',
    },
    { field: 'content_type', value: null, says: `is missing: ${type}` },
    {
      field: 'content_type',
      value: 'csv; charset=x',
      says: `expected a content type, found "csv": ${type}`,
    },
    {
      field: 'content_type',
      value: 'text/$type',
      says: `expected a content type, found "text/$type": ${type}`,
    },
    {
      field: 'content_type',
      value: 'text/csv\r\nx: y',
      says: `expected a content type, found "text/csv\\r\\nx: y": ${type}`,
    },
    {
      field: 'filename',
      value: 'x',
      says: 'is not a field of an upload, which has input_text, file_name, size, content_type: remove or rename it',
    },
  ])('is rejected: $field $says', ({ field, value, says }) => {
    expect(errorsOf({ ...GOOD, [field]: value })).toEqual([{ field, message: says }]);
  });

  test('has an error for each wrong field', () => {
    expect(errorsOf({ size: -1, content_type: 'x', input_text: 1 }).map(({ field }) => field)).toEqual([
      'input_text',
      'file_name',
      'size',
      'content_type',
    ]);
  });

  test.each([null, 7, 'text', [GOOD]])('must be an object, not %j', (body) => {
    const message = 'expected a JSON object with input_text, file_name, size, content_type: send one';
    expect(errorsOf(body)).toEqual([{ field: 'body', message }]);
  });

  test('has one of the accepted types, when the settings list types', () => {
    const settings = { maxSize: 1000, contentTypes: ['text/csv', 'image/png'] };

    expect(errorsOf(GOOD, settings)).toEqual([]);
    expect(errorsOf({ ...GOOD, content_type: 'Text/CSV; charset=utf-8' }, settings)).toEqual([]);
    expect(errorsOf({ ...GOOD, content_type: '' }, settings)).toEqual([
      {
        field: 'content_type',
        message: 'application/octet-stream is not accepted: send a file of type text/csv, image/png',
      },
    ]);
    expect(errorsOf({ ...GOOD, content_type: 'text/html' }, settings)).toEqual([
      {
        field: 'content_type',
        message: 'text/html is not accepted: send a file of type text/csv, image/png',
      },
    ]);
  });
});
