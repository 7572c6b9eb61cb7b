/**
 * Writes what the function needs to know of the API from the XRD, which stays the only source:
 * the types of spec (as it is after the API server's defaulting) and of status, and the defaults.
 * The field reference is written from the XRD too. What its rules say of the workflow types is written from the types.
 * `--check` writes nothing and fails when the files are not so.
 */
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { writeGenerated } from '../tools/generated.ts';
import { readDefinition, type Schemas, schemasOf } from './definition.ts';
import { fieldReference } from './fields.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { withTypeRules } from './type-rules.ts';

/** A copy in which whatever has a default is required, as it always is there once the API server has seen it. */
function defaulted(schema: StructuralSchema): JSONSchema {
  const properties = Object.entries(schema.properties ?? {});
  return {
    type: schema.type,
    ...(schema.description !== undefined && { description: schema.description }),
    ...(schema.enum && { enum: schema.enum }),
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

/** Only what leads to a default, nested. */
interface Defaults {
  default?: unknown;
  properties?: Record<string, Defaults>;
}

function defaultsOf(schema: StructuralSchema): Defaults | undefined {
  const properties: Record<string, Defaults> = {};
  for (const [name, value] of Object.entries(schema.properties ?? {})) {
    const below = defaultsOf(value);
    if (below) properties[name] = below;
  }
  const nested = Object.keys(properties).length > 0;
  if (schema.default === undefined && !nested) return undefined;
  return { ...(schema.default !== undefined && { default: schema.default }), ...(nested && { properties }) };
}

/** The text of the generated file. */
export async function generate({ spec, status }: Schemas): Promise<string> {
  const options = { bannerComment: '', additionalProperties: false, format: false } as const;
  const types = [
    await compile(defaulted(spec), 'PipelineSpec', options),
    await compile(defaulted(status), 'PipelineStatus', options),
  ];
  const names = spec.properties?.['workflow']?.properties?.['type']?.enum;
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
  const definition = withTypeRules(readDefinition());
  const schemas = schemasOf(definition);
  writeGenerated([
    { file: 'apis/definition.yaml', text: definition, source: 'function/src/workflows' },
    {
      file: 'function/src/generated/api.ts',
      text: await generate(schemas),
      source: 'apis/definition.yaml',
    },
    { file: 'docs/fields.md', text: fieldReference(schemas), source: 'apis/definition.yaml' },
  ]);
}
