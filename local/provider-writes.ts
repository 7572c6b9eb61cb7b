/** What the provider writes into the spec of a managed resource, which Crossplane then does not own. */

import type { StructuralSchema } from '../apis/structural-schema.ts';
import { unhandled } from './compare.ts';
import { added, lateInitialization, merged, ownedByAll } from './field-ownership.ts';
import type { Observation, Resource } from './kinds/kind.ts';
import type { Manifest } from './manifest.ts';
import { resolveReferences } from './references.ts';
import { schemaOf } from './schemas.ts';

/** The schema of the fields that go to AWS. */
export const fieldsSchema = ({ apiVersion, kind }: Manifest): StructuralSchema | undefined =>
  schemaOf(apiVersion, kind)?.spec.properties?.['forProvider'];

/**
 * Writes what references lead to, where that is not written yet. It is applied for itself: what references led to before
 * is the provider's no more.
 *
 * @throws in the provider's words when another resource is not there, or has no such value yet.
 */
export function writeReferences(resource: Resource, resources: readonly Manifest[]): void {
  const { kind, desired, live, written } = resource;
  const before = live.spec.forProvider;
  const references = added(before, resolveReferences(before, kind.references ?? [], resources));
  if (Object.keys(references).length === 0) return;
  resource.written = { ...written, references };
  const forProvider = merged(ownedByAll(desired.spec.forProvider, resource.written), references);
  live.spec = { ...live.spec, forProvider };
}

/** Writes what AWS has and the spec does not say. */
export function lateInitialize(resource: Resource, { state }: Observation): void {
  const { kind, live, written } = resource;
  const { forProvider, initProvider } = live.spec;
  const names = kind.fields.map((field) => field.split(/[.[]/)[0] ?? '');
  const found = lateInitialization([...new Set(names)], { ...initProvider, ...forProvider }, state);
  const schema = fieldsSchema(live);
  // The spec may come back as a manifest, of which what is not handled here would be refused.
  const handled = Object.entries(found).filter(
    ([name, value]) => unhandled(kind, schema, { [name]: value }).length === 0,
  );
  const fields = Object.fromEntries(handled);
  resource.written = { ...written, lateInitialized: merged(written.lateInitialized, fields) };
  live.spec = { ...live.spec, forProvider: merged(forProvider, fields) };
}
