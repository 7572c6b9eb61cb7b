/** Reads the wrong claims: what people get wrong, and what they are told. They stand in YAML, in the form of `form.yaml`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument, type ScalarTag } from 'yaml';
import { type FieldError, lineOf, messageOf, required } from '../../function/src/errors.ts';
import { WORKFLOW_TYPES } from '../../function/src/generated/api.ts';
import { type Json, stringAt } from '../../function/src/objects.ts';
import type { WorkflowType } from '../../function/src/workflow.ts';
import { type StructuralSchema, schemaErrors } from '../structural-schema.ts';
import { claimOf, patched, type Refusal, specOf } from './refusal.ts';

/** A mistake; or a group, where it has `mistakes`. `form.yaml` says what the fields mean. */
interface Entry {
  title?: string;
  by?: Refusal['by'];
  type?: WorkflowType;
  spec?: Json;
  before?: Json;
  claim?: Json;
  platform?: Json;
  field?: string;
  says?: string[];
  mistakes?: Json[];
  shared?: Json;
}

/** A tag whose text is a number and a word. */
const counted = (tag: string, made: (count: number, word: string) => unknown): ScalarTag => ({
  tag,
  resolve: (text, onError) => {
    const [, count, word = ''] = /^(\d+) (.+)$/su.exec(text) ?? [];
    if (count === undefined) onError(`${tag} needs a number and a text. Write ${tag} 300 x.`);
    return made(Number(count), word);
  },
});
const TAGS: ScalarTag[] = [
  counted('!repeat', (count, word) => word.repeat(count)),
  counted('!keys', (count, prefix) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, 'x'])),
  ),
  { tag: '!workflow-types', resolve: () => WORKFLOW_TYPES },
];

/**
 * The value of a YAML file.
 *
 * @throws naming file and line where it is not valid YAML.
 */
function parsed(file: string, text: string) {
  const document = parseDocument(text, { merge: true, customTags: TAGS });
  try {
    const [wrong] = [...document.errors, ...document.warnings];
    if (wrong) throw wrong;
    return document.toJS();
  } catch (error) {
    throw new Error(`apis/refusals/${file}: ${messageOf(error)}`);
  }
}

const FOLDER = import.meta.dirname;
const FORM_FILE = 'form.yaml';
const FORM: StructuralSchema = parsed(FORM_FILE, readFileSync(join(FOLDER, FORM_FILE), 'utf8'));

const refused = (file: string, error: FieldError) => new Error(`apis/refusals/${file}: ${lineOf(error)}`);

function assertEntry(value: unknown, file: string, name: string): asserts value is Entry {
  const [error] = schemaErrors(FORM, value, name);
  if (error) throw refused(file, error);
}

/** The refusal of a mistake that has all that its groups give. */
function refusalOf(entry: Entry, file: string, name: string): Refusal {
  const { title, by, type = 'RecordFile', spec = {}, before, claim = {}, platform, field, says = [] } = entry;
  if (title === undefined)
    throw refused(file, required(`${name}.title`, 'say in a few words what is wrong.'));
  if (by === undefined)
    throw refused(file, required(`${name}.by`, 'say who refuses it, here or in the group.'));
  const metadata = before ? { annotations: { 'crossplane.io/paused': 'true' } } : {};
  const claimWith = (changes: Json) => claimOf(title, specOf(type, changes), metadata);
  // In the form of Kubernetes' field errors, the path ends with a colon. kubectl names an unknown field without one.
  const end = by === 'rule' || by === 'function' ? ':' : '';
  return {
    title,
    claim: patched(claimWith(spec), claim),
    ...(before && { before: claimWith(before) }),
    ...(platform && { platform }),
    by,
    says: [...(field === undefined ? [] : [`${field}${end}`]), ...says],
  };
}

/** What an entry holds: the refusal of a mistake, or those of a group. */
function refusalsIn(value: unknown, file: string, name: string, given: Entry = {}): Refusal[] {
  assertEntry(value, file, name);
  const { mistakes, ...own } = value;
  const entry = { ...given, ...own };
  if (!mistakes) return [refusalOf(entry, file, name)];
  return mistakes.flatMap((inner, index) => {
    const title = stringAt(inner, 'title');
    return refusalsIn(inner, file, title === undefined ? `${name}.mistakes[${index}]` : `"${title}"`, entry);
  });
}

/**
 * The wrong claims of a file.
 *
 * @throws naming the file, the mistake by its title, and the fix, where an entry is not in the form.
 */
export const readRefusals = (file: string, text: string): Refusal[] =>
  refusalsIn(parsed(file, text), file, 'file');

/** All wrong claims. */
export const REFUSALS: readonly Refusal[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yaml') && file !== FORM_FILE)
  .flatMap((file) => readRefusals(file, readFileSync(join(FOLDER, file), 'utf8')));
