/**
 * A maintainer's command: `node local/provider-config/schema.generate.ts` rewrites the schemas in `generated` from the CRDs
 * in the Go modules of the AWS provider and of Crossplane. It needs Go and the network; nothing else here does.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { folderOfModule } from '../../tools/programs/binaries.ts';
import { type Fields, isFields } from '../fields.ts';

const PROVIDER = 'github.com/upbound/provider-aws/v2@v2.7.0';
const CROSSPLANE = 'github.com/crossplane/crossplane/v2@v2.3.4';

/** Kinds of the examples, and the file of each one's CRD in its module. */
const SOURCES = [
  { module: PROVIDER, file: 'package/crds/aws.m.upbound.io_clusterproviderconfigs.yaml' },
  { module: CROSSPLANE, file: 'cluster/crds/pkg.crossplane.io_deploymentruntimeconfigs.yaml' },
];

/** Not in the examples, and all of Kubernetes' Deployment: the check refuses it as unknown. */
const LEFT_OUT = ['deploymentTemplate'];

/** Keywords of a schema that the check reads. */
const KEPT = ['type', 'enum', 'required', 'maxLength', 'minLength', 'pattern', 'minItems', 'maxItems'];

function trim(node: Fields): Fields {
  const out: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(node)) {
    if (KEPT.includes(keyword)) out[keyword] = value;
    else if ((keyword === 'items' || keyword === 'additionalProperties') && isFields(value))
      out[keyword] = trim(value);
    else if (keyword === 'properties' && isFields(value)) {
      const properties = Object.entries(value).filter(([name]) => !LEFT_OUT.includes(name));
      out[keyword] = Object.fromEntries(
        properties.map(([name, child]) => [name, isFields(child) ? trim(child) : child]),
      );
    }
  }
  return out;
}

async function schemaOf(module: string, file: string) {
  const folder = await folderOfModule(module, console.log);
  const { spec } = parse(readFileSync(join(folder, file), 'utf8'));
  const [version] = spec.versions;
  return {
    source: `${module}/${file}`,
    apiVersion: `${spec.group}/${version.name}`,
    kind: spec.names.kind,
    spec: trim(version.schema.openAPIV3Schema.properties.spec),
  };
}

const schemas = await Promise.all(SOURCES.map(({ module, file }) => schemaOf(module, file)));
const target = join(import.meta.dirname, 'generated');
mkdirSync(target, { recursive: true });
writeFileSync(join(target, 'schemas.json'), `${JSON.stringify(schemas, null, 1)}\n`);
console.log(
  `wrote ${schemas.map(({ kind }) => kind).join(', ')} to local/provider-config/generated/schemas.json`,
);
