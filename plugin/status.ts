/** `kubectl fip status`: whether a pipeline is well and, where it is not, why. */
import { paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { type Aws, explained, isGone } from './aws.ts';
import type { Command, Session } from './command.ts';
import { type Counts, countExecutions, type ExecutionCounts } from './executions.ts';
import { type Colour, count, type Output, printable } from './output.ts';
import { countRows, type RowCounts, TIME } from './rows.ts';
import { EXIT, Stop } from './stop.ts';
import type { Condition, Target } from './target.ts';

interface Alarm {
  readonly name: string;
  /** `OK`, `ALARM` or `INSUFFICIENT_DATA`. */
  readonly state: string;
  readonly why: string;
}

interface Letters {
  readonly waiting: number;
  /** Those that somebody has received and not yet deleted. */
  readonly beingRead: number;
}

export interface Report {
  readonly name: string;
  readonly namespace: string;
  readonly type: string;
  readonly execution: string;
  readonly region: string;
  readonly isWell: boolean;
  /** Why it is not well. */
  readonly problems: readonly string[];
  readonly conditions: readonly Condition[];
  readonly waitingFor: readonly string[];
  readonly alarms?: readonly Alarm[];
  readonly deadLetters?: Letters;
  /** Missing where there is no state machine. */
  readonly executions?: ExecutionCounts;
  readonly rows?: RowCounts;
}

/** What is read before a count says `at least`: MB of the table, and thousands of executions. `--all` reads everything. */
const MOST_PAGES = { rows: 50, executions: 10 };

/** The alarms of a pipeline: their names begin with its name and end with its suffix. */
async function alarmsOf({ cloudwatch }: Aws, { identity }: Target): Promise<Alarm[]> {
  const stem = `${identity.namespace}-${identity.name}`.replaceAll('.', '-').slice(0, 100);
  const found: Alarm[] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms(
    { client: cloudwatch },
    { AlarmNamePrefix: stem, AlarmTypes: ['MetricAlarm'] },
  ))
    for (const { AlarmName = '', StateValue = '', StateReason = '' } of MetricAlarms)
      if (AlarmName.endsWith(`-${identity.suffix}`))
        found.push({ name: AlarmName, state: StateValue, why: StateReason });
  return found;
}

/** How many messages a queue has, approximately, as SQS says. */
async function lettersOf({ sqs }: Pick<Aws, 'sqs'>, QueueUrl: string): Promise<Letters> {
  const { Attributes = {} } = await sqs.getQueueAttributes({
    QueueUrl,
    AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
  });
  return {
    waiting: Number(Attributes['ApproximateNumberOfMessages'] ?? 0),
    beingRead: Number(Attributes['ApproximateNumberOfMessagesNotVisible'] ?? 0),
  };
}

/** What the claim itself says of its trouble. */
export function claimProblems({
  conditions,
  waitingFor,
}: Pick<Target, 'conditions' | 'waitingFor'>): string[] {
  if (conditions.length === 0) return ['the claim has no conditions: Crossplane has not taken it up yet'];
  const wrong = conditions
    .filter(({ status }) => status !== 'True')
    .map(({ type, status, reason, message }) =>
      [`${type} is ${status}`, reason, message].filter((part) => part !== '').join(': '),
    );
  return [...wrong, ...waitingFor.map((line) => `waits for ${line}`)];
}

/** Everything about one pipeline. What AWS does not have any more is a problem, not an error. */
async function report(aws: Aws, target: Target, now: Date, isAll: boolean): Promise<Report> {
  const { identity, spec, table, stateMachine, deadLetterQueue } = target;
  const most = (pages: number) => (isAll ? Number.POSITIVE_INFINITY : pages);
  const gone: string[] = [];
  const tried = async <T>(work: Promise<T> | undefined): Promise<T | undefined> => {
    try {
      return await work;
    } catch (error) {
      const told = explained(error, target);
      if (!isGone(error) || !(told instanceof Stop)) throw told;
      gone.push(told.message);
      return undefined;
    }
  };
  const [alarms, deadLetters, executions, rows] = await Promise.all([
    spec.observability.alarms.enabled ? tried(alarmsOf(aws, target)) : undefined,
    tried(deadLetterQueue === undefined ? undefined : lettersOf(aws, deadLetterQueue)),
    tried(
      (stateMachine && countExecutions(aws, stateMachine, now, most(MOST_PAGES.executions))) || undefined,
    ),
    tried(table === undefined ? undefined : countRows(aws, target, table, now, most(MOST_PAGES.rows))),
  ]);
  const ringing = (alarms ?? []).filter(({ state }) => state === 'ALARM');
  const letters = (deadLetters?.waiting ?? 0) + (deadLetters?.beingRead ?? 0);
  const problems = [
    ...claimProblems(target),
    ...gone,
    ...ringing.map(({ name, why }) => `the alarm ${name} rings: ${why}`),
    ...(letters > 0 ? [`${count(letters, 'dead letter')} in the dead-letter queue`] : []),
  ];
  return {
    name: identity.name,
    namespace: identity.namespace,
    type: spec.workflow.type,
    execution: spec.workflow.execution,
    region: spec.region,
    isWell: problems.length === 0,
    problems,
    conditions: target.conditions,
    waitingFor: target.waitingFor,
    ...(alarms && { alarms }),
    ...(deadLetters && { deadLetters }),
    ...(executions && { executions }),
    ...(rows && { rows }),
  };
}

const counted = ({ succeeded, failed, running }: Counts) =>
  `${succeeded + failed + running} (${succeeded} succeeded, ${failed} failed, ${running} running)`;

function alarmLine(alarms: readonly Alarm[] | undefined): string {
  if (alarms === undefined) return 'none: observability.alarms.enabled is false';
  return `${alarms.length}, ${alarms.filter(({ state }) => state === 'ALARM').length} ringing`;
}

function rowLines(rows: RowCounts, hasTimes: boolean): [string, string][] {
  const least = rows.isWhole ? '' : 'at least ';
  const seen = rows.isWhole ? `${rows.seen} in all` : `${rows.seen} looked at, --all looks at the others`;
  if (!hasTimes) return [['Rows', `${least}${seen}`]];
  return [
    ['Rows', `last hour ${least}${rows.hour}; last day ${least}${rows.day}; ${seen}`],
    ['Last row', rows.last ? `${printable(rows.last.key)}, ${rows.last.time}` : 'none'],
  ];
}

/** The lines about one pipeline. */
export function lines(found: Report, paint: Output['paint']): string[] {
  const { deadLetters, executions, rows } = found;
  const mark: Colour = found.isWell ? 'green' : 'red';
  const least = executions?.isWhole === false ? 'at least ' : '';
  const facts: [string, string][] = [
    ['Alarms', alarmLine(found.alarms)],
    ...(deadLetters
      ? [
          ['Dead letters', `${deadLetters.waiting} waiting, ${deadLetters.beingRead} being read`] as [
            string,
            string,
          ],
        ]
      : []),
    ...(executions
      ? ([
          ['Executions', `last hour ${least}${counted(executions.hour)}`],
          ['', `last day ${least}${counted(executions.day)}`],
        ] satisfies [string, string][])
      : []),
    ...(rows
      ? rowLines(
          rows,
          Object.entries(TIME).some(([type, time]) => type === found.type && time !== undefined),
        )
      : []),
  ];
  return [
    `${paint('bold', `${found.namespace}/${found.name}`)}  ${found.type}, ${found.execution}, ${found.region}`,
    paint(mark, found.isWell ? 'Well' : 'Not well:'),
    ...found.problems.map((problem) => `  ${printable(problem)}`),
    ...found.conditions.map(
      ({ type, status, reason }) =>
        `${type.padEnd(16)}${paint(status === 'True' ? 'green' : 'red', status)} ${reason}`,
    ),
    ...facts.map(([what, value]) => `${what.padEnd(16)}${value}`),
  ];
}

/** One line about each of several pipelines. */
const summary = ({ name, type, isWell, problems }: Report, paint: Output['paint']): string =>
  `${name.padEnd(32)}${type.padEnd(15)}${isWell ? paint('green', 'well') : paint('red', printable(problems[0] ?? ''))}`;

async function run({ targets, aws, output, values, now, name }: Session): Promise<0 | 4> {
  let isWell = true;
  for (const target of targets) {
    const found = await report(aws(target), target, now(), values['all'] === true);
    isWell &&= found.isWell;
    if (output.isJson) await output.object(found);
    else if (name === undefined) await output.line(summary(found, output.paint));
    else for (const line of lines(found, output.paint)) await output.line(line);
  }
  if (targets.length === 0 && !output.isJson) await output.line('There are no FileIngestPipelines.');
  return isWell ? EXIT.done : EXIT.unwell;
}

export const status: Command = {
  name: 'status',
  summary: 'is it well, and if not, why',
  takes: '[NAME]',
  isNameOptional: true,
  mostRest: 0,
  options: {
    all: { type: 'boolean', help: 'reads the whole table and all executions of the day, however many' },
  },
  examples: [
    ['kubectl fip status invoices', 'Everything about one pipeline'],
    ['kubectl fip status -n team-a', 'One line for each pipeline of a namespace'],
    ['kubectl fip status invoices -o json | jq .problems', 'Only what is wrong'],
  ],
  run,
};
