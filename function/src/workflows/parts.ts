/** The common parts of several workflow types: the function that starts executions, the table's item, dead letters of a state machine. */
import { NEWER_ROW_CONDITION } from '../../../lambda/shared/row.ts';
import type { Context } from '../context.ts';
import { ERROR_PATH, executionLetterBody } from '../dead-letters.ts';
import { allow } from '../iam.ts';
import { KEYS } from '../keys.ts';
import { type Arns, partitionOf } from '../names.ts';
import type { Json } from '../objects.ts';
import type { FunctionPlan, StateMachinePlan } from '../workflow.ts';
import { expiry } from './table-use.ts';

/** The timeout of an execution. Express executions are limited to five minutes in any case. */
export const TIMEOUT_SECONDS = 300;

/** A retrier with five more attempts, within at most a minute. */
export const RETRY: Json = {
  ErrorEquals: ['States.ALL'],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts: 5,
  MaxDelaySeconds: 20,
  JitterStrategy: 'FULL',
};

/** The resource of a task: a service's integration, such as `dynamodb:putItem`. */
export const integration = (context: Context, action: string): string =>
  `arn:${partitionOf(context.spec.region)}:states:::${action}`;

/** A task that invokes a function with the state's input. Its result is the function's result. */
export function invoke(context: Context, functionArn: string): Json {
  return {
    Type: 'Task',
    Resource: integration(context, 'lambda:invoke'),
    Parameters: { FunctionName: functionArn, 'Payload.$': '$' },
    Retry: [RETRY],
  };
}

/** The state that `catchAll` leads to. */
export const SEND_DEAD_LETTER = 'SendDeadLetter';

/** Sends the execution's input, and the error that was caught, to the dead-letter queue. */
export function sendDeadLetter(context: Context, arns: Arns, Next: string): Json {
  return {
    Type: 'Task',
    Resource: integration(context, 'sqs:sendMessage'),
    Parameters: {
      QueueUrl: arns.deadLetterQueueUrl,
      MessageBody: executionLetterBody(),
    },
    Retry: [RETRY],
    ResultPath: null,
    Next,
  };
}

/** Whatever is not caught before goes on to a state, such as the one that sends a dead letter. */
export const catchAll = (Next: string): Json => ({
  ErrorEquals: ['States.ALL'],
  ResultPath: ERROR_PATH,
  Next,
});

/** A state that ends an execution, or a branch, with the error that was caught. */
export const QUIT: Json = {
  Type: 'Fail',
  ErrorPath: `${ERROR_PATH}.Error`,
  CausePath: `${ERROR_PATH}.Cause`,
};

/** What an item says of its object, in DynamoDB's JSON, read from the execution's input. */
export function fileItem(context: Context): Json {
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

/** The state for an object when the same event, or a later one, was recorded before. */
export const ALREADY_RECORDED: Json = {
  Type: 'Succeed',
  Comment: 'The same event, or a later one, was recorded before',
};

/** The condition for putting an item, and the attributes in it besides `#pk` and `#sequencer`. */
export interface Condition {
  readonly expression: string;
  readonly names: Readonly<Record<string, string>>;
}

const NEWER: Condition = { expression: NEWER_ROW_CONDITION, names: {} };

/**
 * Puts the item. If the same or a later event is recorded already, goes to `AlreadyRecorded` instead. The input's sequencer has a form
 * whose string order is event order (lambda/shared/sequencer.ts).
 */
export function putNewerItem(context: Context, item: Json, condition: Condition = NEWER): Json {
  const conditionFailed = ['DynamoDB.ConditionalCheckFailedException'];
  return {
    Type: 'Task',
    Resource: integration(context, 'dynamodb:putItem'),
    Parameters: {
      TableName: context.names.table,
      Item: item,
      ConditionExpression: condition.expression,
      ExpressionAttributeNames: {
        '#pk': context.spec.table.partitionKey,
        '#sequencer': 'sequencer',
        ...condition.names,
      },
      ExpressionAttributeValues: { ':sequencer': { 'S.$': '$.sequencer' } },
    },
    Retry: [{ ErrorEquals: conditionFailed, MaxAttempts: 0 }, RETRY],
    Catch: [{ ErrorEquals: conditionFailed, Next: 'AlreadyRecorded' }, catchAll(SEND_DEAD_LETTER)],
  };
}

/** The claim's `workflow.execution`, as Step Functions has it. */
export const executionType = (context: Context): StateMachinePlan['type'] =>
  context.spec.workflow.execution === 'Express' ? 'EXPRESS' : 'STANDARD';

/** The function that starts an execution for each upload. */
export function startWorkflow(context: Context): FunctionPlan {
  const expires = expiry(context);
  return {
    key: KEYS.startWorkflow,
    code: { handler: 'start-workflow' },
    invocation: 'Event',
    description: 'Starts an execution for each uploaded object',
    environment: (arns) => ({
      STATE_MACHINE_ARN: arns.stateMachine,
      EXECUTION: context.spec.workflow.execution,
      ...(expires && { EXPIRE_AFTER_DAYS: String(expires.days) }),
    }),
    statements: (arns) => [allow('StartExecutions', ['states:StartExecution'], [arns.stateMachine])],
  };
}
