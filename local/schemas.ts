/** The structural schemas of the managed resources that are known here, and a check that refuses all else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fields, isFields } from './fields.ts';
import type { Manifest } from './manifest.ts';

/** The part of an OpenAPI v3 structural schema that the provider's custom resource definitions use. */
export interface Schema {
  type: string;
  enum?: string[];
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  items?: Schema;
  'x-kubernetes-validations'?: { message: string; rule: string }[];
}

export interface KindSchema {
  group: string;
  kind: string;
  version: string;
  spec: Schema;
}

function load(): Map<string, KindSchema> {
  const folder = join(import.meta.dirname, 'schemas');
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const schemas = files.map((file): KindSchema => JSON.parse(readFileSync(join(folder, file), 'utf8')));
  return new Map(schemas.map((schema) => [`${schema.group}/${schema.version}/${schema.kind}`, schema]));
}

const known = load();

/** The schema of a kind such as `s3.aws.m.upbound.io/v1beta1`, `Bucket`; undefined when the kind is not known. */
export function schemaOf(apiVersion: string, kind: string): KindSchema | undefined {
  return known.get(`${apiVersion}/${kind}`);
}

/** Every kind that has a schema, as `group/version/Kind`. */
export function knownKinds(): string[] {
  return [...known.keys()].sort();
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function isOfType(value: unknown, type: string): boolean {
  const actual = typeOf(value);
  return actual === type || (actual === 'integer' && type === 'number');
}

const REQUIRED_PARAMETER = /^spec\.forProvider\.([A-Za-z0-9]+) is a required parameter$/;

/** The provider's rule: needed as soon as it may create or update, and free when it only observes. */
function missingParameters(schema: Schema, spec: Fields): string[] {
  const policies = Array.isArray(spec['managementPolicies']) ? spec['managementPolicies'] : ['*'];
  if (!policies.some((policy) => policy === '*' || policy === 'Create' || policy === 'Update')) return [];
  const { forProvider, initProvider } = spec;
  const parameters = {
    ...(isFields(initProvider) ? initProvider : {}),
    ...(isFields(forProvider) ? forProvider : {}),
  };
  return (schema['x-kubernetes-validations'] ?? [])
    .map(({ message }) => ({ message, field: REQUIRED_PARAMETER.exec(message)?.[1] }))
    .filter(({ field }) => field !== undefined && parameters[field] === undefined)
    .map(({ message }) => message);
}

function checkObject(schema: Schema, value: Record<string, unknown>, path: string): string[] {
  const { properties, additionalProperties } = schema;
  const missing = (schema.required ?? []).filter((field) => value[field] === undefined);
  const errors = missing.map((field) => `${path}.${field} is required`);
  for (const [field, child] of Object.entries(value)) {
    if (child === undefined) continue;
    const childSchema =
      properties !== undefined && Object.hasOwn(properties, field) ? properties[field] : additionalProperties;
    if (childSchema) errors.push(...checkValue(childSchema, child, `${path}.${field}`));
    else
      errors.push(
        `${path}.${field} is not a known field; known are ${Object.keys(properties ?? {}).join(', ')}`,
      );
  }
  return errors;
}

function checkValue(schema: Schema, value: unknown, path: string): string[] {
  if (!isOfType(value, schema.type))
    return [`${path} must be of type ${schema.type}, found ${typeOf(value)}`];
  if (schema.enum && !schema.enum.some((item) => item === value)) {
    return [`${path} must be one of ${schema.enum.join(', ')}, found ${JSON.stringify(value)}`];
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.flatMap((item, index) => checkValue(items, item, `${path}[${index}]`)) : [];
  }
  return isFields(value) ? checkObject(schema, value, path) : [];
}

const TEXT: Schema = { type: 'string' };
const TEXTS: Schema = { type: 'object', additionalProperties: TEXT };
const METADATA: Schema = {
  type: 'object',
  required: ['name'],
  properties: { name: TEXT, namespace: TEXT, annotations: TEXTS, labels: TEXTS },
};

/**
 * Checks a managed resource as the API server would: an unknown kind or field, a wrong type, a value outside its list,
 * a missing field. Returns one line an error, each with the field's path and the fix; an empty list means valid.
 */
export function checkManifest(manifest: unknown): string[] {
  if (!isFields(manifest)) return [`a manifest must be an object, found ${typeOf(manifest)}`];
  const { apiVersion, kind, metadata, spec } = manifest;
  const name = isFields(metadata) ? String(metadata['name']) : 'without a name';
  const schema =
    typeof apiVersion === 'string' && typeof kind === 'string' ? schemaOf(apiVersion, kind) : undefined;
  if (schema === undefined) {
    return [`${kind}/${name}: kind ${apiVersion}/${kind} is not known; known are ${knownKinds().join(', ')}`];
  }
  const whole: Schema = {
    type: 'object',
    required: ['metadata', 'spec'],
    properties: { apiVersion: TEXT, kind: TEXT, metadata: METADATA, spec: schema.spec },
  };
  const errors = checkObject(whole, manifest, '').map((error) => error.slice(1));
  if (isFields(spec)) errors.push(...missingParameters(schema.spec, spec));
  return errors.map((error) => `${kind}/${name}: ${error}`);
}

/** True when `checkManifest` finds nothing wrong. */
export function isManifest(manifest: unknown): manifest is Manifest {
  return checkManifest(manifest).length === 0;
}
