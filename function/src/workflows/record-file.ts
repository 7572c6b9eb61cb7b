/**
 * RecordFile: each uploaded object becomes one item in the table. With Standard and Express, `start-workflow` starts an execution that
 * puts the item. With Direct, `record-file` puts it itself.
 */
import type { Context } from '../context.ts';
import type { Arns } from '../names.ts';
import type { Json } from '../objects.ts';
import type { FunctionPlan, Workflow } from '../workflow.ts';
import {
  ALREADY_RECORDED,
  executionType,
  expiry,
  fileItem,
  putNewerItem,
  SEND_DEAD_LETTER,
  sendDeadLetter,
  startWorkflow,
  TIMEOUT_SECONDS,
  writeTable,
} from './parts.ts';

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
      NotRecorded: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
    },
  };
}

function recordDirectly(context: Context): FunctionPlan {
  const expires = expiry(context);
  return {
    key: 'record-file',
    code: { handler: 'record-file' },
    invocation: 'Event',
    description: 'Records each uploaded object in a table',
    environment: () => ({
      TABLE_NAME: context.names.table,
      PARTITION_KEY: context.spec.table.partitionKey,
      ...(expires && { TTL_ATTRIBUTE: expires.attribute, EXPIRE_AFTER_DAYS: String(expires.days) }),
    }),
    statements: (arns) => writeTable(context, arns),
  };
}

export const recordFile: Workflow = {
  type: 'RecordFile',
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
          upload: { function: 'start-workflow' },
        },
};
