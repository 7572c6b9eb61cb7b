/**
 * The dead letters of a pipeline: who writes them, in what form, and who reads them. Whatever else is in the queue is of
 * somebody else, such as a state machine of type Custom that sends what it likes.
 *
 * | who writes | where that is said | form |
 * |---|---|---|
 * | Lambda, of a function that an event invoked | `resources/lambdas.ts`, the invoke config's destination | `FunctionLetter` |
 * | Lambda, of records of the table's stream | `resources/stream.ts`, the mapping's destination | no event in it |
 * | our state machines | `workflows/parts.ts`, the state `SendDeadLetter` | `ExecutionLetter` |
 * | EventBridge, where a rule's target has the queue | nowhere of ours | the event itself |
 *
 * `readLetter` reads them, and by it: `local/redrive.ts`, which gives them back; `local/data-path/reasons.ts`, which says what
 * failed; `plugin/letters.ts`, which does so for people. docs/workflows.md, "What fails", tells people how to do it.
 */
import { EVENT_BRIDGE, NOTIFICATION } from '../../lambda/shared/event-forms.ts';
import { labelsOf, type S3Record } from '../../lambda/shared/s3-event.ts';
import { at, isObject, type Json, stringAt } from './objects.ts';

/**
 * What our state machines send: by field, where the execution has it. The error is what a Catch has put at `ERROR_PATH`.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
 */
export const ERROR_PATH = '$.error';
const EXECUTION_LETTER = {
  execution: '$$.Execution.Id',
  input: '$$.Execution.Input',
  error: ERROR_PATH,
} as const;

type ExecutionLetter = Readonly<Record<keyof typeof EXECUTION_LETTER, unknown>>;

/** The message's body in Amazon States Language. */
export const executionLetterBody = (): Json =>
  Object.fromEntries(Object.entries(EXECUTION_LETTER).map(([field, path]) => [`${field}.$`, path]));

/**
 * What Lambda sends of a failed invocation.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
interface FunctionLetter {
  /** The event. */
  readonly requestPayload: unknown;
  /** What was thrown: `errorType`, `errorMessage`. Missing where the function never ran. */
  readonly responsePayload: unknown;
  /** Why Lambda gave it up is its `condition`. */
  readonly requestContext: unknown;
}

/** A letter by who wrote it; `undefined` where that was none of those above. */
export type Letter =
  | { readonly by: 'function'; readonly letter: FunctionLetter }
  | { readonly by: 'execution'; readonly letter: ExecutionLetter }
  | { readonly by: 'EventBridge'; readonly event: Json };

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Reads the body of a message of the dead-letter queue. */
export function readLetter(body: string): Letter | undefined {
  const found = parsed(body);
  if (!isObject(found)) return undefined;
  const { requestPayload, responsePayload, requestContext, execution, input, error, detail } = found;
  if (requestPayload !== undefined)
    return { by: 'function', letter: { requestPayload, responsePayload, requestContext } };
  if (input !== undefined || error !== undefined)
    return { by: 'execution', letter: { execution, input, error } };
  return isObject(detail) ? { by: 'EventBridge', event: found } : undefined;
}

/** What failed, to be given to the same again: an event to the function, an input to the state machine. */
export function failedOf(read: Letter | undefined): { event: Json } | { input: Json } | undefined {
  if (read?.by === 'EventBridge') return { event: read.event };
  if (read?.by === 'function' && isObject(read.letter.requestPayload))
    return { event: read.letter.requestPayload };
  if (read?.by === 'execution' && isObject(read.letter.input)) return { input: read.letter.input };
  return undefined;
}

/** Why it failed: an error and its cause. */
export interface Why {
  error?: string | undefined;
  cause?: string | undefined;
}

/** The error that a letter tells; undefined where it tells none. */
export function whyOf(read: Letter | undefined): Why | undefined {
  if (read?.by === 'function') {
    const { responsePayload, requestContext } = read.letter;
    const condition = stringAt(requestContext, 'condition');
    return responsePayload === undefined && condition !== undefined
      ? { error: condition }
      : { error: stringAt(responsePayload, 'errorType'), cause: stringAt(responsePayload, 'errorMessage') };
  }
  if (read?.by !== 'execution' || read.letter.error === undefined) return undefined;
  return { error: stringAt(read.letter.error, 'Error'), cause: stringAt(read.letter.error, 'Cause') };
}

/**
 * An error and its cause on one line. After an error in Lambda, the cause of the execution's error is JSON with `errorMessage`:
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 */
export function errorLine(error: string | undefined, cause: string | undefined): string {
  const message = cause === undefined ? undefined : (stringAt(parsed(cause), 'errorMessage') ?? cause);
  return (
    [error, message].filter((part) => part !== undefined && part !== '').join(': ') || 'without an error'
  );
}

/** An object that something failed for. */
export interface FailedObject {
  readonly key: string;
  /** The string `null` without versioning. */
  readonly versionId: string;
}

/** The objects in an event of either form, as far as they can be read. */
function objectsOfEvent(event: unknown): FailedObject[] {
  const found = at(event, 'Records');
  const records: readonly S3Record[] = Array.isArray(found)
    ? found.map((value, index) => ({ form: NOTIFICATION, place: `Records[${index}]`, value }))
    : [{ form: EVENT_BRIDGE, place: '', value: event }];
  return records.flatMap((record) => {
    const { key } = labelsOf(record);
    const path = [...record.form.object.split('.'), record.form.versionId];
    return key === undefined ? [] : [{ key, versionId: stringAt(record.value, ...path) ?? 'null' }];
  });
}

/** The objects that a letter is about. None where it is about something else. */
export function failedObjects(read: Letter | undefined): readonly FailedObject[] {
  const failed = failedOf(read);
  if (failed === undefined) return [];
  if ('event' in failed) return objectsOfEvent(failed.event);
  const key = stringAt(failed.input, 'key');
  return key === undefined ? [] : [{ key, versionId: stringAt(failed.input, 'versionId') ?? 'null' }];
}
