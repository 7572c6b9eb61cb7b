/** Why something failed, as the pipeline itself tells it: from executions, logs and dead letters to lines for people. */
import { errorLine, failedObjects, type Letter, readLetter, whyOf } from '../../function/src/dead-letters.ts';
import { at, stringAt } from '../../function/src/objects.ts';
import { printable } from '../../tools/terminal.ts';

/** A failure. */
export interface Reason {
  /** What failed, such as `execution FAILED`, `dead letter` or `function invoices-record-file-1a2b3c4d`. */
  readonly what: string;
  /** The error and its cause. */
  readonly why: string;
  /** The ARN or the object's key that it belongs to. */
  readonly which: readonly string[];
}

/** The maximum number of different failures that are shown. Equal failures are shown once, with their number. */
const MOST_KINDS = 5;
/** The maximum length of an error that is shown, in characters. A cause can have 32 KiB. */
const MOST_CHARACTERS = 600;

/** The parsed JSON, or undefined when the text is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An object's key in an execution's input, where that is about an object. */
const keyOfInput = (input: unknown): string[] => {
  const key = stringAt(input, 'key');
  return key === undefined ? [] : [key];
};

/** The reason for an execution that did not succeed. */
export const ofExecution = (failed: {
  executionArn: string;
  status: string;
  error?: string | undefined;
  cause?: string | undefined;
  input?: string | undefined;
}): Reason => ({
  what: `execution ${failed.status}`,
  why: errorLine(failed.error, failed.cause),
  which: [...keyOfInput(parsed(failed.input ?? '')), failed.executionArn],
});

/** A message of the dead-letter queue, in a form of function/src/dead-letters.ts, or anything else as it is. */
export function ofLetter(body: string): Reason {
  const read = readLetter(body);
  const why = whyOf(read);
  return {
    what: 'dead letter',
    why: why ? errorLine(why.error, why.cause) : body,
    which: why && read ? whichOf(read) : [],
  };
}

function whichOf(read: Letter): string[] {
  const keys = failedObjects(read).slice(0, 1);
  const execution = read.by === 'execution' ? read.letter.execution : undefined;
  return [...keys.map(({ key }) => key), ...(typeof execution === 'string' ? [execution] : [])];
}

const LEVELS = ['ERROR', 'FATAL', 'CRITICAL'];

/**
 * The errors in a function's log: JSON lines with the level `error`, and the first line of a stack trace.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
export function ofFunctionLog(name: string, lines: readonly string[]): Reason[] {
  const what = `function ${name}`;
  return lines.flatMap((line): Reason[] => {
    const entry = parsed(line);
    if (entry === undefined)
      return /^\w*(Error|Exception)\b.*: /.test(line) ? [{ what, why: line.trimEnd(), which: [] }] : [];
    if (!LEVELS.includes(stringAt(entry, 'level') ?? '')) return [];
    const thrown = at(entry, 'message', 'errorMessage') !== undefined ? at(entry, 'message') : undefined;
    const why =
      thrown === undefined
        ? [
            stringAt(entry, 'message'),
            stringAt(entry, 'error', 'name'),
            stringAt(entry, 'error', 'message'),
          ].filter((part) => part !== undefined)
        : [errorLine(stringAt(thrown, 'errorType'), stringAt(thrown, 'errorMessage'))];
    return [{ what, why: why.join(': ') || line, which: keyOfInput(entry) }];
  });
}

const ENDS = new Map([
  ['ExecutionFailed', 'FAILED'],
  ['ExecutionTimedOut', 'TIMED_OUT'],
  ['ExecutionAborted', 'ABORTED'],
]);

/**
 * The failed executions in a state machine's log. For Express, AWS has them only there.
 * https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
 */
export function ofExecutionLog(lines: readonly string[]): Reason[] {
  return lines.flatMap((line) => {
    const event = parsed(line);
    const status = ENDS.get(stringAt(event, 'type') ?? '');
    if (status === undefined) return [];
    const executionArn = stringAt(event, 'execution_arn') ?? '';
    const error = stringAt(event, 'details', 'error');
    const cause = stringAt(event, 'details', 'cause');
    return [ofExecution({ executionArn, status, error, cause })];
  });
}

function shortened(text: string): string {
  const line = printable(text);
  return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line;
}

/** The lines for failures: one line for each kind, with its number, and an example below it. Empty without failures. */
export function reasonLines(reasons: readonly Reason[]): string[] {
  const kinds = Map.groupBy(reasons, ({ what, why }) => `${what}: ${shortened(why)}`);
  const lines = [...kinds].slice(0, MOST_KINDS).flatMap(([line, [first, ...others]]) => {
    const which = first?.which.map(printable).join(', ') ?? '';
    const such = others.length > 0 ? 'such as ' : '';
    return [`  ${others.length + 1} × ${line}`, ...(which === '' ? [] : [`      ${such}${which}`])];
  });
  return kinds.size > MOST_KINDS ? [...lines, `  and ${kinds.size - MOST_KINDS} other kinds`] : lines;
}
