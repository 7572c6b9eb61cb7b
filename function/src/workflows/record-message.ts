/**
 * RecordMessage: there are no uploads. An execution with the input `{"message": "…"}` records the message as one item in the table. If
 * the message is missing or not a string, the execution fails with `InvalidMessage`.
 */
import type { Context } from '../context.ts';
import { allow } from '../iam.ts';
import type { Arns } from '../names.ts';
import type { Json } from '../objects.ts';
import { functionName } from '../resources/lambdas.ts';
import type { FunctionPlan, Workflow } from '../workflow.ts';
import {
  catchAll,
  executionType,
  integration,
  invoke,
  QUIT,
  RETRY,
  SEND_DEAD_LETTER,
  sendDeadLetter,
  TIMEOUT_SECONDS,
} from './parts.ts';
import { writeTable } from './table-use.ts';

const HANDLER = 'say-hello';

function definition(context: Context, arns: Arns): Json {
  return {
    Comment: 'Records a message in a table',
    StartAt: 'CheckMessage',
    TimeoutSeconds: TIMEOUT_SECONDS,
    States: {
      CheckMessage: {
        Type: 'Choice',
        Choices: [
          {
            And: [
              { Variable: '$.message', IsPresent: true },
              { Variable: '$.message', IsString: true },
            ],
            Next: 'InvokeLambda',
          },
        ],
        Default: 'InvalidMessage',
      },
      InvokeLambda: {
        ...invoke(context, arns.function(functionName(context, HANDLER))),
        Catch: [catchAll(SEND_DEAD_LETTER)],
        ResultPath: null,
        Next: 'FormatRecord',
      },
      FormatRecord: {
        Type: 'Pass',
        Parameters: {
          'id.$': 'States.UUID()',
          'timestamp.$': '$$.State.EnteredTime',
          'message.$': '$.message',
        },
        Next: 'InsertRecord',
      },
      InsertRecord: {
        Type: 'Task',
        Resource: integration(context, 'dynamodb:putItem'),
        Parameters: {
          TableName: context.names.table,
          Item: {
            [context.spec.table.partitionKey]: { 'S.$': '$.id' },
            Timestamp: { 'S.$': '$.timestamp' },
            Message: { 'S.$': '$.message' },
          },
        },
        Retry: [RETRY],
        Catch: [catchAll(SEND_DEAD_LETTER)],
        ResultPath: null,
        End: true,
      },
      InvalidMessage: {
        Type: 'Fail',
        Error: 'InvalidMessage',
        Cause: 'The input has no text called message. Start the execution with {"message": "some text"}.',
      },
      [SEND_DEAD_LETTER]: sendDeadLetter(context, arns, 'NotRecorded'),
      NotRecorded: QUIT,
    },
  };
}

function sayHello(): FunctionPlan {
  return {
    key: HANDLER,
    code: { handler: HANDLER },
    invocation: 'Call',
    description: 'Logs the message of each execution',
    memoryMB: 128,
    environment: () => ({}),
    statements: () => [],
  };
}

export const recordMessage = {
  type: 'RecordMessage',
  holds: 'messages',
  partitionKey: 'id',
  attributes: ['Timestamp', 'Message'],
  executions: ['Standard', 'Express'],
  plan: (context) => ({
    functions: [sayHello()],
    stateMachine: {
      type: executionType(context),
      definition: (arns) => definition(context, arns),
      statements: (arns) => [
        allow('InvokeFunctions', ['lambda:InvokeFunction'], [arns.function(functionName(context, HANDLER))]),
        ...writeTable(context, arns),
      ],
    },
  }),
} satisfies Workflow;
