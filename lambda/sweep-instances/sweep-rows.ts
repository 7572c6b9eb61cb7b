import type { AttributeValue, ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { deadlineOf } from '../vm/parameters.ts';

/** The part of an unfinished row that a sweep reads. */
export interface OpenRow {
  readonly id: string;
  readonly status: 'uploaded' | 'launched' | 'running';
  /** ISO 8601. */
  readonly updated: string;
  /** In epoch seconds. A row has it from the status `launched` on. */
  readonly deadline: number | undefined;
}

/** Longer than the launcher retries: its 10 minutes, plus time for the stream to deliver. */
const LAUNCH_MINUTES = 20;

/** EC2 lists a virtual machine seconds after its start. After this time without one, a row's virtual machine is lost. */
const LOST_MINUTES = 5;

const OPEN = ['uploaded', 'launched', 'running'] as const;

/** The Scan request for unfinished rows: their key, status and times. */
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

/** A scanned row, or undefined when a required attribute is missing. */
export function openRow(item: Record<string, AttributeValue>, partitionKey: string): OpenRow | undefined {
  const id = item[partitionKey]?.S;
  const status = OPEN.find((word) => word === item['status']?.S);
  const updated = item['updated']?.S;
  if (id === undefined || status === undefined || updated === undefined) return undefined;
  const deadline = item['deadline']?.N;
  return { id, status, updated, deadline: deadline === undefined ? undefined : Number(deadline) };
}

/**
 * Why a row is stuck, as a message for the user who uploaded the file. Undefined while the row can still finish.
 *
 * @param now - epoch seconds
 * @param hasMachine - whether EC2 lists a virtual machine for the row
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
    return `No virtual machine was started within ${LAUNCH_MINUTES} minutes. Upload the file again.`;
  }
  const isLost = !hasMachine && now >= updated + LOST_MINUTES * 60;
  if (!isLost && now < (row.deadline ?? deadlineOf(updated, timeoutSeconds))) return undefined;
  return row.status === 'launched'
    ? 'The virtual machine was started, but did not run the script. Upload the file again.'
    : 'The virtual machine ended before the script was finished. Upload the file again.';
}
