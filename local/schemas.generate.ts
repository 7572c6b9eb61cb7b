/**
 * A maintainer's command: `node local/schemas.generate.ts` rewrites `local/schemas/*.json`, of the kinds that
 * argocd/platform/activation-policy.yaml activates, and
 * `local/provider-config/generated` from the custom resource definitions in the Go modules of the AWS provider and of
 * Crossplane. It needs Go and the network; nothing else here does.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { folderOfModule } from '../tools/programs/binaries.ts';
import { activated } from './activated.ts';
import { isFields } from './fields.ts';

const PROVIDER = 'github.com/upbound/provider-aws/v2@v2.7.0';
const CROSSPLANE = 'github.com/crossplane/crossplane/v2@v2.3.4';
const API_VERSION = 'v1beta1';

/** Kinds of the examples of how a provider signs in, and the file of each one's definition in its module. */
const CONFIGS = [
  { module: PROVIDER, file: 'package/crds/aws.m.upbound.io_clusterproviderconfigs.yaml' },
  { module: CROSSPLANE, file: 'cluster/crds/pkg.crossplane.io_deploymentruntimeconfigs.yaml' },
];

/** Keywords that say how a value is built and are kept; of the rest, the checks need nothing. */
const KEPT = [
  ...['type', 'enum', 'required', 'format', 'maxLength', 'minLength', 'pattern', 'minItems', 'maxItems'],
  'x-kubernetes-validations',
];
const DROPPED = [
  ...['description', 'default', 'x-kubernetes-map-type', 'x-kubernetes-list-type', 'properties', 'items'],
];

/**
 * Selectors are left out on purpose: the local reconciler refuses what it does not do. So is all of a Deployment, which no
 * example has.
 */
const isLeftOut = (property: string) => /Selectors?$/.test(property) || property === 'deploymentTemplate';

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

function convert(file: string) {
  const definition: unknown = parse(readFileSync(file, 'utf8'));
  const versions = [read(definition, 'spec', 'versions')].flat();
  const version = versions.find((each) => read(each, 'name') === API_VERSION);
  if (version === undefined) throw new Error(`${file} has no version ${API_VERSION}`);
  return {
    group: read(definition, 'spec', 'group'),
    kind: read(definition, 'spec', 'names', 'kind'),
    plural: read(definition, 'spec', 'names', 'plural'),
    version: API_VERSION,
    spec: trim(read(version, 'schema', 'openAPIV3Schema', 'properties', 'spec'), 'spec'),
  };
}

const write = (file: string, schema: unknown) => writeFileSync(file, `${JSON.stringify(schema, null, 1)}\n`);

const crds = join(await folderOfModule(PROVIDER, console.log), 'package', 'crds');
const target = join(import.meta.dirname, 'schemas');
rmSync(target, { recursive: true, force: true });
mkdirSync(target);
const kinds = activated();
for (const name of kinds) {
  const [plural, service] = name.split('.');
  const schema = convert(join(crds, `${service}.aws.m.upbound.io_${plural}.yaml`));
  write(join(target, `${service}_${plural}.json`), { source: PROVIDER, ...schema });
}
const configs: unknown[] = [];
for (const { module, file } of CONFIGS) {
  const { group, version, kind, spec } = convert(join(await folderOfModule(module, console.log), file));
  configs.push({ source: `${module}/${file}`, apiVersion: `${group}/${version}`, kind, spec });
}
write(join(import.meta.dirname, 'provider-config/generated/schemas.json'), configs);
console.log(`wrote ${kinds.length + configs.length} schemas to local`);
