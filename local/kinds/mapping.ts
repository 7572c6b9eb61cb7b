/** Fields of a manifest beside members of AWS calls, as the tables say them: what is sent, and what an answer says in the words of `forProvider`. */
import { blocks, defined, type Fields, isFields } from '../fields.ts';
import { FORMS } from './forms.ts';

/** The member of one field of `forProvider`. A field without one is sent, or read, by code. */
interface Member {
  /** Dotted path of the member, such as `Rules[0].ObjectOwnership`, in what is sent and in what AWS answers. */
  readonly is?: string;
  /** The same, only in what is sent. */
  readonly to?: string;
  /** The same, only in what AWS answers. */
  readonly from?: string;
  /** What it means that AWS answers none. */
  readonly absent?: unknown;
  /** What the provider sends where the manifest says nothing. */
  readonly unsaid?: unknown;
  /** The value that the provider leaves out. */
  readonly unsent?: unknown;
  /** The name of the SDK's list of the values that AWS takes, such as `Runtime`. */
  readonly oneOf?: string;
  /** How AWS writes the value, where it is not as the manifest does. */
  readonly form?: keyof typeof FORMS;
}

/**
 * Dotted paths of fields, each with its member: a path where both ways have the same. `rule[].id` stands beside `Rules[].ID` of a
 * list, `filter[0].prefix` beside `Filter.Prefix` of what the provider writes as a list of one.
 */
export type Members = Readonly<Record<string, string | Member>>;

export interface Mapping {
  /** The paths under `forProvider` that it handles, `[]` for the items of a list. */
  readonly fields: readonly string[];
  /** The members of an AWS call, without those that the manifest does not say. */
  to(spec: Fields): Fields;
  /** The state of which an answer tells. */
  from(answer: Fields): Fields;
}

/** The SDK's lists of values, by their names. */
export type Lists = Readonly<Record<string, unknown>>;

const stepsOf = (path: string): string[] => path.replaceAll('[0]', '.0').split('.');

/** The value at a path, in which 0 is the first item of a list. */
export function valueAt(whole: unknown, path: string): unknown {
  return stepsOf(path).reduce<unknown>(
    (value, step) => (Array.isArray(value) ? value[Number(step)] : isFields(value) ? value[step] : undefined),
    whole,
  );
}

/** A copy of a value with another one at a path, which is made where it is not there. */
function placed(whole: unknown, [head, ...rest]: readonly string[], value: unknown): unknown {
  if (head === undefined) return value;
  if (head === '0') return [placed(Array.isArray(whole) ? whole[0] : undefined, rest, value)];
  const fields = isFields(whole) ? whole : {};
  return { ...fields, [head]: placed(fields[head], rest, value) };
}

/** The fields with a value at a path. Undefined changes nothing. */
export function withValue(fields: Fields, path: string, value: unknown): Fields {
  const whole = value === undefined ? fields : placed(fields, stepsOf(path), value);
  return isFields(whole) ? whole : fields;
}

/** One row of a table: where the value stands on both sides, and how it is written on each. */
interface Row {
  readonly field: string;
  readonly member: Member;
  sent(value: unknown): unknown;
  told(answered: unknown): unknown;
}

function assertKnown(lists: Lists, { oneOf }: Member, field: string, value: unknown): void {
  if (oneOf === undefined) return;
  const known = Object.values(lists[oneOf] ?? {});
  const unknown = [value].flat().find((item) => !known.includes(item));
  if (unknown === undefined) return;
  throw new Error(
    `forProvider.${field} must be one of ${known.join(', ')}, found ${JSON.stringify(unknown)}`,
  );
}

/** The member with its paths both ways. */
function memberOf(entry: string | Member): Member {
  if (typeof entry === 'string') return { to: entry, from: entry };
  return entry.is === undefined ? entry : { ...entry, to: entry.is, from: entry.is };
}

function rowOf(field: string, member: Member, lists: Lists): Row {
  const form = member.form && FORMS[member.form];
  return {
    field,
    member,
    sent(value) {
      if (value === undefined) return member.unsaid;
      if (value === member.unsent) return undefined;
      assertKnown(lists, member, field, value);
      return form ? form.to(value, field) : value;
    },
    told: (answered) => (form ? form.from(answered) : answered) ?? member.absent,
  };
}

/** The part of a path before its first list of more than one, and the part within. */
function split(path = ''): { list: string; within: string } {
  const [list = '', ...others] = path.split('[].');
  return { list, within: others.join('[].') };
}

/** A list of blocks with rows of their own. */
function listRow(list: string, entries: readonly (readonly [string, Member])[], lists: Lists): Row {
  const inner = entries.map(([field, { is: _, to, from, ...others }]) => {
    const member = { ...others, to: split(to).within, from: split(from).within };
    return [split(field).within, member] as const;
  });
  const { to, from } = mapping(Object.fromEntries(inner), lists);
  const { list: member } = split(entries[0]?.[1].to);
  return {
    field: list,
    member: { to: member, from: member },
    sent: (items) => items && blocks(withValue({}, list, items), list).map(to),
    told: (items) => (Array.isArray(items) ? items.filter(isFields).map(from) : []),
  };
}

/**
 * Reads a table, with the SDK's lists of values.
 *
 * @param also - what is sent besides, by paths.
 */
export function mapping(members: Members, lists: Lists, also: Fields = {}): Mapping {
  const entries = Object.entries(members).map(([field, entry]) => [field, memberOf(entry)] as const);
  const inLists = Map.groupBy(
    entries.filter(([field]) => field.includes('[].')),
    ([field]) => split(field).list,
  );
  const rows = [
    ...entries
      .filter(([field]) => !field.includes('[].'))
      .map(([field, member]) => rowOf(field, member, lists)),
    ...[...inLists].map(([list, inner]) => listRow(list, inner, lists)),
  ];
  const besides = Object.entries(also).reduce<Fields>(
    (sent, [path, value]) => withValue(sent, path, value),
    {},
  );
  return {
    fields: Object.keys(members).map((field) => field.replaceAll('[0]', '[]')),
    to: (spec) =>
      rows.reduce<Fields>(
        (sent, { field, member, sent: write }) =>
          member.to ? withValue(sent, member.to, write(valueAt(spec, field))) : sent,
        besides,
      ),
    from: (answer) =>
      defined(
        rows.reduce<Fields>(
          (state, { field, member, told }) =>
            member.from ? withValue(state, field, told(valueAt(answer, member.from))) : state,
          {},
        ),
      ),
  };
}
