/** The packages, and the manifests that a platform team installs: that they agree with each other and with what is emitted. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import {
  buildConfigurationPackage,
  compositionOf,
  functionName,
  REGISTRY,
  releaseVersion,
  SOURCE,
  stageConfiguration,
} from '../package.ts';
import { settle } from '../render.ts';
import { at, isObject, type Json, stringAt } from '../src/objects.ts';
import { CLAIMS } from './claims.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const objects = (file: string): Json[] =>
  parseAllDocuments(read(file)).map((document): Json => document.toJS());
const platform = (file: string) => objects(`argocd/platform/${file}`);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const texts = (value: unknown, ...path: string[]) => list(value).map((item) => stringAt(item, ...path) ?? '');

/** Every kind that any claim is made of, as `plural.group`; the plurals are those of the provider's definitions. */
let emitted: string[] = [];
beforeAll(async () => {
  const plurals = new Map(
    readdirSync(join(ROOT, 'local/schemas')).map((file) => {
      const { group, kind, plural }: Record<string, string> = JSON.parse(read(`local/schemas/${file}`));
      return [`${group}/${kind}`, `${plural}.${group}`];
    }),
  );
  const found = new Set<string>();
  for (const claim of Object.values(CLAIMS)) {
    for (const { apiVersion, kind } of Object.values((await settle(claim)).rendered.resources)) {
      const [group] = String(apiVersion).split('/');
      found.add(plurals.get(`${group}/${kind}`) ?? `${kind} of ${group}, which local/schemas does not have`);
    }
  }
  emitted = [...found].sort();
});

const dependencies = () => list(at(objects('apis/crossplane.yaml')[0], 'spec', 'dependsOn'));
const images = (file: string) =>
  platform(file).flatMap((object) => stringAt(object, 'spec', 'package') ?? []);

describe('what is emitted', () => {
  it('is activated, and nothing else is', () => {
    const [policy] = platform('activation-policy.yaml');
    const fix =
      'argocd/platform/activation-policy.yaml: list what the claims of function/tests/claims.ts emit';
    expect(texts(at(policy, 'spec', 'activate')).sort(), fix).toEqual(emitted);
  });

  it('has the provider’s family members among the dependencies, and no other provider is', () => {
    const services = new Set(emitted.map((kind) => kind.split('.')[1]));
    const registry = 'xpkg.crossplane.io/crossplane-contrib/provider-aws';
    const providers = dependencies().filter((one) => stringAt(one, 'kind') === 'Provider');
    expect(texts(providers, 'package').sort()).toEqual(
      [...services].map((service) => `${registry}-${service}`).sort(),
    );
  });
});

describe('versions', () => {
  it('of the providers are one, that of the schemas, in dependencies and manifests', () => {
    const schema: Json = JSON.parse(read('local/schemas/s3_buckets.json'));
    const [, version = ''] = String(schema['source']).split('@');
    const providers = dependencies().filter((one) => stringAt(one, 'kind') === 'Provider');
    const family = `xpkg.crossplane.io/crossplane-contrib/provider-family-aws:${version}`;
    const wanted = texts(providers, 'package').map((name) => `${name}:${version}`);
    expect(new Set(texts(providers, 'version'))).toEqual(new Set([version]));
    expect(images('providers.yaml').sort()).toEqual([...wanted, family].sort());
  });

  it('of function and Configuration are that of package.json', () => {
    const version = releaseVersion();
    const functions = dependencies().filter((one) => stringAt(one, 'kind') === 'Function');
    expect(functions).toEqual([
      {
        apiVersion: 'pkg.crossplane.io/v1',
        kind: 'Function',
        package: `${REGISTRY}/function-fileingest`,
        version,
      },
    ]);
    // Older versions stay beside it, until no claim is pinned to them.
    expect(images('function.yaml')[0]).toBe(`${REGISTRY}/function-fileingest:${version}`);
    for (const image of images('function.yaml'))
      expect(image).toMatch(/\/function-fileingest:v\d+\.\d+\.\d+/);
    expect(images('configuration.yaml')).toEqual([`${REGISTRY}/configuration-fileingest:${version}`]);
  });

  it('of Node in the image is that of package.json', () => {
    const { devDependencies }: { devDependencies: Record<string, string> } = JSON.parse(read('package.json'));
    expect(/^ARG NODE_IMAGE=node:([\d.]+)-/m.exec(read('function/Dockerfile'))?.[1]).toBe(
      devDependencies['node'],
    );
  });
});

describe('manifests', () => {
  const versions = () => platform('function.yaml').filter(({ kind }) => kind === 'Function');
  const settingsOf = (name: string) =>
    platform('function.yaml').find(
      (one) => one['kind'] === 'DeploymentRuntimeConfig' && stringAt(one, 'metadata', 'name') === name,
    );
  const podOf = (name: string) =>
    at(settingsOf(name), 'spec', 'deploymentTemplate', 'spec', 'template', 'spec');
  const names = versions().map((one) => stringAt(one, 'metadata', 'name') ?? '');

  it('install the function by the name that the Composition uses, each version with its own settings', () => {
    const [composition] = objects('compositions/composition.yaml');
    const [step] = list(at(composition, 'spec', 'pipeline'));
    const name = functionName(releaseVersion());
    expect(stringAt(step, 'functionRef', 'name')).toBe(name);
    expect(names[0]).toBe(name);
    expect(composition).toEqual(compositionOf(releaseVersion()));
    for (const one of versions()) {
      const [, version = ''] = (stringAt(one, 'spec', 'package') ?? '').split(':');
      expect(stringAt(one, 'metadata', 'name')).toBe(functionName(version));
      expect(stringAt(one, 'spec', 'runtimeConfigRef', 'name')).toBe(functionName(version));
      expect(settingsOf(functionName(version))).toBeDefined();
    }
  });

  it.each(names)('let the network policy and the spread see every version: %s', (name) => {
    const [policy] = platform('network-policy.yaml');
    const labels = { 'app.kubernetes.io/name': 'function-fileingest' };
    const template = at(settingsOf(name), 'spec', 'deploymentTemplate', 'spec', 'template');
    expect(at(template, 'metadata', 'labels')).toEqual(labels);
    expect(at(policy, 'spec', 'podSelector', 'matchLabels')).toEqual(labels);
    const constraints = list(at(podOf(name), 'topologySpreadConstraints'));
    expect(constraints.length).toBe(2);
    for (const constraint of constraints)
      expect(at(constraint, 'labelSelector', 'matchLabels')).toEqual(labels);
  });

  it('name the providers as Crossplane names dependencies, so that none is installed twice', () => {
    for (const object of platform('providers.yaml')) {
      const [, path = ''] = /^[^/]+\/(.+):/.exec(stringAt(object, 'spec', 'package') ?? '') ?? [];
      expect(stringAt(object, 'metadata', 'name')).toBe(path.replaceAll('/', '-'));
    }
  });

  it.each(names)(
    'probe the port that the image answers health checks on, and let the kubelet reach it: %s',
    (name) => {
      const container = list(at(podOf(name), 'containers'))[0];
      const port = Number(/HEALTH_ADDRESS=0\.0\.0\.0:(\d+)/.exec(read('function/Dockerfile'))?.[1]);
      for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
        expect(at(container, probe, 'grpc', 'port')).toBe(port);
      }
      const [fromCrossplane, fromAnyone, ...more] = list(
        at(platform('network-policy.yaml')[0], 'spec', 'ingress'),
      );
      expect(at(fromCrossplane, 'ports')).toEqual([{ protocol: 'TCP', port: 9443 }]);
      expect(fromAnyone).toEqual({ ports: [{ protocol: 'TCP', port }] });
      expect(more).toEqual([]);
    },
  );

  it('are of kinds that Crossplane or Kubernetes has, each in a file of its own', () => {
    const kinds = readdirSync(join(ROOT, 'argocd/platform'))
      .filter((file) => file.endsWith('.yaml') && file !== 'crossplane-values.yaml')
      .map((file) => [file, [...new Set(platform(file).map(({ kind }) => kind))]]);
    expect(Object.fromEntries(kinds)).toEqual({
      'activation-policy.yaml': ['ManagedResourceActivationPolicy'],
      'configuration.yaml': ['Configuration'],
      'environment-config.yaml': ['EnvironmentConfig'],
      'function.yaml': ['Function', 'DeploymentRuntimeConfig'],
      'network-policy.yaml': ['NetworkPolicy'],
      'provider-runtime.yaml': ['ServiceAccount', 'DeploymentRuntimeConfig'],
      'providers.yaml': ['Provider'],
      'signatures.yaml': ['ImageConfig'],
    });
  });

  it('take our packages only as the release workflow signs them, where a platform asks for it', () => {
    const [config] = platform('signatures.yaml');
    expect(at(config, 'spec', 'matchImages')).toEqual([{ type: 'Prefix', prefix: `${REGISTRY}/` }]);
    const [authority] = list(at(config, 'spec', 'verification', 'cosign', 'authorities'));
    const [identity] = list(at(authority, 'keyless', 'identities'));
    expect(stringAt(identity, 'issuer')).toBe('https://token.actions.githubusercontent.com');
    const subject = new RegExp(stringAt(identity, 'subjectRegExp') ?? '');
    const workflow = `${SOURCE}/.github/workflows/release.yaml`;
    expect(existsSync(join(ROOT, '.github/workflows/release.yaml'))).toBe(true);
    for (const tag of [releaseVersion(), 'v10.2.3-rc.4'])
      expect(`${workflow}@refs/tags/${tag}`).toMatch(subject);
    for (const other of [
      `${workflow}@refs/heads/main`,
      `${workflow}@refs/heads/v1.2.3`,
      `${SOURCE}/.github/workflows/ci.yaml@refs/tags/v1.2.3`,
      `https://github.com/other/fileingest/.github/workflows/release.yaml@refs/tags/v1.2.3`,
    ])
      expect(other).not.toMatch(subject);
  });
});

describe('what a registry shows of a package', () => {
  it.each(['apis/crossplane.yaml', 'function/package/crossplane.yaml'])('is in the metadata: %s', (file) => {
    expect(at(objects(file)[0], 'metadata', 'annotations')).toEqual({
      'meta.crossplane.io/description': expect.stringMatching(/\.$/),
      'meta.crossplane.io/license': 'Apache-2.0',
      'meta.crossplane.io/maintainer': expect.stringContaining(`<${SOURCE}/`),
      'meta.crossplane.io/readme': expect.stringContaining(`](${SOURCE})`),
      'meta.crossplane.io/source': SOURCE,
    });
  });

  it('is in the labels of the image', () => {
    const labels = [
      ...read('function/Dockerfile').matchAll(/org\.opencontainers\.image\.(\w+)="([^"]*)"/g),
    ].map(([, name, value]) => [name, value]);
    expect(Object.fromEntries(labels)).toEqual({
      title: 'function-fileingest',
      description: expect.stringMatching(/\.$/),
      documentation: `${SOURCE}/blob/main/README.md`,
      licenses: 'Apache-2.0',
      revision: expect.stringMatching(/^\$\{REVISION\}$/),
      source: SOURCE,
      version: expect.stringMatching(/^\$\{VERSION\}$/),
    });
  });
});

const folder = mkdtempSync(join(tmpdir(), 'fileingest-packages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the Configuration’s package', () => {
  const staged = (dependencies?: boolean) => {
    const path = stageConfiguration('v9.9.9', join(folder, 'staged.xpkg'), dependencies);
    return {
      files: readdirSync(path).sort(),
      meta: parse(readFileSync(join(path, 'crossplane.yaml'), 'utf8')),
    };
  };

  it('is the XRD, the Composition and the metadata, and depends on the function at its own version', () => {
    const { files, meta } = staged();
    expect(files).toEqual(['composition.yaml', 'crossplane.yaml', 'definition.yaml']);
    expect(list(at(meta, 'spec', 'dependsOn')).filter((one) => stringAt(one, 'kind') === 'Function')).toEqual(
      [expect.objectContaining({ version: 'v9.9.9' })],
    );
    expect(list(at(meta, 'spec', 'dependsOn'))).toHaveLength(dependencies().length);
  });

  it('depends on nothing where the control plane installs the rest itself', () => {
    expect(isObject(at(staged(false).meta, 'spec'))).toBe(true);
    expect(at(staged(false).meta, 'spec', 'dependsOn')).toBeUndefined();
  });

  it('is not built without the Crossplane CLI, and says how to get on', async () => {
    const options = {
      crossplane: join(folder, 'nothing'),
      version: 'v9.9.9',
      outFile: join(folder, 'none.xpkg'),
    };
    await expect(buildConfigurationPackage(options)).rejects.toThrow(
      'Name the Crossplane CLI with CROSSPLANE',
    );
  });
});
