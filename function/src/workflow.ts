/** What a workflow type says of itself. One file in `workflows/` each; `workflows/index.ts` lists them. */
import type { HandlerName } from './catalogue.ts';
import type { Context } from './context.ts';
import type { PipelineSpec } from './generated/api.ts';
import type { Statement } from './iam.ts';
import type { Arns } from './names.ts';
import type { Json } from './objects.ts';
import type { ComposedResource } from './plan.ts';

/** What a function runs: one of the handlers in `lambda/`, a zip of the user's, or a container image. */
export type FunctionCode =
  | { handler: HandlerName }
  | { bucket: string; key: string /** In hexadecimal. */; sha256: string; runtime: string; entry: string }
  | { imageUri: string };

/** A Lambda function with a role and a log group of its own. */
export interface FunctionPlan {
  /** Composition resource name, and the part of its names in AWS. A handler's function is called as the handler. */
  readonly key: string;
  readonly description: string;
  readonly code: FunctionCode;
  /**
   * How it is invoked. What an event cannot do goes to the dead-letter queue; of a stream, the event source mapping sends
   * it there, as the function; who calls it and waits is told of the failure.
   */
  readonly invocation: 'Event' | 'Stream' | 'Call';
  /** What it needs, in MB and seconds, where the claim says nothing: 256 and 30 when absent. */
  readonly memoryMB?: number;
  readonly timeoutSeconds?: number;
  /** What the claim says of this one function, which wins over what it says of all. */
  readonly own?: { memoryMB?: number | undefined; timeoutSeconds?: number | undefined };
  environment(arns: Arns): Record<string, string>;
  /** What it calls, beside logs and dead letters. */
  statements(arns: Arns): Statement[];
  /** The layer version that it takes modules from: its key and its ARN, once that is known. */
  readonly layer?: { arn: string | undefined; needs: readonly string[]; lacks?: ComposedResource['lacks'] };
}

export interface StateMachinePlan {
  readonly type: 'STANDARD' | 'EXPRESS';
  /** The Amazon States Language. https://states-language.net/spec.html */
  definition(arns: Arns): Json;
  /** What the states call, beside dead letters. */
  statements(arns: Arns): Statement[];
}

/** What takes the uploads. */
export interface UploadPlan {
  /** Key of the function that each upload invokes. */
  readonly function: string;
  /** Wins over the claim's prefix and suffixes. */
  readonly prefix?: string;
  /** Keys that are ready before files are taken, beside the table, the functions and the state machine. */
  readonly after?: readonly string[];
}

/** What a claim of a workflow type is made of. */
export interface WorkflowPlan {
  readonly functions: FunctionPlan[];
  readonly stateMachine?: StateMachinePlan;
  /** Without it there is neither bucket nor notification. */
  readonly upload?: UploadPlan;
  /** The table tells its changes, with the new item, to a stream. */
  readonly stream?: boolean;
  /** What no other type has. */
  readonly resources?: ComposedResource[];
}

export interface Workflow {
  readonly type: PipelineSpec['workflow']['type'];
  /**
   * @throws a SpecError on a claim that cannot be rendered.
   */
  plan(context: Context): WorkflowPlan;
}
