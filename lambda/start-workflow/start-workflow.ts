import {
  ExecutionAlreadyExists,
  StartExecutionCommand,
  type StartExecutionCommandOutput,
} from '@aws-sdk/client-sfn';
import { type Environment, optionalDays, requiredChoice, requiredText } from '../shared/env.ts';
import { ConfigurationError, describe } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import { type ObjectWork, processEvent } from '../shared/process-event.ts';
import { expiresAt, type S3Object } from '../shared/s3-event.ts';
import { executionName } from './execution-name.ts';

/** The input of an execution: the object, and the expiry of its row in epoch seconds, if rows expire. */
export interface WorkflowInput extends S3Object {
  readonly expiresAt?: number;
}

/** The dependencies of the handler. `sfn` is an SFNClient or a stand-in. */
export interface StartWorkflowDependencies {
  readonly sfn: { send(command: StartExecutionCommand): Promise<StartExecutionCommandOutput> };
  readonly env: Environment;
  readonly logger: Log;
}

const EXECUTIONS = ['Standard', 'Express'] as const;
const STATE_MACHINE_ARN = /^arn:[\w-]+:states:[\w-]+:\d{12}:stateMachine:[^:]+$/;

/**
 * A handler that starts one execution for every object of an S3 notification or EventBridge event. Its environment:
 *
 * - `STATE_MACHINE_ARN`
 * - `EXECUTION`: `Standard` or `Express`, the state machine's type
 * - `EXPIRE_AFTER_DAYS` (optional): the input then has `expiresAt`
 *
 * The name of a Standard execution comes from the event, so a repeated event starts nothing. An Express state machine
 * accepts the same name again. There the condition on the row makes a second run harmless.
 * https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
 *
 * @throws ConfigurationError when a variable is missing or wrong
 */
export function createHandler({ sfn, env, logger }: StartWorkflowDependencies) {
  const stateMachineArn = requiredText(env, 'STATE_MACHINE_ARN', 'the ARN of the state machine to start');
  if (!STATE_MACHINE_ARN.test(stateMachineArn)) {
    const example = 'arn:aws:states:eu-west-1:111122223333:stateMachine:name';
    throw new ConfigurationError(
      `STATE_MACHINE_ARN is ${describe(stateMachineArn)}: set it to the ARN of a state machine, such as ${example}`,
    );
  }
  const execution = requiredChoice(env, 'EXECUTION', EXECUTIONS);
  const days = optionalDays(env, 'EXPIRE_AFTER_DAYS');

  const start: ObjectWork = async (object, log) => {
    const name = execution === 'Standard' ? executionName(object) : undefined;
    const input = JSON.stringify(workflowInput(object, days));
    try {
      const started = await sfn.send(
        new StartExecutionCommand({ stateMachineArn, input, ...(name === undefined ? {} : { name }) }),
      );
      log.info('Execution started', { execution: started.executionArn ?? '' });
    } catch (error) {
      if (name === undefined || !(error instanceof ExecutionAlreadyExists)) throw error;
      const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
      log.info('Duplicate event: its execution was started before', { execution: executionArn });
    }
  };
  return (event: unknown): Promise<void> => processEvent(event, start, logger);
}

function workflowInput(object: S3Object, days: number | undefined): WorkflowInput {
  return days === undefined ? object : { ...object, expiresAt: expiresAt(object.eventTime, days) };
}
