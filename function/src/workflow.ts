/** The interface of a workflow type. Each type is a file in `workflows/`, and `workflows/index.ts` lists them. */
import type { HandlerName } from './catalogue.ts';
import type { Context } from './context.ts';
import type { PipelineSpec, WORKFLOW_TYPES } from './generated/api.ts';
import type { Statement } from './iam.ts';
import type { Arns } from './names.ts';
import type { Json } from './objects.ts';
import type { ComposedResource } from './plan.ts';

/** What a function runs: one of the handlers in `lambda/`, a zip of the user's, or a container image. */
type FunctionCode =
  | { handler: HandlerName }
  | { bucket: string; key: string /** In hexadecimal. */; sha256: string; runtime: string; entry: string }
  | { imageUri: string };

/** A Lambda function with its own role and log group. */
export interface FunctionPlan {
  /** The composition resource name, and the part in its names in AWS. For a handler, it is the handler's name. */
  readonly key: string;
  readonly description: string;
  readonly code: FunctionCode;
  /**
   * How the function is invoked. A failed event goes to the dead-letter queue. For a failed stream record, the event source mapping sends
   * it there, with the permissions of the function. A caller that waits for the result gets the error.
   */
  readonly invocation: 'Event' | 'Stream' | 'Call';
  /** The defaults for memory and timeout, in MB and seconds, if the claim sets none: 256 and 30 when absent. */
  readonly memoryMB?: number;
  readonly timeoutSeconds?: number;
  /** The claim's settings for this function. They win over its settings for all functions. */
  readonly own?: { memoryMB?: number | undefined; timeoutSeconds?: number | undefined };
  environment(arns: Arns): Record<string, string>;
  /** The permissions of the function, besides logs and dead letters. */
  statements(arns: Arns): Statement[];
  /** The layer version with its modules: the keys that it needs, and its ARN when that is known. */
  readonly layer?: { arn: string | undefined; needs: readonly string[]; lacks?: ComposedResource['lacks'] };
}

export interface StateMachinePlan {
  readonly type: 'STANDARD' | 'EXPRESS';
  /** The Amazon States Language. https://states-language.net/spec.html */
  definition(arns: Arns): Json;
  /** The permissions of the states, besides dead letters. */
  statements(arns: Arns): Statement[];
}

/** How uploads are processed. */
export interface UploadPlan {
  /** The key of the function that each upload invokes. */
  readonly function: string;
  /** The prefix of uploads. It wins over the claim's prefix and suffixes. */
  readonly prefix?: string;
  /** The keys that must be ready before uploads are accepted, besides the table, the functions and the state machine. */
  readonly after?: readonly string[];
}

/** The parts of a claim of a workflow type. */
export interface WorkflowPlan {
  functions: FunctionPlan[];
  stateMachine?: StateMachinePlan;
  /** Without it there is neither bucket nor notification. */
  upload?: UploadPlan;
  /** What no other type has. */
  resources?: ComposedResource[];
}

/** What a claim's `workflow.type` may be. */
export type WorkflowType = (typeof WORKFLOW_TYPES)[number];

type Execution = NonNullable<PipelineSpec['workflow']['execution']>;

/** All that is true of a type. What depends on types elsewhere follows from it; see CONTRIBUTING.md, "A new workflow type". */
export interface Workflow {
  type: WorkflowType;
  /** What its table holds, for the table's name. */
  holds: string;
  /** The table's partition key where the claim names none. */
  partitionKey: string;
  /** The attributes of an item beside the key, which a claim may not name for anything else. */
  attributes: readonly string[];
  /** How its state machine may run, the default first. None: it never makes one. */
  executions: readonly Execution[];
  /** The table tells its changes, with the new item, to a stream. An adopted one has to have it. */
  stream?: boolean;
  /** Deletes uploads, so that the bucket has to keep versions. */
  deletesUploads?: boolean;
  /** The block of its settings that a claim may leave out: the API server fills in no defaults below what is not there. */
  optionalSettings?: Exclude<keyof PipelineSpec['workflow'], 'type' | 'execution' | 'name'>;
  /**
   * Plans the parts of a claim.
   *
   * @throws SpecError when the claim cannot be rendered
   */
  plan(context: Context): WorkflowPlan;
}
