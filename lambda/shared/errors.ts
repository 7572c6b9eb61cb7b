/** Longest piece of a foreign value that goes into an error message, in characters. */
const SHOWN_CHARS = 200;

/**
 * Longest list of failures in one message, in characters. A destination's record carries the event and the error
 * together, and SQS refuses a record beyond its limit: a message that grew with the event could lose the event.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
const LISTED_CHARS = 8_000;

/** The function's environment is wrong: nothing can work until it is changed. Thrown at cold start. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** The event is neither an S3 notification nor EventBridge's of an object that was created. */
export class MalformedEventError extends Error {
  override readonly name = 'MalformedEventError';
}

/** One record lacks a field or has one of the wrong type; the message names the field's path and what was found. */
export class MalformedRecordError extends Error {
  override readonly name = 'MalformedRecordError';
}

/** An execution was started with an input that has no text called `message`. */
export class InvalidMessageError extends Error {
  override readonly name = 'InvalidMessageError';
}

/** One record that could not be processed: its key as far as it could be read, and why. */
export interface RecordFailure {
  readonly index: number;
  /** `Records[3]`, or nothing when the event has no more than one. */
  readonly place: string;
  readonly key: string | undefined;
  readonly cause: unknown;
}

/** Some records of an event failed; all of the others were processed. The message lists the failed ones. */
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

/** A foreign value as JSON, cut to a length that fits a message; control characters come out escaped. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS)}… (${text.length} characters)`;
}

/** `Name: message` of whatever was thrown. */
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
