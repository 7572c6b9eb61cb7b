/**
 * RecordFile: each uploaded object becomes one item in the table. With Standard and Express, `start-workflow` starts an execution that
 * puts the item. With Direct, `record-file` puts it itself.
 */
import { ROW_ATTRIBUTES } from '../../../lambda/shared/row.ts';
import type { Context } from '../context.ts';
import { KEYS } from '../keys.ts';
import type { Arns } from '../names.ts';
import type { Json } from '../objects.ts';
import type { FunctionPlan, Workflow } from '../workflow.ts';
import {
  ALREADY_RECORDED,
  executionType,
  fileItem,
  putNewerItem,
  QUIT,
  SEND_DEAD_LETTER,
  sendDeadLetter,
  startWorkflow,
  TIMEOUT_SECONDS,
} from './parts.ts';
import { expiryEnvironment, tableEnvironment, writeTable } from './table-use.ts';

/** The state machine. If the item cannot be put, the input goes to the dead-letter queue and the execution fails. */
function definition(context: Context, arns: Arns): Json {
  return {
    Comment: 'Records an uploaded object in a table',
    StartAt: 'RecordFile',
    TimeoutSeconds: TIMEOUT_SECONDS,
    States: {
      RecordFile: { ...putNewerItem(context, fileItem(context)), ResultPath: null, End: true },
      AlreadyRecorded: ALREADY_RECORDED,
      [SEND_DEAD_LETTER]: sendDeadLetter(context, arns, 'NotRecorded'),
      NotRecorded: QUIT,
    },
  };
}

function recordDirectly(context: Context): FunctionPlan {
  return {
    key: 'record-file',
    code: { handler: 'record-file' },
    invocation: 'Event',
    description: 'Records each uploaded object in a table',
    environment: () => ({ ...tableEnvironment(context), ...expiryEnvironment(context) }),
    statements: (arns) => writeTable(context, arns),
  };
}

export const recordFile = {
  type: 'RecordFile',
  holds: 'files',
  partitionKey: 'Filename',
  attributes: ROW_ATTRIBUTES,
  executions: ['Standard', 'Express', 'Direct'],
  plan: (context) =>
    context.spec.workflow.execution === 'Direct'
      ? { functions: [recordDirectly(context)], upload: { function: 'record-file' } }
      : {
          functions: [startWorkflow(context)],
          stateMachine: {
            type: executionType(context),
            definition: (arns) => definition(context, arns),
            statements: (arns) => writeTable(context, arns),
          },
          upload: { function: KEYS.startWorkflow },
        },
} satisfies Workflow;
