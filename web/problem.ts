/** A field of the form. */
export type FieldName = 'token' | 'file' | 'text';

/**
 * The kinds of problems, by what helps:
 *
 * - `connection`: there was no answer; a later try can succeed
 * - `busy`: the API or the storage has a temporary fault; a later try can succeed
 * - `signIn`: the token is missing, was rejected or has expired
 * - `input`: the user has to change something
 * - `unknown`: the API does not know the upload's id
 * - `fatal`: the same upload cannot succeed
 */
export type ProblemKind = 'connection' | 'busy' | 'signIn' | 'input' | 'unknown' | 'fatal';

/** A problem with a message for the user. `field` is the form field that the user has to change. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: ProblemKind;
  readonly field: FieldName | undefined;

  constructor(kind: ProblemKind, message: string, field?: FieldName) {
    super(message);
    this.kind = kind;
    this.field = field;
  }
}
