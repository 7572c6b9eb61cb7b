/**
 * Tracks the owners of a managed resource's fields, like server-side apply. Crossplane applies what the function emits, and removes
 * fields that are no longer emitted. It can remove only fields that it alone owns: fields that the provider wrote stay.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
import { type Fields, isFields } from './fields.ts';

/** The fields that the provider wrote into `spec.forProvider`, by its two field managers. */
export interface Written {
  /** The resolved references. Each time it resolves some, it applies these and gives up the earlier ones. */
  readonly references: Fields;
  /** The values from AWS for fields that the spec did not set: late initialization. */
  readonly lateInitialized: Fields;
}

export const NOTHING_WRITTEN: Written = { references: {}, lateInitialized: {} };

/** The fields of both; `over` wins. A list is one value. */
export function merged(under: Fields, over: Fields): Fields {
  const both = Object.entries(over).map(([name, value]): [string, unknown] => {
    const below = under[name];
    return [name, isFields(value) && isFields(below) ? merged(below, value) : value];
  });
  return { ...under, ...Object.fromEntries(both) };
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** An object of these entries, without empty blocks. */
function entriesOf(pairs: readonly [string, unknown][]): Fields {
  return Object.fromEntries(
    pairs.filter(([, value]) => value !== undefined && !(isFields(value) && Object.keys(value).length === 0)),
  );
}

/** The fields of `after` that are new or different from `before`. */
export function added(before: Fields, after: Fields): Fields {
  return entriesOf(
    Object.entries(after).map(([name, value]) => {
      const was = before[name];
      if (isFields(value) && isFields(was)) return [name, added(was, value)];
      return [name, isSame(was, value) ? undefined : value];
    }),
  );
}

/** The fields that their owner keeps after another owner has applied `applied` with force. A field with equal values belongs to both. */
function kept(fields: Fields, applied: Fields): Fields {
  return entriesOf(
    Object.entries(fields).map(([name, value]) => {
      const other = applied[name];
      if (isFields(value) && isFields(other)) return [name, kept(value, other)];
      return [name, other === undefined || isSame(other, value) ? value : undefined];
    }),
  );
}

/** The fields that the provider still owns after Crossplane has applied its fields, which it does with force. */
export function afterApply({ references, lateInitialized }: Written, applied: Fields): Written {
  return { references: kept(references, applied), lateInitialized: kept(lateInitialized, applied) };
}

/** The `spec.forProvider` that the API server returns. */
export function ownedByAll(applied: Fields, { references, lateInitialized }: Written): Fields {
  return merged(merged(lateInitialized, references), applied);
}

/** Whether late initialization skips a value: it is absent, or the zero value of its type. */
function isZero(value: unknown): boolean {
  if (isFields(value)) return Object.values(value).every(isZero);
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === null || value === '' || value === 0 || value === false;
}

function withoutZeros(value: unknown): unknown {
  if (!isFields(value)) return value;
  return entriesOf(
    Object.entries(value).map(([name, inner]) => [name, isZero(inner) ? undefined : withoutZeros(inner)]),
  );
}

/**
 * The fields that late initialization adds to a spec: top-level fields that the spec lacks and AWS has. It does not add fields to
 * an existing block. https://github.com/crossplane/upjet/blob/main/pkg/resource/lateinit.go
 *
 * @param names - the fields that the spec can have
 * @param spec - the fields of `forProvider` and `initProvider`
 * @param state - the fields in AWS
 */
export function lateInitialization(names: readonly string[], spec: Fields, state: Fields): Fields {
  return entriesOf(
    names
      .filter((name) => spec[name] === undefined && !isZero(state[name]))
      .map((name) => [name, withoutZeros(state[name])]),
  );
}
