/** The definitions that Crossplane would have made: of the claim from the XRD, of managed resources from the provider's packages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { at, isObject, type Json } from '../../function/src/objects.ts';
import { managedKinds } from '../../local/managed-kinds.ts';
import type { KubeObject } from '../../tools/cluster.ts';

const ROOT = join(import.meta.dirname, '../..');
const OPEN: Json = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

function objectAt(value: unknown, ...path: string[]): Json {
  const found = at(value, ...path);
  if (!isObject(found)) throw new Error(`there is no object at ${path.join('.')}`);
  return found;
}

/** The claim's definition: the XRD's schema, and open fields where Crossplane adds its own. */
export function claimDefinition(): KubeObject {
  const xrd: unknown = parse(readFileSync(join(ROOT, 'apis/definition.yaml'), 'utf8'));
  const { group, names, scope } = objectAt(xrd, 'spec');
  const [version]: unknown[] = [at(xrd, 'spec', 'versions')].flat();
  const schema = objectAt(version, 'schema', 'openAPIV3Schema');
  const spec = objectAt(schema, 'properties', 'spec');
  const status = objectAt(schema, 'properties', 'status');
  const properties = {
    ...objectAt(schema, 'properties'),
    spec: { ...spec, properties: { ...objectAt(spec, 'properties'), crossplane: OPEN } },
    status: { ...status, 'x-kubernetes-preserve-unknown-fields': true },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${String(at(names, 'plural'))}.${String(group)}` },
    spec: {
      ...{ group, names, scope },
      versions: [
        {
          ...{ name: at(version, 'name'), served: true, storage: true, subresources: { status: {} } },
          schema: { openAPIV3Schema: { ...schema, properties } },
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
    const definition: KubeObject = parse(readFileSync(join(folder, file), 'utf8'));
    const versions = [at(definition, 'spec', 'versions')].flat().map((version: unknown) => {
      const { subresources: _, ...rest } = isObject(version) ? version : {};
      return rest;
    });
    return { ...definition, spec: { ...objectAt(definition, 'spec'), versions } };
  });
}
