/**
 * Who owns which field of a managed resource, as server-side apply has it. Crossplane applies what the function emits, and
 * takes out again what is emitted no more, but only where it is the sole owner: what the provider wrote stays.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
import { type Fields, isFields } from './fields.ts';

/** What the provider wrote into `spec.forProvider`, by the two names under which it writes. */
export interface Written {
  /** What references led to. Each time it resolves some, it applies these and gives up the ones before. */
  readonly references: Fields;
  /** What it read from AWS where the spec said nothing: late initialization. */
  readonly lateInitialized: Fields;
}

export const NOTHING_WRITTEN: Written = { references: {}, lateInitialized: {} };

/** Both together; where both have a value, that of `over`. A list is one value. */
export function merged(under: Fields, over: Fields): Fields {
  const both = Object.entries(over).map(([name, value]): [string, unknown] => {
    const below = under[name];
    return [name, isFields(value) && isFields(below) ? merged(below, value) : value];
  });
  return { ...under, ...Object.fromEntries(both) };
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Without the blocks that hold nothing. */
function entriesOf(pairs: readonly [string, unknown][]): Fields {
  return Object.fromEntries(
    pairs.filter(([, value]) => value !== undefined && !(isFields(value) && Object.keys(value).length === 0)),
  );
}

/** What `after` has that `before` has not, or has otherwise. */
export function added(before: Fields, after: Fields): Fields {
  return entriesOf(
    Object.entries(after).map(([name, value]) => {
      const was = before[name];
      if (isFields(value) && isFields(was)) return [name, added(was, value)];
      return [name, isSame(was, value) ? undefined : value];
    }),
  );
}

/** What of `fields` is left to its owner once another has forced `applied`: the value that both say belongs to both. */
function kept(fields: Fields, applied: Fields): Fields {
  return entriesOf(
    Object.entries(fields).map(([name, value]) => {
      const other = applied[name];
      if (isFields(value) && isFields(other)) return [name, kept(value, other)];
      return [name, other === undefined || isSame(other, value) ? value : undefined];
    }),
  );
}

/** What the provider still owns once Crossplane has applied these fields, by force as it does. */
export function afterApply({ references, lateInitialized }: Written, applied: Fields): Written {
  return { references: kept(references, applied), lateInitialized: kept(lateInitialized, applied) };
}

/** The `spec.forProvider` that the API server answers. */
export function ownedByAll(applied: Fields, { references, lateInitialized }: Written): Fields {
  return merged(merged(lateInitialized, references), applied);
}

/** Whether late initialization passes a value over: it is absent, or the zero of its type. */
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
 * What late initialization adds to a spec: the top-level fields that it lacks and AWS has. It looks into no block that is
 * there. https://github.com/crossplane/upjet/blob/main/pkg/resource/lateinit.go
 *
 * @param names - the fields that may stand in the spec.
 * @param spec - what `forProvider` and `initProvider` say.
 * @param state - what AWS has.
 */
export function lateInitialization(names: readonly string[], spec: Fields, state: Fields): Fields {
  return entriesOf(
    names
      .filter((name) => spec[name] === undefined && !isZero(state[name]))
      .map((name) => [name, withoutZeros(state[name])]),
  );
}
