import type { Log } from './log.ts';

/** The file itself is the reason for the failure. A retry does not help. */
export class FileRefusedError extends Error {}

/**
 * The result of a task that rejects a file, in the form of a Step Functions error. It is a result, not a thrown error,
 * since the file's row must have the plain message: Lambda would wrap the message of an error in JSON with a stack trace.
 */
export interface Refused {
  readonly refused: { readonly Error: string; readonly Cause: string };
}

/** Returns the result of `work`, or a `Refused` when it throws a FileRefusedError. Other errors are thrown. */
export async function orRefused<T>(log: Log, work: () => Promise<T>): Promise<T | Refused> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FileRefusedError)) throw error;
    log.warn('File rejected', { error });
    return { refused: { Error: error.name, Cause: error.message } };
  }
}
