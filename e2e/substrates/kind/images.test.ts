import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { imageConfigs } from '../../../argocd/images/means.ts';
import { imageOf, type Placed, readImages } from '../../../argocd/images/settings.ts';
import { createRepository } from '../../../tools/repository.ts';
import { objectsOf } from '../../../tools/yaml.ts';
import { createKindGitOps } from './gitops.ts';
import { namesOf } from './names.ts';
import { type Command, commandLine } from './run.ts';
import { createKindSubstrate } from './substrate.ts';
import { plainText, type Recorded, recordCommands } from './testing.ts';

const CLUSTER = `fileingest-images-test-${process.pid}`;
const NAMES = namesOf(CLUSTER);
const folder = mkdtempSync(join(tmpdir(), 'fileingest-kind-images-'));
afterAll(() => {
  rmSync(NAMES.folder, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

const MIRROR = 'registry.example.com/mirror';
const MIRRORED = readImages({ IMAGE_MIRROR: MIRROR });
const RELEASE = { version: 'v0.2.0', folder: '/releases/new' };

const printed = ({ args }: Command) =>
  args.some((arg) => arg.includes('currentRevision')) ? 'revision-1a2b' : undefined;
const record = (images: readonly Placed[]): Recorded =>
  recordCommands(NAMES, printed, { readImages: () => images });

function fileOf(text: string): string {
  const file = join(folder, 'images.yaml');
  writeFileSync(file, text);
  return file;
}

const quiet = { keep: false, region: 'eu-west-1', clusterName: CLUSTER };

const isLook = ({ program, args: [verb] }: Command) => program === 'docker' && verb === 'image';

/** The commands and what they are given, without those that only look whether an image is here. */
const textOf = ({ commands }: Recorded): string =>
  commands
    .filter((command) => !isLook(command))
    .map((command) => `${commandLine(command)}\n${command.input ?? ''}`)
    .join('\n');

/** Commands of a start and of a function's installation, and what they are given, as text. */
async function commandsOn(emulator: 'localstack' | 'ministack', recorded: Recorded): Promise<string> {
  const kind = createKindSubstrate({ ...quiet, emulator }, recorded.effects);
  await kind.start(() => {});
  await kind.installFunction(RELEASE);
  return textOf(recorded);
}

/** The same with Argo CD, its kustomization, and what a fork has to say. */
async function gitopsOn(recorded: Recorded) {
  const kind = createKindGitOps({ ...quiet, emulator: 'ministack' }, recorded.effects);
  await kind.start(await createRepository(mkdtempSync(join(folder, 'git-'))), () => {});
  const applied = recorded.commands.find(({ args }) => args.includes('--kustomize'));
  const source = applied?.args[applied.args.indexOf('--kustomize') + 1] ?? '';
  const kustomization: unknown = parse(readFileSync(join(source, 'kustomization.yaml'), 'utf8'));
  const { charts, crossplaneValues } = kind.surroundings;
  await kind.stop();
  return { source: plainText(NAMES, source), kustomization, charts, crossplaneValues };
}

describe('a mirror', () => {
  it('is where all is pulled from', async () => {
    const texts: string[] = [];
    const looked = new Set<string>();
    for (const emulator of ['localstack', 'ministack'] as const) {
      const on = record(MIRRORED);
      texts.push(await commandsOn(emulator, on));
      for (const { args } of on.commands.filter(isLook)) looked.add(args.at(-1) ?? '');
    }
    const recorded = record(MIRRORED);
    const { source, kustomization, charts, crossplaneValues } = await gitopsOn(recorded);
    texts.push(textOf(recorded), JSON.stringify(kustomization));
    const text = texts.join('\n');

    const wanted = MIRRORED.filter((image) => image.for.includes('e2e') && image.setBy);
    // Of names that tools are given whole.
    const whole = wanted.filter(({ by }) => by === 'name' || by === 'values');
    expect(whole.map(({ name }) => name)).toContain('lambda-nodejs');
    expect(whole.filter(({ target }) => !text.includes(target)).map(({ name }) => name)).toEqual([]);
    expect(looked).toEqual(new Set(whole.filter(({ by }) => by === 'name').map((one) => one.target)));
    const { target, chart } = imageOf(MIRRORED, 'crossplane-chart');
    expect(text).toContain(`--install ${target}/crossplane --version ${chart?.version}`);
    const repositories = wanted
      .filter(({ by }) => by === 'kustomize')
      .map((one) => one.target.replace(/:[^/]*$/, ''));
    expect(repositories.filter((one) => !text.includes(`"newName":"${one}"`))).toEqual([]);
    // Nothing else, and nothing by its public name.
    const known = [
      ...whole.map((one) => one.target),
      ...repositories,
      `${target.slice('oci://'.length)}/crossplane`,
    ];
    const prefixes = ['crossplane-contrib/', 'fileingest/'].map((path) => `${MIRROR}/${path}`);
    const named = [...text.matchAll(/registry\.example\.com\/[^\s'"\\]*/g)].map(([one]) => one);
    expect(new Set(named)).toEqual(new Set([...known, ...prefixes]));
    const started = text
      .split('\n')
      .filter((line) => /^(docker (run|pull|build)|kind create|helm)/.test(line));
    const publicly = whole.filter(({ source: name }) =>
      started.some((line) => line.split(/[\s=]/).includes(name)),
    );
    expect(publicly).toEqual([]);

    expect(source).toBe('FOLDER/argocd');
    expect(charts).toBe(`${MIRROR}/charts`);
    expect(crossplaneValues).toEqual({
      image: { repository: imageOf(MIRRORED, 'crossplane').target, ignoreTag: true },
    });
  });

  it("is where the function's image begins from, too", async () => {
    const recorded = record(MIRRORED);
    await commandsOn('ministack', recorded);
    const build = recorded.lines().find((line) => line.includes('--tag fileingest-e2e/function:v0.2.0'));
    const [node, debian] = ['node', 'debian'].map((name) => imageOf(MIRRORED, name).target);
    expect(build).toContain(`--build-arg NODE_IMAGE=${node} --build-arg BASE_IMAGE=${debian} --file -`);
  });

  it('leads to packages before they are installed, and ours stay beside the cluster', async () => {
    const recorded = record(MIRRORED);
    await commandsOn('ministack', recorded);
    const applied = recorded.commands.filter(({ args }) => args.includes('apply'));
    const kinds = applied.map(({ input }) => objectsOf(input ?? ''));
    const configs = kinds.findIndex((objects) => objects.some(({ kind }) => kind === 'ImageConfig'));
    expect(configs).toBeLessThan(
      kinds.findIndex((objects) => objects.some(({ kind }) => kind === 'Provider')),
    );
    expect(kinds[configs]?.slice(2)).toEqual(imageConfigs(MIRRORED));
    expect(kinds[configs]?.slice(0, 2)).toMatchObject([
      { spec: { rewriteImage: { prefix: 'registry.localhost:5000/fileingest/function-fileingest' } } },
      { spec: { rewriteImage: { prefix: 'registry.localhost:5000/fileingest/configuration-fileingest' } } },
    ]);
  });
});

describe('IMAGES', () => {
  it("has Argo CD's manifest in a file, and a repository of charts", async () => {
    const manifest = join(folder, 'install.yaml');
    writeFileSync(manifest, 'kind: List\n');
    const images = readImages({
      IMAGES: fileOf('argocd-manifests: install.yaml\ncrossplane-chart: http://127.0.0.1:18080'),
    });
    const { kustomization, charts, crossplaneValues } = await gitopsOn(record(images));
    expect(kustomization).toMatchObject({ resources: ['namespace.yaml', 'release.yaml'], images: [] });
    expect([charts, crossplaneValues]).toEqual(['http://127.0.0.1:18080', undefined]);
  });

  it('is copied beside the other files of the installation', async () => {
    const manifest = join(folder, 'install.yaml');
    writeFileSync(manifest, 'kind: List\n');
    const recorded = record(readImages({ IMAGES: fileOf('argocd-manifests: install.yaml') }));
    let copied: string[] = [];
    recorded.before = ({ args }) => {
      if (!args.includes('--kustomize')) return;
      const at = args[args.indexOf('--kustomize') + 1] ?? '';
      copied = ['release.yaml', 'argocd-cm.yaml', 'namespace.yaml'].map((file) =>
        readFileSync(join(at, file), 'utf8').slice(0, 5),
      );
    };
    await gitopsOn(recorded);
    expect(copied).toEqual(['kind:', '# Gen', 'apiVe']);
  });
});

describe('an image that is not to be had', () => {
  const failing = (recorded: Recorded, program: (line: string) => boolean) => {
    recorded.before = (command) => {
      if (program(commandLine(command))) throw new Error('manifest unknown');
    };
    return createKindSubstrate({ ...quiet, emulator: 'localstack' }, recorded.effects);
  };

  it('is told of before anything is made, with the setting', async () => {
    const recorded = record(MIRRORED);
    const { source, target } = imageOf(MIRRORED, 'registry');
    const kind = failing(
      recorded,
      (line) => /image inspect/.test(line) || line.endsWith(`pull --quiet ${target}`),
    );
    await expect(kind.start(() => {})).rejects.toThrow(
      `IMAGE_MIRROR: Invalid value: "${target}": cannot be pulled. Copy ${source} there, or name another image in IMAGES. manifest unknown`,
    );
    expect(recorded.lines().filter((line) => !/^docker (version|image inspect|pull)/.test(line))).toEqual([]);
  });

  it('is not pulled when it is here', async () => {
    const recorded = record(readImages({ IMAGES: fileOf('registry: local/registry:3') }));
    await failing(recorded, () => false).start(() => {});
    expect(recorded.lines().filter((line) => /docker (image|pull)/.test(line))).toEqual([
      `docker image inspect --format '{{.Id}}' local/registry:3`,
    ]);
  });

  it('is a node of another Kubernetes', async () => {
    const other = record(readImages({ IMAGES: fileOf('kind-node: kindest/node:v1.29.4') }));
    await expect(failing(other, () => false).start(() => {})).rejects.toThrow(
      /^IMAGES: kind-node: Invalid value: "kindest\/node:v1\.29\.4": must be of Kubernetes 1\.34, as kindest\/node:v1\.34\.\S+ is\. Name an image of that version\.$/,
    );
    expect(other.lines()).toEqual([`docker version --format '{{.Server.Version}}'`]);
    for (const name of ['kindest/node:v1.34.99', `kindest/node@sha256:${'a'.repeat(64)}`, 'mine/node:latest'])
      await failing(record(readImages({ IMAGES: fileOf(`kind-node: ${name}`) })), () => false).start(
        () => {},
      );
  });

  it('is said wrongly: nothing is asked of Docker', async () => {
    const recorded = record([]);
    recorded.effects.readImages = () => readImages({ IMAGE_MIRROR: 'http://mirror' });
    await expect(failing(recorded, () => false).start(() => {})).rejects.toThrow(
      'IMAGE_MIRROR: Invalid value',
    );
    expect(recorded.commands).toEqual([]);
  });
});
