/**
 * Writes what the function needs to know of the API from the XRD, which stays the only source:
 * the types of spec (as it is after the API server's defaulting) and of status, and the defaults.
 * What the XRD's rules say of the workflow types, it writes from the types.
 * `--check` writes nothing and fails when the files are not so.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { parse } from 'yaml';
import { withTypeRules } from './type-rules.ts';

/** The part of an OpenAPI v3 structural schema that is read here. */
export interface Schema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  description?: string;
  default?: unknown;
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema;
  [keyword: string]: unknown;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const TARGET = here('../function/src/generated/api.ts');
const DEFINITION = here('definition.yaml');

/** The XRD's text. */
export const readDefinition = (): string => readFileSync(DEFINITION, 'utf8');

/** The schema of the served version, from the XRD. */
export function readSchema(): Schema {
  const definition = parse(readDefinition());
  return definition.spec.versions[0].schema.openAPIV3Schema;
}

/** A copy in which whatever has a default is required, as it always is there once the API server has seen it. */
function defaulted(schema: Schema): JSONSchema {
  const properties = Object.entries(schema.properties ?? {});
  return {
    ...(schema.type !== undefined && { type: schema.type }),
    ...(schema.description !== undefined && { description: schema.description }),
    ...(Array.isArray(schema['enum']) && { enum: schema['enum'] }),
    ...(schema.items && { items: defaulted(schema.items) }),
    ...(schema.type === 'object' && {
      properties: Object.fromEntries(properties.map(([name, value]) => [name, defaulted(value)])),
      required: [
        ...(schema.required ?? []),
        ...properties.filter(([, value]) => value.default !== undefined).map(([name]) => name),
      ],
      additionalProperties: schema.additionalProperties
        ? defaulted(schema.additionalProperties)
        : schema['x-kubernetes-preserve-unknown-fields'] === true,
    }),
  };
}

/** Only what leads to a default: `{ default?, properties? }`, nested. */
function defaultsOf(schema: Schema): Schema | undefined {
  const properties: Record<string, Schema> = {};
  for (const [name, value] of Object.entries(schema.properties ?? {})) {
    const below = defaultsOf(value);
    if (below) properties[name] = below;
  }
  const nested = Object.keys(properties).length > 0;
  if (schema.default === undefined && !nested) return undefined;
  return { ...(schema.default !== undefined && { default: schema.default }), ...(nested && { properties }) };
}

/** The text of the generated file. */
export async function generate(schema: Schema): Promise<string> {
  const { spec, status } = schema.properties ?? {};
  if (!spec || !status)
    throw new Error('apis/definition.yaml: the schema lacks spec or status. Restore them.');
  const options = { bannerComment: '', additionalProperties: false, format: false } as const;
  const types = [
    await compile(defaulted(spec), 'PipelineSpec', options),
    await compile(defaulted(status), 'PipelineStatus', options),
  ];
  const names = spec.properties?.['workflow']?.properties?.['type']?.['enum'];
  return [
    '// Generated from apis/definition.yaml by `make generate`. Do not edit.',
    ...types.map((text) => text.trim()),
    '/** The workflow types, as the XRD lists them. */',
    `export const WORKFLOW_TYPES = ${JSON.stringify(names)} as const;`,
    '/** What the API server fills in, by field. */',
    `export const SPEC_DEFAULTS = ${JSON.stringify(defaultsOf(spec), null, 2)};`,
    '',
  ].join('\n');
}

if (import.meta.main) {
  const files = [
    { path: DEFINITION, name: 'apis/definition.yaml', says: 'the workflow types say' },
    { path: TARGET, name: 'function/src/generated/api.ts', says: 'apis/definition.yaml says' },
  ];
  const texts = [withTypeRules(readDefinition()), await generate(readSchema())];
  for (const [index, { path, name, says }] of files.entries()) {
    const text = texts[index] ?? '';
    if (readFileSync(path, 'utf8') === text) console.log(`${name} is what ${says}`);
    else if (process.argv.includes('--check')) {
      console.error(`${name} is not what ${says}. Run \`make generate\` and commit it.`);
      process.exitCode = 1;
    } else {
      writeFileSync(path, text);
      console.log(`wrote ${name}`);
    }
  }
}
