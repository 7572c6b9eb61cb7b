/** References between composed resources, resolved in memory the way the provider's generated resolvers do. */
import { at, type Fields, isFields, text } from './fields.ts';
import type { Reference } from './kinds/kind.ts';
import { EXTERNAL_NAME, type Manifest } from './manifest.ts';

function taken(target: Manifest, take: Reference['take']): unknown {
  if (take === 'externalName') return target.metadata.annotations?.[EXTERNAL_NAME];
  const [where, ...path] = take.split('.');
  return at((where === 'status' ? target.status?.atProvider : target.spec.forProvider) ?? {}, path.join('.'));
}

/** A copy with the value set at a dotted path, where the block that holds it exists. */
function withValue(fields: Fields, path: readonly string[], value: unknown): Fields {
  const [head, ...rest] = path;
  if (head === undefined) return fields;
  const child = fields[head];
  return {
    ...fields,
    [head]: rest.length === 0 ? value : withValue(isFields(child) ? child : {}, rest, value),
  };
}

/**
 * Fills in what the `…Ref` fields stand for. Throws in the provider's words when the other resource is not there, or does
 * not have the value yet; the reconciler then tries again in its next pass.
 */
export function resolveReferences(
  forProvider: Fields,
  references: readonly Reference[],
  resources: Iterable<Manifest>,
): Fields {
  const all = [...resources];
  let resolved = forProvider;
  for (const { from, to, group, kind, take } of references) {
    const name = text(forProvider, `${from}.name`);
    if (name === undefined || at(forProvider, to) !== undefined) continue;
    const field = `spec.forProvider.${from}`;
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
    resolved = withValue(resolved, to.split('.'), value);
  }
  return resolved;
}
