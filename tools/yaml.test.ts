import { expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { manifestStream, manifestText } from './yaml.ts';

/** Texts that YAML 1.1 reads as something else when they are bare. */
const TRAPS = [
  'no',
  'yes',
  'on',
  'OFF',
  'y',
  'N',
  '1:30',
  '0777',
  '0o7',
  '2020-01-02',
  '1_000',
  '~',
  'null',
  '.5',
];

it('keeps each text a text for kubectl, which reads YAML 1.1', () => {
  expect(parse(manifestText({ TRAPS }), { version: '1.1' })).toEqual({ TRAPS });
});

it('puts several objects into one stream, and folds no line', () => {
  const objects = [{ text: 'long '.repeat(50).trim() }, { text: 'no' }];
  const stream = manifestStream(objects);
  expect(stream.split('\n')).toHaveLength(4);
  expect(parseAllDocuments(stream, { version: '1.1' }).map((one) => one.toJS())).toEqual(objects);
});
