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
 * Writes resolved references that are not in the spec yet. They are applied separately, so the provider gives up the fields of
 * earlier references.
 *
 * @throws Error with the provider's message when another resource does not exist, or does not have the value yet
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

/** Writes values from AWS for fields that the spec does not set. */
export function lateInitialize(resource: Resource, { state }: Observation): void {
  const { kind, live, written } = resource;
  const { forProvider, initProvider } = live.spec;
  const names = kind.fields.map((field) => field.split(/[.[]/)[0] ?? '');
  const found = lateInitialization([...new Set(names)], { ...initProvider, ...forProvider }, state);
  const schema = fieldsSchema(live);
  // The spec can be applied again as a manifest, and fields that are not handled here would be rejected then.
  const handled = Object.entries(found).filter(
    ([name, value]) => unhandled(kind, schema, { [name]: value }).length === 0,
  );
  const fields = Object.fromEntries(handled);
  resource.written = { ...written, lateInitialized: merged(written.lateInitialized, fields) };
  live.spec = { ...live.spec, forProvider: merged(forProvider, fields) };
}
