import { expect, it } from 'vitest';
import { type Circumstances, type Evidence, stateOf } from './file-state.ts';
import type { FileObject } from './objects.ts';

const NOW = new Date('2026-05-03T12:00:00Z');
const AROUND: Circumstances = {
  type: 'RecordFile',
  filter: { prefix: 'in/', suffixes: ['.csv', '.json'] },
  created: new Date('2026-05-01T00:00:00Z'),
  now: NOW,
};
const FILE: FileObject = {
  key: 'in/a.csv',
  versionId: 'v2',
  eTag: 'e2',
  size: 3,
  modified: new Date('2026-05-03T10:00:00Z'),
  isLatest: true,
  isDeleted: false,
};
const UNVERSIONED = { versionId: 'null' };
const FAILED = { isRunning: false, why: 'E: c' };

it.each<[string, Partial<FileObject>, Evidence, Partial<Circumstances>, string | undefined]>([
  ['its row', {}, { row: { versionId: 'v2' } }, {}, 'recorded'],
  ['its row, the object deleted', { isDeleted: true }, { row: { versionId: 'v2' } }, {}, 'recorded'],
  ['its row, after a failure', {}, { row: { versionId: 'v2' }, letter: 'E' }, {}, 'recorded'],
  ['its row with a reason', {}, { row: { versionId: 'v2', rejected: 'no image' } }, {}, 'rejected: no image'],
  [
    'the row of another version',
    {},
    { row: { versionId: 'v1' } },
    {},
    'never seen: its row is of another version',
  ],
  ['the row, without versioning', UNVERSIONED, { row: { versionId: 'null', eTag: 'e2' } }, {}, 'recorded'],
  [
    'the row of another content, without versioning',
    UNVERSIONED,
    { row: { versionId: 'null', eTag: 'e1' } },
    {},
    'never seen: its row is of another version',
  ],
  ['a dead letter', {}, { letter: 'E: c' }, {}, 'failed: E: c'],
  [
    'a dead letter, and a run again',
    {},
    { letter: 'E', execution: { isRunning: true, why: 'runs' } },
    {},
    'running: runs',
  ],
  ['a dead letter, the object deleted', { isDeleted: true }, { letter: 'E' }, {}, 'failed: E'],
  ['an execution that failed', {}, { execution: FAILED }, {}, 'failed: E: c'],
  ['deleted, and nothing else', { isDeleted: true }, {}, {}, undefined],
  ['another prefix', { key: 'out/a.csv' }, {}, {}, 'never seen: its key does not begin with "in/"'],
  ['another suffix', { key: 'in/a.txt' }, {}, {}, 'never seen: its key ends with none of ".csv", ".json"'],
  [
    'just came',
    { modified: new Date('2026-05-03T11:59:59Z') },
    {},
    {},
    'never seen: it came 1 second ago, and its event may still be on its way',
  ],
  [
    'older than the claim',
    { modified: new Date('2026-04-01') },
    {},
    {},
    'never seen: it was there before the pipeline',
  ],
  ['nothing at all', {}, {}, {}, 'never seen: no row, no dead letter, no execution that runs or failed'],
  [
    'Custom, whose row may be of anything',
    {},
    { row: { versionId: 'v2' } },
    { type: 'Custom' },
    'unknown: it did not fail, and the rows of Custom are its own',
  ],
  [
    'Custom, another prefix',
    { key: 'a' },
    {},
    { type: 'Custom' },
    'never seen: its key does not begin with "in/"',
  ],
  ['RunScript, done', {}, { row: { status: 'done' } }, { type: 'RunScript' }, 'recorded'],
  [
    'RunScript, failed',
    {},
    { row: { status: 'failed', error: 'exit 3' } },
    { type: 'RunScript' },
    'failed: exit 3',
  ],
  [
    'RunScript, running',
    {},
    { row: { status: 'launched' } },
    { type: 'RunScript' },
    'running: its row is launched',
  ],
  [
    'RunScript, whose event failed',
    {},
    { row: { status: 'waiting' }, letter: 'E' },
    { type: 'RunScript' },
    'failed: E',
  ],
])('stateOf: %s', (_what, file, evidence, around, expected) => {
  const found = stateOf({ ...FILE, ...file }, evidence, { ...AROUND, ...around });
  expect(found && [found.state, found.why].filter(Boolean).join(': ')).toBe(expected);
});
