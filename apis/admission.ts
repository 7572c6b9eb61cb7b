/** What the API server does to a claim, without one: refuses what the XRD does not allow, and fills in the defaults. */
import { readFileSync } from 'node:fs';
import { Environment } from '@marcbachmann/cel-js';
import { parse, parseAllDocuments } from 'yaml';
import { type FieldError, invalid, lineOf, required, unsupported } from '../function/src/errors.ts';
import { isObject, type Json } from '../function/src/objects.ts';
import { messageOf } from '../tools/errors.ts';
import { readDefinition, schemasOf } from './definition.ts';
import {
  defaulted,
  fieldSchema,
  identityOf,
  pathOf,
  type StructuralSchema,
  schemaErrors,
} from './structural-schema.ts';

const API_VERSION = 'fileingest.dev/v1alpha1';
const KIND = 'FileIngestPipeline';

const ADDED: { crossplane: StructuralSchema; metadata: StructuralSchema; passedOver: string[] } = parse(
  readFileSync(new URL('./added-fields.yaml', import.meta.url), 'utf8'),
);
/** The schema of a claim's spec, as Crossplane makes it from the XRD. */
export function readSpecSchema(): StructuralSchema {
  const { spec } = schemasOf(readDefinition());
  return { ...spec, properties: { ...spec.properties, crossplane: ADDED.crossplane } };
}
const SPEC = readSpecSchema();

const cel = new Environment().registerVariable('self', 'dyn').registerVariable('oldSelf', 'dyn');

/** Whole numbers are CEL's int, which is JavaScript's bigint. */
function toCel(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toCel);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toCel(inner)]));
}

/** The rules that a valid value breaks. Those on `oldSelf` count only where there was a value before. */
function brokenRules(schema: StructuralSchema, value: unknown, old: unknown, path: string): FieldError[] {
  const rules = schema['x-kubernetes-validations'] ?? [];
  const broken = rules
    .filter(({ rule }) => old !== undefined || !/\boldSelf\b/.test(rule))
    .filter(({ rule }) => cel.evaluate(rule, { self: toCel(value), oldSelf: toCel(old) }) !== true)
    .map(({ message }) => invalid(path, value, message));
  if (Array.isArray(value)) return [...broken, ...brokenItemRules(schema, value, old, path)];
  if (!isObject(value)) return broken;
  const below = Object.entries(value).flatMap(([field, inner]) => {
    const innerSchema = fieldSchema(schema, field);
    const before = isObject(old) ? old[field] : undefined;
    return innerSchema ? brokenRules(innerSchema, inner, before, pathOf(path, field)) : [];
  });
  return [...broken, ...below];
}

/**
 * An item of a list is compared with the old one of the same keys. Other lists have no old items for their new ones.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#transition-rules
 */
function brokenItemRules(list: StructuralSchema, value: unknown[], old: unknown, path: string): FieldError[] {
  const { items } = list;
  if (!items) return [];
  const before: unknown[] = list['x-kubernetes-list-type'] === 'map' && Array.isArray(old) ? old : [];
  return value.flatMap((item, index) => {
    const identity = identityOf(list, item);
    const same = before.find((other) => identityOf(list, other) === identity);
    return brokenRules(items, item, same, `${path}[${index}]`);
  });
}

function headErrors(claim: Json): FieldError[] {
  const wanted: Record<string, string> = { apiVersion: API_VERSION, kind: KIND };
  const wrong = Object.entries(wanted).flatMap(([field, value]) => {
    if (claim[field] === value) return [];
    if (claim[field] === undefined) return [required(field, `set it to ${value}.`)];
    return [unsupported(field, claim[field], [value])];
  });
  const known = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];
  const unknown = Object.keys(claim).filter((field) => !known.includes(field));
  const fix = (field: string) =>
    SPEC.properties?.[field] ? `Did you mean spec.${field}?` : `There are: ${known.slice(0, 4).join(', ')}.`;
  return [...wrong, ...unknown.map((field) => invalid(field, claim[field], `unknown field. ${fix(field)}`))];
}

/**
 * Admits a claim: checks it against the XRD and fills in defaults and namespace. A status is dropped.
 *
 * @param old - the claim as it was, for an update: then what cannot be changed is checked too.
 * @returns the claim as the API server would store it, or all that is wrong, one line each, in the form of Kubernetes' field errors.
 */
export function admit(claim: unknown, old?: unknown): { claim: Json } | { errors: string[] } {
  if (!isObject(claim))
    return { errors: [lineOf(invalid('claim', claim ?? null, `must be an object. Give a ${KIND}.`))] };
  const metadata = defaulted(ADDED.metadata, claim['metadata'] ?? {});
  const spec = defaulted(SPEC, claim['spec'] ?? {});
  const own = isObject(metadata)
    ? Object.fromEntries(Object.entries(metadata).filter(([field]) => !ADDED.passedOver.includes(field)))
    : metadata;
  const errors = [
    ...headErrors(claim),
    ...schemaErrors(ADDED.metadata, own, 'metadata'),
    ...schemaErrors(SPEC, spec, 'spec'),
  ];
  if (errors.length > 0) return { errors: errors.map(lineOf) };
  const before = isObject(old) ? defaulted(SPEC, old['spec']) : undefined;
  const broken = [
    ...brokenRules(ADDED.metadata, own, undefined, 'metadata'),
    ...brokenRules(SPEC, spec, before, 'spec'),
  ];
  if (broken.length > 0) return { errors: broken.map(lineOf) };
  return { claim: { apiVersion: API_VERSION, kind: KIND, metadata, spec } };
}

/**
 * The one YAML document in a file, read as kubectl reads it: YAML 1.1, in which `OFF` and `no` are booleans.
 *
 * @throws one clear line on a missing or unreadable file, invalid YAML, no or several documents, or another kind.
 */
export function readClaimFile(path: string): unknown {
  const values = readValues(path).filter((value) => value !== null);
  const [claim, ...more] = values;
  if (claim === undefined) throw new Error(`${path} is empty. Give a file with a ${KIND}.`);
  if (more.length > 0)
    throw new Error(`${path} has ${values.length} YAML documents. Give a file with one ${KIND}.`);
  const kind = isObject(claim) ? claim['kind'] : undefined;
  if (kind !== KIND)
    throw new Error(
      `${path} is ${kind === undefined ? 'of no kind' : `a ${kind}`}. Give a file with a ${KIND}.`,
    );
  return claim;
}

/** The values of a file's documents. */
function readValues(path: string): unknown[] {
  const documents = parseAllDocuments(readFile(path), {
    version: '1.1',
    // kubectl takes neither timestamps nor base-60 numbers for more than strings.
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !isTime(tag)),
  });
  try {
    return [...documents].map((document): unknown => {
      const [error] = document.errors;
      if (error) throw error;
      // An alias that leads nowhere, or too far, shows only here.
      return document.toJS();
    });
  } catch (error) {
    const [line] = messageOf(error).split('\n');
    throw new Error(`${path} is not valid YAML: ${line?.replace(/:$/, '')}`);
  }
}

function isTime(tag: { tag?: string; format?: string }): boolean {
  return tag.tag === 'tag:yaml.org,2002:timestamp' || tag.format === 'TIME';
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') throw new Error(`${path} does not exist. Give the path of a claim.`);
    if (code === 'EISDIR') throw new Error(`${path} is a folder. Give the path of a claim.`);
    throw new Error(`${path} cannot be read (${code}). Give the path of a claim.`);
  }
}
