/**
 * Kinds as data. A table in `tables` says which fields a kind has, which members of AWS calls they are, and which calls make, change
 * and remove it. What a table cannot say is code, in the file of its service beside this one.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Clients } from '../aws.ts';
import { dictionary, type Fields, isFields, needText, text } from '../fields.ts';
import { FORMS } from './forms.ts';
import { GROUPS, type Kind, type Reference, type Subject, type Tagging } from './kind.ts';
import { type Lists, type Mapping, type Members, mapping, valueAt, withValue } from './mapping.ts';

/** A call of an operation. Its name alone stands for a call that has nothing of the following. */
export interface Call {
  readonly call: string;
  /** Members that say which resource it is, where the id does not. `{name}`, `{region}`, `{accountId}` and fields of `in` are filled in. */
  readonly with?: Fields;
  /** The member in which the fields are sent. */
  readonly within?: string;
  /** Path of the resource in the answer. */
  readonly at?: string;
}

export interface Tags {
  /** How AWS writes them, a map by default. */
  readonly form?: 'map' | 'keyValues' | 'lowerKeyValues';
  /** The member that has them, `Tags` by default. */
  readonly member?: string;
  /** The path that has them in what creation sends, and what goes beside them. */
  readonly create?: string;
  readonly beside?: Readonly<Record<string, string>>;
  /** The operation that tells them, where the answer about the resource does not. */
  readonly list?: string;
  readonly put?: string;
  readonly take?: string;
  /** The member for the keys to take away, `TagKeys` by default. */
  readonly keys?: string;
  /** The members that name the resource for these operations; `{arn}` is filled in too. */
  readonly of?: Fields;
}

/** What a table says of a kind. Fields that {@link Kind} has too mean the same. */
export interface KindTable
  extends Pick<Kind, 'kind' | 'namedBy' | 'immutable' | 'steering' | 'documents' | 'defaults' | 'waits'> {
  /** The member for the external name, in calls and in the answer of creation. */
  readonly id?: string;
  /** Path of the external name in the answer of creation, where it is not `id`. */
  readonly made?: string;
  /** The fields of which the external name consists, a slash between them, each with its member. */
  readonly names?: Readonly<Record<string, string>>;
  /** The fields that say where it is, each with its member. Every call has them, and they cannot change. */
  readonly in?: Readonly<Record<string, string>>;
  /** Fields that must be there, which the schema does not say. */
  readonly needs?: readonly string[];
  readonly members: Members;
  /** What the provider sends besides, whatever the manifest says: values by their paths. */
  readonly also?: Fields;
  /** By the field that is filled in. */
  readonly references?: Readonly<
    Record<string, Pick<Reference, 'kind' | 'take' | 'prefix'> & { readonly service: Service }>
  >;
  /** More names of errors by which AWS says that there is nothing. */
  readonly absent?: readonly string[];
  /** The path in the answer that tells whether it can be used, and the values that say yes. */
  readonly ready?: { readonly at: string; readonly is: readonly unknown[] };
  /** What the provider reports besides: paths in the answer, or texts to fill in as in `with`. The id is the name by default. */
  readonly reports?: Readonly<Record<string, string>>;
  readonly calls: Readonly<Partial<Record<'observe' | 'create' | 'update' | 'remove', string | Call>>>;
  readonly tags?: Tags;
}

type Service = keyof typeof GROUPS & keyof Clients;

export interface ServiceTable {
  readonly service: Service;
  readonly absent: readonly string[];
  readonly kinds: readonly KindTable[];
}

/** What the tables do by themselves, for code that does some of it in another way. */
interface Generic extends Mapping {
  /** The members that say which resource it is. */
  address(subject: Subject): Fields;
  /** What creation sends, without tags. */
  whole(subject: Subject): Fields;
  /** The tags as creation sends them. */
  tagged(spec: Fields): Fields;
  /** Calls an operation of the service by its name. */
  send(subject: Subject, operation: string, input: Fields): Promise<Fields>;
  /** What AWS answers about the resource, undefined where it answers nothing. */
  find(subject: Subject): Promise<Fields | undefined>;
  create(subject: Subject): Promise<string | undefined>;
  update(subject: Subject): Promise<unknown>;
}

/** What code does in place of a table. */
type Code = Partial<Pick<Kind, 'tags' | 'create' | 'update' | 'remove'> & Pick<Generic, 'find'>>;

/** The code of kinds, by their names. */
export type CodeOf = Readonly<Record<string, (generic: Generic) => Code>>;

/** Calls an operation by its name. The SDK serialises an input by schemas of its own; a test compares the tables with these. */
async function send(client: Clients[Service], operation: string, input: Fields): Promise<Fields> {
  const method: unknown = Reflect.get(client, operation);
  if (typeof method !== 'function') throw new Error(`the client has no operation ${operation}`);
  return Reflect.apply(method, client, [input]);
}

/** A copy with the names in braces filled in. */
function filled<T>(value: T, values: Fields): T;
function filled(value: unknown, values: Fields): unknown {
  if (typeof value === 'string')
    return value.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
  if (Array.isArray(value)) return value.map((item) => filled(item, values));
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, filled(inner, values)]));
}

const valuesOf = ({ name, accountId, clients }: Subject) => ({ name, accountId, region: clients.region });

const pick = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));

const without = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

/** The members of fields that must be there. */
const membersOf = (members: Readonly<Record<string, string>>, spec: Fields): Fields =>
  Object.fromEntries(Object.entries(members).map(([field, member]) => [member, needText(spec, field)]));

function callOf({ kind, calls }: KindTable, action: keyof KindTable['calls']): Call {
  const call = calls[action];
  if (call === undefined) throw new Error(`the table of ${kind} has no call to ${action}`);
  return typeof call === 'string' ? { call } : call;
}

/** Where a resource is: what was made, in the place that it was made in. */
function placeOf({ in: place = {} }: KindTable, { spec, applied }: Subject): Fields {
  const fields = Object.keys(place);
  return { ...pick(spec, fields), ...pick(applied, fields) };
}

/** The fields of which an external name consists. */
function namesOf({ names = {} }: KindTable, name: string): Fields {
  const fields = Object.keys(names);
  const parts = fields.length > 1 ? name.split('/') : [name];
  if (fields.length > 0 && (parts.length !== fields.length || parts.includes('')))
    throw new Error(`"${name}" is not ${fields.join(', ')} with slashes between`);
  return Object.fromEntries(fields.map((field, index) => [field, parts[index]]));
}

function addressOf(table: KindTable, subject: Subject, call?: Call): Fields {
  const place = placeOf(table, subject);
  if (call?.with) return filled(call.with, { ...place, ...valuesOf(subject) });
  const id = table.id === undefined ? {} : { [table.id]: subject.name };
  return {
    ...membersOf(table.in ?? {}, place),
    ...id,
    ...membersOf(table.names ?? {}, namesOf(table, subject.name)),
  };
}

function taggedOf({ tags }: KindTable, spec: Fields): Fields {
  const given = dictionary(spec, 'tags');
  if (!tags || Object.keys(given).length === 0) return {};
  const { form = 'map', member = 'Tags', create = member, beside = {} } = tags;
  const members = Object.entries({ ...beside, [create]: FORMS[form].to(given, 'tags') });
  return members.reduce<Fields>((sent, [path, value]) => withValue(sent, path, value), {});
}

function genericOf(service: Service, table: KindTable, rows: Mapping): Generic {
  const { id, names = {}, in: place = {}, needs = [], immutable = [], namedBy } = table;
  const ask = (subject: Subject, operation: string, input: Fields) =>
    send(subject.clients[service], operation, input);
  const sent = (fields: Fields): Fields => {
    const { within } = callOf(table, 'create');
    return within === undefined ? fields : { [within]: fields };
  };
  const tagged = (spec: Fields) => taggedOf(table, spec);
  const whole = ({ spec, name }: Subject): Fields => {
    for (const field of needs) needText(spec, field);
    const said = Object.entries(rows.to(spec)).filter(([, value]) => value !== '');
    return {
      ...(namedBy === 'manifest' && id !== undefined && { [id]: name }),
      ...membersOf({ ...place, ...names }, spec),
      ...sent(Object.fromEntries(said)),
    };
  };
  return {
    ...rows,
    send: ask,
    address: (subject) => addressOf(table, subject),
    whole,
    tagged,
    async find(subject) {
      const call = callOf(table, 'observe');
      const answer = await ask(subject, call.call, addressOf(table, subject, call));
      const found = call.at === undefined ? answer : valueAt(answer, call.at);
      return isFields(found) ? found : undefined;
    },
    async create(subject) {
      const { spec } = subject;
      const answer = await ask(subject, callOf(table, 'create').call, { ...whole(subject), ...tagged(spec) });
      const parts = Object.keys(names).map((field) => needText(spec, field));
      if (parts.length > 0) return parts.join('/');
      return text({ made: valueAt(answer, table.made ?? id ?? '') }, 'made');
    },
    update(subject) {
      const call = callOf(table, 'update');
      // A place that is known from before is enough to look and to delete, not to change.
      for (const field of Object.keys(place)) needText(subject.spec, field);
      // What is put takes the whole.
      if (call.call === callOf(table, 'create').call) return ask(subject, call.call, whole(subject));
      const fields = rows.to(without(subject.spec, immutable));
      return ask(subject, call.call, { ...addressOf(table, subject, call), ...sent(fields) });
    },
  };
}

/** What the provider says of what was found. */
async function observationOf(
  table: KindTable,
  { from, send: ask }: Generic,
  subject: Subject,
  found: Fields,
) {
  const { tags, ready } = table;
  const place = placeOf(table, subject);
  const values = { ...place, ...valuesOf(subject) };
  const reports = Object.entries({ id: '{name}', ...table.reports }).map(([field, said]) => [
    field,
    said.includes('{') ? filled(said, values) : valueAt(found, said),
  ]);
  const atProvider: Fields = Object.fromEntries(reports);
  const state = { ...from(found), ...place, ...namesOf(table, subject.name) };
  const isReady = ready === undefined || ready.is.includes(valueAt(found, ready.at));
  if (!tags) return { state, atProvider, ready: isReady };
  const { form = 'map', member = 'Tags', list, of = {} } = tags;
  const told = list ? await ask(subject, list, filled(of, { ...values, ...atProvider })) : found;
  const all = FORMS[form].from(told[member]);
  // AWS sets some itself.
  const own = Object.entries(isFields(all) ? all : {}).filter(([key]) => !key.startsWith('aws:'));
  return { state: { ...state, tags: Object.fromEntries(own) }, atProvider, ready: isReady };
}

function taggingOf(service: Service, tags: Tags): Tagging {
  const { form = 'map', member = 'Tags', put = '', take = '', keys = 'TagKeys', of = {} } = tags;
  const ask = (subject: Subject, arn: string, operation: string, input: Fields) =>
    send(subject.clients[service], operation, { ...filled(of, { ...valuesOf(subject), arn }), ...input });
  return {
    put: (subject, added, arn) => ask(subject, arn, put, { [member]: FORMS[form].to(added, 'tags') }),
    take: (subject, stale, arn) => ask(subject, arn, take, { [keys]: stale }),
  };
}

function kindOf({ service, absent }: ServiceTable, table: KindTable, lists: Lists, codeOf: CodeOf): Kind {
  const generic = genericOf(service, table, mapping(table.members, lists, table.also));
  const code = codeOf[table.kind]?.(generic) ?? {};
  const { tags, calls, references = {}, immutable = [], defaults = {}, ...others } = table;
  const { find = generic.find, create = generic.create } = code;
  const update = code.update ?? (calls.update && generic.update);
  const place = Object.keys({ ...table.in, ...table.names });
  const regional = service === 'iam' ? [] : ['region'];
  return {
    ...others,
    group: GROUPS[service],
    fields: [...regional, ...(tags ? ['tags'] : []), ...place, ...generic.fields],
    references: Object.entries(references).map(([to, { service: other, ...what }]) => ({
      ...{ from: `${to}Ref`, to, group: GROUPS[other] },
      ...what,
    })),
    immutable: [...place, ...immutable],
    defaults: { ...defaults, ...(tags && { tags: {} }) },
    absent: [...absent, ...(table.absent ?? [])],
    ...(tags && { tags: code.tags ?? taggingOf(service, tags) }),
    async observe(subject) {
      const found = await find(subject);
      return found && observationOf(table, generic, subject, found);
    },
    create,
    ...(update && { update }),
    remove:
      code.remove ??
      ((subject) => {
        const call = callOf(table, 'remove');
        return generic.send(subject, call.call, addressOf(table, subject, call));
      }),
  };
}

/**
 * The kinds of a file in `tables`.
 *
 * @param lists - the SDK of the service, for the lists of values that its tables name
 */
export function kindsOf(file: string, lists: Lists = {}, code: CodeOf = {}): Kind[] {
  const service: ServiceTable = parse(readFileSync(join(import.meta.dirname, 'tables', file), 'utf8'), {
    merge: true,
  });
  return service.kinds.map((table) => kindOf(service, table, lists, code));
}
