/** Lists the kinds of managed resources that a pipeline can have. */
import type { Kind } from '../tools/cluster.ts';
import { definitionOf, kind } from '../tools/kinds.ts';
import { schemas } from './schemas.ts';

export const PIPELINE = kind('fileingest.dev/v1alpha1', 'FileIngestPipeline');
const PROVIDER_CONFIG = kind('aws.m.upbound.io/v1beta1', 'ClusterProviderConfig');

/** All kinds of managed resources that a pipeline can have, from the provider's schemas. */
export const managedKinds = (): Kind[] =>
  [...schemas.values()].map((schema) =>
    kind(`${schema.group}/${schema.version}`, schema.kind, schema.plural),
  );

/** The names of the definitions that the provider needs to run: of its managed resources, and of its configuration. */
export const providerDefinitions = (): string[] => [...managedKinds(), PROVIDER_CONFIG].map(definitionOf);
