/** Reads the dead letters of a queue. What is not removed stays there. */
import type { Message } from '@aws-sdk/client-sqs';
import {
  errorLine,
  type FailedObject,
  failedObjects,
  type Letter,
  readLetter,
  whyOf,
} from '../function/src/dead-letters.ts';
import type { Aws } from './aws.ts';
import { printable } from './output.ts';

export interface DeadLetter {
  /** SQS's id of the message. */
  readonly id: string;
  /** When it was sent. */
  readonly time: Date;
  /** Who wrote it, or `other` for a message that is none of ours. */
  readonly by: Letter['by'] | 'other';
  /** The objects that it is about. */
  readonly objects: readonly FailedObject[];
  /** The error and its cause. */
  readonly why: string;
  /** The ARN, for a failed execution. */
  readonly execution: string | undefined;
  readonly body: string;
  /** What SQS wants for a change of this message. */
  readonly receipt: string;
}

/** A message of the dead-letter queue, in a form of function/src/dead-letters.ts, or any other. */
export function letterOf({ MessageId = '', Attributes, Body = '', ReceiptHandle = '' }: Message): DeadLetter {
  const read = readLetter(Body);
  const why = whyOf(read);
  const execution = read?.by === 'execution' ? read.letter.execution : undefined;
  return {
    id: MessageId,
    time: new Date(Number(Attributes?.SentTimestamp ?? 0)),
    by: read?.by ?? 'other',
    objects: failedObjects(read),
    why: why ? errorLine(why.error, why.cause) : 'without an error',
    execution: typeof execution === 'string' ? execution : undefined,
    body: Body,
    receipt: ReceiptHandle,
  };
}

/** A letter as programs get it. */
export type Told = Omit<DeadLetter, 'receipt'>;

export const told = ({ receipt: _receipt, ...letter }: DeadLetter): Told => letter;

/** The keys of a letter's objects, for people. */
export const keysOf = ({ objects }: Pick<DeadLetter, 'objects'>): string =>
  objects.length === 0 ? 'about no object' : objects.map(({ key }) => printable(key)).join(', ');

/** How long a letter is hidden from other readers while it is looked at, should the command be killed. */
const HIDDEN_SECONDS = 120;
/** SQS's limit for a batch. */
const BATCH = 10;

/** So many batches in a row without a new letter mean that all were seen: those that were seen first come again after a while. */
const MOST_OLD_BATCHES = 100;

/** The letters in a queue, and how to remove some of them. */
interface Held {
  readonly letters: AsyncGenerator<DeadLetter>;
  /** Deletes letters that were read. Returns how many SQS deleted. */
  remove(letters: readonly Pick<DeadLetter, 'id' | 'receipt'>[]): Promise<number>;
}

function batches<T>(items: readonly T[]): (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / BATCH) }, (_, index) =>
    items.slice(index * BATCH, (index + 1) * BATCH),
  );
}

const entriesOf = (letters: readonly Pick<DeadLetter, 'receipt'>[]) =>
  letters.map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt }));

/**
 * Reads the letters of a queue, each once, in no order. SQS has no look without taking, so they are hidden from other readers
 * meanwhile, and put back at the end. Their receipts are held, their bodies are not.
 *
 * @param stop - once it is aborted, no more are read
 */
export async function withLetters<T>(
  { sqs }: Pick<Aws, 'sqs'>,
  QueueUrl: string,
  work: (held: Held) => Promise<T>,
  stop?: AbortSignal,
): Promise<T> {
  const seen = new Map<string, Pick<DeadLetter, 'id' | 'receipt'>>();
  async function* read(): AsyncGenerator<DeadLetter> {
    for (let old = 0; old < MOST_OLD_BATCHES && !stop?.aborted; old += 1) {
      const { Messages = [] } = await sqs.receiveMessage({
        QueueUrl,
        MaxNumberOfMessages: BATCH,
        VisibilityTimeout: HIDDEN_SECONDS,
        // A wait asks all servers of the queue, so that an empty answer means an empty queue.
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['SentTimestamp'],
      });
      if (Messages.length === 0) return;
      const batch = Messages.map(letterOf);
      const fresh = batch.filter(({ id }) => !seen.has(id));
      // All of them before the first is worked on: where the work ends early, the others go back too.
      for (const { id, receipt } of batch) seen.set(id, { id, receipt });
      if (fresh.length > 0) old = -1;
      yield* fresh;
    }
  }
  const remove: Held['remove'] = async (letters) => {
    let removed = 0;
    // A letter that was received again meanwhile has a newer receipt.
    const newest = letters.map(({ id, receipt }) => seen.get(id) ?? { id, receipt });
    for (const batch of batches(newest)) {
      const { Successful = [] } = await sqs.deleteMessageBatch({ QueueUrl, Entries: entriesOf(batch) });
      for (const { Id } of Successful) seen.delete(batch[Number(Id)]?.id ?? '');
      removed += Successful.length;
    }
    return removed;
  };
  try {
    return await work({ letters: read(), remove });
  } finally {
    for (const batch of batches([...seen.values()])) {
      const Entries = entriesOf(batch).map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
      await sqs.changeMessageVisibilityBatch({ QueueUrl, Entries });
    }
  }
}
