/** Making manifests for tests. */
import { createHash } from 'node:crypto';
import { zipSync } from 'fflate';
import type { Fields } from '../fields.ts';
import { GROUPS } from '../kinds/kind.ts';
import { EXTERNAL_NAME, type Manifest } from '../manifest.ts';

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

interface Extra {
  externalName?: string;
  managementPolicies?: string[];
}

/** A managed resource named as its key is; `region` is added for all but IAM. */
export function managed(
  group: string,
  kind: string,
  name: string,
  forProvider: Fields,
  extra: Extra = {},
): Manifest {
  const { externalName, managementPolicies } = extra;
  return {
    apiVersion: `${group}/v1beta1`,
    kind,
    metadata: {
      name,
      namespace: 'default',
      ...(externalName ? { annotations: { [EXTERNAL_NAME]: externalName } } : {}),
    },
    spec: {
      forProvider: group === GROUPS.iam ? forProvider : { region: REGION, ...forProvider },
      providerConfigRef: { kind: 'ClusterProviderConfig', name: 'default' },
      ...(managementPolicies ? { managementPolicies } : {}),
    },
  };
}

/** Keyed by `metadata.name`, as the reconciler takes them. */
export function keyed(...manifests: Manifest[]): Map<string, Manifest> {
  return new Map(manifests.map((manifest) => [manifest.metadata.name, manifest]));
}

/** A copy with some fields of `forProvider` replaced. */
export function changed(manifest: Manifest, forProvider: Fields): Manifest {
  return {
    ...manifest,
    spec: { ...manifest.spec, forProvider: { ...manifest.spec.forProvider, ...forProvider } },
  };
}

/** A Lambda zip that answers `text` and the Node that it runs on, and the hash that Lambda gives it. */
export function codeZip(text: string): { base64: string; hash: string; size: number } {
  const source = new TextEncoder().encode(
    `export const handler = async () => ${JSON.stringify(`${text} on `)} + process.version;`,
  );
  const zip = Buffer.from(zipSync({ 'index.mjs': source }, { mtime: '2000-01-01T00:00:00Z' }));
  const hash = createHash('sha256').update(zip).digest('base64');
  return { base64: zip.toString('base64'), hash, size: zip.length };
}
