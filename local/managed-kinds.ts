/** The kinds of the pipeline and of what it can be made of. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kind } from '../tools/cluster.ts';
import { definitionOf, kind } from '../tools/kinds.ts';
import type { KindSchema } from './schemas.ts';

export const PIPELINE = kind('fileingest.dev/v1alpha1', 'FileIngestPipeline');
export const PROVIDER_CONFIG = kind('aws.m.upbound.io/v1beta1', 'ClusterProviderConfig');

const SCHEMAS = join(import.meta.dirname, 'schemas');

/** Every kind of managed resource that a pipeline can be made of, from the provider's schemas. */
export function managedKinds(): Kind[] {
  const files = readdirSync(SCHEMAS).filter((file) => file.endsWith('.json'));
  return files.map((file) => {
    const schema: KindSchema = JSON.parse(readFileSync(join(SCHEMAS, file), 'utf8'));
    // The files are named <service>_<plural>.json.
    const plural = file.slice(file.indexOf('_') + 1, -'.json'.length);
    return kind(`${schema.group}/${schema.version}`, schema.kind, plural);
  });
}

/** Names of the definitions without which the provider cannot run: those of its resources, and of its configuration. */
export const providerDefinitions = (): string[] => [...managedKinds(), PROVIDER_CONFIG].map(definitionOf);
