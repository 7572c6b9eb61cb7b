/** The message of an error, or the text of anything else that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A claim or platform setting that cannot be rendered. Its message names field, value and fix, for the claim's author. */
export function specError(field: string, value: unknown, fix: string): Error {
  const error = new Error(`${field}: ${JSON.stringify(value)} ${fix}`);
  error.name = 'SpecError';
  return error;
}

/** Whether the error was made by {@link specError}, so that its message may be shown as it is. */
export function isSpecError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'SpecError';
}
