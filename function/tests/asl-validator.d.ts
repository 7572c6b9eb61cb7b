/** The package has no types of its own. */
declare module 'asl-validator' {
  interface AslError {
    'Error code'?: string;
    Message?: string;
    message?: string;
    schemaError?: { instancePath: string };
  }
  /** Checks a definition, and writes `QueryLanguage` into its states. */
  export default function validate(
    definition: unknown,
    options?: { checkPaths: boolean; checkArn: boolean },
  ): {
    isValid: boolean;
    errors: AslError[];
    errorsText(separator?: string): string;
  };
}
