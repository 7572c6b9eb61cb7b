/** Collects the failures of a pipeline from all places that report them. */
import { paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { ExecutionStatus, paginateListExecutions } from '@aws-sdk/client-sfn';
import { functionLogGroup, stateMachineLogGroup } from '../../function/src/names.ts';
import { hasName } from '../../tools/errors.ts';
import { readMessages } from '../upload.ts';
import type { Given } from './data-path.ts';
import { ofExecution, ofExecutionLog, ofFunctionLog, ofLetter, type Reason } from './reasons.ts';

type Pipeline = Pick<Given, 'parts' | 'clients'>;

/** The state before a data path starts: the time, and earlier failures. */
export interface Before {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly executions: ReadonlySet<string>;
}

const FAILED: readonly string[] = [
  ExecutionStatus.FAILED,
  ExecutionStatus.TIMED_OUT,
  ExecutionStatus.ABORTED,
];
/** The maximum number of executions whose error is read. */
const MOST_ASKED = 20;

/** The ARNs of the executions that ended without success; undefined where nobody keeps them: AWS does not for Express. */
async function keptFailures({ parts, clients }: Pipeline): Promise<string[] | undefined> {
  const { stateMachine: stateMachineArn } = parts;
  if (stateMachineArn === undefined) return [];
  const found: string[] = [];
  try {
    for await (const page of paginateListExecutions({ client: clients.sfn }, { stateMachineArn }))
      for (const { executionArn = '', status = '' } of page.executions ?? [])
        if (FAILED.includes(status)) found.push(executionArn);
    return found;
  } catch (error) {
    if (hasName(error, 'StateMachineTypeNotSupported')) return undefined;
    if (hasName(error, 'StateMachineDoesNotExist')) return [];
    throw error;
  }
}

async function logLines({ clients }: Pipeline, logGroupName: string, startTime: number): Promise<string[]> {
  const lines: string[] = [];
  try {
    const pages = paginateFilterLogEvents({ client: clients.logs }, { logGroupName, startTime });
    for await (const { events } of pages)
      lines.push(...(events ?? []).flatMap(({ message }) => message ?? []));
  } catch (error) {
    if (!hasName(error, 'ResourceNotFoundException')) throw error;
  }
  return lines;
}

/** Reads the state before anything is sent. */
export const stateBefore = async (pipeline: Pipeline): Promise<Before> => ({
  time: Date.now(),
  executions: new Set(await keptFailures(pipeline)),
});

/** The executions that failed since then: for Standard from Step Functions, for Express from its log. */
export async function failedExecutions(pipeline: Pipeline, before: Before): Promise<Reason[]> {
  const { parts, clients } = pipeline;
  const kept = await keptFailures(pipeline);
  if (kept === undefined) {
    const name = parts.stateMachine?.split(':').at(-1) ?? '';
    return ofExecutionLog(await logLines(pipeline, stateMachineLogGroup(name), before.time));
  }
  const failed = kept.filter((arn) => !before.executions.has(arn));
  return Promise.all(
    failed.slice(0, MOST_ASKED).map(async (executionArn) => {
      const { status = '', ...told } = await clients.sfn.describeExecution({ executionArn });
      return ofExecution({ ...told, executionArn, status });
    }),
  );
}

async function deadLetters({ parts, clients }: Pipeline): Promise<Reason[]> {
  const messages = await readMessages(clients, parts.deadLetterQueue);
  return messages.map(({ Body }) => ofLetter(Body ?? ''));
}

/** Whether an execution has failed since then, or a dead letter exists. */
export async function anythingFailed(pipeline: Pipeline, before: Before): Promise<boolean> {
  const found = await Promise.all([failedExecutions(pipeline, before), deadLetters(pipeline)]);
  return found.some((reasons) => reasons.length > 0);
}

async function functionErrors(pipeline: Pipeline, before: Before): Promise<Reason[]> {
  const found = await Promise.all(
    pipeline.parts.functionNames.map(async (name) =>
      ofFunctionLog(name, await logLines(pipeline, functionLogGroup(name), before.time)),
    ),
  );
  return found.flat();
}

/** All failures since then. A place that cannot be read is skipped, so that its error does not hide the original error. */
export async function allFailures(pipeline: Pipeline, before: Before): Promise<Reason[]> {
  const sources = [
    failedExecutions(pipeline, before),
    deadLetters(pipeline),
    functionErrors(pipeline, before),
  ];
  const asked = await Promise.allSettled(sources);
  return asked.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
}
