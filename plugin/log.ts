/** The lines of a pipeline's log groups, and what they say. */
import { type FilteredLogEvent, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { errorLine } from '../function/src/dead-letters.ts';
import { functionLogGroup, type Identity } from '../function/src/names.ts';
import { at, isObject, stringAt } from '../function/src/objects.ts';
import type { Aws } from './aws.ts';
import { type Colour, type Output, printable, time } from './output.ts';
import { hasName } from './stop.ts';

/** A line of a log. */
export interface LogLine {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  /** CloudWatch's id of the line. */
  readonly id: string;
  readonly group: string;
  readonly message: string;
}

/** The term of a filter pattern that finds lines with a key; undefined for a key that a term or a line's JSON has otherwise. */
export const patternOf = (key: string): string | undefined =>
  /["\\]/.test(key) || JSON.stringify(key) !== `"${key}"` ? undefined : `"${key}"`;

/**
 * The lines of a log group, in the order of time.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export async function* linesOf(
  { logs }: Pick<Aws, 'logs'>,
  group: string,
  since: number,
  pattern?: string,
): AsyncGenerator<LogLine> {
  const filter = pattern === undefined ? {} : { filterPattern: pattern };
  try {
    const pages = paginateFilterLogEvents(
      { client: logs },
      { logGroupName: group, startTime: since, ...filter },
    );
    for await (const { events = [] } of pages) yield* events.map((event) => lineOf(group, event));
  } catch (error) {
    // A function that never ran may have no group yet.
    if (!hasName(error, 'ResourceNotFoundException')) throw error;
  }
}

function lineOf(group: string, { timestamp = 0, eventId, message = '' }: FilteredLogEvent): LogLine {
  // An emulator may know no ids.
  const id = eventId ?? JSON.stringify([group, timestamp, message]);
  return { timestamp, id, group, message: message.trimEnd() };
}

/** The JSON of a line; undefined for other text. */
export function fieldsOf(message: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(message);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whose line it is: a function's key, or `state machine`. */
export function sourceOf(group: string, { namespace, name, suffix }: Identity): string {
  const start = functionLogGroup('');
  if (!group.startsWith(start)) return 'state machine';
  const stem = `${namespace}-${name}-`.replaceAll('.', '-');
  const own = group.slice(start.length);
  return own.replace(`-${suffix}`, '').replace(stem, '');
}

const LEVELS: Readonly<Record<string, Colour>> = {
  ERROR: 'red',
  FATAL: 'red',
  CRITICAL: 'red',
  WARN: 'yellow',
  DEBUG: 'dim',
  TRACE: 'dim',
};

/** What a handler, Lambda or the state machine wrote, for people. */
export function readable(message: string): { level: string; text: string } {
  const fields = fieldsOf(message);
  if (!fields) return { level: '', text: message };
  const level = stringAt(fields, 'level') ?? '';
  const type = stringAt(fields, 'type');
  if (type?.startsWith('platform.')) {
    const milliseconds = at(fields, 'record', 'metrics', 'durationMs');
    return { level: 'DEBUG', text: typeof milliseconds === 'number' ? `${type} ${milliseconds} ms` : type };
  }
  const execution = stringAt(fields, 'execution_arn');
  if (execution !== undefined) {
    const state = stringAt(fields, 'details', 'name');
    const [error, cause] = ['error', 'cause'].map((field) => stringAt(fields, 'details', field));
    const why = error === undefined && cause === undefined ? [] : [errorLine(error, cause)];
    const isBad = /(Failed|TimedOut|Aborted)$/.test(type ?? '');
    return {
      level: isBad ? 'ERROR' : 'INFO',
      text: [type, state, ...why, execution].filter(Boolean).join('  '),
    };
  }
  const thrown = isObject(fields['message']) ? fields['message'] : undefined;
  const said = thrown
    ? errorLine(stringAt(thrown, 'errorType'), stringAt(thrown, 'errorMessage'))
    : (stringAt(fields, 'message') ?? message);
  const error = [stringAt(fields, 'error', 'name'), stringAt(fields, 'error', 'message')].filter(Boolean);
  const key = stringAt(fields, 'key');
  const parts = [said, ...(error.length > 0 ? [error.join(': ')] : []), ...(key === undefined ? [] : [key])];
  return { level, text: parts.join('  ') };
}

/** A line for people. */
export function shown(line: LogLine, identity: Identity, paint: Output['paint']): string {
  const { level, text } = readable(line.message);
  const colour = LEVELS[level];
  const body = `${level.padEnd(6)}${printable(text)}`;
  const source = sourceOf(line.group, identity).padEnd(16);
  return `${paint('dim', time(new Date(line.timestamp)))}  ${source}  ${colour ? paint(colour, body) : body}`;
}
