/** What is known of something that was thrown. */
import { stringAt } from '../function/src/objects.ts';

/** The message in the body of an answer of the Kubernetes API server, where the error is one. */
function answered(error: Error): string | undefined {
  if (!('body' in error)) return undefined;
  if (typeof error.body !== 'string') return stringAt(error.body, 'message');
  try {
    return stringAt(JSON.parse(error.body), 'message');
  } catch {
    return undefined;
  }
}

/** The message of an error, its name where it has none, or the text of anything else that was thrown. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? (answered(error) ?? error.message) || error.name : String(error);

/** Whether an error has one of these names, such as `NoSuchBucket` of an AWS SDK. */
export const hasName = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);

/** Whether an error has this code, such as `ENOENT` of a system call. */
export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
