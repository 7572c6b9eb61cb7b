/** The type of a managed resource: a Kubernetes object, used without Kubernetes. */
import { EXTERNAL_NAME } from '../function/src/names.ts';
import type { Fields } from './fields.ts';

export { EXTERNAL_NAME };

export interface Condition {
  readonly type: 'Synced' | 'Ready';
  status: 'True' | 'False';
  readonly reason: string;
  readonly message?: string;
  readonly lastTransitionTime: string;
}

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    name: string;
    namespace?: string;
    annotations?: Record<string, string>;
    labels?: Record<string, string>;
    uid?: string;
    creationTimestamp?: string;
    deletionTimestamp?: string;
  };
  spec: {
    forProvider: Fields;
    /** Used only when the resource is created. */
    initProvider?: Fields;
    managementPolicies?: string[];
    providerConfigRef?: { kind?: string; name: string };
    [field: string]: unknown;
  };
  status?: { conditions?: Condition[]; atProvider?: Fields };
}

/** The name of a manifest in messages: `Bucket/orders-files`. */
export function title(manifest: Manifest): string {
  return `${manifest.kind}/${manifest.metadata.name}`;
}
