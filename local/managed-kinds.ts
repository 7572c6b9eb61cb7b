/** Lists the kinds of managed resources that a pipeline can have. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kind } from '../tools/cluster.ts';
import { definitionOf, kind } from '../tools/kinds.ts';
import type { KindSchema } from './schemas.ts';

export const PIPELINE = kind('fileingest.dev/v1alpha1', 'FileIngestPipeline');
const PROVIDER_CONFIG = kind('aws.m.upbound.io/v1beta1', 'ClusterProviderConfig');

const SCHEMAS = join(import.meta.dirname, 'schemas');

/** All kinds of managed resources that a pipeline can have, from the provider's schemas. */
export function managedKinds(): Kind[] {
  const files = readdirSync(SCHEMAS).filter((file) => file.endsWith('.json'));
  return files.map((file) => {
    const schema: KindSchema = JSON.parse(readFileSync(join(SCHEMAS, file), 'utf8'));
    // The file names have the form <service>_<plural>.json.
    const plural = file.slice(file.indexOf('_') + 1, -'.json'.length);
    return kind(`${schema.group}/${schema.version}`, schema.kind, plural);
  });
}

/** The names of the definitions that the provider needs to run: of its managed resources, and of its configuration. */
export const providerDefinitions = (): string[] => [...managedKinds(), PROVIDER_CONFIG].map(definitionOf);
