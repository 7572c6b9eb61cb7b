/**
 * RecordFile: each uploaded object becomes one item of the table.
 * Standard and Express: `start-workflow` starts an execution that puts the item. Direct: `record-file` puts it itself.
 */
import { NEWER_ROW_CONDITION } from '../../../lambda/shared/row.ts';
import type { Context } from '../context.ts';
import { allow, type Statement, useTableKey } from '../iam.ts';
import { type Arns, partitionOf } from '../names.ts';
import type { Json } from '../objects.ts';
import type { HandlerPlan, StateMachinePlan, Workflow } from '../workflow.ts';

/** Longest an execution may take. Express ends at five minutes anyway. */
const TIMEOUT_SECONDS = 300;

function writeTable(context: Context, arns: Arns): Statement[] {
  const { kmsKeyArn } = context.spec.table;
  return [
    allow('PutItems', ['dynamodb:PutItem'], [arns.table]),
    ...(kmsKeyArn !== undefined ? [useTableKey(kmsKeyArn, context.spec.region)] : []),
  ];
}

/** The attribute that holds when an item's object expires; undefined unless the claim asks for both. */
function expiry(context: Context): { attribute: string; days: number } | undefined {
  const { timeToLiveAttribute: attribute } = context.spec.table;
  const { expireAfterDays: days } = context.spec.source;
  return attribute !== undefined && days !== undefined ? { attribute, days } : undefined;
}

/** The item in DynamoDB's JSON, read from the execution's input. */
function item(context: Context): Json {
  const expires = expiry(context);
  return {
    [context.spec.table.partitionKey]: { 'S.$': '$.key' },
    bucket: { 'S.$': '$.bucket' },
    size: { 'N.$': "States.Format('{}', $.size)" },
    eTag: { 'S.$': '$.eTag' },
    versionId: { 'S.$': '$.versionId' },
    sequencer: { 'S.$': '$.sequencer' },
    eventTime: { 'S.$': '$.eventTime' },
    recordedAt: { 'S.$': '$$.State.EnteredTime' },
    ...(expires && { [expires.attribute]: { 'N.$': "States.Format('{}', $.expiresAt)" } }),
  };
}

/**
 * Puts the item unless an event as late or later is recorded already. Sequencers are padded to one length, so they
 * compare as strings. What cannot be put goes to the dead-letter queue with its input, and the execution fails.
 */
function definition(context: Context, arns: Arns): Json {
  const integration = (action: string) => `arn:${partitionOf(context.spec.region)}:states:::${action}`;
  const retry = {
    ErrorEquals: ['States.ALL'],
    IntervalSeconds: 1,
    BackoffRate: 2,
    MaxAttempts: 5,
    MaxDelaySeconds: 20,
    JitterStrategy: 'FULL',
  };
  return {
    Comment: 'Records an uploaded object in a table',
    StartAt: 'RecordFile',
    TimeoutSeconds: TIMEOUT_SECONDS,
    States: {
      RecordFile: {
        Type: 'Task',
        Resource: integration('dynamodb:putItem'),
        Parameters: {
          TableName: context.names.table,
          Item: item(context),
          ConditionExpression: NEWER_ROW_CONDITION,
          ExpressionAttributeNames: { '#pk': context.spec.table.partitionKey, '#sequencer': 'sequencer' },
          ExpressionAttributeValues: { ':sequencer': { 'S.$': '$.sequencer' } },
        },
        Retry: [{ ErrorEquals: ['DynamoDB.ConditionalCheckFailedException'], MaxAttempts: 0 }, retry],
        Catch: [
          { ErrorEquals: ['DynamoDB.ConditionalCheckFailedException'], Next: 'AlreadyRecorded' },
          { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'SendDeadLetter' },
        ],
        ResultPath: null,
        End: true,
      },
      AlreadyRecorded: { Type: 'Succeed', Comment: 'The same event, or a later one, was recorded before' },
      SendDeadLetter: {
        Type: 'Task',
        Resource: integration('sqs:sendMessage'),
        Parameters: {
          QueueUrl: arns.deadLetterQueueUrl,
          MessageBody: {
            'execution.$': '$$.Execution.Id',
            'input.$': '$$.Execution.Input',
            'error.$': '$.error',
          },
        },
        Retry: [retry],
        ResultPath: null,
        Next: 'NotRecorded',
      },
      NotRecorded: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
    },
  };
}

function startWorkflow(context: Context): HandlerPlan {
  const expires = expiry(context);
  return {
    handler: 'start-workflow',
    description: 'Starts an execution for each uploaded object',
    environment: (arns) => ({
      STATE_MACHINE_ARN: arns.stateMachine,
      EXECUTION: context.spec.workflow.execution,
      ...(expires && { EXPIRE_AFTER_DAYS: String(expires.days) }),
    }),
    statements: (arns) => [allow('StartExecutions', ['states:StartExecution'], [arns.stateMachine])],
  };
}

function recordDirectly(context: Context): HandlerPlan {
  const expires = expiry(context);
  return {
    handler: 'record-file',
    description: 'Records each uploaded object in a table',
    environment: () => ({
      TABLE_NAME: context.names.table,
      PARTITION_KEY: context.spec.table.partitionKey,
      ...(expires && { TTL_ATTRIBUTE: expires.attribute, EXPIRE_AFTER_DAYS: String(expires.days) }),
    }),
    statements: (arns) => writeTable(context, arns),
  };
}

function stateMachine(context: Context): StateMachinePlan {
  return {
    type: context.spec.workflow.execution === 'Express' ? 'EXPRESS' : 'STANDARD',
    definition: (arns) => definition(context, arns),
    statements: (arns) => writeTable(context, arns),
  };
}

export const recordFile: Workflow = {
  type: 'RecordFile',
  plan: (context) =>
    context.spec.workflow.execution === 'Direct'
      ? { handlers: [recordDirectly(context)], onUpload: 'record-file' }
      : {
          handlers: [startWorkflow(context)],
          stateMachine: stateMachine(context),
          onUpload: 'start-workflow',
        },
};
