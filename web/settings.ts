/** The settings of the API. It writes them into an attribute of the page. */
export interface PageSettings {
  readonly authorization: 'None' | 'JWT' | 'IAM';
  /** Bytes. */
  readonly maxSize: number;
  readonly maxTextBytes: number;
  /** In lower case; empty when all types are accepted. */
  readonly contentTypes: readonly string[];
}

/** The settings of this page. Throws a SyntaxError when the page was not served by its API. */
export function readSettings(): PageSettings {
  return JSON.parse(document.documentElement.dataset['settings'] ?? '');
}
