/** The message of a thrown error, or the text of any other thrown value. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** An error about a claim or platform setting that cannot be rendered. Its message has the field, the value and the fix. */
export function specError(field: string, value: unknown, fix: string): Error {
  const error = new Error(`${field}: ${JSON.stringify(value)} ${fix}`);
  error.name = 'SpecError';
  return error;
}

/** Whether the error comes from {@link specError}, so that its message can be shown unchanged. */
export function isSpecError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'SpecError';
}
