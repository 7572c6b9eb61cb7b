import { type RecordFailure, RecordsFailedError, reasonOf } from './errors.ts';
import { type Log, withFields } from './log.ts';
import {
  isFolderMarker,
  isTestEvent,
  labelsOf,
  objectFromRecord,
  recordsOf,
  type S3Object,
} from './s3-event.ts';

/** The processing of one object of an event. `log` adds the object's bucket and key to each line. */
export type ObjectWork = (object: S3Object, log: Log) => Promise<void>;

const CONCURRENCY = 10;

/**
 * Calls `work` for every object of an S3 notification or EventBridge event, up to 10 at a time. A failed object does not
 * stop the others. S3's test event and the folders of the S3 console are logged and skipped.
 *
 * The error is thrown after all records, so that Lambda delivers the whole event again, and in the end sends it to the
 * on-failure destination. So `work` must be idempotent: it runs again for records that succeeded.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 *
 * @throws MalformedEventError when the event has neither form
 * @throws RecordsFailedError with the key and the cause of each failed record
 */
export async function processEvent(event: unknown, work: ObjectWork, log: Log): Promise<void> {
  if (isTestEvent(event)) {
    log.info('S3 test event ignored', {});
    return;
  }
  const records = recordsOf(event);
  const failures: RecordFailure[] = [];
  const pending = records.entries();
  const drain = async () => {
    for (const [index, record] of pending) {
      try {
        const object = objectFromRecord(record);
        const { bucket, key } = object;
        if (isFolderMarker(object)) log.info('Folder marker skipped: it is not a file', { bucket, key });
        else await work(object, withFields(log, { bucket, key }));
      } catch (cause) {
        const labels = labelsOf(record);
        log.error('Record failed', {
          ...labels,
          record: index,
          error: cause instanceof Error ? cause : reasonOf(cause),
        });
        failures.push({ index, place: record.place, key: labels.key, cause });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, records.length) }, drain));
  if (failures.length > 0) {
    failures.sort((a, b) => a.index - b.index);
    throw new RecordsFailedError(failures, records.length);
  }
}
