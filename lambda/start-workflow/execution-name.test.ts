import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { objectFromRecord, recordsOf } from '../shared/s3-event.ts';
import {
  BUCKET,
  EVENT_FORMS,
  HOSTILE_KEYS,
  type RecordFields,
  s3Event,
  s3Record,
} from '../testing/records.ts';
import { executionName } from './execution-name.ts';

const nameIn = (event: unknown) =>
  recordsOf(event).map((record) => executionName(objectFromRecord(record)))[0] ?? '';
const nameOf = (fields: RecordFields) => nameIn(s3Event(s3Record(fields)));

describe('executionName', () => {
  test('is a readable piece of the key and a digest', () => {
    expect(nameOf({ key: 'in/annual report 2026.csv' })).toMatch(/^annual-report-2-[0-9a-f]{64}$/);
  });

  test.each([
    { key: 'report.csv', slug: 'report-csv-', why: 'what a name may not hold becomes a dash' },
    { key: 'a/b/', slug: 'b-', why: 'a folder marker has its folder' },
    { key: 'a_b-c.d', slug: 'a_b-c-d-', why: 'what a name may hold is kept' },
    { key: '日本', slug: '', why: 'nothing readable is left' },
    { key: '///', slug: '', why: 'there is no segment' },
    { key: '.hidden', slug: 'hidden-', why: 'no dash at the start' },
    { key: 'fourteen-chars.csv', slug: 'fourteen-chars-', why: 'no dash doubled where it is cut' },
  ])('$key: $why', ({ key, slug }) => {
    expect(nameOf({ key }).slice(0, -64)).toBe(slug);
  });

  test.each(HOSTILE_KEYS)('is legal for a key: $why', ({ key }) => {
    expect(nameOf({ key })).toMatch(/^[A-Za-z0-9_-]{64,80}$/);
  });

  test('is the same for the same event, also when its sequencer is written another way', () => {
    const names = ['0055AED6DCD90281', '0055aed6dcd90281', '0055AED6DCD9028100'].map((sequencer) =>
      nameOf({ sequencer, eventTime: '2026-01-02T03:04:05.678Z' }),
    );

    expect(new Set(names).size).toBe(1);
  });

  test('is what it was for an event from before sequencers were padded on the right', () => {
    const sequencer = '0055AED6DCD90281E5'.padStart(32, '0');
    const fields = JSON.stringify([BUCKET, 'report.csv', 'null', sequencer]);

    expect(nameOf({ sequencer: '0055AED6DCD90281E5' })).toBe(
      `report-csv-${createHash('sha256').update(fields).digest('hex')}`,
    );
  });

  test('is the same whichever way the event comes, though its time is not', () => {
    const names = EVENT_FORMS.map(({ eventOf }) => nameIn(eventOf({ key: 'a b.csv', versionId: 'v1' })));

    expect(new Set(names).size).toBe(1);
  });

  test('differs where the event does', () => {
    const names = [{}, { key: 'report.cs' }, { versionId: 'v1' }, { sequencer: '01' }].map(nameOf);

    expect(new Set(names).size).toBe(4);
  });
});
