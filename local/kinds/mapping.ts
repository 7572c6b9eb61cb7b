/**
 * The fields of a manifest beside the members of an AWS call, each said once: of it come the paths that a kind handles, what
 * is sent, and what an answer says in the words of `forProvider`.
 */
import * as read from '../fields.ts';
import { defined, type Fields } from '../fields.ts';

interface Sent<V> {
  /** The paths that it handles, from the block on that it stands in. */
  readonly paths: readonly string[];
  /** The member that a block makes; undefined where the block does not say it. */
  to(block: Fields): V | undefined;
}

interface Answered<A> {
  /** Its name in the block that it stands in. */
  readonly name: string;
  /** What AWS answers, as the manifest says it. */
  from(value: A | undefined): unknown;
}

/** One field of `forProvider`, and the member that it makes, of type `V`; AWS answers it as an `A`. */
export type Field<V, A = V> = Sent<V> & Answered<A>;

type Shape<T, A> = { readonly [K in keyof T]: Sent<T[K]> } & { readonly [K in keyof A]: Answered<A[K]> };
type Members<T> = { [K in keyof T]: T[K] | undefined };
type Answer<A> = { readonly [K in keyof A]?: A[K] | undefined };

export interface Mapping<T, A> {
  /** The paths under `forProvider` that it handles. */
  readonly fields: readonly string[];
  /** The members of an AWS call; undefined are those that the manifest does not say. */
  to(spec: Fields): Members<T>;
  /** The state of which an answer tells. */
  from(answer: Answer<A>): Fields;
}

type SentShape<T> = { readonly [K in keyof T]: Sent<T[K]> };

function isWhole<T>(shape: SentShape<T>, members: Partial<Members<T>>): members is Members<T> {
  return Object.keys(shape).every((member) => member in members);
}

function membersOf<T>(shape: SentShape<T>, spec: Fields): Members<T> {
  const members: Partial<Members<T>> = {};
  for (const member in shape) members[member] = shape[member].to(spec);
  if (!isWhole(shape, members)) throw new Error('a member of the mapping was left out');
  return members;
}

function stateOf<A>(shape: { readonly [K in keyof A]: Answered<A[K]> }, answer: Answer<A>): Fields {
  const state: Record<string, unknown> = {};
  for (const member in shape) state[shape[member].name] = shape[member].from(answer[member]);
  return defined(state);
}

/** Members of an AWS call, each with the field that makes it. */
export function mapping<T, A>(shape: Shape<T, A>): Mapping<T, A> {
  return {
    fields: Object.values<Sent<unknown>>(shape).flatMap(({ paths }) => paths),
    to: (spec) => membersOf<T>(shape, spec),
    from: (answer) => stateOf<A>(shape, answer),
  };
}

function plain<V>(name: string, to: (block: Fields) => V | undefined, absent: V | undefined): Field<V> {
  return { name, paths: [name], to, from: (value) => value ?? absent };
}

/** A text. Here and below, `absent` is what it means that AWS answers none. */
export const text = (name: string, absent?: string) => plain(name, (block) => read.text(block, name), absent);

/** A text that has to be there. */
export const needText = (name: string) => plain(name, (block) => read.needText(block, name), undefined);

/** A number. */
export const number = (name: string, absent?: number) =>
  plain(name, (block) => read.number(block, name), absent);

/** True or false. */
export const flag = (name: string, absent?: boolean) =>
  plain(name, (block) => read.flag(block, name), absent);

/** A list of texts. */
export const texts = (name: string, absent?: string[]) =>
  plain(name, (block) => read.texts(block, name), absent);

/** A map of texts; an absent one is empty. */
export const dictionary = (name: string) => plain(name, (block) => read.dictionary(block, name), {});

/** A text of a fixed list, such as the SDK's `Runtime`. */
export const choice = <T extends string>(values: Readonly<Record<string, T>>, name: string, absent?: T) =>
  plain(name, (block) => read.choice(values, block, name), absent);

/** A list of texts of a fixed list. */
export const choices = <T extends string>(values: Readonly<Record<string, T>>, name: string, absent?: T[]) =>
  plain(name, (block) => read.choices(values, block, name), absent);

/** A block of fields. */
export function block<T, A>(name: string, shape: Shape<T, A>): Field<Members<T>, Answer<A>> {
  const inner = mapping(shape);
  return {
    name,
    paths: inner.fields.map((path) => `${name}.${path}`),
    to(outer) {
      const found = read.block(outer, name);
      return found && inner.to(found);
    },
    from: (value) => value && inner.from(value),
  };
}

/** A list of blocks; an absent one is empty. */
export function blocks<T, A>(name: string, shape: Shape<T, A>): Field<Members<T>[], Answer<A>[]> {
  const inner = mapping(shape);
  return {
    name,
    paths: inner.fields.map((path) => `${name}[].${path}`),
    to: (outer) => read.blocks(outer, name).map(inner.to),
    from: (values) => (values ?? []).map(inner.from),
  };
}

/** A block that the provider writes as a list of one. */
export function single<T, A>(name: string, shape: Shape<T, A>): Field<Members<T>, Answer<A>> {
  const list = blocks(name, shape);
  return {
    ...list,
    to: (outer) => list.to(outer)?.[0],
    from: (value) => value && list.from([value]),
  };
}
