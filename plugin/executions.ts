/** The executions of a claim's state machine. */
import { type ExecutionListItem, type ExecutionStatus, paginateListExecutions } from '@aws-sdk/client-sfn';
import { errorLine } from '../function/src/dead-letters.ts';
import { stringAt } from '../function/src/objects.ts';
import { slugOf } from '../lambda/start-workflow/execution-name.ts';
import type { Aws } from './aws.ts';
import { bounds } from './rows.ts';
import { hasName } from './stop.ts';

/** Executions by how they are: those that failed, timed out or were stopped count as failed. */
export interface Counts {
  readonly succeeded: number;
  readonly failed: number;
  readonly running: number;
}

export interface ExecutionCounts {
  readonly hour: Counts;
  readonly day: Counts;
  /** Whether all of them were counted. */
  readonly isWhole: boolean;
}

const NONE: Counts = { succeeded: 0, failed: 0, running: 0 };

const fieldOf = (status: string | undefined): keyof Counts =>
  status === 'SUCCEEDED'
    ? 'succeeded'
    : status === 'RUNNING' || status === 'PENDING_REDRIVE'
      ? 'running'
      : 'failed';

const plus = (counts: Counts, field: keyof Counts, number = 1): Counts => ({
  ...counts,
  [field]: counts[field] + number,
});

/**
 * The executions, the newest first, page by page. None when AWS keeps no list of them, as for Express.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
 */
async function* listExecutions(
  { sfn }: Pick<Aws, 'sfn'>,
  stateMachineArn: string,
  statusFilter?: ExecutionStatus,
): AsyncGenerator<readonly ExecutionListItem[], 'listed' | 'not kept'> {
  const filter = statusFilter === undefined ? {} : { statusFilter };
  try {
    for await (const { executions = [] } of paginateListExecutions(
      { client: sfn, pageSize: 1000 },
      { stateMachineArn, ...filter },
    ))
      yield executions;
    return 'listed';
  } catch (error) {
    if (hasName(error, 'StateMachineTypeNotSupported')) return 'not kept';
    throw error;
  }
}

/**
 * Counts the executions of the last hour and day: from the list or, where AWS keeps none, from the metrics.
 *
 * @param mostPages - a page has up to 1,000
 */
export async function countExecutions(
  aws: Pick<Aws, 'sfn' | 'cloudwatch'>,
  stateMachineArn: string,
  now: Date,
  mostPages: number,
): Promise<ExecutionCounts> {
  const since = bounds(now);
  let [hour, day] = [NONE, NONE];
  const pages = listExecutions(aws, stateMachineArn);
  for (let page = 0; page < mostPages; page += 1) {
    const { value, done } = await pages.next();
    if (done)
      return value === 'listed' ? { hour, day, isWhole: true } : fromMetrics(aws, stateMachineArn, now);
    for (const { status, startDate } of value) {
      if (startDate === undefined || startDate < since.day) return { hour, day, isWhole: true };
      day = plus(day, fieldOf(status));
      if (startDate >= since.hour) hour = plus(hour, fieldOf(status));
    }
  }
  return { hour, day, isWhole: false };
}

const METRICS: Readonly<Record<string, keyof Counts>> = {
  ExecutionsSucceeded: 'succeeded',
  ExecutionsFailed: 'failed',
  ExecutionsTimedOut: 'failed',
  ExecutionsAborted: 'failed',
};
const PERIOD_SECONDS = 300;

/** https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html */
async function fromMetrics(
  { cloudwatch }: Pick<Aws, 'cloudwatch'>,
  stateMachineArn: string,
  now: Date,
): Promise<ExecutionCounts> {
  const since = bounds(now);
  const { MetricDataResults = [] } = await cloudwatch.getMetricData({
    StartTime: since.day,
    EndTime: now,
    MetricDataQueries: Object.keys(METRICS).map((MetricName, index) => ({
      Id: `m${index}`,
      Label: MetricName,
      MetricStat: {
        Metric: {
          Namespace: 'AWS/States',
          MetricName,
          Dimensions: [{ Name: 'StateMachineArn', Value: stateMachineArn }],
        },
        Period: PERIOD_SECONDS,
        Stat: 'Sum',
      },
    })),
  });
  let [hour, day] = [NONE, NONE];
  for (const { Label = '', Timestamps = [], Values = [] } of MetricDataResults) {
    const field = METRICS[Label];
    if (field === undefined) continue;
    for (const [index, at] of Timestamps.entries()) {
      day = plus(day, field, Values[index] ?? 0);
      if (at >= since.hour) hour = plus(hour, field, Values[index] ?? 0);
    }
  }
  return { hour, day, isWhole: true };
}

/** An execution, with the object that it is about. */
export interface Execution {
  readonly arn: string;
  readonly status: string;
  readonly started: Date | undefined;
  readonly stopped: Date | undefined;
  /** The error and its cause. */
  readonly why: string | undefined;
  readonly key: string | undefined;
  readonly versionId: string | undefined;
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** One execution; undefined when AWS has none, or keeps none, as for Express. */
export async function describeExecution(
  { sfn }: Pick<Aws, 'sfn'>,
  executionArn: string,
): Promise<Execution | undefined> {
  try {
    const {
      status = '',
      startDate,
      stopDate,
      error,
      cause,
      input,
    } = await sfn.describeExecution({ executionArn });
    const about = parsed(input);
    return {
      arn: executionArn,
      status,
      started: startDate,
      stopped: stopDate,
      why: error === undefined && cause === undefined ? undefined : errorLine(error, cause),
      key: stringAt(about, 'key'),
      versionId: stringAt(about, 'versionId'),
    };
  } catch (error) {
    if (hasName(error, 'ExecutionDoesNotExist', 'StateMachineTypeNotSupported', 'InvalidArn'))
      return undefined;
    throw error;
  }
}

/** The states of executions that say something of a file without a row. */
const TELLING: readonly ExecutionStatus[] = ['RUNNING', 'FAILED', 'TIMED_OUT', 'ABORTED'];
/** `-` and the digest at the end of a name. */
const DIGEST = /(^|-)[0-9a-f]{64}$/;

/** Finds the executions of files that run or did not succeed. */
export interface Traces {
  /** The newest one of a key and version. */
  find(key: string, versionId: string): Promise<Execution | undefined>;
}

/**
 * The executions of uploads that run or did not succeed. Their list is read when the first one is asked for. The name of one begins with a part of
 * the key; only those that fit are asked for their input, each once.
 *
 * @param since - older ones are left out
 */
export function createTraces(
  aws: Pick<Aws, 'sfn'>,
  stateMachineArn: string | undefined,
  since: Date | undefined,
): Traces {
  let listed: Promise<ReadonlyMap<string, readonly string[]>> | undefined;
  const described = new Map<string, Promise<Execution | undefined>>();
  async function list() {
    const bySlug = new Map<string, string[]>();
    if (stateMachineArn === undefined) return bySlug;
    for (const status of TELLING) {
      for await (const page of listExecutions(aws, stateMachineArn, status)) {
        for (const { name = '', executionArn = '', startDate } of page) {
          if (since && startDate && startDate < since) continue;
          const slug = name.replace(DIGEST, '');
          const same = bySlug.get(slug);
          if (same) same.push(executionArn);
          else bySlug.set(slug, [executionArn]);
        }
      }
    }
    return bySlug;
  }
  function describe(arn: string): Promise<Execution | undefined> {
    const found = described.get(arn) ?? describeExecution(aws, arn);
    described.set(arn, found);
    return found;
  }
  return {
    async find(key, versionId) {
      listed ??= list();
      for (const arn of (await listed).get(slugOf(key)) ?? []) {
        const found = await describe(arn);
        if (found?.key === key && found.versionId === versionId) return found;
      }
      return undefined;
    },
  };
}
