import type { AttributeValue, ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { deadlineOf } from '../vm/parameters.ts';

/** What a sweep knows of a row that is under way. */
export interface OpenRow {
  readonly id: string;
  readonly status: 'uploaded' | 'launched' | 'running';
  /** ISO 8601. */
  readonly updated: string;
  /** Epoch seconds; a row has it from `launched` on. */
  readonly deadline: number | undefined;
}

/** Longer than the launcher tries: its 10 minutes, and time for the stream to deliver. */
const LAUNCH_MINUTES = 20;

/** EC2 lists a machine seconds after it was started; a row that has been without one for so long has lost it. */
const LOST_MINUTES = 5;

const OPEN = ['uploaded', 'launched', 'running'] as const;

/** The Scan request for the rows under way: their key, status and times. */
export function scanOpenRows(table: string, partitionKey: string): ScanCommandInput {
  return {
    TableName: table,
    FilterExpression: `#status IN (${OPEN.map((status) => `:${status}`).join(', ')})`,
    ProjectionExpression: '#pk, #status, #updated, #deadline',
    ExpressionAttributeNames: {
      '#pk': partitionKey,
      '#status': 'status',
      '#updated': 'updated',
      '#deadline': 'deadline',
    },
    ExpressionAttributeValues: Object.fromEntries(OPEN.map((status) => [`:${status}`, { S: status }])),
  };
}

/** A scanned row, or undefined for one that lacks what every row has. */
export function openRow(item: Record<string, AttributeValue>, partitionKey: string): OpenRow | undefined {
  const id = item[partitionKey]?.S;
  const status = OPEN.find((word) => word === item['status']?.S);
  const updated = item['updated']?.S;
  if (id === undefined || status === undefined || updated === undefined) return undefined;
  const deadline = item['deadline']?.N;
  return { id, status, updated, deadline: deadline === undefined ? undefined : Number(deadline) };
}

/**
 * Why a row is given up, for the person who uploaded; undefined while it may still be done.
 *
 * @param now epoch seconds
 * @param hasMachine whether EC2 lists a machine for the row
 */
export function stuckBecause(
  row: OpenRow,
  now: number,
  timeoutSeconds: number,
  hasMachine: boolean,
): string | undefined {
  const updated = Math.floor(Date.parse(row.updated) / 1000);
  if (row.status === 'uploaded') {
    if (now < updated + LAUNCH_MINUTES * 60) return undefined;
    return `No machine was started within ${LAUNCH_MINUTES} minutes. Upload the file again.`;
  }
  const isLost = !hasMachine && now >= updated + LOST_MINUTES * 60;
  if (!isLost && now < (row.deadline ?? deadlineOf(updated, timeoutSeconds))) return undefined;
  return row.status === 'launched'
    ? 'The machine was started, but never began its work. Upload the file again.'
    : 'The machine ended or was lost before its work was done. Upload the file again.';
}
