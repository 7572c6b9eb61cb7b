/** The structural schemas of the managed resources that are known here, and a check that refuses all else. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type StructuralSchema, schemaErrors } from '../apis/structural-schema.ts';
import { lineOf } from '../function/src/errors.ts';
import { type Fields, isFields } from './fields.ts';
import type { Manifest } from './manifest.ts';

interface KindSchema {
  group: string;
  kind: string;
  plural: string;
  version: string;
  spec: StructuralSchema;
}

function load(): Map<string, KindSchema> {
  const folder = join(import.meta.dirname, 'schemas');
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const loaded = files.map((file): KindSchema => JSON.parse(readFileSync(join(folder, file), 'utf8')));
  return new Map(loaded.map((schema) => [`${schema.group}/${schema.version}/${schema.kind}`, schema]));
}

/** By `group/version/Kind`. */
export const schemas: ReadonlyMap<string, KindSchema> = load();

/** The schema of a kind such as `s3.aws.m.upbound.io/v1beta1`, `Bucket`; undefined when the kind is not known. */
export function schemaOf(apiVersion: string, kind: string): KindSchema | undefined {
  return schemas.get(`${apiVersion}/${kind}`);
}

/** Every kind that has a schema, as `group/version/Kind`. */
export function knownKinds(): string[] {
  return [...schemas.keys()].sort();
}

const REQUIRED_PARAMETER = /^spec\.forProvider\.([A-Za-z0-9]+) is a required parameter$/;

/** The provider's rule: needed as soon as it may create or update, and free when it only observes. */
function missingParameters(schema: StructuralSchema, spec: Fields): string[] {
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

const TEXT: StructuralSchema = { type: 'string' };
const TEXTS: StructuralSchema = { type: 'object', additionalProperties: TEXT };
const METADATA: StructuralSchema = {
  type: 'object',
  required: ['name'],
  properties: { name: TEXT, namespace: TEXT, annotations: TEXTS, labels: TEXTS },
};

/**
 * Checks a managed resource as the API server would: an unknown kind or field, a wrong type, a value outside its list,
 * a missing field. Returns one line an error, each with the field's path and the fix; an empty list means valid.
 */
export function checkManifest(manifest: unknown): string[] {
  if (!isFields(manifest)) return [`a manifest must be an object, found ${JSON.stringify(manifest)}`];
  const { apiVersion, kind, metadata, spec } = manifest;
  const name = isFields(metadata) ? String(metadata['name']) : 'without a name';
  const schema =
    typeof apiVersion === 'string' && typeof kind === 'string' ? schemaOf(apiVersion, kind) : undefined;
  if (schema === undefined) {
    return [`${kind}/${name}: kind ${apiVersion}/${kind} is not known; known are ${knownKinds().join(', ')}`];
  }
  const whole: StructuralSchema = {
    type: 'object',
    required: ['metadata', 'spec'],
    properties: { apiVersion: TEXT, kind: TEXT, metadata: METADATA, spec: schema.spec },
  };
  const errors = schemaErrors(whole, manifest, '').map((error) => lineOf(error).slice(1));
  if (isFields(spec)) errors.push(...missingParameters(schema.spec, spec));
  return errors.map((error) => `${kind}/${name}: ${error}`);
}

/** True when `checkManifest` finds nothing wrong. */
export function isManifest(manifest: unknown): manifest is Manifest {
  return checkManifest(manifest).length === 0;
}
