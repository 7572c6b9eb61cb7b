/** Resolves references between composed resources in memory, like the provider's generated resolvers. */
import { at, type Fields, isFields, text } from './fields.ts';
import type { Reference } from './kinds/kind.ts';
import { EXTERNAL_NAME, type Manifest } from './manifest.ts';

/** The paths of a kind's `…Ref` and `…Refs` fields in a manifest. */
export function referencePaths(references: readonly Reference[] = []): string[] {
  return references.map(({ from }) => from.replace(/\[\]$/, ''));
}

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

/** A copy with `change` applied to the block at a path, or to each block when the path goes through lists. */
function withBlocks(
  fields: Fields,
  path: readonly string[],
  change: (block: Fields, at: string) => Fields,
  at = 'spec.forProvider',
): Fields {
  const [head, ...rest] = path;
  if (head === undefined) return change(fields, at);
  const key = head.replace(/\[\]$/, '');
  const child = fields[key];
  const next = (value: unknown, where: string): unknown =>
    isFields(value) ? withBlocks(value, rest, change, where) : value;
  if (child === undefined) return fields;
  if (!Array.isArray(child)) return { ...fields, [key]: next(child, `${at}.${key}`) };
  return { ...fields, [key]: child.map((item, index) => next(item, `${at}.${key}[${index}]`)) };
}

/** The value of the field beside a reference, or undefined when the block has no such reference. */
function resolved(block: Fields, key: string, reference: Reference, all: readonly Manifest[], field: string) {
  const named = block[key];
  if (!Array.isArray(named)) {
    const name = text(block, `${key}.name`);
    return name === undefined ? undefined : find(name, reference, all, field);
  }
  return named.map((item, index) =>
    find((isFields(item) ? text(item, 'name') : undefined) ?? '', reference, all, `${field}[${index}]`),
  );
}

/**
 * Sets the fields that `…Ref` and `…Refs` fields stand for. Throws with the provider's message when the other resource does not
 * exist, or does not have the value yet. The reconciler tries again in its next pass.
 */
export function resolveReferences(
  forProvider: Fields,
  references: readonly Reference[],
  resources: Iterable<Manifest>,
): Fields {
  const all = [...resources];
  return references.reduce((fields, reference) => {
    const path = reference.from.replace(/\[\]$/, '').split('.');
    const key = path.at(-1) ?? '';
    const target = reference.to.split('.').at(-1) ?? '';
    return withBlocks(fields, path.slice(0, -1), (block, where) => {
      if (block[target] !== undefined) return block;
      const value = resolved(block, key, reference, all, `${where}.${key}`);
      return value === undefined ? block : { ...block, [target]: value };
    });
  }, forProvider);
}
