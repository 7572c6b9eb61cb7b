/** The package has no types of its own. */
declare module 'asl-validator' {
  /** Checks a definition, and writes `QueryLanguage` into its states. */
  export default function validate(definition: unknown): {
    isValid: boolean;
    errorsText(separator?: string): string;
  };
}
