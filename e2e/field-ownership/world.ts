/**
 * Crossplane and the provider around an API server, as far as they write to managed resources: who applies what, who fills in
 * what, and under which name. What the provider brings to AWS is kept in memory.
 */

import { made, type Observed, render } from '../../function/render.ts';
import { at, inOrder, isObject, type Json, stringAt } from '../../function/src/objects.ts';
import { added, lateInitialization } from '../../local/field-ownership.ts';
import { isFields } from '../../local/fields.ts';
import { kindOf } from '../../local/kinds/index.ts';
import { EXTERNAL_NAME, type Manifest } from '../../local/manifest.ts';
import { resolveReferences } from '../../local/references.ts';
import { schemaOf } from '../../local/schemas.ts';
import type { Server } from './api-server.ts';

/** One a composite: https://github.com/crossplane/crossplane/blob/main/internal/controller/apiextensions/composite/composition_functions.go */
const CROSSPLANE = 'apiextensions.crossplane.io/composed/fileingest';
/** https://github.com/crossplane/crossplane-runtime/blob/main/pkg/reconciler/managed/api.go */
const RESOLVER = 'managed.crossplane.io/api-simple-reference-resolver';
/** A client that names no manager has its program's name. */
const PROVIDER = 'provider';

const MOST_PASSES = 20;

export interface World {
  /** Runs the function, applies what it emits, and lets the provider work, until nobody has anything to write. */
  settle(claim: Json, emitted?: (manifests: Observed) => Observed): Promise<Observed>;
  /** The objects of now, by the key of the composed resource. */
  live(): Observed;
}

const forProviderOf = (object: Json) => {
  const fields = at(object, 'spec', 'forProvider');
  return isFields(fields) ? fields : {};
};

function withForProvider(object: Json, forProvider: unknown): Json {
  const spec = isObject(object['spec']) ? object['spec'] : {};
  return { ...object, spec: { ...spec, forProvider } };
}

/** The object with these fields alone, as a server-side apply names them. */
function partOf(object: Json, forProvider: unknown): Json {
  const { apiVersion, kind } = object;
  const [name, namespace] = ['name', 'namespace'].map((field) => at(object, 'metadata', field));
  return { apiVersion, kind, metadata: { name, namespace }, spec: { forProvider } };
}

/** The object as references look at it. */
function target(object: Json): Manifest {
  const name = stringAt(object, 'metadata', 'annotations', EXTERNAL_NAME);
  const atProvider = at(object, 'status', 'atProvider');
  return {
    apiVersion: String(object['apiVersion']),
    kind: String(object['kind']),
    metadata: {
      name: stringAt(object, 'metadata', 'name') ?? '',
      ...(name !== undefined && { annotations: { [EXTERNAL_NAME]: name } }),
    },
    spec: { forProvider: forProviderOf(object) },
    status: isFields(atProvider) ? { atProvider } : {},
  };
}

/** What the provider reports once AWS has the object; it changes no more here. */
function reported(key: string, object: Json): Json {
  if (isObject(object['status'])) return object['status'];
  const name = stringAt(object, 'metadata', 'annotations', EXTERNAL_NAME) ?? key;
  const status = made(key, object)['status'];
  const atProvider = { id: name, arn: `arn:aws:any:${name}`, invokeArn: `arn:aws:invoke:${name}` };
  return { ...Object(status), atProvider: { ...atProvider, ...Object(at(status, 'atProvider')) } };
}

function lateInitialized(object: Json, inAws: Json | undefined): Json {
  const policies = at(object, 'spec', 'managementPolicies');
  const isAsked = !Array.isArray(policies) || policies.some((one) => ['*', 'LateInitialize'].includes(one));
  const known = schemaOf(String(object['apiVersion']), String(object['kind']))?.spec.properties;
  const names = Object.keys(known?.['forProvider']?.properties ?? {});
  const fields = forProviderOf(object);
  if (!isAsked || !inAws) return object;
  const initProvider = at(object, 'spec', 'initProvider');
  const said = { ...(isFields(initProvider) ? initProvider : {}), ...fields };
  return withForProvider(object, { ...lateInitialization(names, said, inAws), ...fields });
}

/** The provider's name for it, and its report. */
function observed(key: string, object: Json): Json {
  const status = reported(key, object);
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const annotations = { [EXTERNAL_NAME]: at(status, 'atProvider', 'id'), ...Object(metadata['annotations']) };
  return { ...object, metadata: { ...metadata, annotations }, status };
}

const isSame = (one: unknown, other: unknown) =>
  JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));

export function createWorld(server: Server): World {
  let live: Observed = {};
  let applied: Observed = {};
  const aws = new Map<string, Json>();

  const applyAll = async (manifests: Observed): Promise<number> => {
    const changed = Object.entries(manifests).filter(([key, manifest]) => !isSame(applied[key], manifest));
    const lost = Object.keys(live).filter((key) => !manifests[key]);
    for (const key of lost) {
      await server.remove(live[key] ?? {});
      aws.delete(key);
    }
    live = Object.fromEntries(Object.entries(live).filter(([key]) => manifests[key]));
    for (const [key, manifest] of changed) live[key] = await server.apply(manifest, CROSSPLANE);
    applied = manifests;
    return changed.length + lost.length;
  };

  /** One visit of the provider. Returns whether it wrote anything. */
  const visit = async (key: string): Promise<boolean> => {
    let object = live[key] ?? {};
    const kind = kindOf(String(object['apiVersion']), String(object['kind']));
    const before = forProviderOf(object);
    const others = Object.values(live).map(target);
    let references = {};
    try {
      references = added(before, resolveReferences(before, kind?.references ?? [], others));
    } catch {
      // The other one is not there yet.
      return false;
    }
    if (Object.keys(references).length > 0) object = await server.apply(partOf(object, references), RESOLVER);
    const inAws = aws.get(key);
    // What AWS gets was decided before late initialization.
    aws.set(key, { ...forProviderOf(object) });
    const next = observed(key, lateInitialized(object, inAws));
    const isWritten = !isSame(next, object);
    live[key] = isWritten ? await server.update(next, PROVIDER) : object;
    return isWritten || Object.keys(references).length > 0 || !isSame(inAws, aws.get(key));
  };

  return {
    live: () => live,
    settle: async (claim, emitted = (manifests) => manifests) => {
      for (let pass = 0; pass < MOST_PASSES; pass += 1) {
        const rendered = await render(claim, live);
        if (rendered.fatal.length > 0) throw new Error(rendered.fatal.join('\n'));
        const manifests = emitted(rendered.resources);
        let writes = await applyAll(manifests);
        for (const key of Object.keys(live)) writes += (await visit(key)) ? 1 : 0;
        if (writes === 0) return manifests;
      }
      throw new Error(`somebody still writes after ${MOST_PASSES} passes`);
    },
  };
}
