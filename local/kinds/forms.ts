/** Values that AWS writes in another form than the manifest. */
import { dictionary, type Fields, isFields } from '../fields.ts';

interface Form {
  /** What is sent for a value of the manifest. */
  to(value: unknown, field: string): unknown;
  /** What the manifest says for an answer, undefined for none. */
  from(answered: unknown): unknown;
}

const texts = (value: unknown): Record<string, string> => dictionary({ value }, 'value');

/** A map that AWS writes as a list, with these names for keys and values. */
function list(key: string, value: string): Form {
  return {
    to: (map) => Object.entries(texts(map)).map(([name, text]) => ({ [key]: name, [value]: text })),
    from: (items) =>
      Array.isArray(items)
        ? Object.fromEntries(items.filter(isFields).map((item: Fields) => [item[key], item[value] ?? '']))
        : undefined,
  };
}

/** A value that AWS writes as a text. */
function asText(read: (text: string) => unknown): Form {
  return { to: String, from: (text) => (typeof text === 'string' ? read(text) : undefined) };
}

/** The provider writes a flag that may be left open as a text. */
function openFlag(value: unknown, field: string): boolean | undefined {
  if (value === '') return undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new Error(`forProvider.${field} must be "true" or "false", found ${JSON.stringify(value)}`);
}

/** By the names that the tables call them. */
export const FORMS = {
  map: { to: texts, from: (map) => map },
  nameValues: list('Name', 'Value'),
  keyValues: list('Key', 'Value'),
  lowerKeyValues: list('key', 'value'),
  numberAsText: asText(Number),
  flagAsText: asText((text) => text === 'true'),
  openFlag: { to: openFlag, from: (flag) => (flag === undefined ? undefined : String(flag)) },
  // IAM answers documents URL-encoded.
  document: { to: String, from: (text) => decodeURIComponent(String(text ?? '')) },
  layers: {
    to: (arns) => arns,
    from: (layers) => (Array.isArray(layers) ? layers.map((layer) => layer['Arn']) : []),
  },
  lastOfArn: {
    to: String,
    from: (arn) =>
      String(arn ?? '')
        .split(':')
        .at(-1),
  },
} as const satisfies Record<string, Form>;
