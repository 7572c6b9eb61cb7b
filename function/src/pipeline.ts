/** All composed resources of a claim. */
import type { Context } from './context.ts';
import { type ComposedResource, inWaves } from './plan.ts';
import { code } from './resources/code.ts';
import { deadLetters } from './resources/deadLetters.ts';
import { lambdas } from './resources/lambdas.ts';
import { alarms } from './resources/observability.ts';
import { stateMachine } from './resources/stateMachine.ts';
import { storage } from './resources/storage.ts';
import { table } from './resources/table.ts';
import { uploadTrigger } from './resources/trigger.ts';
import { WORKFLOWS } from './workflows/index.ts';

/** The composed resources, in the order in which they are listed to people. */
export function pipeline(context: Context): ComposedResource[] {
  const workflow = WORKFLOWS[context.spec.workflow.type].plan(context);
  const handlers = workflow.handlers.map(({ handler }) => handler);
  const { onUpload } = workflow;
  const ready = [
    'table',
    ...handlers.map((handler) => `${handler}-policy`),
    ...(workflow.stateMachine ? ['state-machine-policy', 'state-machine'] : []),
  ];
  return inWaves([
    ...(onUpload ? storage(context) : []),
    ...table(context),
    ...code(context, handlers),
    ...deadLetters(context),
    ...lambdas(context, workflow.handlers),
    ...stateMachine(context, workflow.stateMachine),
    ...(onUpload ? uploadTrigger(context, onUpload, ready) : []),
    ...alarms(context, handlers, workflow.stateMachine !== undefined),
  ]);
}
