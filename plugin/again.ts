/** How a dead letter goes again: to the function or the state machine that it came from. */
import { createHash } from 'node:crypto';
import { errorLine, failedOf, readLetter } from '../function/src/dead-letters.ts';
import { messageOf } from '../function/src/errors.ts';
import { isObject, stringAt } from '../function/src/objects.ts';
import { slugOf } from '../lambda/start-workflow/execution-name.ts';
import { type Aws, endsAll } from './aws.ts';
import type { DeadLetter } from './letters.ts';
import { hasName } from './stop.ts';
import type { Target } from './target.ts';
import { triggerFunction } from './trigger.ts';

/** What is called for a letter. */
export type Run =
  | { readonly kind: 'function'; readonly name: string; readonly payload: string }
  | {
      readonly kind: 'execution';
      readonly stateMachine: string;
      /** Undefined for Express, where a name tells nothing apart. */
      readonly name: string | undefined;
      readonly input: string;
    };

/** Why a letter cannot go again. */
export interface Refusal {
  readonly kind: 'none';
  readonly why: string;
}

const none = (why: string): Refusal => ({ kind: 'none', why });

/** The place of the name in `arn:aws:lambda:<region>:<account>:function:<name>:<version>` and in an execution's ARN. */
const NAME = 6;

/**
 * The name of the execution for a letter. It follows from the letter's id, so that a letter that is sent twice starts one execution of a
 * Standard state machine. It begins like the first one's name, by which `files` finds it.
 */
export function redriveName(id: string, input: unknown): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(['redrive', id]))
    .digest('hex');
  const slug = slugOf(stringAt(input, 'key') ?? '');
  return slug === '' ? digest : `${slug}-${digest}`;
}

/** What to call for a letter, or why nothing can be. */
export function runOf({ id, body }: Pick<DeadLetter, 'id' | 'body'>, target: Target): Run | Refusal {
  const read = readLetter(body);
  const failed = failedOf(read);
  if (read === undefined || failed === undefined)
    return none('it has no event and no input that this pipeline could take');
  if ('input' in failed) {
    const { stateMachine, spec } = target;
    if (stateMachine === undefined) return none('this pipeline has no state machine');
    const execution = read.by === 'execution' ? read.letter.execution : undefined;
    const from = typeof execution === 'string' ? execution.split(':')[NAME] : undefined;
    if (from !== undefined && from !== stateMachine.split(':')[NAME])
      return none(`it is of the state machine ${from}, which is not this pipeline's`);
    const name = spec.workflow.execution === 'Standard' ? redriveName(id, failed.input) : undefined;
    return { kind: 'execution', stateMachine, name, input: JSON.stringify(failed.input) };
  }
  const arn = read.by === 'function' ? stringAt(read.letter.requestContext, 'functionArn') : undefined;
  const name = arn === undefined ? triggerFunction(target) : arn.split(':')[NAME];
  if (name === undefined) return none('it is an event, and this pipeline takes none');
  if (!target.functions.includes(name))
    return none(`it is of the function ${name}, which is not this pipeline's`);
  return { kind: 'function', name, payload: JSON.stringify(failed.event) };
}

export type Sent =
  | { readonly outcome: 'sent' | 'sent before'; readonly execution?: string | undefined }
  | { readonly outcome: 'stays'; readonly why: string };

/** The error that a function answered. */
function answered(payload: Uint8Array | undefined): string {
  const text = Buffer.from(payload ?? []).toString();
  try {
    const error: unknown = JSON.parse(text);
    if (isObject(error)) return errorLine(stringAt(error, 'errorType'), stringAt(error, 'errorMessage'));
  } catch {
    // What is no JSON is shown as it is.
  }
  return text;
}

/**
 * Calls what a letter is for. A function is waited for, so that a letter whose function fails again stays.
 *
 * @throws what any other letter would meet too, such as a missing permission
 */
export async function sendAgain({ lambda, sfn }: Pick<Aws, 'lambda' | 'sfn'>, run: Run): Promise<Sent> {
  try {
    if (run.kind === 'function') {
      const { FunctionError, Payload } = await lambda.invoke({
        FunctionName: run.name,
        Payload: run.payload,
      });
      return FunctionError === undefined
        ? { outcome: 'sent' }
        : { outcome: 'stays', why: `${run.name} failed again: ${answered(Payload)}` };
    }
    const { stateMachine: stateMachineArn, name, input } = run;
    const { executionArn } = await sfn.startExecution({ stateMachineArn, input, ...(name && { name }) });
    return { outcome: 'sent', execution: executionArn };
  } catch (error) {
    if (hasName(error, 'ExecutionAlreadyExists')) return { outcome: 'sent before' };
    if (endsAll(error) || !(error instanceof Error)) throw error;
    return { outcome: 'stays', why: `${error.name}: ${messageOf(error)}` };
  }
}
