/** Sends dead letters back into the pipeline. Each has the event or the input that failed. */
import type { Message } from '@aws-sdk/client-sqs';
import { failedOf, readLetter } from '../function/src/dead-letters.ts';
import type { Json } from '../function/src/objects.ts';
import type { Clients } from './aws.ts';
import { readMessages } from './upload.ts';

/** The content of a dead letter: the event of a function, or the input of an execution. */
export type DeadLetter = { event: Json } | { input: Json };

/**
 * Reads a message of the dead-letter queue, in a form of function/src/dead-letters.ts.
 *
 * @throws Error for any other message
 */
export function readDeadLetter({ Body, MessageId }: Message): DeadLetter {
  const failed = failedOf(readLetter(Body ?? ''));
  if (failed) return failed;
  throw new Error(
    `message ${MessageId} is neither a failed invocation, nor a failed execution, nor an event: ${Body}`,
  );
}

/** All messages of a queue, each once. They stay in the queue and are invisible for a limited time. */
export async function allMessages(
  clients: Pick<Clients, 'sqs'>,
  queueUrl: string,
  hiddenSeconds = 120,
): Promise<Message[]> {
  const found = new Map<string, Message>();
  for (;;) {
    const batch = await readMessages(clients, queueUrl, hiddenSeconds);
    if (batch.length === 0) return [...found.values()];
    for (const message of batch) found.set(message.MessageId ?? '', message);
  }
}

export interface RedriveTarget {
  readonly functionName: string;
  readonly stateMachine: string | undefined;
  readonly deadLetterQueue: string;
}

/**
 * Sends each dead letter to the function or state machine where it failed, and deletes it when that accepts it.
 *
 * @returns the number of dead letters
 */
export async function redrive(
  clients: Pick<Clients, 'sqs' | 'lambda' | 'sfn'>,
  { functionName, stateMachine, deadLetterQueue }: RedriveTarget,
  messages: readonly Message[],
): Promise<number> {
  for (const message of messages) {
    const letter = readDeadLetter(message);
    if ('event' in letter) {
      const Payload = JSON.stringify(letter.event);
      const { FunctionError } = await clients.lambda.invoke({ FunctionName: functionName, Payload });
      if (FunctionError) continue;
    } else {
      await clients.sfn.startExecution({
        stateMachineArn: stateMachine,
        input: JSON.stringify(letter.input),
      });
    }
    await clients.sqs.deleteMessage({ QueueUrl: deadLetterQueue, ReceiptHandle: message.ReceiptHandle });
  }
  return messages.length;
}
