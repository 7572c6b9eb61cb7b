/** The executions of a claim's state machine. */
import { type ExecutionListItem, type ExecutionStatus, paginateListExecutions } from '@aws-sdk/client-sfn';
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
