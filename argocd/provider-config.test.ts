/** Tests the ways in which the provider can sign in, against their CRDs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type StructuralSchema, schemaErrors } from '../apis/structural-schema.ts';
import { lineOf } from '../function/src/errors.ts';
import { at, type Json, stringAt } from '../function/src/objects.ts';
import { objectsOf } from '../tools/yaml.ts';
import { platformObjects } from './manifests.ts';

const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'argocd', 'platform', 'provider-config');
const EXAMPLES = ['irsa.yaml', 'pod-identity.yaml', 'static-keys.yaml'];
const ENVIRONMENTS = readdirSync(join(ROOT, 'argocd/environments')).filter((name) => name !== 'base');

const NAMES = ['default', ...ENVIRONMENTS.map((name) => `fileingest-${name}`)];
const byName = (a: Json, b: Json) => nameOf(a).localeCompare(nameOf(b), 'en');
const nameOf = (object: Json) => stringAt(object, 'metadata', 'name') ?? '';
/** The service account of the provider's pods. */
const ACCOUNT = 'provider-aws';

interface Known {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: StructuralSchema;
}
const known: Known[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../local/provider-config/generated', 'schemas.json'), 'utf8'),
);

const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const objectsIn = (file: string): Json[] => objectsOf(read(file), file);

/** The errors that the API server would report for an object. */
function errorsOf(object: Json): string[] {
  const found = known.find(
    ({ apiVersion, kind }) => apiVersion === object['apiVersion'] && kind === object['kind'],
  );
  const title = `${object['kind']}/${stringAt(object, 'metadata', 'name')}`;
  if (!found) return [`${title}: ${object['apiVersion']} ${object['kind']} is not known`];
  const others = Object.keys(object).filter(
    (key) => !['apiVersion', 'kind', 'metadata', 'spec'].includes(key),
  );
  return [...others, ...schemaErrors(found.spec, object['spec'], 'spec').map(lineOf)].map(
    (error) => `${title}: ${error}`,
  );
}

it('are three, one a file, and one for an emulator', () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));
  expect(files).toEqual(['emulator.yaml', ...EXAMPLES]);
});

it('the emulator is signed in to by what the API server takes', () => {
  const configs = objectsIn('emulator.yaml').filter(({ kind }) => kind === 'ClusterProviderConfig');
  expect(configs.flatMap(errorsOf)).toEqual([]);
  expect(configs.map(nameOf).sort()).toEqual(NAMES);
});

describe.each(EXAMPLES)('%s', (file) => {
  it('is what the API server takes', () => {
    expect(objectsIn(file).flatMap(errorsOf)).toEqual([]);
  });

  it('has the ClusterProviderConfig that claims use by default, and one for each environment; none is pruned', () => {
    const annotations = { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' };
    const configs = objectsIn(file).sort(byName);
    expect(configs.map(({ apiVersion, kind, metadata }) => ({ apiVersion, kind, metadata }))).toEqual(
      NAMES.map((name) => ({
        apiVersion: 'aws.m.upbound.io/v1beta1',
        kind: 'ClusterProviderConfig',
        metadata: { name, annotations },
      })),
    );
    const [first, ...others] = configs.map((config) => at(config, 'spec', 'credentials'));
    expect(others).toEqual(others.map(() => first));
  });

  it('says how to make the policies, all that there are, for every region of the environments', () => {
    const text = read(file);
    const [, regions = ''] =
      /make provider-policy ACCOUNT=\d{12} REGIONS=(\S+) OUT=\/tmp\/policy\n/.exec(text) ?? [];
    const patches = ENVIRONMENTS.map((name) =>
      parse(readFileSync(join(ROOT, 'argocd/environments', name, 'patches/every-claim.yaml'), 'utf8')),
    );
    expect(regions.split(',')).toEqual(
      expect.arrayContaining(patches.map((patch) => stringAt(patch, 'spec', 'region'))),
    );
    expect(text).toContain('for file in /tmp/policy/*.json; do');
  });

  it('holds no key', () => {
    expect(read(file)).not.toMatch(/\b(AKIA|ASIA)[A-Z0-9]{16}\b|aws_secret_access_key\s*=\s*[^<\s]/);
  });
});

describe.each(['irsa.yaml', 'pod-identity.yaml'])('%s', (file) => {
  it('lets the service account of the pods, and no other, take the role', () => {
    const [trust = ''] = /\{\n#[\s\S]*?\n#\s{6}\}\n/.exec(read(file)) ?? [];
    const document: unknown = JSON.parse(trust.replaceAll(/^#/gm, ''));
    const text = JSON.stringify(document);
    expect(text).toContain(
      file === 'irsa.yaml'
        ? `"system:serviceaccount:crossplane-system:${ACCOUNT}"`
        : `"aws:RequestTag/kubernetes-service-account":"${ACCOUNT}"`,
    );
    expect(text).toContain(file === 'irsa.yaml' ? 'sts:AssumeRoleWithWebIdentity' : 'sts:TagSession');
  });
});

it('every member of the provider runs under that service account, which is there before', () => {
  const [account, runtime, ...more] = platformObjects('provider-runtime.yaml');
  expect(more).toEqual([]);
  expect(account).toMatchObject({
    kind: 'ServiceAccount',
    metadata: { name: ACCOUNT, namespace: 'crossplane-system' },
  });
  for (const object of [account, runtime])
    expect(at(object, 'metadata', 'annotations', 'argocd.argoproj.io/sync-wave')).toBe('-1');
  // Not by serviceAccountTemplate: each package would make itself the owner of the one account, again and again.
  expect(Object.keys(runtime?.['spec'] ?? {})).toEqual(['deploymentTemplate']);
  // A platform team may add arguments, requests and replicas.
  const template = { spec: { serviceAccountName: ACCOUNT, containers: [{ name: 'package-runtime' }] } };
  expect(at(runtime, 'spec')).toMatchObject({ deploymentTemplate: { spec: { selector: {}, template } } });
  const ref = {
    apiVersion: runtime?.apiVersion,
    kind: runtime?.kind,
    name: runtime?.metadata.name,
  };
  for (const provider of platformObjects('providers.yaml'))
    expect(at(provider, 'spec', 'runtimeConfigRef')).toEqual(ref);
});

it.each([
  ['source', { credentials: { source: 'Pod' } }, /spec\.credentials\.source: Unsupported value: "Pod": /],
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
