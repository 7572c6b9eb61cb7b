/** Creates manifests for tests. */
import { createHash } from 'node:crypto';
import { zipSync } from 'fflate';
import type { Fields } from '../fields.ts';
import { GROUPS } from '../kinds/kind.ts';
import { EXTERNAL_NAME, type Manifest } from '../manifest.ts';

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

interface Extra {
  readonly externalName?: string;
  readonly managementPolicies?: string[];
}

/** A managed resource with its key as the name. `region` is added, except for IAM. */
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

/** The manifests by `metadata.name`, the form of the reconciler's input. */
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

/** The manifest with a key. Throws when there is none. */
export function get(desired: ReadonlyMap<string, Manifest>, key: string): Manifest {
  const manifest = desired.get(key);
  if (!manifest) throw new Error(`no ${key}`);
  return manifest;
}

/** Replaces some fields of `forProvider` of the manifest with a key. Returns the map. */
export function change(
  desired: Map<string, Manifest>,
  key: string,
  forProvider: Fields,
): Map<string, Manifest> {
  return desired.set(key, changed(get(desired, key), forProvider));
}

interface Zip {
  readonly base64: string;
  /** The base64 SHA-256, in Lambda's form. */
  readonly hash: string;
  readonly size: number;
}

/** A zip of texts by path. The same texts give the same bytes. */
export function zipOf(files: Readonly<Record<string, string>>): Zip {
  const encoded = Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]);
  const zip = Buffer.from(zipSync(Object.fromEntries(encoded), { mtime: '2000-01-01T00:00:00Z' }));
  const hash = createHash('sha256').update(zip).digest('base64');
  return { base64: zip.toString('base64'), hash, size: zip.length };
}

/** A trust policy that allows a service to assume a role. */
export function trust(service: string): string {
  const statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

/** The zip of a Lambda function that returns `text` and the version of Node. */
export function codeZip(text: string): Zip {
  const source = `export const handler = async () => ${JSON.stringify(`${text} on `)} + process.version;`;
  return zipOf({ 'index.mjs': source });
}
