import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { at } from '../../../function/src/objects.ts';
import { moduleDefinition, requiredVersion } from '../../../tools/programs/cache.ts';
import {
  ensureTools,
  fits,
  type System,
  TOOLS,
  versionIn,
} from '../../../tools/programs/command-line-tools.ts';
import { MODULES, type ModuleName } from '../../../tools/programs/modules.ts';
import { CHART, IMAGES } from './names.ts';

const ROOT = join(import.meta.dirname, '../../..');
const BIN = join(ROOT, '.cache/bin');

/** A system with these tools on its PATH, and these files. */
function fakeSystem(printed: Record<string, string>, files: string[] = [], failure?: Error) {
  const done: string[] = [];
  const on: System = {
    ask: async (command, args) => {
      done.push(`ask ${[command, ...args].join(' ')}`);
      return printed[command];
    },
    isThere: (path) => files.includes(path),
    install: async (what, folder) => {
      done.push(`install ${what} into ${folder.replace(ROOT, '.')}`);
      if (failure) throw failure;
    },
    build: async (names) => {
      done.push(`build ${names.join(' ')}`);
      return Object.assign(Object.create(null), ...names.map((name) => ({ [name]: `/cache/${name}` })));
    },
  };
  return { on, done };
}

const ASKED = [
  'ask kind version',
  'ask helm version --template {{.Version}}',
  'ask crossplane version --client',
  'ask kubectl version --client --output=json',
];

describe('versionIn', () => {
  it.each([
    ['kind v0.32.0 go1.26.8 linux/amd64\n', 'v0.32.0'],
    ['v4.3.1', 'v4.3.1'],
    ['v4.3', 'v4.3'],
    ['Client Version: v2.5.0\n', 'v2.5.0'],
    ['{"clientVersion":{"major":"1","gitVersion":"v1.34.4"}}', 'v1.34.4'],
    ['no version', undefined],
  ])('%j has %s', (printed, version) => {
    expect(versionIn(printed)).toBe(version);
  });
});

describe('fits', () => {
  it.each([
    [TOOLS.kind, 'v0.32.0', true],
    [TOOLS.kind, 'v0.32.1', false],
    [TOOLS.kind, undefined, false],
    [TOOLS.helm, 'v4.3.7', true],
    [TOOLS.helm, 'v4.3', true],
    [TOOLS.helm, 'v3.22.0', false],
    [TOOLS.kubectl, 'v1.34.9', true],
    [TOOLS.kubectl, 'v1.35.0', false],
    [TOOLS.crossplane, 'v2.5.1', false],
  ])('%j and %s: %s', (tool, found, expected) => {
    expect(fits(tool, found)).toBe(expected);
  });
});

describe('ensureTools', () => {
  it('takes what fits from the PATH, and says so', async () => {
    const { on, done } = fakeSystem({
      kind: 'kind v0.32.0 go1.26.8 linux/amd64',
      helm: 'v4.3.0',
      crossplane: 'Client Version: v2.5.0',
      kubectl: '{"clientVersion": {"gitVersion": "v1.34.9"}}',
    });
    const said: string[] = [];
    expect(await ensureTools((line) => said.push(line), on)).toEqual({
      kind: 'kind',
      helm: 'helm',
      crossplane: 'crossplane',
      kubectl: 'kubectl',
    });
    expect(said).toEqual([
      'kind v0.32.0 from the PATH',
      'helm v4.3.0 from the PATH',
      'crossplane v2.5.0 from the PATH',
      'kubectl v1.34.9 from the PATH',
    ]);
    expect(done).toEqual(ASKED);
  });

  it('builds what is missing or of another version', async () => {
    const { on, done } = fakeSystem({ kubectl: 'v1.32.4', helm: 'v3.22.0' });
    const said: string[] = [];
    expect(await ensureTools((line) => said.push(line), on)).toEqual({
      kind: `${BIN}/kind-v0.32.0/kind`,
      helm: `${BIN}/helm-v4.3.1/helm`,
      crossplane: '/cache/crossplane-cli',
      kubectl: '/cache/kubectl',
    });
    expect(done).toEqual([
      'ask kind version',
      'install sigs.k8s.io/kind@v0.32.0 into ./.cache/bin/kind-v0.32.0',
      'ask helm version --template {{.Version}}',
      'install helm.sh/helm/v4/cmd/helm@v4.3.1 into ./.cache/bin/helm-v4.3.1',
      'ask crossplane version --client',
      'build crossplane-cli',
      'ask kubectl version --client --output=json',
      'build kubectl',
    ]);
    expect(said).toEqual([
      `kind v0.32.0 is built into ${BIN}/kind-v0.32.0 (none on the PATH); this takes a minute or two`,
      `helm v4.3.1 is built into ${BIN}/helm-v4.3.1 (v3.22.0 is on the PATH); this takes a minute or two`,
      'crossplane v2.5.0 of our own (none on the PATH)',
      'kubectl v1.34.4 of our own (v1.32.4 is on the PATH)',
    ]);
  });

  it('builds nothing twice', async () => {
    const { on, done } = fakeSystem({}, [`${BIN}/kind-v0.32.0/kind`, `${BIN}/helm-v4.3.1/helm`]);
    await ensureTools(() => {}, on);
    expect(done.filter((line) => line.startsWith('install'))).toEqual([]);
  });

  it('tells what is missing and how to get it', async () => {
    const { on } = fakeSystem({}, [], new Error('dial tcp: no route to host'));
    await expect(ensureTools(() => {}, on)).rejects.toThrow(
      'kind v0.32.0 is needed (none on the PATH) and cannot be built. Put kind v0.32.0 on the PATH, or mend this: dial tcp: no route to host',
    );
  });
});

describe('pins', () => {
  it('are the chart that Argo CD installs', () => {
    const application = parse(
      readFileSync(join(ROOT, 'argocd/platform/applications/crossplane.yaml'), 'utf8'),
    );
    expect(at(application, 'spec', 'sources')).toContainEqual(
      expect.objectContaining({
        repoURL: CHART.repository,
        chart: CHART.name,
        targetRevision: CHART.version,
      }),
    );
  });

  const required = (module: ModuleName) =>
    requiredVersion(readFileSync(join(moduleDefinition({ module }), 'go.mod'), 'utf8'), MODULES[module]);

  it('are those of the plain processes', () => {
    expect(TOOLS.crossplane.version).toBe(required('crossplane-cli'));
    expect(TOOLS.kubectl.version).toBe(required('kubernetes'));
    expect(`v${CHART.version}`).toBe(required('crossplane'));
  });

  it('are those of the embedded emulator', () => {
    const requirements = readFileSync(join(ROOT, 'local/requirements.txt'), 'utf8');
    expect(requirements).toContain(`ministack==${IMAGES.ministack.split(':')[1]}\n`);
    const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    for (const name of ['ministack', 'front']) {
      const dockerfile = readFileSync(join(ROOT, `e2e/substrates/kind/images/${name}.Dockerfile`), 'utf8');
      expect(dockerfile).toMatch(
        new RegExp(`^FROM node:${devDependencies.node}-bookworm-slim( AS node)?$`, 'm'),
      );
    }
  });

  it('have a node of the minor that kubectl is of', () => {
    const cluster: unknown = parse(readFileSync(join(ROOT, 'e2e/substrates/kind/cluster.yaml'), 'utf8'));
    const nodes = at(cluster, 'nodes');
    const image = Array.isArray(nodes) ? at(nodes[0], 'image') : undefined;
    expect(image).toMatch(/^kindest\/node:v1\.34\.\d+@sha256:[0-9a-f]{64}$/);
    expect(TOOLS.kubectl.version).toMatch(/^v1\.34\./);
  });
});
