/**
 * A maintainer's command: `node local/schemas.generate.ts` rewrites `local/schemas/*.json`, of the kinds that
 * argocd/platform/activation-policy.yaml activates, from the custom resource definitions that the AWS provider ships in its
 * Go module. It needs Go and the network; nothing else here does.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isFields } from './fields.ts';

const MODULE = 'github.com/upbound/provider-aws/v2';
const MODULE_VERSION = 'v2.7.0';
const API_VERSION = 'v1beta1';

/** Keywords that say how a value is built and are kept; `description` and `default` say nothing the check needs. */
const KEPT = ['type', 'enum', 'required', 'format', 'maxLength', 'minLength', 'x-kubernetes-validations'];
const DROPPED = [
  'description',
  'default',
  'x-kubernetes-map-type',
  'x-kubernetes-list-type',
  'properties',
  'items',
];

/** Selectors are left out on purpose: the local reconciler refuses what it does not do. */
function isLeftOut(property: string): boolean {
  return /Selectors?$/.test(property);
}

function trim(node: unknown, path: string): Record<string, unknown> {
  if (!isFields(node)) throw new Error(`${path}: expected a schema, found ${JSON.stringify(node)}`);
  const out: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(node)) {
    if (KEPT.includes(keyword)) out[keyword] = value;
    else if (keyword === 'additionalProperties') out[keyword] = trim(value, `${path}.*`);
    else if (!DROPPED.includes(keyword))
      throw new Error(`${path}: schema keyword ${keyword} is not known here`);
  }
  if (isFields(node['properties'])) {
    const kept = Object.entries(node['properties']).filter(([name]) => !isLeftOut(name));
    out['properties'] = Object.fromEntries(
      kept.map(([name, child]) => [name, trim(child, `${path}.${name}`)]),
    );
  }
  if (node['items'] !== undefined) out['items'] = trim(node['items'], `${path}[]`);
  return out;
}

function read(root: unknown, ...path: string[]): unknown {
  return path.reduce((node, key) => (isFields(node) ? node[key] : undefined), root);
}

function convert(file: string): Record<string, unknown> {
  const definition: unknown = parse(readFileSync(file, 'utf8'));
  const versions = read(definition, 'spec', 'versions');
  const version = Array.isArray(versions) ? versions.find((v) => read(v, 'name') === API_VERSION) : undefined;
  if (version === undefined) throw new Error(`${file} has no version ${API_VERSION}`);
  return {
    source: `${MODULE}@${MODULE_VERSION}`,
    group: read(definition, 'spec', 'group'),
    kind: read(definition, 'spec', 'names', 'kind'),
    plural: read(definition, 'spec', 'names', 'plural'),
    version: API_VERSION,
    spec: trim(read(version, 'schema', 'openAPIV3Schema', 'properties', 'spec'), 'spec'),
  };
}

/** The kinds of managed resources that a platform activates, as `plural.service.aws.m.upbound.io`. */
function activated(): string[] {
  const path = join(import.meta.dirname, '../argocd/platform/activation-policy.yaml');
  const names = read(parse(readFileSync(path, 'utf8')), 'spec', 'activate');
  if (!Array.isArray(names)) throw new Error(`${path}: spec.activate is no list. Restore it.`);
  return names.map(String);
}

function downloadModule(): string {
  console.log(`go mod download ${MODULE}@${MODULE_VERSION}`);
  const folder = mkdtempSync(join(tmpdir(), 'crds-'));
  try {
    writeFileSync(join(folder, 'go.mod'), 'module crds\n');
    const args = ['mod', 'download', '-json', `${MODULE}@${MODULE_VERSION}`];
    const dir = read(JSON.parse(execFileSync('go', args, { cwd: folder, encoding: 'utf8' })), 'Dir');
    if (typeof dir !== 'string') throw new Error('go mod download named no folder');
    return join(dir, 'package', 'crds');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const crds = downloadModule();
const target = join(import.meta.dirname, 'schemas');
rmSync(target, { recursive: true, force: true });
mkdirSync(target);
const kinds = activated();
for (const name of kinds) {
  const [plural, service] = name.split('.');
  const schema = convert(join(crds, `${service}.aws.m.upbound.io_${plural}.yaml`));
  writeFileSync(join(target, `${service}_${plural}.json`), `${JSON.stringify(schema, null, 1)}\n`);
}
console.log(`wrote ${kinds.length} schemas to local/schemas`);
