/** The maximum length of an input value in an error message, in characters. */
const SHOWN_CHARS = 200;

/**
 * The maximum length of the list of failures in one message, in characters. The record of a destination has the event and
 * the error, and SQS rejects a record above its size limit: with an unlimited message the event could be lost.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
const LISTED_CHARS = 8_000;

/** The function's environment is wrong, so no event can succeed until it is changed. Thrown at cold start. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** The event is neither an S3 notification nor an EventBridge event about a created object. */
export class MalformedEventError extends Error {
  override readonly name = 'MalformedEventError';
}

/** A record lacks a field or has a field of the wrong type. The message names the field's path and its value. */
export class MalformedRecordError extends Error {
  override readonly name = 'MalformedRecordError';
}

/** The input of an execution has no string `message`. */
export class InvalidMessageError extends Error {
  override readonly name = 'InvalidMessageError';
}

/** A record that could not be processed. `key` is undefined when it could not be read; `cause` is the error. */
export interface RecordFailure {
  readonly index: number;
  /** `Records[3]`, or empty when the event is the record. */
  readonly place: string;
  readonly key: string | undefined;
  readonly cause: unknown;
}

/** Some records of an event failed. All other records were processed. The message lists the failed records. */
export class RecordsFailedError extends Error {
  override readonly name = 'RecordsFailedError';
  readonly failures: readonly RecordFailure[];

  constructor(failures: readonly RecordFailure[], total: number) {
    const [first] = failures;
    super(`${failures.length} of ${total} records failed: ${listFailures(failures)}`, {
      cause: first?.cause,
    });
    this.failures = failures;
  }
}

/** An input value as JSON, shortened to fit into a message. Control characters are escaped. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS)}… (${text.length} characters)`;
}

/** The text `Name: message` of a thrown error, or the thrown value as JSON. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : describe(thrown);
}

function listFailures(failures: readonly RecordFailure[]): string {
  let list = '';
  for (const [listed, { place, key, cause }] of failures.entries()) {
    const item = `${place} ${describe(key)}: ${reasonOf(cause)}`.trimStart();
    if (list.length + item.length > LISTED_CHARS && listed > 0) {
      return `${list}; and ${failures.length - listed} more, each in the log`;
    }
    list += listed === 0 ? item.slice(0, LISTED_CHARS) : `; ${item}`;
  }
  return list;
}
