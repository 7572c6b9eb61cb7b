/** The wrong claims: what people get wrong, and what they are told. Each has one mistake. */
import { CHANGES } from './changes.ts';
import { FUNCTIONS } from './functions.ts';
import { HEADS } from './heads.ts';
import { PLATFORM } from './platform.ts';
import { creation, type Refusal } from './refusal.ts';
import { RULES } from './rules.ts';
import { SOURCE } from './source.ts';
import { SPEC } from './spec.ts';
import { TABLE } from './table.ts';
import { WORKFLOW } from './workflow.ts';

/** Mistakes in one field, which the schema knows. Of the fix, the API server names the limit, the values or the pattern. */
const fields = [...SPEC, ...SOURCE, ...WORKFLOW, ...TABLE, ...FUNCTIONS];

/** All wrong claims. */
export const REFUSALS: readonly Refusal[] = [
  ...HEADS,
  ...fields.map((row) => creation('schema', row)),
  ...RULES,
  ...CHANGES,
  ...PLATFORM,
];
