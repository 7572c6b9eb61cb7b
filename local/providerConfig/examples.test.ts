/** The ways in which the provider may sign in, against the CRDs that they are of. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { isObject, type Json, stringAt } from '../../function/src/objects.ts';
import { type StructuralSchema, schemaErrors } from '../structuralSchema.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = join(ROOT, 'argocd', 'platform', 'provider-config');
const EXAMPLES = ['irsa.yaml', 'pod-identity.yaml', 'static-keys.yaml'];

interface Known {
  apiVersion: string;
  kind: string;
  spec: StructuralSchema;
}
const known: Known[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'generated', 'schemas.json'), 'utf8'),
);

const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const objectsOf = (file: string): Json[] =>
  parseAllDocuments(read(file)).map((document) => {
    const value: unknown = document.toJS();
    if (!isObject(value)) throw new Error(`${file} has a document that is no object`);
    return value;
  });

/** What the API server would refuse of an object. */
function errorsOf(object: Json): string[] {
  const found = known.find(
    ({ apiVersion, kind }) => apiVersion === object['apiVersion'] && kind === object['kind'],
  );
  const title = `${object['kind']}/${stringAt(object, 'metadata', 'name')}`;
  if (!found) return [`${title}: ${object['apiVersion']} ${object['kind']} is not known`];
  const others = Object.keys(object).filter(
    (key) => !['apiVersion', 'kind', 'metadata', 'spec'].includes(key),
  );
  return [...others, ...schemaErrors(found.spec, object['spec'], 'spec')].map(
    (error) => `${title}: ${error}`,
  );
}

const objectOf = (file: string, kind: string) => objectsOf(file).find((object) => object['kind'] === kind);

it('are three, one a file', () => {
  expect(readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'))).toEqual(EXAMPLES);
});

describe.each(EXAMPLES)('%s', (file) => {
  it('is what the API server takes', () => {
    expect(objectsOf(file).flatMap(errorsOf)).toEqual([]);
  });

  it('has the ClusterProviderConfig that claims use by default, which is in all namespaces', () => {
    const config = objectOf(file, 'ClusterProviderConfig');
    expect(config?.['metadata']).toEqual({ name: 'default' });
    expect(config?.['apiVersion']).toBe('aws.m.upbound.io/v1beta1');
  });

  it('says which policies to attach: those that are here', () => {
    const [, names = ''] = /for file in (.*); do/.exec(read(file)) ?? [];
    expect(
      readdirSync(FOLDER)
        .filter((name) => name.endsWith('.json'))
        .sort(),
    ).toEqual(
      names
        .split(' ')
        .map((name) => `${name}.json`)
        .sort(),
    );
  });

  it('holds no key', () => {
    expect(read(file)).not.toMatch(/\b(AKIA|ASIA)[A-Z0-9]{16}\b|aws_secret_access_key\s*=\s*[^<\s]/);
  });
});

describe.each(['irsa.yaml', 'pod-identity.yaml'])('%s', (file) => {
  const runtime = objectOf(file, 'DeploymentRuntimeConfig');
  const account = stringAt(runtime, 'spec', 'serviceAccountTemplate', 'metadata', 'name') ?? '';

  it('lets the service account of the pods, and no other, take the role', () => {
    const [trust = ''] = /\{\n#[\s\S]*?\n#\s{6}\}\n/.exec(read(file)) ?? [];
    const document: unknown = JSON.parse(trust.replaceAll(/^#/gm, ''));
    const text = JSON.stringify(document);
    expect(account).toBe('provider-aws');
    expect(text).toContain(
      file === 'irsa.yaml'
        ? `"system:serviceaccount:crossplane-system:${account}"`
        : `"aws:RequestTag/kubernetes-service-account":"${account}"`,
    );
    expect(text).toContain(file === 'irsa.yaml' ? 'sts:AssumeRoleWithWebIdentity' : 'sts:TagSession');
  });

  it('gives the runtime to all the provider’s images that the Configuration depends on', () => {
    const image = objectOf(file, 'ImageConfig');
    const prefix = 'xpkg.crossplane.io/crossplane-contrib/provider-aws-';
    expect(image?.['spec']).toEqual({
      matchImages: [{ type: 'Prefix', prefix }],
      runtime: { configRef: { name: stringAt(runtime, 'metadata', 'name') } },
    });
    const { spec } = parse(readFileSync(join(ROOT, 'apis', 'crossplane.yaml'), 'utf8'));
    const providers: string[] = spec.dependsOn
      .filter((one: Json) => one['kind'] === 'Provider')
      .map((one: Json) => String(one['package']));
    expect(providers.length).toBeGreaterThan(8);
    expect(providers.filter((name) => !name.startsWith(prefix))).toEqual([]);
  });
});

it.each([
  ['source', { credentials: { source: 'Pod' } }, /spec\.credentials\.source: "Pod" /],
  ['field', { credentials: { source: 'PodIdentity', role: 'a' } }, /role/],
  ['lack', {}, /credentials/],
  ['reference', { credentials: { source: 'Secret', secretRef: { name: 'a', key: 'b' } } }, /namespace/],
])('a wrong %s would be refused', (_, spec, message) => {
  const config = {
    apiVersion: 'aws.m.upbound.io/v1beta1',
    kind: 'ClusterProviderConfig',
    metadata: { name: 'a' },
    spec,
  };
  expect(errorsOf(config)).toEqual([expect.stringMatching(message)]);
});
