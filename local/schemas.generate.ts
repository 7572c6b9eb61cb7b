/**
 * A maintainer's command: `node local/schemas.generate.ts` rewrites `local/schemas/*.json` from the custom resource
 * definitions that the AWS provider ships in its Go module. It needs Go and the network; nothing else here does.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { folderOfModule } from '../tools/programs/binaries.ts';
import { isFields } from './fields.ts';

const MODULE = 'github.com/upbound/provider-aws/v2';
const MODULE_VERSION = 'v2.7.0';
const API_VERSION = 'v1beta1';

const KINDS: Record<string, readonly string[]> = {
  s3: [
    'buckets',
    'bucketpublicaccessblocks',
    'bucketownershipcontrols',
    'bucketserversideencryptionconfigurations',
    'bucketversionings',
    'bucketlifecycleconfigurations',
    'bucketpolicies',
    'bucketnotifications',
    'bucketcorsconfigurations',
    'objects',
  ],
  iam: ['roles', 'rolepolicies', 'instanceprofiles'],
  lambda: ['functions', 'permissions', 'functioneventinvokeconfigs', 'eventsourcemappings', 'layerversions'],
  sfn: ['statemachines'],
  dynamodb: ['tables'],
  sqs: ['queues'],
  cloudwatchlogs: ['groups'],
  cloudwatch: ['metricalarms'],
  appautoscaling: ['targets', 'policies'],
  apigatewayv2: ['apis', 'authorizers', 'integrations', 'routes', 'stages'],
  scheduler: ['schedules'],
  cloudwatchevents: ['rules', 'targets'],
  ec2: ['launchtemplates', 'securitygroups', 'securitygroupegressrules'],
};

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

const crds = join(await folderOfModule(`${MODULE}@${MODULE_VERSION}`, console.log), 'package', 'crds');
const target = join(import.meta.dirname, 'schemas');
rmSync(target, { recursive: true, force: true });
mkdirSync(target);
for (const [service, plurals] of Object.entries(KINDS)) {
  for (const plural of plurals) {
    const schema = convert(join(crds, `${service}.aws.m.upbound.io_${plural}.yaml`));
    writeFileSync(join(target, `${service}_${plural}.json`), `${JSON.stringify(schema, null, 1)}\n`);
  }
}
console.log(`wrote ${Object.values(KINDS).flat().length} schemas to local/schemas`);
