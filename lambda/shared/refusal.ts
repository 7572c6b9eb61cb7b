import type { Log } from './log.ts';

/** A file is refused for good, and it is the reason itself: trying again finds the same. */
export class FileRefusedError extends Error {}

/**
 * What a task answers of a file that it refuses, as Step Functions has an error. An answer and not a thrown error: Lambda
 * would give the message wrapped in JSON, with a stack trace, and the row of the file shall say why in plain words.
 */
export interface Refused {
  readonly refused: { readonly Error: string; readonly Cause: string };
}

/** What `work` returns, or the refusal that it throws. All else that it throws is thrown. */
export async function orRefused<T>(log: Log, work: () => Promise<T>): Promise<T | Refused> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FileRefusedError)) throw error;
    log.warn('File refused', { error });
    return { refused: { Error: error.name, Cause: error.message } };
  }
}
