/** The wrong claims, without a control plane: what imitates the API server refuses them, or the function does. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { render, UID } from '../../function/render.ts';
import { WORKFLOW_TYPES } from '../../function/src/generated/api.ts';
import { isObject, type Json } from '../../function/src/objects.ts';
import { admit, readSpecSchema } from '../admission.ts';
import type { StructuralSchema } from '../structural-schema.ts';
import { REFUSALS, readRefusals } from './claims.ts';
import { claimOf, nameOf, specOf, unsaid } from './refusal.ts';

const errorsOf = (claim: Json, before?: Json) => {
  const admitted = admit(claim, before);
  return 'errors' in admitted ? admitted.errors : [];
};
const by = (...who: string[]) => REFUSALS.filter((refusal) => who.includes(refusal.by));
const named = (refusals: typeof REFUSALS) => refusals.map((refusal) => ({ refusal, title: refusal.title }));

/** A field's path, the kind of error, the value where the kind has one, and sentences. */
const FIELD_ERROR =
  /^(EnvironmentConfig fileingest, data|\w+)(\.[\w/:-]+|\[\d+\]|\["[^"]*"\])*(\.\$)?: (Required value|Forbidden|Too long|(Invalid value|Unsupported value|Too many|Duplicate value): .+): .+[.?]$/;

/** What the function says of a claim that the API server has taken. */
async function fatal(claim: Json, platform?: Json): Promise<string[]> {
  const admitted = admit(claim);
  const stored = 'claim' in admitted ? admitted.claim : claim;
  const metadata = isObject(stored['metadata']) ? stored['metadata'] : {};
  const composite = { ...stored, metadata: { ...metadata, uid: UID } };
  const rendered = await render(composite, {}, platform ? { platform } : {});
  if (rendered.fatal.length > 0) expect(rendered.resources).toEqual({});
  return rendered.fatal;
}

/**
 * What the function says only where no API server was asked, as in an offline render, and a spec that it says it of. The
 * last is about the EnvironmentConfig, whose own schema lets `data` be a map only.
 */
const refusedEarlier: Record<string, Json | undefined> = {
  'must be an AWS region. Set one, such as eu-west-1.': specOf('RecordFile', { region: 'Ireland' }),
  'spec.workflow.type: Unsupported value': specOf('RecordFile', { workflow: { type: 'Glacier' } }),
  'type RunScript needs to know where its virtual machines are. Add workflow.runScript with network.': specOf(
    'RunScript',
    { workflow: { runScript: null } },
  ),
  'type RunScript needs an upload API. Add source.upload with authorization.': specOf('RunScript', {
    source: null,
  }),
  'type Custom needs a state machine. Add workflow.custom with definition.': specOf('Custom', {
    workflow: { custom: null },
  }),
  'must be a map. Write fields with their values.': undefined,
};

describe('the claims', () => {
  it('are fifty at least, each of its own title and name', () => {
    expect(REFUSALS.length).toBeGreaterThanOrEqual(50);
    expect(new Set(REFUSALS.map(({ title }) => title)).size).toBe(REFUSALS.length);
    const names = REFUSALS.map(({ claim }) => JSON.stringify(claim['metadata']));
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(REFUSALS.map(({ title }) => nameOf(title))).size).toBe(REFUSALS.length);
  });

  it.each(WORKFLOW_TYPES)('would be right for type %s without the mistake', async (type) => {
    const claim = claimOf('nothing wrong', specOf(type));
    expect(errorsOf(claim)).toEqual([]);
    expect(await fatal(claim)).toEqual([]);
  });

  it('say where the mistake is, and never nothing', () => {
    expect(REFUSALS.filter(({ says }) => says.length === 0 || says.includes(''))).toEqual([]);
  });
});

describe('a file with a slip is refused with file, mistake and fix', () => {
  const slips: [why: string, text: string, message: string][] = [
    [
      'a field of another name',
      'by: rule\nmistakes:\n  - { title: no region, say: [region] }',
      'apis/refusals/slip.yaml: "no region".say: Invalid value: ["region"]: unknown field. Did you mean says?',
    ],
    [
      'words that are no list',
      'by: rule\nmistakes: [{ mistakes: [{ title: no region, says: region }] }]',
      'apis/refusals/slip.yaml: "no region".says: Invalid value: "region": must be of type array, but is of type string. Write a list.',
    ],
    [
      'a number without quotes',
      'by: rule\nmistakes: [{ title: no region, says: [32] }]',
      'apis/refusals/slip.yaml: "no region".says[0]: Invalid value: 32: must be of type string, but is of type integer. Put it in quotes.',
    ],
    [
      'nobody who refuses',
      'mistakes: [{ title: no region }]',
      'apis/refusals/slip.yaml: "no region".by: Required value: say who refuses it, here or in the group.',
    ],
    [
      'somebody else who refuses',
      'by: server\nmistakes: []',
      'apis/refusals/slip.yaml: file.by: Unsupported value: "server": supported values: "kubectl", "schema", "rule", "function". Use one of them.',
    ],
    [
      'a mistake without a title',
      'by: rule\nmistakes: [{ mistakes: [{ spec: {} }] }]',
      'apis/refusals/slip.yaml: file.mistakes[0].mistakes[0].title: Required value: say in a few words what is wrong.',
    ],
    [
      'a type that does not exist',
      'type: Glacier\nmistakes: []',
      'apis/refusals/slip.yaml: file.type: Unsupported value: "Glacier": supported values: "RecordFile", "RecordMessage", "ProcessImage", "RunScript", "Custom". Use one of them.',
    ],
    ['no text to repeat', 'title: !repeat 300', 'apis/refusals/slip.yaml: !repeat needs a number and a text'],
    ['an unknown tag', 'title: !repeated 300 x', 'apis/refusals/slip.yaml: Unresolved tag: !repeated'],
    ['an alias of nothing', 'spec: *code', 'apis/refusals/slip.yaml: Unresolved alias'],
  ];

  it.each(slips)('%s', (_why, text, message) => {
    expect(() => readRefusals('slip.yaml', text)).toThrow(message);
  });

  it('what a group gives is that of its mistakes, and each may give its own', () => {
    const text = `
shared: { long: &long !repeat 3 x }
by: rule
field: spec
mistakes:
  - title: one
    says: [*long]
  - type: RecordMessage
    mistakes:
      - { title: two, spec: { region: null, tags: !keys 2 key- }, field: spec.tags }
`;
    expect(readRefusals('groups.yaml', text)).toEqual([
      { title: 'one', claim: claimOf('one', specOf('RecordFile')), by: 'rule', says: ['spec:', 'xxx'] },
      {
        title: 'two',
        claim: claimOf('two', { workflow: { type: 'RecordMessage' }, tags: { 'key-0': 'x', 'key-1': 'x' } }),
        by: 'rule',
        says: ['spec.tags:'],
      },
    ]);
  });
});

describe('refused before anything is stored', () => {
  it.each(named(by('kubectl', 'schema', 'rule')))('$title', ({ refusal }) => {
    const errors = errorsOf(refusal.claim, refusal.before);
    expect(errors).not.toEqual([]);
    expect(errors.filter((error) => !FIELD_ERROR.test(error))).toEqual([]);
    expect(unsaid(refusal, errors.join('\n'))).toEqual([]);
  });

  it.each(named(by('rule')))('by one rule, with its field and its whole message: $title', ({ refusal }) => {
    const [field = '', message = '', ...more] = refusal.says;
    const [error = '', ...others] = errorsOf(refusal.claim, refusal.before);
    expect(error.slice(0, field.length)).toBe(field);
    expect(error.slice(-message.length)).toBe(message);
    expect(error.slice(field.length, -message.length)).toMatch(/^ Invalid value: .+: $/);
    expect([more, others]).toEqual([[], []]);
  });
});

describe('a wrong change', () => {
  it.each(named(REFUSALS.filter(({ before }) => before)))('is that only: $title', ({ refusal }) => {
    expect(errorsOf(refusal.before ?? {})).toEqual([]);
    expect(errorsOf(refusal.claim)).toEqual([]);
  });
});

describe('taken, and refused by the function', () => {
  it.each(named(by('function')))('$title', async ({ refusal }) => {
    expect(errorsOf(refusal.claim)).toEqual([]);
    const [message = '', ...more] = await fatal(refusal.claim, refusal.platform);
    expect(unsaid(refusal, message)).toEqual([]);
    expect(message.split('\n').filter((line) => !FIELD_ERROR.test(line))).toEqual([]);
    expect(more).toEqual([]);
    // Without the platform's mistake there is none.
    if (refusal.platform) expect(await fatal(refusal.claim)).toEqual([]);
  });
});

describe('whatever can be refused has a wrong claim', () => {
  const said = (...who: string[]) => by(...who).flatMap(({ says }) => [...says]);
  const schema = readSpecSchema();

  it('every rule of the XRD', () => {
    const messages: string[] = [];
    parse(readFileSync(new URL('../definition.yaml', import.meta.url), 'utf8'), (name, value) => {
      if (name === 'message') messages.push(String(value));
      return value;
    });
    const told = said('rule');
    expect(messages.length).toBeGreaterThan(50);
    expect(messages.filter((message) => !told.includes(message))).toEqual([]);
  });

  it('every field of the schema that a value can be wrong for', () => {
    // Crossplane's own.
    const { crossplane: _, ...own } = schema.properties ?? {};
    const paths = leaves({ ...schema, properties: own }, 'spec');
    expect(paths.length).toBeGreaterThan(80);
    const told = said('schema').map((words) => words.replaceAll(/\[\d+\]/g, ''));
    expect(paths.filter((path) => !told.includes(path))).toEqual([]);
  });

  it('every error of the function', async () => {
    const fixes = errorTexts();
    expect(fixes.length).toBeGreaterThan(10);
    const told = by('function').map(({ says }) => says.join(' '));
    const untold = fixes.filter((fix) => !told.some((words) => fix.pattern.test(words)));
    expect(untold.map(({ text }) => text).sort()).toEqual(Object.keys(refusedEarlier).sort());
    for (const [text, spec] of Object.entries(refusedEarlier)) {
      if (!spec) continue;
      const claim = claimOf('refused earlier', spec);
      expect(errorsOf(claim)).not.toEqual([]);
      const fix = fixes.find((known) => known.text === text);
      expect(await fatal(claim)).toEqual([expect.stringMatching(fix?.pattern ?? /^$/)]);
    }
  });
});

/** Paths of the fields below which there are no named ones; those of a list's items are as if there were one. */
function leaves(schema: StructuralSchema, path: string): string[] {
  if (schema.items?.properties) return leaves(schema.items, path);
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return [path];
  return fields.flatMap(([name, below]) => leaves(below, `${path}.${name}`));
}

const KINDS: Readonly<Record<string, string>> = {
  required: 'Required value',
  invalid: 'Invalid value',
  unsupported: 'Unsupported value',
  forbidden: 'Forbidden',
  tooLong: 'Too long',
  tooMany: 'Too many',
  duplicate: 'Duplicate value',
};

/**
 * Every error that the function's source throws by itself, and a pattern for it: the detail with values filled in; or, where the
 * detail is made of values alone, the field with the kind. Those of state machines are thrown together, and tested on their own.
 */
function errorTexts(): { text: string; pattern: RegExp }[] {
  const folder = join(import.meta.dirname, '../../function/src');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== 'errors.ts')
    .map((file) => readFileSync(join(folder, file), 'utf8'));
  const thrown = sources.flatMap((source) => source.split('throw specError(').slice(1));
  expect(sources.join('').split(/specError\(/).length - 1).toBe(thrown.length);
  const texts = thrown
    .filter((call) => !call.startsWith('...'))
    .map((call) => {
      const [, kind = ''] = /^\s*(\w+)\(/.exec(call) ?? [];
      expect(Object.keys(KINDS)).toContain(kind);
      const [end = ''] = call.split(/\);\n/);
      const literals = [...end.matchAll(/'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g)].map(([literal]) => literal);
      const last = (literals.at(-1) ?? '').slice(1, -1);
      return /^spec[\w.]+$/.test(last) ? `${last}: ${KINDS[kind]}` : `${last}$`;
    });
  return [...new Set(texts)].map((text) => {
    const isWhole = text.endsWith('$');
    const parts = (isWhole ? text.slice(0, -1) : text).split(/\$\{[^}]*\}/);
    const literal = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return { text: parts.join('…'), pattern: new RegExp(`${literal.join('.+')}${isWhole ? '$' : ''}`) };
  });
}
