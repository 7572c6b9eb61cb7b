/** Starts executions directly, each with a JSON file as its input. */

import { setTimeout as delay } from 'node:timers/promises';
import { errorLine } from '../../function/src/dead-letters.ts';
import { completeSpec } from '../../function/src/read-spec.ts';
import { messageOf } from '../../tools/errors.ts';
import type { LocalFile } from '../files.ts';
import { type Given, patienceFor } from './data-path.ts';

/** The result of an execution. */
export interface Ended {
  /** The name of the file with its input. */
  readonly file: string;
  readonly status: string;
  readonly output: string | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
}

const isOver = (status: string | undefined) => status !== undefined && status !== 'RUNNING';

function inputOf({ key, body }: LocalFile): string {
  const text = body.toString();
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw new Error(`${key} is not the input of an execution: ${messageOf(error)}. Correct its JSON.`);
  }
}

/** Starts an execution and waits for its end. An Express execution cannot be queried later, so one call starts it and waits. */
async function execute({ claim, parts, clients }: Omit<Given, 'files'>, file: LocalFile): Promise<Ended> {
  const { stateMachine: stateMachineArn } = parts;
  const input = inputOf(file);
  const end = Date.now() + patienceFor(1);
  if (completeSpec(claim).workflow.execution === 'Express') {
    const ended = await clients.sfn.startSyncExecution({ stateMachineArn, input });
    return {
      file: file.key,
      status: ended.status ?? '',
      output: ended.output,
      error: ended.error,
      cause: ended.cause,
    };
  }
  const { executionArn } = await clients.sfn.startExecution({ stateMachineArn, input });
  for (;;) {
    const { status, output, error, cause } = await clients.sfn.describeExecution({ executionArn });
    if (isOver(status)) return { file: file.key, status: status ?? '', output, error, cause };
    if (Date.now() > end) throw new Error(`the execution of ${file.key} is still running: ${executionArn}`);
    await delay(100);
  }
}

/**
 * Starts an execution for each file, all together, and waits until all have ended.
 *
 * @throws Error when an input is not JSON, or when an execution does not end in time
 */
export function executeAll(given: Given): Promise<Ended[]> {
  return Promise.all(given.files.map((file) => execute(given, file)));
}

/** Throws an Error with each execution that did not succeed, and its error. */
export function assertSucceeded(ended: readonly Ended[]): void {
  const failed = ended.filter(({ status }) => status !== 'SUCCEEDED');
  if (failed.length === 0) return;
  const lines = failed.map(
    ({ file, status, error, cause }) => `the execution of ${file} ${status}: ${errorLine(error, cause)}`,
  );
  throw new Error(lines.join('\n'));
}
