/** Resolves references between composed resources in memory, like the provider's generated resolvers. */
import { at, type Fields, isFields, text } from './fields.ts';
import type { Reference } from './kinds/kind.ts';
import { EXTERNAL_NAME, type Manifest } from './manifest.ts';

function taken(target: Manifest, take: Reference['take']): unknown {
  if (take === 'externalName') return target.metadata.annotations?.[EXTERNAL_NAME];
  const [where, ...path] = take.split('.');
  return at((where === 'status' ? target.status?.atProvider : target.spec.forProvider) ?? {}, path.join('.'));
}

function find(
  name: string,
  { group, kind, take, prefix = '' }: Reference,
  all: readonly Manifest[],
  field: string,
): unknown {
  const target = all.find(
    (other) =>
      other.kind === kind && other.apiVersion.startsWith(`${group}/`) && other.metadata.name === name,
  );
  if (target === undefined) {
    throw new Error(
      `cannot resolve references: ${field}: cannot get referenced resource: ${kind} "${name}" not found`,
    );
  }
  const value = taken(target, take);
  if (value === undefined || value === '') {
    const reason = 'referenced field was empty (referenced resource may not yet be ready)';
    throw new Error(`cannot resolve references: ${field}: ${reason}: ${kind} "${name}"`);
  }
  return prefix === '' ? value : `${prefix}${value}`;
}

/** A copy with a value at a path through blocks that are there. */
function withValue(fields: Fields, [head = '', ...rest]: readonly string[], value: unknown): Fields {
  const child = fields[head];
  return { ...fields, [head]: isFields(child) ? withValue(child, rest, value) : value };
}

/**
 * Fills in what the `…Ref` fields stand for. Throws in the provider's words when the other resource is not
 * there, or does not have the value yet; the reconciler then tries again in its next pass.
 */
export function resolveReferences(
  forProvider: Fields,
  references: readonly Reference[],
  resources: Iterable<Manifest>,
): Fields {
  const all = [...resources];
  return references.reduce((fields, reference) => {
    const { from, to } = reference;
    const name = text(fields, `${from}.name`);
    if (name === undefined || at(fields, to) !== undefined) return fields;
    return withValue(fields, to.split('.'), find(name, reference, all, `spec.forProvider.${from}`));
  }, forProvider);
}
