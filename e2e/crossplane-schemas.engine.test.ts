/** What the platform and kind's substrate apply, against the schemas of the pinned Crossplane. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type StructuralSchema, schemaErrors } from '../apis/structural-schema.ts';
import { platformObjects } from '../argocd/manifests.ts';
import { lineOf } from '../function/src/errors.ts';
import { at, isObject } from '../function/src/objects.ts';
import type { KubeObject } from '../tools/cluster.ts';
import { moduleFolder } from '../tools/programs/binaries.ts';
import { readManifests } from '../tools/yaml.ts';
import { MANIFESTS } from './substrates/kind/names.ts';
import { providers } from './substrates/kind/outages.ts';
import { ourImageConfigs } from './substrates/kind/packages.ts';

const schemas = new Map<string, StructuralSchema>();
const isSchema = (value: unknown): value is StructuralSchema => isObject(value) && value['type'] === 'object';

beforeAll(async () => {
  const folder = join(await moduleFolder('crossplane'), 'cluster/crds');
  for (const file of readdirSync(folder)) {
    const definition: unknown = parse(readFileSync(join(folder, file), 'utf8'));
    const versions = at(definition, 'spec', 'versions');
    for (const version of Array.isArray(versions) ? versions : []) {
      const schema = at(version, 'schema', 'openAPIV3Schema', 'properties', 'spec');
      const names = [
        at(definition, 'spec', 'group'),
        at(version, 'name'),
        at(definition, 'spec', 'names', 'kind'),
      ];
      if (isSchema(schema)) schemas.set(names.join('/'), schema);
    }
  }
});

function errorsOf({
  apiVersion,
  kind,
  spec,
}: Pick<KubeObject, 'apiVersion' | 'kind'> & { spec?: unknown }): string[] {
  const schema = schemas.get(`${apiVersion}/${kind}`);
  return schema
    ? schemaErrors(schema, spec, `${kind}.spec`).map(lineOf)
    : [`Crossplane has no ${apiVersion} ${kind}`];
}

const PLATFORM = ['activation-policy', 'configuration', 'function', 'provider-runtime', 'providers'];
const OF_KUBERNETES = ['ServiceAccount'];

it.each(PLATFORM)('argocd/platform/%s.yaml', (name) => {
  const objects = platformObjects(`${name}.yaml`).filter(({ kind }) => !OF_KUBERNETES.includes(kind));
  expect(objects.length).toBeGreaterThan(0);
  expect(objects.flatMap(errorsOf)).toEqual([]);
});

it('what kind has besides', () => {
  const runtime = readManifests(join(MANIFESTS, 'provider-runtime.yaml'));
  expect(
    [...ourImageConfigs(), ...providers()].flatMap((one) => errorsOf(parse(JSON.stringify(one)))),
  ).toEqual([]);
  expect(runtime.flatMap(errorsOf)).toEqual([]);
});

it('and a wrong field is one', () => {
  const wrong = {
    apiVersion: 'pkg.crossplane.io/v1beta1',
    kind: 'ImageConfig',
    spec: { matchImages: [{ prefx: 'a' }] },
  };
  expect(errorsOf(wrong)).toEqual([
    expect.stringContaining('ImageConfig.spec.matchImages[0].prefix: Required value'),
    expect.stringContaining('Did you mean prefix?'),
  ]);
});
