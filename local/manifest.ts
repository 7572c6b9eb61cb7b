/** A managed resource as it is written, kept and reported: the Kubernetes object without Kubernetes. */
import { EXTERNAL_NAME } from '../function/src/names.ts';
import type { Fields } from './fields.ts';

export { EXTERNAL_NAME };

export interface Condition {
  type: 'Synced' | 'Ready';
  status: 'True' | 'False';
  reason: string;
  message?: string;
  lastTransitionTime: string;
}

export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
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
    /** Used when the resource is made, and not looked at again. */
    initProvider?: Fields;
    managementPolicies?: string[];
    providerConfigRef?: { kind?: string; name: string };
    [field: string]: unknown;
  };
  status?: { conditions?: Condition[]; atProvider?: Fields };
}

/** What a person calls a manifest in a message: `Bucket/orders-files`. */
export function title(manifest: Manifest): string {
  return `${manifest.kind}/${manifest.metadata.name}`;
}
