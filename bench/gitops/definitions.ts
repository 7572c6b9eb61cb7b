/** The definitions that Crossplane would have made: of the claim from the XRD, of managed resources from the provider's packages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { patched } from '../../apis/refusals/refusal.ts';
import type { Json } from '../../function/src/objects.ts';
import { managedKinds } from '../../local/managed-kinds.ts';
import type { KubeObject } from '../../tools/cluster.ts';

const XRD = join(import.meta.dirname, '../../apis/definition.yaml');
const OPEN: Json = { 'x-kubernetes-preserve-unknown-fields': true };
/** Where Crossplane adds fields of its own. */
const ADDED: Json = {
  properties: { spec: { properties: { crossplane: { type: 'object', ...OPEN } } }, status: OPEN },
};

/** What is read of the XRD. */
interface Definition {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: Json;
    readonly scope: string;
    readonly versions: readonly [
      { readonly name: string; readonly schema: { readonly openAPIV3Schema: Json } },
    ];
  };
}

/** The claim's definition: the XRD's schema, and open fields where Crossplane adds its own. */
export function claimDefinition(): KubeObject {
  const { metadata, spec }: Definition = parse(readFileSync(XRD, 'utf8'));
  const { group, names, scope, versions } = spec;
  const [{ name, schema }] = versions;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: metadata.name },
    spec: {
      ...{ group, names, scope },
      versions: [
        {
          ...{ name, served: true, storage: true, subresources: { status: {} } },
          schema: { openAPIV3Schema: patched(schema.openAPIV3Schema, ADDED) },
        },
      ],
    },
  };
}

/**
 * The provider's definitions of every kind that a pipeline can be made of. Their status is a part of the object itself here, so that
 * one request makes a resource as it is when it is ready.
 *
 * @param folder - `package/crds` of the provider's module.
 */
export function managedDefinitions(folder: string): KubeObject[] {
  return managedKinds().map(({ apiVersion, plural }) => {
    const file = `${apiVersion.split('/')[0]}_${plural}.yaml`;
    const definition: KubeObject & { spec: { versions: { subresources?: unknown }[] } } = parse(
      readFileSync(join(folder, file), 'utf8'),
    );
    for (const version of definition.spec.versions) delete version.subresources;
    return definition;
  });
}
