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

/** What is done with one object of an event; `log` carries the object's bucket and key. */
export type ObjectWork = (object: S3Object, log: Log) => Promise<void>;

const CONCURRENCY = 10;

/**
 * Does `work` for every object of an event, at most 10 at a time: those of an S3 notification, or the one of an event of
 * EventBridge. An object that fails stops no other. S3's test event and the console's folders are logged and passed over.
 *
 * A failure is thrown once all records are done, so that Lambda delivers the event again and, in the end, sends it
 * whole to the on-failure destination. `work` must bear being done again for records that went well.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 *
 * @throws MalformedEventError when the event is of neither form
 * @throws RecordsFailedError listing each record that failed, with its key and cause
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
        if (isFolderMarker(object)) log.info('Folder marker passed over: it is no file', { bucket, key });
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
