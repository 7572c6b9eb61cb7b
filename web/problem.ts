/** A field of the form. */
export type FieldName = 'token' | 'file' | 'text';

/**
 * - `connection`: nothing came back; it may go on by itself
 * - `busy`: the API or the storage has a passing fault
 * - `signIn`: the token is missing, was refused or has run out
 * - `input`: the person has to change something
 * - `fatal`: it will not work by trying again with the same upload
 */
export type ProblemKind = 'connection' | 'busy' | 'signIn' | 'input' | 'fatal';

/** Something that went wrong, in words for the person; `field` is where it can be put right. */
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
