import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  BUCKET,
  EVENT_FORMS,
  eventBridgeEvent,
  keptLog,
  rejectionOf,
  s3Event,
  s3Record,
  TEST_EVENT,
} from '../testing/records.ts';
import { MalformedEventError, RecordsFailedError } from './errors.ts';
import { processEvent } from './process-event.ts';

describe('processEvent', () => {
  test('does every record of 100, at most 10 at a time', async () => {
    const records = Array.from({ length: 100 }, (_, index) => s3Record({ key: `file-${index}` }));
    const done: string[] = [];
    let running = 0;
    let most = 0;

    await processEvent(
      s3Event(...records),
      async ({ key }) => {
        most = Math.max(most, ++running);
        await setImmediate();
        running--;
        done.push(key);
      },
      keptLog().log,
    );

    expect(done.toSorted()).toEqual(records.map((_, index) => `file-${index}`).toSorted());
    expect(most).toBe(10);
  });

  test('a bad record among 100 loses no other, and is named', async () => {
    const records: unknown[] = Array.from({ length: 100 }, (_, index) => s3Record({ key: `file ${index}` }));
    records[37] = s3Record({ key: 'bad one', size: 'big' });
    const done: string[] = [];
    const { log, lines } = keptLog();

    const error = await rejectionOf(
      processEvent(
        s3Event(...records),
        async ({ key }) => {
          done.push(key);
        },
        log,
      ),
    );

    expect(done).toHaveLength(99);
    expect(error).toBeInstanceOf(RecordsFailedError);
    expect(error.message).toBe(
      '1 of 100 records failed: Records[37] "bad one": MalformedRecordError: ' +
        'Records[37].s3.object.size: expected a whole number of bytes, 0 or more, found "big"',
    );
    expect(lines).toEqual([
      {
        level: 'error',
        message: 'Record failed',
        bucket: BUCKET,
        key: 'bad one',
        record: 37,
        error: error.cause,
      },
    ]);
  });

  test('lists failures in the order of the event, whatever was thrown', async () => {
    const work = async ({ key }: { key: string }) => {
      if (key === 'slow') await setImmediate();
      throw key === 'slow' ? new TypeError('late') : 'a text';
    };

    const error = await rejectionOf(
      processEvent(s3Event(s3Record({ key: 'slow' }), s3Record({ key: 'fast' })), work, keptLog().log),
    );

    expect(error.message).toBe(
      '2 of 2 records failed: Records[0] "slow": TypeError: late; Records[1] "fast": "a text"',
    );
  });

  test('an error stays small enough to reach a queue beside its event', async () => {
    const records = Array.from({ length: 100 }, () => s3Record({ key: '\u0001'.repeat(1_024) }));

    const error = await rejectionOf(
      processEvent(s3Event(...records), () => Promise.reject(new Error('x'.repeat(300))), keptLog().log),
    );

    expect(error.message.length).toBeLessThan(9_000);
    expect(error.message).toMatch(/; and \d+ more, each in the log$/);
    expect(error instanceof RecordsFailedError && error.failures.length).toBe(100);
  });

  test('bounds the message of one failure too', async () => {
    const error = await rejectionOf(
      processEvent(s3Event(s3Record()), () => Promise.reject(new Error('x'.repeat(1e6))), keptLog().log),
    );

    expect(error.message.length).toBeLessThan(9_000);
  });

  test('lines of records that run side by side carry their own key', async () => {
    const { log, lines } = keptLog();

    await processEvent(
      s3Event(s3Record({ key: 'a' }), s3Record({ key: 'b' })),
      async ({ key }, recordLog) => {
        await setImmediate();
        recordLog.info('done', { of: key });
        recordLog.warn('done', { of: key });
        recordLog.error('done', { of: key });
      },
      log,
    );

    expect(lines).toHaveLength(6);
    expect(lines.filter((line) => line['of'] !== line['key'] || line['bucket'] !== BUCKET)).toEqual([]);
  });

  test("S3's test event is logged and ignored", async () => {
    const { log, lines } = keptLog();

    await processEvent(TEST_EVENT, () => Promise.reject(new Error('not reached')), log);

    expect(lines).toEqual([{ level: 'info', message: 'S3 test event ignored' }]);
  });

  test('an event of another kind is refused', async () => {
    const error = await rejectionOf(processEvent({ hello: 1 }, () => Promise.resolve(), keptLog().log));

    expect(error).toEqual(
      new MalformedEventError(
        'Records or detail-type: expected an S3 event notification, or an event of EventBridge, found {"hello":1}',
      ),
    );
  });

  test('a bad event of EventBridge is named as a bad record is', async () => {
    const { log, lines } = keptLog();

    const error = await rejectionOf(
      processEvent(eventBridgeEvent({ key: 'bad+one', size: 'big' }), () => Promise.resolve(), log),
    );

    expect(error.message).toBe(
      '1 of 1 records failed: "bad+one": MalformedRecordError: ' +
        'detail.object.size: expected a whole number of bytes, 0 or more, found "big"',
    );
    expect(lines).toEqual([
      {
        level: 'error',
        message: 'Record failed',
        bucket: BUCKET,
        key: 'bad+one',
        record: 0,
        error: error.cause,
      },
    ]);
  });

  test.each(EVENT_FORMS)('a folder marker in $form is no file', async ({ eventOf }) => {
    const { log, lines } = keptLog();

    await processEvent(
      eventOf({ key: 'my photos/', size: 0 }),
      () => Promise.reject(new Error('not reached')),
      log,
    );

    expect(lines).toEqual([
      {
        level: 'info',
        message: 'Folder marker skipped: it is not a file',
        bucket: BUCKET,
        key: 'my photos/',
      },
    ]);
  });
});
