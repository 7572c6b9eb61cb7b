/** The kinds of Kubernetes, Crossplane and Argo CD that programs here read and write. */
import type { Kind } from './cluster.ts';

/** A kind, with the usual plural unless another is given. */
export const kind = (apiVersion: string, name: string, plural = `${name.toLowerCase()}s`): Kind => ({
  apiVersion,
  kind: name,
  plural,
});

export const ENVIRONMENT_CONFIG = kind('apiextensions.crossplane.io/v1beta1', 'EnvironmentConfig');
export const NAMESPACE = kind('v1', 'Namespace');
export const CONFIG_MAP = kind('v1', 'ConfigMap');
export const DEPLOYMENT = kind('apps/v1', 'Deployment');
export const APPLICATION = kind('argoproj.io/v1alpha1', 'Application');
export const APPLICATION_SET = kind('argoproj.io/v1alpha1', 'ApplicationSet');
export const SECRET = kind('v1', 'Secret');
export const CRD = kind('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
export const COMPOSITION_REVISION = kind('apiextensions.crossplane.io/v1', 'CompositionRevision');
export const FUNCTION = kind('pkg.crossplane.io/v1', 'Function');
export const FUNCTION_REVISION = kind('pkg.crossplane.io/v1', 'FunctionRevision');
export const CONFIGURATION = kind('pkg.crossplane.io/v1', 'Configuration');
export const PROVIDER = kind('pkg.crossplane.io/v1', 'Provider');
export const PROVIDER_REVISION = kind('pkg.crossplane.io/v1', 'ProviderRevision');

/** Name of a kind's CustomResourceDefinition. */
export const definitionOf = ({ apiVersion, plural }: Kind) => `${plural}.${apiVersion.split('/')[0]}`;
