/** What a workflow type says of itself. One file in `workflows/` each; `workflows/index.ts` lists them. */
import type { HandlerName } from './catalogue.ts';
import type { Context } from './context.ts';
import type { PipelineSpec } from './generated/api.ts';
import type { Statement } from './iam.ts';
import type { Arns } from './names.ts';
import type { Json } from './objects.ts';

/** A Lambda function that runs one of the handlers in `lambda/`. */
export interface HandlerPlan {
  handler: HandlerName;
  description: string;
  environment(arns: Arns): Record<string, string>;
  /** What the handler calls, beside logs and dead letters. */
  statements(arns: Arns): Statement[];
}

export interface StateMachinePlan {
  type: 'STANDARD' | 'EXPRESS';
  /** The Amazon States Language. https://states-language.net/spec.html */
  definition(arns: Arns): Json;
  /** What the states call, beside dead letters. */
  statements(arns: Arns): Statement[];
}

/** What a claim of a workflow type is made of. */
export interface WorkflowPlan {
  handlers: HandlerPlan[];
  stateMachine?: StateMachinePlan;
  /** The handler that each upload invokes. Without it there is neither bucket nor notification. */
  onUpload?: HandlerName;
}

export interface Workflow {
  type: PipelineSpec['workflow']['type'];
  plan(context: Context): WorkflowPlan;
}
