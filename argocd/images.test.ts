import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { manifestsOf } from '../tools/yaml.ts';
import { catalogue, type Pull } from './images/catalogue.ts';
import { argocdKustomization, crossplaneValues, imageConfigs } from './images/means.ts';
import { fullRepository, parseReference, pathInRegistry } from './images/reference.ts';
import { imageOf, readImages } from './images/settings.ts';
import { mirrorLines, otherLines } from './images.ts';

const ROOT = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'images-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file for IMAGES with this text. */
function fileOf(text: string): string {
  const file = join(folder, 'images.yaml');
  writeFileSync(file, text);
  return file;
}

const MIRROR = 'registry.example.com/mirror';
const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('the catalogue', () => {
  const pulls = catalogue();
  /** What the program names is here: not the list itself, no tests, no words about images. */
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\0')
    .filter((file) => /\.(ts|ya?ml|json)$|Dockerfile$/.test(file))
    .filter(
      (file) =>
        !/^argocd\/images|\.test\.ts$|\/(testdata|tests|testing|refusals|generated)\/|package-lock/.test(
          file,
        ),
    )
    .map((file) => ({
      file,
      text: readFileSync(join(ROOT, file), 'utf8').replace(/^\s*(#|\/\/|\*|\/\*\*).*$/gm, ''),
    }));
  const found = (pattern: RegExp, only: RegExp): string[] =>
    files
      .filter(({ file }) => only.test(file))
      .flatMap(({ text }) =>
        [...text.matchAll(pattern)].map(([, one = '', tag]) => (tag ? `${one}:${tag}` : one)),
      );
  const named = new Set([
    // With a tag or a digest: in a registry that is written out, or pinned by a digest.
    ...found(
      /((?:[a-z0-9-]+\.)+(?:io|aws|com|dev)\/[a-z0-9./-]+:v?\d[\w.-]*(?:@sha256:[a-f0-9]{64})?)/g,
      /./,
    ),
    ...found(/([a-z][a-z0-9./-]*(?::[\w.-]+)?@sha256:[a-f0-9]{64})/g, /./),
    ...found(/package: (\S+)\n\s+version: (\S+)/g, /crossplane\.yaml$/),
    ...found(/^ARG \w+_IMAGE=(\S+)$/gm, /Dockerfile$/),
    ...found(/^FROM (?:--\S+ )*(?!--)([^$\s]\S*)/gm, /Dockerfile$/),
    ...found(/image: ['"]?([\w./-]+:[\w.-]+)/g, /\.ya?ml$/),
  ]);

  it('has every image that is named', () => {
    expect(named.size).toBeGreaterThan(15);
    const listed = pulls.map(({ source }) => source);
    expect(
      [...named].filter((name) => !listed.includes(name)),
      'argocd/images.yaml: list them',
    ).toEqual([]);
  });

  it('has no image that nothing names, but those that others name', () => {
    const unnamed = pulls.filter(
      ({ by, source }) => by !== 'chart' && by !== 'resource' && !named.has(source),
    );
    // Of Crossplane's chart, of Argo CD's release (both in images.engine.test.ts), and what only the kind substrate starts, by the
    // catalogue's own names (e2e/substrates/kind/images.test.ts).
    expect(unnamed.map(({ name }) => name)).toEqual([
      ...['crossplane', 'argocd', 'dex', 'redis'],
      ...['kind-node', 'registry', 'localstack', 'lambda-nodejs'],
    ]);
  });

  it('begins no Dockerfile from an image that cannot be replaced', () => {
    expect(found(/^FROM (?:--\S+ )*(?!--)([^$\s]\S*)/gm, /Dockerfile$/)).toEqual([]);
    const dockerfiles = files
      .filter(({ file }) => file.endsWith('Dockerfile'))
      .map(({ file }) => basename(file));
    expect(dockerfiles.sort()).toEqual([
      'Dockerfile',
      'front.Dockerfile',
      'git.Dockerfile',
      'ministack.Dockerfile',
    ]);
  });

  it('has one name for one thing, and one place in a mirror', () => {
    const ours = pulls.filter(({ name }) => name !== 'function-fileingest');
    expect(new Set(ours.map(({ name }) => name)).size).toBe(ours.length);
    const targets = readImages({ IMAGE_MIRROR: MIRROR }).map(({ target }) => target);
    expect(new Set(targets).size).toBe(targets.length);
  });

  it('has Crossplane in the version of its chart', () => {
    const images = readImages({});
    expect(parseReference(imageOf(images, 'crossplane').source)?.tag).toBe(
      `v${imageOf(images, 'crossplane-chart').chart?.version}`,
    );
  });
});

describe('names of images', () => {
  it.each([
    ['node:24', 'docker.io/library/node', 'library/node'],
    ['kindest/node:v1', 'docker.io/kindest/node', 'kindest/node'],
    ['docker.io/kindest/node:v1', 'docker.io/kindest/node', 'kindest/node'],
    ['localhost:5000/a/b:1', 'localhost:5000/a/b', 'a/b'],
    ['localhost/a:1', 'localhost/a', 'a'],
  ])('%s', (name, full, path) => {
    const { repository = '' } = parseReference(name) ?? {};
    expect([fullRepository(repository), pathInRegistry(repository)]).toEqual([full, path]);
  });

  it('have a tag, a digest or both', () => {
    expect(parseReference(`localhost:5000/a@${DIGEST}`)).toEqual({
      repository: 'localhost:5000/a',
      digest: DIGEST,
    });
    expect(parseReference(`a/b:1.0@${DIGEST}`)).toEqual({ repository: 'a/b', tag: '1.0', digest: DIGEST });
    for (const wrong of ['', 'https://a/b:1', 'a/B:1', 'a:', 'a b', 'a@sha256:1', 'a//b/'])
      expect([wrong, parseReference(wrong)]).toEqual([wrong, undefined]);
  });
});

const PULLED = readImages({});

/** A catalogue of one of each means. */
const ONE_OF_EACH: readonly Omit<Pull, 'about' | 'for'>[] = [
  {
    name: 'crossplane-chart',
    by: 'chart',
    source: 'https://charts.example.com',
    chart: { name: 'crossplane', version: '2.0.0' },
  },
  { name: 'crossplane', by: 'values', source: 'xpkg.example.com/crossplane/crossplane:v2.0.0' },
  { name: 'provider-a', by: 'ImageConfig', source: 'xpkg.example.com/contrib/provider-a:v1.0.0' },
  { name: 'provider-b', by: 'ImageConfig', source: 'xpkg.example.com/contrib/provider-b:v1.0.0' },
  { name: 'argocd-manifests', by: 'resource', source: imageOf(PULLED, 'argocd-manifests').source },
  { name: 'argocd', by: 'kustomize', source: 'quay.example.com/argocd:v3' },
  { name: 'redis', by: 'kustomize', source: `redis:8@${DIGEST}` },
  { name: 'node', by: 'name', source: 'node:24' },
];
const PULLS: readonly Pull[] = ONE_OF_EACH.map((one) => ({ about: 'a test', for: ['install'], ...one }));
const placed = (env: NodeJS.ProcessEnv) => readImages(env, PULLS);
const targets = (env: NodeJS.ProcessEnv) =>
  Object.fromEntries(placed(env).flatMap(({ name, target, setBy }) => (setBy ? [[name, target]] : [])));

describe('where images come from', () => {
  it('is the public name without a setting', () => {
    expect(targets({})).toEqual({});
    expect(targets({ IMAGES: '', IMAGE_MIRROR: '' })).toEqual({});
    expect(placed({}).map(({ target }) => target)).toEqual(PULLS.map(({ source }) => source));
  });

  it('is IMAGE_MIRROR for all that a registry can have', () => {
    expect(targets({ IMAGE_MIRROR: MIRROR })).toEqual({
      'crossplane-chart': `oci://${MIRROR}/charts`,
      crossplane: `${MIRROR}/crossplane/crossplane:v2.0.0`,
      'provider-a': `${MIRROR}/contrib/provider-a:v1.0.0`,
      'provider-b': `${MIRROR}/contrib/provider-b:v1.0.0`,
      argocd: `${MIRROR}/argocd:v3`,
      redis: `${MIRROR}/library/redis:8@${DIGEST}`,
      node: `${MIRROR}/library/node:24`,
    });
    expect(targets({ IMAGE_MIRROR: 'localhost:5000' })['node']).toBe('localhost:5000/library/node:24');
  });

  it('is what IMAGES says, also beside a mirror', () => {
    writeFileSync(join(folder, 'release.yaml'), 'kind: List\n');
    const IMAGES = fileOf(
      [
        'crossplane-chart: http://127.0.0.1:18080/',
        'provider-b: other.example.com/b',
        'argocd-manifests: release.yaml',
        `node: mine/node@${DIGEST}`,
      ].join('\n'),
    );
    const own = {
      'crossplane-chart': 'http://127.0.0.1:18080',
      'provider-b': 'other.example.com/b:v1.0.0',
      'argocd-manifests': join(folder, 'release.yaml'),
      node: `mine/node@${DIGEST}`,
    };
    expect(targets({ IMAGES })).toEqual(own);
    expect(targets({ IMAGES, IMAGE_MIRROR: MIRROR })).toEqual({
      ...targets({ IMAGE_MIRROR: MIRROR }),
      ...own,
    });
    expect(targets({ IMAGES: fileOf('') })).toEqual({});
  });
});

describe('a wrong setting', () => {
  const mirror = (value: string) => `IMAGE_MIRROR: Invalid value: "${value}": must`;
  it.each([
    ['https://a.b/c', 'be without a scheme, such as registry.example.com/mirror. Remove all up to "://".'],
    ['a.b/c/', 'not end with a slash, such as registry.example.com/mirror. Remove it.'],
    [
      'mirror/path',
      "be a registry's host, and a path in lower case if it has one, such as registry.example.com/mirror",
    ],
    [
      'a.b/Mirror',
      "be a registry's host, and a path in lower case if it has one, such as registry.example.com/mirror",
    ],
    [
      'a.b/c:1',
      "be a registry's host, and a path in lower case if it has one, such as registry.example.com/mirror",
    ],
  ])('IMAGE_MIRROR=%s', (value, rule) => {
    expect(() => placed({ IMAGE_MIRROR: value })).toThrow(new Error(`${mirror(value)} ${rule}`));
  });

  it.each([
    [
      'nod: node:1',
      'IMAGES: Unsupported value: "nod" in FILE: supported values: argocd, argocd-manifests, crossplane, crossplane-chart, node, provider-a, provider-b, redis',
    ],
    [
      'node: mine/node',
      'IMAGES: node: Invalid value: "mine/node": must have a tag or a digest, such as mine/node:24',
    ],
    [
      'redis: mine/redis',
      'IMAGES: redis: Invalid value: "mine/redis": must have a tag or a digest, such as mine/redis:8',
    ],
    ['node: 24', 'IMAGES: node: Invalid value: 24: must be a text, such as "node:24"'],
    ['node:', 'IMAGES: node: Invalid value: null: must be a text, such as "node:24"'],
    [
      'node: https://a.b/node:24',
      'IMAGES: node: Invalid value: "https://a.b/node:24": must be the name of an image, without a scheme, such as node:24',
    ],
    [
      'provider-a: a.b/c:v2',
      'IMAGES: provider-a: Invalid value: "a.b/c:v2": must have no tag and no digest, since an ImageConfig keeps those of the package. Write a.b/c',
    ],
    [
      'crossplane-chart: a.b/charts',
      'IMAGES: crossplane-chart: Invalid value: "a.b/charts": must be a Helm repository that begins with https://, http:// or oci://',
    ],
    [
      '- node',
      'IMAGES: Invalid value: "FILE": must be names with images, such as "node: registry.example.com/node:24"',
    ],
    [
      'node: [',
      'IMAGES: Invalid value: "FILE": must be YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 8',
    ],
  ])('IMAGES with %j', (text, message) => {
    const file = fileOf(text);
    expect(() => placed({ IMAGES: file })).toThrow(message.replace('FILE', file));
  });

  it('IMAGES with a manifest that is not there', () => {
    const file = fileOf('argocd-manifests: none.yaml');
    expect(() => placed({ IMAGES: file })).toThrow(
      new Error(
        `IMAGES: argocd-manifests: Invalid value: "none.yaml": must be a URL or a file, and there is no ${join(folder, 'none.yaml')}`,
      ),
    );
  });

  it('IMAGES that is no file', () => {
    const file = join(folder, 'none.yaml');
    expect(() => placed({ IMAGES: file })).toThrow(
      `IMAGES: Invalid value: "${file}": must be a file that can be read: ENOENT`,
    );
  });
});

describe('what leads to the images', () => {
  const elsewhere = placed({
    IMAGE_MIRROR: MIRROR,
    IMAGES: fileOf('provider-b: other.example.com/b\nargocd-manifests: https://example.com/install.yaml'),
  });

  it('is nothing without a setting', () => {
    expect(imageConfigs(placed({}))).toEqual([]);
    expect(crossplaneValues(placed({}))).toBeUndefined();
    expect(argocdKustomization(placed({}))).toBeUndefined();
  });

  it('is an ImageConfig for an owner in the mirror, and one for a package of its own', () => {
    const config = (name: string, prefix: string, to: string) => ({
      apiVersion: 'pkg.crossplane.io/v1beta1',
      kind: 'ImageConfig',
      metadata: { name },
      spec: { matchImages: [{ type: 'Prefix', prefix }], rewriteImage: { prefix: to } },
    });
    expect(imageConfigs(elsewhere)).toEqual([
      config('mirror-contrib', 'xpkg.example.com/contrib/', `${MIRROR}/contrib/`),
      config('mirror-provider-b', 'xpkg.example.com/contrib/provider-b', 'other.example.com/b'),
    ]);
  });

  it("is values of Crossplane's chart", () => {
    expect(crossplaneValues(elsewhere)).toEqual({
      image: { repository: `${MIRROR}/crossplane/crossplane:v2.0.0`, ignoreTag: true },
    });
  });

  it('is a kustomization of Argo CD', () => {
    const text = readFileSync(join(ROOT, 'argocd/install/kustomization.yaml'), 'utf8');
    expect(argocdKustomization(elsewhere)).toEqual({
      ...parse(text),
      resources: ['namespace.yaml', 'https://example.com/install.yaml'],
      images: [
        { name: 'quay.example.com/argocd', newName: `${MIRROR}/argocd`, newTag: 'v3' },
        { name: 'redis', newName: `${MIRROR}/library/redis`, digest: DIGEST },
      ],
    });
  });
});

describe('make images', () => {
  it('prints a line for each image, and none for what is no image', () => {
    expect(mirrorLines(placed({}))).toEqual([
      'xpkg.example.com/crossplane/crossplane:v2.0.0',
      'xpkg.example.com/contrib/provider-a:v1.0.0',
      'xpkg.example.com/contrib/provider-b:v1.0.0',
      'quay.example.com/argocd:v3',
      `docker.io/library/redis@${DIGEST}`,
      'docker.io/library/node:24',
    ]);
    expect(otherLines(placed({ IMAGE_MIRROR: MIRROR }))).toEqual([
      `not an image: crossplane-chart: https://charts.example.com crossplane 2.0.0, from oci://${MIRROR}/charts`,
      `not an image: argocd-manifests: ${imageOf(PULLED, 'argocd-manifests').source}`,
    ]);
  });

  it('prints the name of the copy after it, with a tag that a digest would not leave', () => {
    expect(mirrorLines(placed({ IMAGE_MIRROR: MIRROR })).slice(-2)).toEqual([
      `docker.io/library/redis@${DIGEST} ${MIRROR}/library/redis:8`,
      `docker.io/library/node:24 ${MIRROR}/library/node:24`,
    ]);
  });

  const run = (env: NodeJS.ProcessEnv, ...args: string[]) =>
    spawnSync(process.execPath, ['argocd/images.ts', ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], ...env },
    });

  it('prints what is needed for one use, as text or for programs', () => {
    const { stdout, stderr } = run({}, '--for', 'package');
    expect([stdout.split('\n').map((line) => line.split(':')[0]), stderr]).toEqual([
      ['docker.io/library/node', 'docker.io/library/debian', ''],
      '',
    ]);
    const listed: unknown = JSON.parse(run({ IMAGE_MIRROR: MIRROR }, '--json').stdout);
    expect(listed).toEqual(readImages({ IMAGE_MIRROR: MIRROR }));
  });

  it('prints manifests, with the path of a local file from where it is read', () => {
    const IMAGES = fileOf(`argocd-manifests: ${join(ROOT, 'argocd/install/settings.yaml')}`);
    const { stdout } = run({ IMAGES, IMAGE_MIRROR: MIRROR }, '--argocd');
    expect(parse(stdout).resources).toEqual(['namespace.yaml', 'settings.yaml']);
    const configs = run({ IMAGE_MIRROR: MIRROR }, '--image-configs').stdout;
    expect(manifestsOf(configs)).toEqual(imageConfigs(readImages({ IMAGE_MIRROR: MIRROR })));
  });

  it.each([
    [['--argocd'], '--argocd: Forbidden: nothing is replaced. Set IMAGE_MIRROR or IMAGES.'],
    [['--image-configs'], '--image-configs: Forbidden: nothing is replaced. Set IMAGE_MIRROR or IMAGES.'],
    [['--for', 'fun'], '--for=fun is not known. Use one of install, gitops, package, e2e.'],
  ])('%j without a setting fails with a line', (args, message) => {
    const { status, stdout, stderr } = run({}, ...args);
    expect([status, stdout, stderr]).toEqual([1, '', `make images: ${message}\n`]);
  });
});
