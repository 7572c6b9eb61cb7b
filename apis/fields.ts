/** Makes the field reference, `docs/fields.md`, from the XRD, so that what people read is what the API server checks. */
import type { Schemas } from './definition.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** An object below a first-level one has a table of its own from this many rows on. */
const OWN_TABLE = 5;

/** What a transition rule says of a field, such as `must not be changed`, by the field's path below `spec`. */
export type Changes = ReadonlyMap<string, string>;

/** A field and where it stands: `workflow.custom.functions[].name`. */
interface Field {
  readonly path: string;
  readonly schema: StructuralSchema;
  readonly required: boolean;
}

/** The fields of an object, or of a list's or map's objects, in the order of the XRD. Items are `[]`, a map's values `.*`. */
function fieldsOf(schema: StructuralSchema, path: string): Field[] {
  if (schema.items) return fieldsOf(schema.items, `${path}[]`);
  if (schema.additionalProperties) return fieldsOf(schema.additionalProperties, `${path}.*`);
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    path: path === '' ? name : `${path}.${name}`,
    schema: property,
    required: schema.required?.includes(name) ?? false,
  }));
}

/** The fields of an object and all that are below them. */
function allFields(schema: StructuralSchema, path: string): Field[] {
  return fieldsOf(schema, path).flatMap((field) => [field, ...allFields(field.schema, field.path)]);
}

/** A rule's message, and the path of the field that the rule belongs to. */
interface Rule {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
}

/** Every rule of a field and of what is below it. */
function rulesOf(schema: StructuralSchema, path: string): Rule[] {
  const own = (schema['x-kubernetes-validations'] ?? []).map((rule) => ({ ...rule, path }));
  const items = schema.items ? rulesOf(schema.items, `${path}[]`) : [];
  const values = schema.additionalProperties ? rulesOf(schema.additionalProperties, `${path}.*`) : [];
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    rulesOf(property, path === '' ? name : `${path}.${name}`),
  );
  return [...own, ...items, ...values, ...below];
}

/**
 * What must not be changed, from the messages of the rules that compare with the old object. A message begins with the name
 * of the field that has the rule, or with the path of a field below it: `region must not be changed. Create another …`.
 *
 * @throws naming the message that begins with no field.
 */
export function changesOf(spec: StructuralSchema): Changes {
  const paths = new Set(allFields(spec, '').map(({ path }) => path));
  const rules = rulesOf(spec, '').filter(({ rule }) => rule.includes('oldSelf'));
  return new Map(
    rules.map(({ path, message }) => {
      const [, first = '', phrase = ''] = /^(a \w+|\S+) (must not (?:be|change) [^.]*)\./.exec(message) ?? [];
      // A rule of a list's items is said of one of them.
      const list = path.replace(/\[\]$/, '');
      const field =
        [`${path}.${first}`, path, first].find(
          (one) => paths.has(one) && (one === first || one.endsWith(`.${first}`)),
        ) ?? (list !== path && paths.has(list) && phrase !== '' ? list : undefined);
      if (field === undefined)
        throw new Error(
          `apis/definition.yaml: the message of a transition rule names no field: ${message} Begin it with the field's name, and "must not be changed".`,
        );
      return [field, phrase];
    }),
  );
}

/** Text in a cell of a table: substitutions as code, and nothing that Markdown or HTML would take for its own. */
function cell(text: string): string {
  const parts = text.split(/(`[^`]*`|\$\{[^}]*\})/);
  const shown = parts.map((part, index) => {
    if (index % 2 === 0) return part.replaceAll('<', '&lt;').replaceAll('*', '\\*');
    return part.startsWith('`') ? part : code(part);
  });
  return shown.join('').replaceAll('|', '\\|');
}

const code = (text: string) => `\`${text}\``;

/** A type in words: `list of strings`. */
function typeOf(schema: StructuralSchema, many = false): string {
  const plural = many ? 's' : '';
  if (schema.items) return `list${plural} of ${typeOf(schema.items, true)}`;
  if (schema.additionalProperties) return `map${plural} of ${typeOf(schema.additionalProperties, true)}`;
  if (schema['x-kubernetes-preserve-unknown-fields']) return `object${plural} of any fields`;
  return `${schema.type}${plural}`;
}

/** `1 to 10 items`, where a schema limits it. */
function range(least: number | undefined, most: number | undefined, unit: string): string[] {
  const last = most ?? least;
  if (last === undefined) return [];
  const of = unit === '' ? '' : ` ${unit}${last === 1 ? '' : 's'}`;
  if (least === undefined) return [`at most ${most}${of}`];
  return [most === undefined ? `at least ${least}${of}` : `${least} to ${most}${of}`];
}

/** The values that a field takes, and each item or value of it where it is a list or a map. */
function allowed(schema: StructuralSchema): string {
  const each = schema.items ?? schema.additionalProperties;
  const ofEach = each && !each.properties ? allowed(each) : '';
  return [
    ...(schema.enum ? [schema.enum.map((value) => code(String(value))).join(', ')] : []),
    ...range(schema.minimum, schema.maximum, ''),
    ...range(schema.minLength, schema.maxLength, 'character'),
    ...range(schema.minItems, schema.maxItems, 'item'),
    ...range(undefined, schema.maxProperties, 'key'),
    ...(schema.pattern === undefined ? [] : [code(schema.pattern.replaceAll('|', '\\|'))]),
    ...(ofEach === '' ? [] : [ofEach.startsWith('each: ') ? ofEach : `each: ${ofEach}`]),
  ].join('; ');
}

/** A default as YAML writes it on one line. What is below an object has its own. */
function defaultOf({ schema, required }: Field): string {
  if (required) return 'required';
  if (schema.default === undefined || schema.type === 'object') return '';
  return code(Array.isArray(schema.default) ? `[${schema.default.join(', ')}]` : String(schema.default));
}

/** Whether a field may be changed. What is below a field that cannot be is fixed, too. */
function changeable(path: string, changes: Changes): string {
  const [fixed] = [...changes].filter(([of, phrase]) => {
    return path === of || (path.startsWith(`${of}.`) && /^must not be changed($|,)/.test(phrase));
  });
  if (fixed === undefined) return 'yes';
  return /^must not be changed($|,)/.test(fixed[1]) ? 'no' : fixed[1];
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(headings), `|${headings.map(() => '---|').join('')}`, ...rows.map(row)].join('\n');
}

function specTable(fields: readonly Field[], changes: Changes): string {
  return table(
    ['field', 'type', 'default', 'what it means', 'allowed values', 'can be changed'],
    fields.map((field) => [
      code(field.path),
      typeOf(field.schema),
      defaultOf(field),
      // The last column says it.
      cell(field.schema.description?.replace(/ Cannot be changed\.$/, '') ?? ''),
      allowed(field.schema),
      changeable(field.path, changes),
    ]),
  );
}

/** The messages of rules, as a list. Those about changes are in the tables. */
function refusals(rules: readonly { rule: string; message: string }[]): string[] {
  const messages = rules.flatMap(({ rule, message }) => (rule.includes('oldSelf') ? [] : [message]));
  if (messages.length === 0) return [];
  const list = [...new Set(messages)].map((message) => `- ${cell(message)}`);
  return [
    `The API server refuses a claim that breaks one of these rules, with this message:\n\n${list.join('\n')}`,
  ];
}

/** The sections of an object: its own table, then one for each large object below it. */
function sections(field: Field, depth: number, changes: Changes): string[] {
  const large: Field[] = [];
  const rows: Field[] = [];
  for (const one of fieldsOf(field.schema, field.path)) {
    const below = allFields(one.schema, one.path);
    rows.push(one);
    if (below.length >= OWN_TABLE && depth < 4) large.push(one);
    else rows.push(...below);
  }
  // A rule stands with the table that has its fields.
  const rules = rulesOf(field.schema, field.path).filter(
    ({ path }) =>
      !large.some(
        (one) =>
          path === one.path || (/^[.[]/.test(path.slice(one.path.length)) && path.startsWith(one.path)),
      ),
  );
  return [
    `${'#'.repeat(depth)} ${code(`spec.${field.path}`)}`,
    cell(field.schema.description ?? ''),
    specTable(rows, changes),
    ...refusals(rules),
    ...large.flatMap((one) => sections(one, depth + 1, changes)),
  ];
}

/** The text of `docs/fields.md`. */
export function fieldReference({ spec, status }: Schemas): string {
  const changes = changesOf(spec);
  const first = fieldsOf(spec, '');
  const objects = first.filter((field) => field.schema.properties !== undefined);
  return `${[
    '<!-- Generated from apis/definition.yaml by `make generate`. Do not edit. -->',
    '# Fields of a FileIngestPipeline',
    'Every field of `spec` and `status`. A required field is required wherever the object that holds it is given. A pattern is a regular expression. A field that cannot be changed cannot be added or removed later either: create another claim. A message names a field from the object on that it is said of.',
    '## `spec`',
    specTable(first, changes),
    ...refusals([
      ...(spec['x-kubernetes-validations'] ?? []),
      ...first.flatMap((field) => (objects.includes(field) ? [] : rulesOf(field.schema, field.path))),
    ]),
    ...objects.flatMap((field) => sections(field, 3, changes)),
    '## `status`',
    cell(status.description ?? ''),
    'The README explains the [conditions](../README.md#troubleshooting).',
    table(
      ['field', 'type', 'what it means'],
      allFields(status, '').map((field) => [
        code(field.path),
        typeOf(field.schema),
        cell(field.schema.description ?? ''),
      ]),
    ),
  ].join('\n\n')}\n`;
}
