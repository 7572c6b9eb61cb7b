/** Several logs as one, once or for as long as somebody watches. */
import { functionLogGroup } from '../function/src/names.ts';
import { stringAt } from '../function/src/objects.ts';
import type { Aws } from './aws.ts';
import { fieldsOf, type LogLine, linesOf, patternOf } from './log.ts';
import type { Clock } from './pace.ts';
import type { Target } from './target.ts';

/** Sequences of lines as one, in the order of time. Each of them has to be in that order. */
export async function* merged(sources: readonly AsyncGenerator<LogLine>[]): AsyncGenerator<LogLine> {
  const heads = await Promise.all(sources.map(async (lines) => ({ lines, next: await lines.next() })));
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    let line: LogLine | undefined;
    for (const head of heads) {
      if (head.next.done) continue;
      const found = head.next.value;
      if (line === undefined || found.timestamp < line.timestamp) [first, line] = [head, found];
    }
    if (first === undefined || line === undefined) return;
    yield line;
    first.next = await first.lines.next();
  }
}

/** A test for lines that have a key, and not as a part of a longer one. A line is JSON, or what a function of somebody's own wrote. */
export function hasKey(key: string): (message: string) => boolean {
  const json = JSON.stringify(key).slice(1, -1);
  const literal = json.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const whole = new RegExp(`(^|[\\s"'=:,([])${literal}($|[\\s"'\\\\=:,;)\\]])`);
  return (message) => whole.test(message);
}

/** Reads lines since a moment, in milliseconds since 1970, in the order of time. */
export type Read = (since: number) => AsyncIterable<LogLine>;

/** Reads all lines of a pipeline. */
export const readAll =
  (aws: Pick<Aws, 'logs'>, { logGroups }: Pick<Target, 'logGroups'>): Read =>
  (since) =>
    merged(logGroups.map((group) => linesOf(aws, group, since)));

/**
 * Reads the lines about one key: those that have it, and those of its executions, which need not have it. The executions are told by
 * start-workflow. There are few of both, and they are held.
 */
export function readAbout(
  aws: Pick<Aws, 'logs'>,
  { logGroups, functions }: Pick<Target, 'logGroups' | 'functions'>,
  key: string,
): Read {
  const ofFunctions = new Set(functions.map(functionLogGroup));
  const others = logGroups.filter((group) => !ofFunctions.has(group));
  const isAbout = hasKey(key);
  const executions = new Set<string>();
  return async function* (since) {
    const found = new Map<string, LogLine>();
    for (const group of logGroups)
      for await (const line of linesOf(aws, group, since, patternOf(key))) {
        if (!isAbout(line.message)) continue;
        found.set(line.id, line);
        const fields = fieldsOf(line.message);
        const execution = stringAt(fields, 'execution') ?? stringAt(fields, 'execution_arn');
        if (execution !== undefined) executions.add(execution);
      }
    for (const group of others)
      for (const execution of executions)
        for await (const line of linesOf(aws, group, since, patternOf(execution)))
          if (line.message.includes(execution)) found.set(line.id, line);
    yield* [...found.values()].toSorted((a, b) => a.timestamp - b.timestamp);
  };
}

/** How often a log is read again, and how much of it: a line can come later than one that is newer. */
const POLL_MS = 2000;
const OVERLAP_MS = 15_000;

/**
 * Reads lines and goes on as new ones come, each once, until it is stopped.
 *
 * @param since - milliseconds since 1970
 */
export async function* follow(
  read: Read,
  since: number,
  stop: AbortSignal,
  clock: Clock,
): AsyncGenerator<LogLine> {
  const seen = new Map<string, number>();
  let newest = since;
  for (;;) {
    for await (const line of read(Math.max(since, newest - OVERLAP_MS))) {
      if (stop.aborted) return;
      if (seen.has(line.id)) continue;
      seen.set(line.id, line.timestamp);
      newest = Math.max(newest, line.timestamp);
      yield line;
    }
    for (const [id, timestamp] of seen) if (timestamp < newest - OVERLAP_MS) seen.delete(id);
    if (!stop.aborted) await clock.wait(POLL_MS);
    if (stop.aborted) return;
  }
}
