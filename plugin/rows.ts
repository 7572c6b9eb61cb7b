/** The rows of a claim's table. */
import { type AttributeValue, paginateScan } from '@aws-sdk/client-dynamodb';
import type { WorkflowType } from '../function/src/workflow.ts';
import type { Aws } from './aws.ts';
import type { Target } from './target.ts';

/** A row, its numbers as JavaScript numbers. Sets, lists and maps are as DynamoDB has them. */
export type Row = Readonly<Record<string, unknown>>;

function plain(value: AttributeValue): unknown {
  const { S, N, BOOL, NULL } = value;
  if (N !== undefined) return Number(N);
  return S ?? BOOL ?? (NULL ? null : Object.values(value)[0]);
}

/** A row from DynamoDB's JSON. */
export const rowOf = (item: Readonly<Record<string, AttributeValue>>): Row =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));

/** The attribute with the time of a row. What Custom writes is the user's own. */
export const TIME: Readonly<Record<WorkflowType, string | undefined>> = {
  RecordFile: 'recordedAt',
  RecordMessage: 'Timestamp',
  ProcessImage: 'recordedAt',
  RunScript: 'updated',
  Custom: undefined,
};

export interface RowCounts {
  readonly hour: number;
  readonly day: number;
  /** Those that were looked at. */
  readonly seen: number;
  /** Whether that was the whole table. */
  readonly isWhole: boolean;
  readonly last: { readonly key: string; readonly time: string } | undefined;
}

const HOUR_MS = 3_600_000;

/** The start of the last hour and of the last day, as the rows have times. */
export const bounds = (now: Date) => ({
  hour: new Date(now.getTime() - HOUR_MS),
  day: new Date(now.getTime() - 24 * HOUR_MS),
});

/**
 * Counts the rows of the last hour and day, page by page. A page is 1 MB, and there is no index on time.
 *
 * @param mostPages - it stops after these
 */
export async function countRows(
  { dynamodb }: Pick<Aws, 'dynamodb'>,
  target: Target,
  table: string,
  now: Date,
  mostPages: number,
): Promise<RowCounts> {
  const key = target.spec.table.partitionKey;
  const time = TIME[target.spec.workflow.type];
  const since = { hour: bounds(now).hour.toISOString(), day: bounds(now).day.toISOString() };
  const names = { '#key': key, ...(time !== undefined && { '#time': time }) };
  const pages = paginateScan(
    { client: dynamodb },
    {
      TableName: table,
      ProjectionExpression: Object.keys(names).join(', '),
      ExpressionAttributeNames: names,
    },
  );
  let [hour, day, seen, page] = [0, 0, 0, 0];
  let last: RowCounts['last'];
  for await (const { Items = [], LastEvaluatedKey } of pages) {
    for (const row of Items.map(rowOf)) {
      const at = time === undefined ? '' : String(row[time] ?? '');
      seen += 1;
      if (at >= since.hour) hour += 1;
      if (at >= since.day) day += 1;
      if (at !== '' && (last === undefined || at > last.time)) last = { key: String(row[key]), time: at };
    }
    page += 1;
    if (page >= mostPages && LastEvaluatedKey !== undefined) return { hour, day, seen, isWhole: false, last };
  }
  return { hour, day, seen, isWhole: true, last };
}
