/** Tests the result of argocd/, built with kustomize, and with Helm for Crossplane's chart. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, type Json, stringAt } from '../function/src/objects.ts';
import { runCommand } from '../tools/command.ts';
import { BUILD_TIMEOUT_MS, ensureBinaries, moduleFolder } from '../tools/programs/binaries.ts';
import { tell } from '../tools/terminal.ts';
import { objectsOf } from '../tools/yaml.ts';
import { guideArgs, platformObjects } from './manifests.ts';

const HERE = import.meta.dirname;
const UPSTREAM = 'https://github.com/fileingest/fileingest.git';
const FORK = 'https://git.example.org/team/fork.git';
/** The files of this folder that kustomize needs. */
const COPIED = ['kustomization.yaml', 'root.yaml', 'applicationset.yaml', 'projects', 'platform'];

let binaries: Record<'kustomize' | 'helm', string>;
const folder = mkdtempSync(join(tmpdir(), 'fileingest-gitops-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  binaries = await ensureBinaries(['kustomize', 'helm'], tell);
}, BUILD_TIMEOUT_MS);

const build = async (path: string) => objectsOf(await runCommand(binaries.kustomize, ['build', path]));

const named = (objects: readonly Json[], kind: string, name: string) =>
  objects.find((object) => object['kind'] === kind && stringAt(object, 'metadata', 'name') === name);

/** The group and kind of an object, such as `pkg.crossplane.io/Provider` or `/Secret`. */
function groupKind(object: Json): string {
  const version = String(object['apiVersion']);
  return `${version.includes('/') ? version.split('/')[0] : ''}/${object['kind']}`;
}

/** The kinds that a project allows, in the form of {@link groupKind}. */
function allowedBy(project: unknown): string[] {
  const lists = ['clusterResourceWhitelist', 'namespaceResourceWhitelist'].map((list) =>
    at(project, 'spec', list),
  );
  return lists.flat().map((entry) => `${at(entry, 'group')}/${at(entry, 'kind')}`);
}

/** The values of all fields with a name, at any depth. */
function fieldsNamed(value: unknown, name: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap((one) => fieldsNamed(one, name));
  return name in value ? [at(value, name), ...inner] : inner;
}

describe('a fork', () => {
  let objects: Json[] = [];
  beforeAll(async () => {
    const copy = join(folder, 'fork');
    for (const path of COPIED) cpSync(join(HERE, path), join(copy, path), { recursive: true });
    const root = join(copy, 'root.yaml');
    const changed = readFileSync(root, 'utf8')
      .replace(UPSTREAM, FORK)
      .replace('targetRevision: main', 'targetRevision: trunk');
    writeFileSync(root, changed);
    objects = await build(copy);
  });

  it('has its own repository everywhere', () => {
    expect(JSON.stringify(objects)).not.toContain(UPSTREAM);
    const repositories = [...fieldsNamed(objects, 'repoURL'), ...fieldsNamed(objects, 'sourceRepos').flat()];
    const others = repositories.filter((url) => url !== FORK);
    expect([...new Set(others)]).toEqual(['https://charts.crossplane.io/stable']);
    // Eight Applications, both generators and the template; the platform and three environments.
    expect(repositories.filter((url) => url === FORK)).toHaveLength(8 + 3 + 4);
  });

  it('has its own revision everywhere', () => {
    const revisions = [...fieldsNamed(objects, 'targetRevision'), ...fieldsNamed(objects, 'revision')];
    expect(revisions.filter((revision) => revision === 'trunk')).toHaveLength(8 + 3);
    expect(revisions.filter((revision) => revision !== 'trunk')).toEqual(['2.3.4']);
  });
});

it('the root brings exactly this', async () => {
  const names = (await build(HERE)).map(
    (object) => `${object['kind']} ${stringAt(object, 'metadata', 'name')}`,
  );
  expect(names.toSorted()).toEqual([
    'AppProject fileingest-dev',
    'AppProject fileingest-platform',
    'AppProject fileingest-prod',
    'AppProject fileingest-staging',
    'Application fileingest',
    'Application fileingest-activation-policy',
    'Application fileingest-configuration',
    'Application fileingest-crossplane',
    'Application fileingest-environment-config',
    'Application fileingest-function',
    'Application fileingest-provider-config',
    'Application fileingest-providers',
    'ApplicationSet fileingest-environments',
    'Namespace fileingest-dev',
    'Namespace fileingest-prod',
    'Namespace fileingest-staging',
    'ValidatingAdmissionPolicy fileingest-accounts',
    'ValidatingAdmissionPolicy fileingest-application-paths',
    'ValidatingAdmissionPolicy fileingest-managed-resources',
    'ValidatingAdmissionPolicyBinding fileingest-accounts',
    'ValidatingAdmissionPolicyBinding fileingest-application-paths',
    'ValidatingAdmissionPolicyBinding fileingest-managed-resources',
  ]);
});

describe("Crossplane's chart with our values", () => {
  let chart: Json[] = [];
  beforeAll(async () => {
    const path = join(await moduleFolder('crossplane', tell), 'cluster/charts/crossplane');
    const values = ['--values', join(HERE, 'platform/crossplane-values.yaml')];
    const namespace = ['--namespace', 'crossplane-system'];
    chart = objectsOf(
      await runCommand(binaries.helm, [
        'template',
        'crossplane',
        path,
        ...namespace,
        ...values,
        '--include-crds',
      ]),
    );
  });

  it('has our arguments', () => {
    const [container] = [
      at(named(chart, 'Deployment', 'crossplane'), 'spec', 'template', 'spec', 'containers'),
    ].flat();
    const args = guideArgs();
    expect(args.length).toBeGreaterThan(0);
    expect(at(container, 'args')).toEqual(['core', 'start', ...args]);
  });

  it('leaves out what Crossplane and Kubernetes fill in, so that it is no difference', () => {
    for (const object of chart) {
      if (object['kind'] === 'Secret') expect(object['data'] ?? object['stringData']).toBeUndefined();
      if (object['aggregationRule'] !== undefined) expect(object['rules']).toBeUndefined();
    }
    expect(chart.filter((object) => object['kind'] === 'Secret')).toHaveLength(3);
  });

  it('and our own manifests are of the kinds that the project of the platform allows, and it allows no other', async () => {
    const objects = await build(HERE);
    const files = ['function.yaml', 'network-policy.yaml', 'providers.yaml', 'configuration.yaml'];
    const settings = ['activation-policy.yaml', 'environment-config.yaml', 'provider-runtime.yaml'];
    const signIns = ['pod-identity', 'irsa', 'static-keys', 'emulator'];
    const ours = [...files, ...settings, ...signIns.map((name) => `provider-config/${name}.yaml`)];
    const kinds = [...chart, ...ours.flatMap(platformObjects)].map(groupKind);
    // Argo CD creates the namespace itself.
    const needed = new Set([...kinds, '/Namespace']);
    const allowed = allowedBy(named(objects, 'AppProject', 'fileingest-platform'));
    expect(allowed.toSorted()).toEqual([...needed].toSorted());
  });

  it('stays in the namespace that the project allows', () => {
    const namespaces = chart.map(
      (object) => stringAt(object, 'metadata', 'namespace') ?? 'crossplane-system',
    );
    expect(new Set(namespaces)).toEqual(new Set(['crossplane-system']));
  });
});

it.each(['dev', 'staging', 'prod'])('the project of %s allows all that is in its folder', async (name) => {
  const project = named(await build(HERE), 'AppProject', `fileingest-${name}`);
  const objects = await build(join(HERE, 'environments', name));
  expect(objects.map((object) => object['kind'])).toContain('FileIngestPipeline');
  for (const object of objects) {
    expect(allowedBy(project)).toContain(groupKind(object));
    expect(stringAt(object, 'metadata', 'namespace')).toMatch(new RegExp(`^fileingest-${name}(-.+)?$`));
  }
});
