/** The wrong claims: what people get wrong, and what they are told. Each has one mistake. */
import { CHANGES } from './changes.ts';
import { CUSTOM } from './custom.ts';
import { CUSTOM_FIELDS } from './custom-fields.ts';
import { FUNCTIONS } from './functions.ts';
import { HEADS } from './heads.ts';
import { OWNERSHIP } from './ownership.ts';
import { PLATFORM } from './platform.ts';
import { PROCESS_IMAGE } from './process-image.ts';
import { PROCESS_IMAGE_FIELDS } from './process-image-fields.ts';
import { creation, type Refusal } from './refusal.ts';
import { RULES } from './rules.ts';
import { RUN_SCRIPT } from './run-script.ts';
import { RUN_SCRIPT_FIELDS } from './run-script-fields.ts';
import { SOURCE } from './source.ts';
import { SPEC } from './spec.ts';
import { TABLE } from './table.ts';
import { TYPE_RULES } from './type-rules.ts';
import { UPLOAD } from './upload.ts';
import { WORKFLOW } from './workflow.ts';

/** Mistakes in one field, which the schema knows. Of the fix, the API server names the limit, the values or the pattern. */
const fields = [
  ...SPEC,
  ...SOURCE,
  ...UPLOAD,
  ...WORKFLOW,
  ...PROCESS_IMAGE_FIELDS,
  ...RUN_SCRIPT_FIELDS,
  ...CUSTOM_FIELDS,
  ...TABLE,
  ...FUNCTIONS,
];

/** All wrong claims. */
export const REFUSALS: readonly Refusal[] = [
  ...HEADS,
  ...fields.map((row) => creation('schema', row)),
  ...RULES,
  ...TYPE_RULES,
  ...CHANGES,
  ...OWNERSHIP,
  ...CUSTOM,
  ...PROCESS_IMAGE,
  ...RUN_SCRIPT,
  ...PLATFORM,
];
