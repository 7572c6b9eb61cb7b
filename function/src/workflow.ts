/** What a workflow type says of itself. One file in `workflows/` each; `workflows/index.ts` lists them. */
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

/** A Lambda function with a role and a log group of its own. */
export interface FunctionPlan {
  /** Composition resource name, and the part of its names in AWS. A handler's function is called as the handler. */
  key: string;
  description: string;
  code: FunctionCode;
  /**
   * How it is invoked. What an event cannot do goes to the dead-letter queue; of a stream, the event source mapping sends
   * it there, as the function; who calls it and waits is told of the failure.
   */
  invocation: 'Event' | 'Stream' | 'Call';
  /** What it needs, in MB and seconds, where the claim says nothing: 256 and 30 when absent. */
  memoryMB?: number;
  timeoutSeconds?: number;
  /** What the claim says of this one function, which wins over what it says of all. */
  own?: { memoryMB?: number | undefined; timeoutSeconds?: number | undefined };
  environment(arns: Arns): Record<string, string>;
  /** What it calls, beside logs and dead letters. */
  statements(arns: Arns): Statement[];
  /** The layer version that it takes modules from: its key and its ARN, once that is known. */
  layer?: { arn: string | undefined; needs: readonly string[]; lacks?: ComposedResource['lacks'] };
}

export interface StateMachinePlan {
  type: 'STANDARD' | 'EXPRESS';
  /** The Amazon States Language. https://states-language.net/spec.html */
  definition(arns: Arns): Json;
  /** What the states call, beside dead letters. */
  statements(arns: Arns): Statement[];
}

/** What takes the uploads. */
export interface UploadPlan {
  /** Key of the function that each upload invokes. */
  function: string;
  /** Wins over the claim's prefix and suffixes. */
  prefix?: string;
  /** Keys that are ready before files are taken, beside the table, the functions and the state machine. */
  after?: readonly string[];
}

/** What a claim of a workflow type is made of. */
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
   * @throws a SpecError on a claim that cannot be rendered.
   */
  plan(context: Context): WorkflowPlan;
}
