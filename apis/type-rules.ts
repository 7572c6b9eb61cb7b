/**
 * What the XRD's rules say of the workflow types: the API server can ask no code for it, so `make generate` writes it into
 * definition.yaml from what the types say of themselves.
 */
import type { Workflow } from '../function/src/workflow.ts';
import { WORKFLOWS } from '../function/src/workflows/index.ts';

const TYPES: readonly Workflow[] = Object.values(WORKFLOWS);

const list = (words: readonly string[]) => `[${words.map((word) => `'${word}'`).join(', ')}]`;

/** CEL's test of the type that a path holds: one of these. */
const isOneOf = (path: string, types: readonly Workflow[]): string =>
  types.length === 1 && types[0]
    ? `${path} == '${types[0].type}'`
    : `${path} in ${list(types.map(({ type }) => type))}`;

/** A value by type, as nested conditions; the last value is that of all types that are left. */
function choice(path: string, said: (workflow: Workflow) => string, last: string): string {
  const others = Map.groupBy(TYPES, said);
  others.delete(last);
  const conditions = [...others].map(([value, types]) => `${isOneOf(path, types)} ? ${value} : `);
  return `(${conditions.join('')}${last})`;
}

interface Part {
  what: string;
  /** Where it stands now; its first group is whose type it is about, the spec's or the old one's. */
  pattern: RegExp;
  written(whose: string): string;
}

const PARTS: readonly Part[] = [
  {
    what: 'the default of table.partitionKey',
    pattern: /(?<=: )\((self|oldSelf)\.workflow\.type (?:in|==) [^()]* : 'id'\)/g,
    written: (whose) => choice(`${whose}.workflow.type`, ({ partitionKey }) => `'${partitionKey}'`, "'id'"),
  },
  {
    what: 'the attributes that each item has anyway',
    pattern: /(?<= in )\((self)\.workflow\.type (?:in|==) [^()]* : \[\]\)/g,
    written: (whose) => choice(`${whose}.workflow.type`, ({ attributes }) => list(attributes), '[]'),
  },
  {
    what: 'the default of workflow.execution',
    pattern: /(?<=: )\((self|oldSelf)\.type (?:in|==) [^()]* : 'Standard'\)/g,
    written: (whose) =>
      choice(`${whose}.type`, ({ executions }) => `'${executions[0] ?? 'Standard'}'`, "'Standard'"),
  },
  {
    what: 'the types that take execution Direct',
    pattern: /(?<=self\.execution != 'Direct' \|\| )(self)\.type (?:== '\w+'|in \[[^\]]*\])/g,
    written: (whose) =>
      isOneOf(
        `${whose}.type`,
        TYPES.filter(({ executions }) => executions.includes('Direct')),
      ),
  },
];

/**
 * The XRD's text with its rules as the workflow types have it.
 *
 * @throws naming what is not found in the text.
 */
export function withTypeRules(definition: string): string {
  return PARTS.reduce((text, { what, pattern, written }) => {
    if (text.search(pattern) < 0)
      throw new Error(
        `apis/definition.yaml: no rule says ${what}. Restore it, or change apis/type-rules.ts.`,
      );
    return text.replaceAll(pattern, (_whole, whose: string) => written(whose));
  }, definition);
}
