/** What became of a file, from the row, the dead letter and the execution that it has. */
import type { WorkflowType } from '../function/src/workflow.ts';
import { REJECTED } from '../lambda/shared/row.ts';
import type { FileObject } from './objects.ts';
import { count } from './output.ts';
import type { Row } from './rows.ts';

export type State = 'recorded' | 'running' | 'failed' | 'rejected' | 'never seen' | 'unknown';

export interface FileState {
  readonly key: string;
  readonly state: State;
  /** The error, the reason, or what may explain it. */
  readonly why?: string;
}

/** A failed or running execution of a file. */
interface Trace {
  readonly isRunning: boolean;
  readonly why: string;
}

export interface Evidence {
  readonly row?: Row | undefined;
  /** The error of a dead letter for this version. */
  readonly letter?: string | undefined;
  readonly execution?: Trace | undefined;
}

export interface Circumstances {
  readonly type: WorkflowType;
  readonly filter: { readonly prefix: string; readonly suffixes: readonly string[] | undefined };
  /** When the claim was made. */
  readonly created: Date | undefined;
  readonly now: Date;
}

/** An event that is this young may still be on its way. */
const YOUNG_SECONDS = 300;

/** Whether a row is of this version of its object. Without versioning, only the ETag tells versions apart. */
export const isRowOf = (row: Row, { versionId, eTag }: Pick<FileObject, 'versionId' | 'eTag'>): boolean =>
  row['versionId'] === versionId && (versionId !== 'null' || row['eTag'] === eTag);

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function ofRow(row: Row, file: FileObject, type: WorkflowType): Omit<FileState, 'key'> | undefined {
  if (type === 'Custom') return undefined;
  if (type === 'RunScript') {
    const status = text(row['status']);
    if (status === 'done') return { state: 'recorded' };
    if (status === 'failed') return { state: 'failed', why: text(row['error']) ?? 'without an error' };
    return { state: 'running', why: `its row is ${status}` };
  }
  if (!isRowOf(row, file)) return undefined;
  const rejected = text(row[REJECTED]);
  return rejected === undefined ? { state: 'recorded' } : { state: 'rejected', why: rejected };
}

/** Why nothing is known of a file. */
function unseen(file: FileObject, { row }: Evidence, { filter, created, now }: Circumstances): string {
  const { prefix, suffixes } = filter;
  if (!file.key.startsWith(prefix)) return `its key does not begin with ${JSON.stringify(prefix)}`;
  if (suffixes && !suffixes.some((suffix) => file.key.endsWith(suffix)))
    return `its key ends with none of ${suffixes.map((suffix) => JSON.stringify(suffix)).join(', ')}`;
  const seconds = Math.max(0, Math.round((now.getTime() - file.modified.getTime()) / 1000));
  if (seconds < YOUNG_SECONDS)
    return `it came ${count(seconds, 'second')} ago, and its event may still be on its way`;
  if (row !== undefined) return 'its row is of another version';
  if (created !== undefined && file.modified < created) return 'it was there before the pipeline';
  return 'no row, no dead letter, no execution that runs or failed';
}

/** What became of a file; undefined for one that was deleted and of which nothing is known. */
export function stateOf(file: FileObject, evidence: Evidence, around: Circumstances): FileState | undefined {
  const { row, letter, execution } = evidence;
  const { key } = file;
  // A row that still waits for its file stays so where the event failed.
  const isStuck = row?.['status'] === 'waiting' && letter !== undefined;
  const told = row && !isStuck ? ofRow(row, file, around.type) : undefined;
  if (told) return { key, ...told };
  if (execution?.isRunning) return { key, state: 'running', why: execution.why };
  if (letter !== undefined) return { key, state: 'failed', why: letter };
  if (execution) return { key, state: 'failed', why: execution.why };
  if (file.isDeleted) return undefined;
  const why = unseen(file, evidence, around);
  const isFiltered = why.startsWith('its key ');
  if (around.type === 'Custom' && !isFiltered)
    return { key, state: 'unknown', why: 'it did not fail, and the rows of Custom are its own' };
  return { key, state: 'never seen', why };
}
