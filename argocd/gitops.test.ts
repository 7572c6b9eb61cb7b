/** Tests the files in argocd/: names, waves, projects, and that repeated values are equal. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readSpecSchema } from '../apis/admission.ts';
import type { StructuralSchema } from '../apis/structural-schema.ts';
import { at, stringAt } from '../function/src/objects.ts';
import { emulatorProviderConfig } from '../local/provider-config/emulator.ts';
import { objectsOf } from '../tools/yaml.ts';
import { platformObjects } from './manifests.ts';

const text = (path: string) => readFileSync(join(import.meta.dirname, path), 'utf8');
const one = (path: string): unknown => parse(text(path));
const yamlFiles = (folder: string) =>
  readdirSync(join(import.meta.dirname, folder)).filter((file) => file.endsWith('.yaml'));

const ENVIRONMENTS = readdirSync(join(import.meta.dirname, 'environments')).filter((name) => name !== 'base');
const APPLICATIONS = yamlFiles('platform/applications');
const wave = (object: unknown) =>
  Number(stringAt(object, 'metadata', 'annotations', 'argocd.argoproj.io/sync-wave'));

it('the root lists every file there is, so that none is forgotten', () => {
  expect(at(one('kustomization.yaml'), 'resources')).toEqual(
    expect.arrayContaining([
      'root.yaml',
      'applicationset.yaml',
      ...yamlFiles('projects').map((file) => `projects/${file}`),
      ...APPLICATIONS.map((file) => `platform/applications/${file}`),
    ]),
  );
});

describe('the Applications of the platform', () => {
  it('come in this order', () => {
    const waves = Object.fromEntries(
      APPLICATIONS.map((file) => [file, wave(one(`platform/applications/${file}`))]),
    );
    expect(waves).toEqual({
      'crossplane.yaml': 0,
      'activation-policy.yaml': 1,
      'function.yaml': 2,
      'providers.yaml': 2,
      'configuration.yaml': 3,
      'environment-config.yaml': 3,
      'provider-config.yaml': 3,
    });
    for (const file of yamlFiles('projects'))
      for (const object of objectsOf(text(`projects/${file}`))) expect(wave(object)).toBeLessThan(0);
    // A sync does not wait for the health of the last wave. In an earlier wave, the root would wait for itself.
    expect([wave(one('applicationset.yaml')), wave(one('root.yaml'))]).toEqual([4, 4]);
  });

  it.each(APPLICATIONS)('%s deletes nothing by itself and tries for ever', (file) => {
    const application = one(`platform/applications/${file}`);
    expect(stringAt(application, 'metadata', 'name')).toBe(`fileingest-${file.replace('.yaml', '')}`);
    // With the finalizer, deleting the Application would delete the provider while pipelines exist.
    expect(at(application, 'metadata', 'finalizers')).toBeUndefined();
    expect(at(application, 'spec', 'project')).toBe('fileingest-platform');
    expect(at(application, 'spec', 'destination')).toEqual({
      name: 'in-cluster',
      namespace: 'crossplane-system',
    });
    expect(at(application, 'spec', 'syncPolicy')).toEqual({
      automated: { selfHeal: true },
      syncOptions: expect.arrayContaining(['ServerSideApply=true']),
      retry: {
        limit: -1,
        refresh: true,
        backoff: { duration: '10s', factor: 2, maxDuration: '2m' },
      },
    });
    expect(
      stringAt(application, 'metadata', 'annotations', 'argocd.argoproj.io/compare-options'),
      'the diff of ServerSideApply alone takes defaults inside lists for changes',
    ).toBe('ServerSideDiff=true');
  });

  it('take every manifest of argocd/platform, each once, but none that is optional', () => {
    const included = APPLICATIONS.flatMap((file) => {
      const source = at(one(`platform/applications/${file}`), 'spec', 'source');
      const include = stringAt(source, 'directory', 'include');
      if (stringAt(source, 'path') !== 'argocd/platform' || include === undefined) return [];
      return include.replace(/[{}]/g, '').split(',');
    });
    // The second is off until a platform turns it on: with it, Crossplane does not start where it cannot reach Sigstore.
    const others = ['crossplane-values.yaml', 'signatures.yaml'];
    expect([...included, ...others].toSorted()).toEqual(yamlFiles('platform'));
  });

  it('sign in by one file of argocd/platform/provider-config', () => {
    const source = at(one('platform/applications/provider-config.yaml'), 'spec', 'source');
    expect(stringAt(source, 'path')).toBe('argocd/platform/provider-config');
    expect(yamlFiles('platform/provider-config')).toContain(stringAt(source, 'directory', 'include'));
  });
});

it('the emulator is signed in to as the tests do it', () => {
  const [secret, config, ...others] = platformObjects('provider-config/emulator.yaml');
  const endpoint = stringAt(config, 'spec', 'endpoint', 'url', 'static');
  expect([secret, config]).toEqual(emulatorProviderConfig(String(endpoint)));
  for (const other of others) expect(other['spec']).toEqual(config?.['spec']);
});

describe.each(ENVIRONMENTS)('environment %s', (environment) => {
  const name = `fileingest-${environment}`;
  const [project, namespace, ...more] = objectsOf(text(`projects/${environment}.yaml`));

  it('has a project of its name, which allows pipelines in its namespaces and nothing else', () => {
    const cluster = at(one(`environments/${environment}/environment.yaml`), 'cluster');
    expect(stringAt(project, 'metadata', 'name')).toBe(name);
    expect(at(project, 'spec', 'destinations')).toEqual([
      { name: cluster, namespace: name },
      { name: cluster, namespace: `${name}-*` },
    ]);
    expect(at(project, 'spec', 'sourceRepos')).toHaveLength(1);
    expect(at(project, 'spec', 'clusterResourceWhitelist')).toEqual([]);
    expect(at(project, 'spec', 'namespaceResourceWhitelist')).toEqual([
      { group: 'fileingest.dev', kind: 'FileIngestPipeline' },
      // For the resource tree. projects/kinds.yaml rejects these kinds from git.
      { group: '*.aws.m.upbound.io', kind: '*' },
    ]);
  });

  it('has a namespace, which stays whatever happens in git, and no other', () => {
    expect(more).toEqual([]);
    expect(namespace).toEqual({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name,
        labels: { 'app.kubernetes.io/part-of': 'fileingest', 'fileingest.dev/environment': environment },
        annotations: {
          'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
          'argocd.argoproj.io/sync-wave': '-1',
        },
      },
    });
  });

  it('signs in by a ClusterProviderConfig of its own', () => {
    const patch = one(`environments/${environment}/patches/every-claim.yaml`);
    expect(at(patch, 'spec', 'providerConfigRef')).toEqual({ kind: 'ClusterProviderConfig', name });
    const signIn = stringAt(
      one('platform/applications/provider-config.yaml'),
      'spec',
      'source',
      'directory',
      'include',
    );
    const configs = platformObjects(`provider-config/${signIn}`).map(({ metadata }) => metadata.name);
    expect(configs).toContain(name);
  });

  it('shares no namespace with another one', () => {
    for (const other of ENVIRONMENTS) expect(other.startsWith(`${environment}-`)).toBe(false);
  });

  it('says true or false where the ApplicationSet asks', () => {
    const settings = one(`environments/${environment}/environment.yaml`);
    expect(settings).toMatchObject({ prune: expect.any(Boolean), selfHeal: expect.any(Boolean) });
    expect(at(settings, 'prune'), 'a claim of prod is pruned by a person').toBe(environment !== 'prod');
  });
});

describe('admission policies', () => {
  const policies = ['paths', 'kinds', 'accounts'].flatMap((file) => objectsOf(text(`projects/${file}.yaml`)));

  it('each have a binding that denies', () => {
    const named = (kind: string) => policies.filter((object) => object['kind'] === kind);
    const [all, bindings] = [named('ValidatingAdmissionPolicy'), named('ValidatingAdmissionPolicyBinding')];
    expect(all).toHaveLength(3);
    expect(bindings.map(({ spec }) => spec)).toEqual(
      all.map((policy) => ({
        policyName: stringAt(policy, 'metadata', 'name'),
        validationActions: ['Deny'],
      })),
    );
  });

  it('refuse as Forbidden: to Invalid, a forced apply answers by deleting what is there', () => {
    const reasons = policies.flatMap(({ spec }) =>
      [at(spec, 'validations') ?? []].flat().map((validation: unknown) => stringAt(validation, 'reason')),
    );
    expect(reasons.length).toBeGreaterThan(0);
    expect(new Set(reasons)).toEqual(new Set(['Forbidden']));
  });

  it('let go what is being deleted', () => {
    for (const { kind, spec } of policies)
      if (kind === 'ValidatingAdmissionPolicy')
        expect(JSON.stringify(at(spec, 'matchConditions'))).toContain(
          '!has(object.metadata.deletionTimestamp)',
        );
  });
});

it('prod has a window, and a person may sync outside it', () => {
  expect(at(objectsOf(text('projects/prod.yaml'))[0], 'spec', 'syncWindows')).toEqual([
    {
      kind: 'allow',
      schedule: '0 8 * * 1-5',
      duration: '8h',
      timeZone: 'Etc/UTC',
      applications: ['*'],
      manualSync: true,
    },
  ]);
});

/** The fields inside lists that have defaults in the API. */
function defaultsInLists(schema: StructuralSchema, path = 'spec', inList = false): string[] {
  return [
    ...(inList && schema.default !== undefined ? [path] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, below]) =>
      defaultsInLists(below, `${path}.${name}`, inList),
    ),
    ...(schema.items ? defaultsInLists(schema.items, `${path}[]`, true) : []),
  ];
}

describe('the ApplicationSet', () => {
  const set = one('applicationset.yaml');

  it('deletes no Application, and no resource of one', () => {
    expect(at(set, 'spec', 'syncPolicy')).toEqual({
      applicationsSync: 'create-update',
      preserveResourcesOnDeletion: true,
    });
    expect(at(set, 'metadata', 'finalizers')).toEqual(['resources-finalizer.argocd.argoproj.io']);
    expect(at(set, 'spec', 'template', 'metadata', 'finalizers')).toBeUndefined();
  });

  it('has its Applications keep a confirmation, and make nothing anew for a commit elsewhere', () => {
    expect(at(set, 'spec', 'preservedFields', 'annotations')).toEqual([
      'argocd.argoproj.io/deletion-approved',
    ]);
    // The folders that a kustomization there can reference, relative to the Application's folder.
    const paths = at(set, 'spec', 'template', 'metadata', 'annotations');
    expect(paths).toEqual({ 'argocd.argoproj.io/manifest-generate-paths': '.;../base' });
    for (const environment of ENVIRONMENTS) {
      const { components, resources } = Object(one(`environments/${environment}/kustomization.yaml`));
      expect([...components, ...resources].filter((path: string) => path.startsWith('..'))).toEqual([
        '../base',
      ]);
    }
  });

  it('applies claims by the API server, as they are: a null stays, and there is no annotation to be too large', () => {
    expect(at(set, 'spec', 'template', 'spec', 'syncPolicy', 'syncOptions')).toEqual([
      'SkipDryRunOnMissingResource=true',
      'ServerSideApply=true',
    ]);
    // Argo CD's own diff reports defaults inside lists as changes. Claims have no such defaults.
    expect(defaultsInLists(readSpecSchema())).toEqual([]);
  });

  it('writes what environment.yaml says as JSON only, outside which it could add fields', () => {
    const patch = stringAt(set, 'spec', 'templatePatch') ?? '';
    expect(patch.match(/\{\{.*?\}\}/g)).toEqual(['{{ toJson .prune }}', '{{ toJson .selfHeal }}']);
    expect(at(set, 'spec', 'goTemplateOptions')).toEqual(['missingkey=error']);
  });
});

it('no object of the root has another namespace than argocd', () => {
  const files = [
    'root.yaml',
    'applicationset.yaml',
    ...APPLICATIONS.map((f) => `platform/applications/${f}`),
  ];
  const namespaces = files.map((file) => stringAt(one(file), 'metadata', 'namespace'));
  expect(new Set(namespaces)).toEqual(new Set(['argocd']));
});
