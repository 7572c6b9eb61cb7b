/** Lists all composed resources of a claim. */
import type { Context } from './context.ts';
import { KEYS, policyKey } from './keys.ts';
import { type ComposedResource, inWaves } from './plan.ts';
import { code } from './resources/code.ts';
import { deadLetters } from './resources/dead-letters.ts';
import { lambdas } from './resources/lambdas.ts';
import { alarms } from './resources/observability.ts';
import { stateMachine } from './resources/state-machine.ts';
import { storage } from './resources/storage.ts';
import { table } from './resources/table.ts';
import { uploadTrigger } from './resources/trigger.ts';
import type { Workflow, WorkflowPlan } from './workflow.ts';
import { WORKFLOWS } from './workflows/index.ts';

/** The keys of resources that must be ready before uploads are accepted, so that the first file finds the complete workflow. */
function beforeUploads({ functions, stateMachine, upload }: WorkflowPlan): string[] {
  return [
    KEYS.table,
    // The trigger itself waits for the function that it invokes.
    ...functions.flatMap(({ key }) => (key === upload?.function ? [policyKey(key)] : [key, policyKey(key)])),
    ...(stateMachine ? [policyKey(KEYS.stateMachine), KEYS.stateMachine] : []),
    ...(upload?.after ?? []),
  ];
}

/** The composed resources, in the order of their display. */
export function pipeline(context: Context): ComposedResource[] {
  const type: Workflow = WORKFLOWS[context.spec.workflow.type];
  const workflow = type.plan(context);
  const { functions, upload } = workflow;
  const { bucketName, expireAfterDays } = context.spec.source;
  const handlers = functions.flatMap(({ code }) => ('handler' in code ? [code.handler] : []));
  return inWaves([
    ...(upload
      ? storage(context, {
          key: KEYS.bucket,
          name: context.names.bucket,
          isNamed: bucketName !== undefined,
          expireAfterDays,
        })
      : []),
    ...table(context, type.stream === true),
    ...(handlers.length > 0 ? code(context, handlers) : []),
    ...deadLetters(context),
    ...lambdas(context, functions),
    ...stateMachine(context, workflow.stateMachine),
    ...(workflow.resources ?? []),
    ...(upload ? uploadTrigger(context, upload, beforeUploads(workflow)) : []),
    ...alarms(context, functions, workflow.stateMachine !== undefined),
  ]);
}
