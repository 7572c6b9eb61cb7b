/**
 * Errors about fields, in the form of Kubernetes' own: `<field>: <kind>: <detail>`, such as
 * `spec.region: Required value: the pipeline needs an AWS region. Set one, such as eu-west-1.`
 * A detail says what must hold, or what is wrong, and ends with the fix as a sentence.
 * https://pkg.go.dev/k8s.io/apimachinery/pkg/util/validation/field
 */

/** One thing that is wrong with one field. */
export interface FieldError {
  /** The field's whole path, such as `spec.workflow.type`. */
  readonly field: string;
  /** The kind of error, the value where there is one, what is wrong, and the fix. */
  readonly says: string;
}

/** A value that is longer than this as JSON is cut. */
const MOST_SHOWN = 120;

/** A value in a message: JSON, cut where it is long. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN - 3)}...` : text;
}

/** A field is missing. */
export const required = (field: string, detail: string): FieldError => ({
  field,
  says: `Required value: ${detail}`,
});

/** A field has a wrong value. Where it is undefined, the field is missing, and that is what is said. */
export const invalid = (field: string, value: unknown, detail: string): FieldError =>
  value === undefined
    ? required(field, detail)
    : { field, says: `Invalid value: ${shown(value)}: ${detail}` };

/** A field has none of the values that it takes. Where it is undefined, the field is missing, and that is what is said. */
export function unsupported(field: string, value: unknown, supported: readonly unknown[]): FieldError {
  const values = supported.map((one) => JSON.stringify(one)).join(', ');
  const detail = `supported values: ${values}. Use ${supported.length === 1 ? 'that' : 'one of them'}.`;
  return value === undefined
    ? required(field, detail)
    : { field, says: `Unsupported value: ${shown(value)}: ${detail}` };
}

/** A field, or its value, could be right, but not beside what else is set. */
export const forbidden = (field: string, detail: string): FieldError => ({
  field,
  says: `Forbidden: ${detail}`,
});

/** A text is too long. As in Kubernetes, it is not shown: it would only be cut. */
export const tooLong = (
  field: string,
  { has, most, unit = 'characters' }: { has: number; most: number; unit?: string },
  fix = 'Shorten it.',
): FieldError => ({ field, says: `Too long: must have at most ${most} ${unit}, but has ${has}. ${fix}` });

/** A list or map has too many entries; their number is shown. */
export const tooMany = (
  field: string,
  { has, most, unit = 'entries' }: { has: number; most: number; unit?: string },
  fix = 'Remove some.',
): FieldError => ({ field, says: `Too many: ${has}: must have at most ${most} ${unit}. ${fix}` });

/** A value is there a second time, where each may be there once. */
export const duplicate = (field: string, value: unknown, detail: string): FieldError => ({
  field,
  says: `Duplicate value: ${shown(value)}: ${detail}`,
});

/** An error as one line. */
export const lineOf = ({ field, says }: FieldError): string => `${field}: ${says}`;

/** More errors than this are counted only. */
const MOST_LINES = 10;

/** A claim or platform setting that cannot be rendered. Its message, for the claim's author, has a line for each of the first errors. */
export function specError(...errors: readonly FieldError[]): Error {
  const lines = errors.slice(0, MOST_LINES).map(lineOf);
  const more = errors.length > MOST_LINES ? [`and ${errors.length - MOST_LINES} more.`] : [];
  const error = new Error([...lines, ...more].join('\n'));
  error.name = 'SpecError';
  return error;
}

/** Whether the error comes from {@link specError}, so that its message can be shown unchanged. */
export function isSpecError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'SpecError';
}

/** The message of an error, or the text of anything else that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
