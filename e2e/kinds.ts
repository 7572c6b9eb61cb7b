/** The kinds that the scenarios speak of. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KindSchema } from '../local/schemas.ts';
import type { Kind } from './cluster.ts';

const kind = (apiVersion: string, name: string, plural = `${name.toLowerCase()}s`): Kind => ({
  apiVersion,
  kind: name,
  plural,
});

export const PIPELINE = kind('fileingest.dev/v1alpha1', 'FileIngestPipeline');
export const ENVIRONMENT_CONFIG = kind('apiextensions.crossplane.io/v1beta1', 'EnvironmentConfig');
export const NAMESPACE = kind('v1', 'Namespace');
export const CONFIG_MAP = kind('v1', 'ConfigMap');
export const DEPLOYMENT = kind('apps/v1', 'Deployment');
export const APPLICATION = kind('argoproj.io/v1alpha1', 'Application');
export const APPLICATION_SET = kind('argoproj.io/v1alpha1', 'ApplicationSet');
export const APP_PROJECT = kind('argoproj.io/v1alpha1', 'AppProject');
export const SECRET = kind('v1', 'Secret');
export const CRD = kind('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
export const XRD = kind('apiextensions.crossplane.io/v2', 'CompositeResourceDefinition');
export const COMPOSITION_REVISION = kind('apiextensions.crossplane.io/v1', 'CompositionRevision');
export const COMPOSITION = kind('apiextensions.crossplane.io/v1', 'Composition');
export const MANAGED_RESOURCE_DEFINITION = kind(
  'apiextensions.crossplane.io/v1alpha1',
  'ManagedResourceDefinition',
);
export const FUNCTION = kind('pkg.crossplane.io/v1', 'Function');
export const FUNCTION_REVISION = kind('pkg.crossplane.io/v1', 'FunctionRevision');
export const CONFIGURATION = kind('pkg.crossplane.io/v1', 'Configuration');
export const PROVIDER = kind('pkg.crossplane.io/v1', 'Provider');
export const PROVIDER_REVISION = kind('pkg.crossplane.io/v1', 'ProviderRevision');
export const PROVIDER_CONFIG = kind('aws.m.upbound.io/v1beta1', 'ClusterProviderConfig');

/** Name of a kind's CustomResourceDefinition. */
export const definitionOf = ({ apiVersion, plural }: Kind) => `${plural}.${apiVersion.split('/')[0]}`;

const SCHEMAS = join(import.meta.dirname, '../local/schemas');

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
