/**
 * Rewrites the schemas in `generated` from the CRDs in the Go modules of the AWS provider and of Crossplane. It is a command for
 * maintainers and needs Go and network access: `node local/provider-config/schema.generate.ts`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Fields, isFields } from '../fields.ts';

const PROVIDER = 'github.com/upbound/provider-aws/v2@v2.7.0';
const CROSSPLANE = 'github.com/crossplane/crossplane/v2@v2.3.4';

/** The kinds of the examples, and the file of each kind's CRD in its module. */
const SOURCES = [
  { module: PROVIDER, file: 'package/crds/aws.m.upbound.io_clusterproviderconfigs.yaml' },
  { module: CROSSPLANE, file: 'cluster/crds/pkg.crossplane.io_deploymentruntimeconfigs.yaml' },
];

/** Properties that are left out. This one contains a whole Deployment, and no example uses it. The check rejects it as unknown. */
const LEFT_OUT = ['deploymentTemplate'];

/** The keywords of a schema that the check reads. */
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

function moduleFolder(module: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'crds-'));
  try {
    writeFileSync(join(folder, 'go.mod'), 'module crds\n');
    const answer = execFileSync('go', ['mod', 'download', '-json', module], {
      cwd: folder,
      encoding: 'utf8',
    });
    const { Dir }: { Dir?: string } = JSON.parse(answer);
    if (Dir === undefined) throw new Error(`go mod download ${module} named no folder`);
    return Dir;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const schemas = SOURCES.map(({ module, file }) => {
  const { spec } = parse(readFileSync(join(moduleFolder(module), file), 'utf8'));
  const [version] = spec.versions;
  return {
    source: `${module}/${file}`,
    apiVersion: `${spec.group}/${version.name}`,
    kind: spec.names.kind,
    spec: trim(version.schema.openAPIV3Schema.properties.spec),
  };
});
const target = join(import.meta.dirname, 'generated');
mkdirSync(target, { recursive: true });
writeFileSync(join(target, 'schemas.json'), `${JSON.stringify(schemas, null, 1)}\n`);
console.log(
  `wrote ${schemas.map(({ kind }) => kind).join(', ')} to local/provider-config/generated/schemas.json`,
);
