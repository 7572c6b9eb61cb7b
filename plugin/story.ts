/** The whole story of one file: its versions, row, executions, dead letters and log lines. */
import { functionLogGroup } from '../function/src/names.ts';
import { stringAt } from '../function/src/objects.ts';
import { executionName } from '../lambda/start-workflow/execution-name.ts';
import type { Aws } from './aws.ts';
import { createTraces, describeExecution, type Execution } from './executions.ts';
import { type Evidence, type FileState, isRowOf, stateOf } from './file-state.ts';
import { type DeadLetter, withLetters } from './letters.ts';
import { fieldsOf, type LogLine, linesOf, patternOf, shown } from './log.ts';
import {
  type FileObject,
  filePages,
  filterOf,
  rowKey,
  rowsOf,
  type Version,
  versionPages,
} from './objects.ts';
import { type Output, printable, size, time } from './output.ts';
import type { Row } from './rows.ts';
import { EXIT, Stop } from './stop.ts';
import { need, type Target } from './target.ts';

export interface Story extends FileState {
  /** The newest one first. */
  readonly versions: readonly Version[];
  readonly isDeleted: boolean;
  readonly row: Row | undefined;
  readonly executions: readonly Execution[];
  readonly letters: readonly Omit<DeadLetter, 'receipt' | 'body'>[];
  readonly log: readonly LogLine[];
}

/** The versions of exactly one key. */
async function versionsOf(aws: Aws, bucket: string, key: string) {
  const versions: Version[] = [];
  let file: FileObject | undefined;
  // The key itself is the first of all that begin with it.
  for await (const page of versionPages(aws, bucket, key)) {
    const own = {
      versions: page.versions.filter((version) => version.key === key),
      deleted: page.deleted.filter((one) => one === key),
    };
    versions.push(...own.versions);
    const pages = async function* () {
      yield { versions, deleted: own.deleted };
    };
    for await (const found of filePages(pages())) file ??= found[0];
    if (page.versions.some((version) => version.key !== key)) break;
  }
  return { versions, file };
}

async function lettersAbout(aws: Aws, queue: string, key: string) {
  return withLetters(aws, queue, async ({ letters }) => {
    const found: Story['letters'][number][] = [];
    for await (const { receipt: _receipt, body: _body, ...letter } of letters)
      if (letter.objects.some((object) => object.key === key)) found.push(letter);
    return found;
  });
}

/** The functions' lines about a key. */
async function logAbout(aws: Aws, target: Target, key: string, since: number): Promise<LogLine[]> {
  const json = JSON.stringify(key).slice(1, -1);
  const found: LogLine[] = [];
  for (const group of target.functions.map(functionLogGroup))
    for await (const line of linesOf(aws, group, since, patternOf(key)))
      if (line.message.includes(json)) found.push(line);
  return found.sort((a, b) => a.timestamp - b.timestamp);
}

/** The ARN of the execution that a row came from; undefined where nothing tells it. */
function executionOfRow({ stateMachine, spec, bucket }: Target, key: string, row: Row | undefined) {
  const [versionId, sequencer] = ['versionId', 'sequencer'].map((name) => stringAt(row, name));
  if (!stateMachine || spec.workflow.execution !== 'Standard') return [];
  if (bucket === undefined || versionId === undefined || sequencer === undefined) return [];
  const name = executionName({ bucket, key, versionId, sequencer });
  return [`${stateMachine.replace(':stateMachine:', ':execution:')}:${name}`];
}

async function executionsOf(aws: Aws, arns: readonly string[]): Promise<Execution[]> {
  const unknown = { status: 'not kept by AWS', started: undefined, stopped: undefined, why: undefined };
  const found: Execution[] = [];
  for (const arn of new Set(arns))
    found.push(
      (await describeExecution(aws, arn)) ?? { arn, ...unknown, key: undefined, versionId: undefined },
    );
  return found.sort((a, b) => (a.started?.getTime() ?? 0) - (b.started?.getTime() ?? 0));
}

/** How far back the log is searched where no version tells when the file came. */
const LOG_DAYS = 14;
const DAY_MS = 86_400_000;

/**
 * Collects all that is known of one file.
 *
 * @throws Stop when that is nothing
 */
export async function storyOf(aws: Aws, target: Target, key: string, now: Date): Promise<Story> {
  const bucket = need(target, 'bucket');
  const table = need(target, 'table');
  const { versions, file } = await versionsOf(aws, bucket, key);
  const wanted = rowKey(target, key);
  const rows = wanted === undefined ? undefined : await rowsOf(aws, target, table, [wanted]);
  const row = wanted === undefined ? undefined : rows?.get(wanted);
  const oldest = versions.at(-1)?.modified.getTime() ?? now.getTime() - LOG_DAYS * DAY_MS;
  const [letters, log, trace] = await Promise.all([
    lettersAbout(aws, need(target, 'deadLetterQueue'), key),
    logAbout(aws, target, key, oldest),
    file && createTraces(aws, target.stateMachine, undefined).find(key, file.versionId),
  ]);
  const executions = await executionsOf(aws, [
    ...log.flatMap(({ message }) => stringAt(fieldsOf(message), 'execution') ?? []),
    ...letters.flatMap(({ execution }) => execution ?? []),
    ...executionOfRow(target, key, row),
    ...(trace ? [trace.arn] : []),
  ]);
  if (!file && row === undefined && letters.length === 0 && log.length === 0)
    throw new Stop(
      `${key}: not found: the bucket ${bucket} has no version of it, and no row, dead letter or log line is about it. Keys are compared character for character.`,
      EXIT.notReady,
    );
  const own = letters.find(({ objects }) =>
    objects.some((object) => object.key === key && object.versionId === file?.versionId),
  );
  const evidence: Evidence = { row, letter: own?.why, execution: trace && traceOf(trace) };
  const around = { type: target.spec.workflow.type, filter: filterOf(target), created: target.created, now };
  const state = file && stateOf(file, evidence, around);
  return {
    ...(state ?? {
      key,
      state: row ? 'recorded' : 'unknown',
      why: file ? 'the object was deleted' : 'the bucket has no version of it any more',
    }),
    versions,
    isDeleted: file?.isDeleted ?? true,
    row,
    executions,
    letters,
    log,
  };
}

/** What an execution says of its file. */
export const traceOf = ({ status, why, started }: Execution) => ({
  isRunning: status === 'RUNNING' || status === 'PENDING_REDRIVE',
  why:
    status === 'RUNNING'
      ? `an execution runs since ${started ? time(started) : 'some time'}`
      : (why ?? `its execution ${status}`),
});

/** The story for people. */
export function tell(story: Story, target: Target, paint: Output['paint']): string[] {
  const { versions, isDeleted, row, executions, letters, log } = story;
  const part = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [`${title}: none`] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
  const latest = versions[0];
  return [
    `${paint('bold', printable(story.key))}: ${story.state}${story.why === undefined ? '' : `: ${printable(story.why)}`}`,
    ...part(
      'Versions',
      versions.map((one) => {
        const mark = one === latest ? (isDeleted ? '  deleted since' : '  latest') : '';
        const rowMark = row && isRowOf(row, one) ? ', has the row' : '';
        return `${time(one.modified)}  ${size(one.size).padStart(9)}  ${one.versionId}${mark}${rowMark}`;
      }),
    ),
    ...part(
      'Row',
      Object.entries(row ?? {}).map(([name, value]) => `${name.padEnd(16)}${printable(String(value))}`),
    ),
    ...part(
      'Executions',
      executions.map(({ arn, status, started, why }) =>
        [started ? time(started) : '', status, arn, why]
          .filter(Boolean)
          .map((one) => printable(String(one)))
          .join('  '),
      ),
    ),
    ...part(
      'Dead letters',
      letters.map(({ time: sent, by, why, id }) => `${time(sent)}  of ${by}  ${id}  ${printable(why)}`),
    ),
    ...part(
      'Log',
      log.map((line) => shown(line, target.identity, paint)),
    ),
  ];
}
