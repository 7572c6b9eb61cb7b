import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../../tools/command.ts';
import { startDaemon, untilAnswers } from '../../../tools/daemon.ts';
import { accepts, claimPort, HOST } from '../../../tools/ports.ts';
import { createRepository, type Repository } from '../../../tools/repository.ts';
import { objectsOf } from '../../../tools/yaml.ts';
import { ourObject } from '../packages.ts';
import { withZones } from './dns.ts';
import { createKindGitOps, leadToRegistry, type Patience } from './gitops.ts';
import type { KindOptions } from './kind-cluster.ts';
import { namesOf } from './names.ts';
import { type Command, commandLine } from './run.ts';
import { createKindSubstrate } from './substrate.ts';
import { plainText, type Recorded, recordCommands } from './testing.ts';

const CLUSTER = `fileingest-gitops-test-${process.pid}`;
const NAMES = namesOf(CLUSTER);
const PASSWORD = 'Qh6-1rX0';
const FUNCTION_NAME = ourObject('function').metadata.name;
const folder = mkdtempSync(join(tmpdir(), 'fileingest-kind-gitops-'));
let repository: Repository;

beforeAll(async () => {
  repository = await createRepository(folder);
});
afterAll(() => {
  rmSync(NAMES.folder, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

const plain = (text: string) => plainText(NAMES, text).replaceAll(folder, 'REPOSITORIES');
const linesOf = (commands: readonly Command[]) => commands.map((command) => plain(commandLine(command)));

function printed(_command: Command, line: string): string | undefined {
  if (line.includes('argocd-initial-admin-secret')) return Buffer.from(PASSWORD).toString('base64');
  if (line.includes('argocd app get')) return 'Application fileingest-dev\n';
  if (line.includes('--namespace argocd --output name')) return 'pod/argocd-server-1\n';
  if (line.includes('--namespace crossplane-system --output name')) return 'pod/crossplane-1\n';
  return undefined;
}

const record = (): Recorded => recordCommands(NAMES, printed);

const gitops = (recorded: Recorded, options: Partial<KindOptions> = {}) =>
  createKindGitOps(
    { emulator: 'localstack', keep: false, region: 'eu-west-1', clusterName: CLUSTER, ...options },
    recorded.effects,
  );

const KUBECTL = 'kubectl --kubeconfig FOLDER/kubeconfig';
const GIT = [
  'docker buildx version',
  'docker buildx build --load --tag fileingest-e2e/git:local --file ROOT/e2e/substrates/kind/images/git.Dockerfile ROOT/e2e/substrates/kind/images',
  [
    'docker run --detach --name CLUSTER-git --label dev.fileingest.e2e=CLUSTER --network kind --publish 127.0.0.1::9418',
    '--mount type=bind,source=REPOSITORIES/fileingest.git,target=/srv/git/fileingest.git,readonly fileingest-e2e/git:local',
  ].join(' '),
  'docker exec CLUSTER-git git ls-remote git://127.0.0.1:9418/fileingest.git',
];
const ARGOCD = [
  `${KUBECTL} apply --kustomize ROOT/argocd/install --server-side --force-conflicts`,
  `${KUBECTL} rollout status deployment,statefulset --namespace argocd --timeout=20m`,
];
const IMAGES = [
  `${KUBECTL} wait crd/imageconfigs.pkg.crossplane.io --for=create --timeout=15s`,
  `${KUBECTL} wait crd/imageconfigs.pkg.crossplane.io --for=condition=Established --timeout=15s`,
  `${KUBECTL} apply --server-side --force-conflicts --field-manager fileingest-e2e --filename -`,
];
const REMOVAL = [
  'kind delete cluster --name CLUSTER --kubeconfig FOLDER/kubeconfig',
  'docker ps --all --quiet --no-trunc --filter label=dev.fileingest.e2e=CLUSTER',
  'docker rm --force --volumes aaa bbb',
];

/** What the other substrate on kind does before it installs Crossplane. */
async function commandsOfCluster(emulator: 'localstack' | 'ministack'): Promise<string[]> {
  const recorded = record();
  const kind = createKindSubstrate(
    { emulator, keep: false, region: 'eu-west-1', clusterName: CLUSTER },
    recorded.effects,
  );
  await kind.start(() => {});
  const lines = linesOf(recorded.commands);
  const end = lines.findIndex((line) => line.startsWith('helm upgrade crossplane'));
  expect(end).toBeGreaterThan(15);
  return lines.slice(0, end);
}

/** All commands of a start on LocalStack or MiniStack, with the git server and its name where they belong. */
async function expectedStart(emulator: 'localstack' | 'ministack'): Promise<string[]> {
  const lines = await commandsOfCluster(emulator);
  const corefile = lines.findIndex((line) => line.includes('get configmap coredns'));
  const addresses = lines.findIndex((line) => line.includes('patch configmap coredns'));
  const address = lines[corefile + 1]?.replace('CLUSTER-emulator', 'CLUSTER-git') ?? '';
  const zones = withZones('.:53 {\n    errors\n}\n', [
    { name: 'aws.fileingest.test', address: '172.18.0.4' },
    { name: 'registry.localhost', address: '172.18.0.3' },
    { name: 'git.fileingest.test', address: '172.18.0.5' },
  ]);
  return [
    ...lines.slice(0, corefile),
    ...GIT,
    ...lines.slice(corefile, addresses),
    address,
    `${KUBECTL} patch configmap coredns --namespace kube-system --type merge --patch '${JSON.stringify({ data: { Corefile: zones } })}'`,
    ...lines.slice(addresses + 1),
    ...ARGOCD,
  ];
}

async function started(recorded: Recorded, options: Partial<KindOptions> = {}) {
  const kind = gitops(recorded, options);
  await kind.start(repository, (line) => recorded.said.push(plain(line)));
  await vi.waitFor(() => expect(recorded.said).toContain('names of our packages: up'));
  const already = recorded.commands.length;
  return { kind, since: () => linesOf(recorded.commands.slice(already)) };
}

describe('start', () => {
  it('brings up Argo CD and no Crossplane, with a registry, an emulator and a git server beside', async () => {
    const recorded = record();
    const { kind } = await started(recorded);
    expect(linesOf(recorded.commands)).toEqual([...(await expectedStart('localstack')), ...IMAGES]);
    expect(recorded.said).toEqual([
      'kind: creating the cluster CLUSTER; a first time pulls a node image of about 1 GB',
      'kind: up',
      'registry: up',
      'localstack: up',
      'git server: up',
      'names in the cluster: up',
      'Argo CD: pulling its images; this takes a minute or two',
      'Argo CD: up',
      'names of our packages: up',
    ]);
    expect(kind.kubeconfig).toBe(NAMES.kubeconfig);
    expect(kind.emulatorEndpoint).toBe('http://127.0.0.1:32769');
    expect(kind.surroundings).toEqual({
      repoURL: 'git://git.fileingest.test:9418/fileingest.git',
      awsEndpoint: 'http://aws.fileingest.test:32769',
    });
  });

  it('takes the other emulator', async () => {
    const recorded = record();
    await started(recorded, { emulator: 'ministack' });
    expect(linesOf(recorded.commands)).toEqual([...(await expectedStart('ministack')), ...IMAGES]);
  });

  it('leads our packages to the registry as the other substrate on kind does', async () => {
    const recorded = record();
    await started(recorded);
    const [configs, ...more] = recorded.commands.filter(({ input }) => input?.includes('kind: ImageConfig'));
    expect(more).toEqual([]);
    expect(objectsOf(configs?.input ?? '').map(({ spec }) => spec)).toEqual(
      ['fileingest/function-fileingest', 'fileingest/configuration-fileingest'].map((path) => ({
        matchImages: [{ type: 'Prefix', prefix: `ghcr.io/${path}` }],
        rewriteImage: { prefix: `registry.localhost:5000/${path}` },
      })),
    );
  });

  it('names the git server when it does not serve the repository, with its log', async () => {
    const recorded = record();
    const { createRun: create } = recorded.effects;
    recorded.effects.createRun = (tools, names) => async (command) => {
      const output = await create(tools, names)(command);
      if (command.args.includes('ls-remote')) throw new Error('exit code 128');
      return command.args[0] === 'logs' ? { stdout: '', stderr: 'fatal: dubious ownership\n' } : output;
    };
    await expect(gitops(recorded).start(repository, () => {})).rejects.toThrow(
      /^git server did not come up: git:\/\/git\.fileingest\.test:9418\/fileingest\.git did not answer in 0 s\nfatal: dubious ownership$/,
    );
  });

  it('names Argo CD when it does not come up, with its pods and events', async () => {
    const recorded = record();
    recorded.before = ({ args }) => {
      if (args.includes('rollout') && args.includes('argocd')) throw new Error('timed out');
    };
    const kind = gitops(recorded);
    await expect(kind.start(repository, () => {})).rejects.toThrow('Argo CD did not come up: timed out');
    expect(linesOf(recorded.commands).slice(-2)).toEqual([
      `${KUBECTL} get pods --namespace argocd`,
      `${KUBECTL} get events --namespace argocd --sort-by=.lastTimestamp`,
    ]);
    await kind.stop();
    expect(linesOf(recorded.commands).slice(-3)).toEqual(REMOVAL);
  });

  it('is needed before anything else', async () => {
    const recorded = record();
    const kind = gitops(recorded);
    expect(() => kind.surroundings).toThrow('the kind substrate is not started: call start first');
    expect(() => kind.emulatorEndpoint).toThrow('call start first');
    await expect(kind.publish({ version: 'v0.1.0', folder: '/release' })).rejects.toThrow('call start first');
    await expect(async () => kind.argocd('app', 'list')).rejects.toThrow('call start first');
    await kind.stop();
    expect(recorded.commands).toEqual([]);
  });
});

describe('the way to the registry', () => {
  const lead = (recorded: Recorded, patience: Partial<Patience> = {}) => {
    const { createRun: create, ensureTools } = recorded.effects;
    const run = async (command: Command) => create(await ensureTools(() => {}), NAMES)(command);
    const usual: Patience = { forMs: 60_000, everyMs: 1, isOver: () => false };
    return leadToRegistry(
      { run, names: NAMES, images: recorded.effects.readImages() },
      { ...usual, ...patience },
    );
  };
  const notServed = (times: number) => {
    const recorded = record();
    recorded.before = (_command, index) => {
      if (index < times) throw new Error('timed out waiting for the condition');
    };
    return recorded;
  };

  it('is told once Crossplane is there', async () => {
    const recorded = notServed(3);
    expect(await lead(recorded)).toBe(true);
    expect(linesOf(recorded.commands)).toEqual([IMAGES[0], IMAGES[0], IMAGES[0], ...IMAGES]);
  });

  it('is told anew when the definition was not ready yet', async () => {
    const recorded = record();
    recorded.before = ({ input }, index) => {
      if (input !== undefined && index < 3) throw new Error('storage is (re)initializing');
    };
    expect(await lead(recorded)).toBe(true);
    expect(linesOf(recorded.commands)).toEqual([...IMAGES, ...IMAGES]);
  });

  it('is left when all is over', async () => {
    const recorded = notServed(Number.POSITIVE_INFINITY);
    expect(await lead(recorded, { isOver: () => recorded.commands.length === 2 })).toBe(false);
    expect(linesOf(recorded.commands)).toEqual([IMAGES[0], IMAGES[0]]);
  });

  it('tells when Crossplane does not come', async () => {
    const recorded = notServed(Number.POSITIVE_INFINITY);
    await expect(lead(recorded, { forMs: -1 })).rejects.toThrow(
      "our packages are not led to the registry here, since Crossplane's ImageConfig was not served in",
    );
  });
});

describe('the git server', () => {
  const dockerfile = readFileSync(join(import.meta.dirname, 'images/git.Dockerfile'), 'utf8');

  /** What a client is told of another user's repository by the Dockerfile's own command line, on loopback. */
  async function refs(isConfigured: boolean): Promise<string> {
    const entrypoint: unknown = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)?.[1] ?? '');
    if (!Array.isArray(entrypoint)) throw new Error('git.Dockerfile has no ENTRYPOINT');
    const [command, daemon, ...args] = entrypoint.map((word) => String(word).replace('/srv/git', folder));
    const [, name, value] = /git config --system (\S+) '(.*)'/.exec(dockerfile) ?? [];
    const env: NodeJS.ProcessEnv = {
      PATH: process.env['PATH'],
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: isConfigured ? join(folder, 'gitconfig') : '/dev/null',
    };
    if (isConfigured)
      await runCommand('git', ['config', '--file', join(folder, 'gitconfig'), name ?? '', value ?? '']);
    const port = await claimPort();
    const server = startDaemon({
      name: 'git daemon',
      command: command ?? '',
      args: [daemon ?? '', `--listen=${HOST}`, `--port=${port}`, ...args],
      // git's own way to try what it does with what is not its user's.
      env: { ...env, GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' },
      logFile: join(folder, 'daemon.log'),
    });
    try {
      await untilAnswers(server, () => accepts(port), 10_000);
      return await runCommand('git', ['ls-remote', `git://${HOST}:${port}/fileingest.git`]);
    } finally {
      await server.stop();
    }
  }

  it("serves the repository though it is another user's", async () => {
    repository.write('claim.yaml', 'kind: FileIngestPipeline\n');
    const commit = await repository.commit('A claim');
    expect(await refs(true)).toBe(`${commit}\tHEAD\n${commit}\trefs/heads/main\n`);
    await expect(refs(false)).rejects.toThrow('Could not read from remote repository');
  });

  it('has the port and the folder that the substrate counts on', () => {
    expect(dockerfile).toMatch(/^EXPOSE 9418$/m);
    expect(dockerfile).toContain('"--base-path=/srv/git"');
  });
});

describe('publish', () => {
  it('builds and pushes both packages, and installs nothing', async () => {
    const recorded = record();
    const { kind, since } = await started(recorded);
    await kind.publish({ version: 'v0.2.0', folder: '/releases/new' });
    const file = `FOLDER/${FUNCTION_NAME}-v0.2.0.xpkg`;
    const pushed = (from: string, path: string) =>
      `crossplane xpkg push --package-files ${from} 127.0.0.1:32768/fileingest/${path}:v0.2.0`;
    expect(since()).toEqual([
      'docker buildx version',
      'docker buildx build --load --tag fileingest-e2e/function:v0.2.0 --build-arg VERSION=v0.2.0 --file - /releases/new',
      `docker save --output ${file}.tar fileingest-e2e/function:v0.2.0`,
      pushed(file, 'function-fileingest'),
      pushed('FOLDER/configuration-fileingest-v0.2.0.xpkg', 'configuration-fileingest'),
    ]);
    const version = { crossplane: '/bin/crossplane', version: 'v0.2.0' };
    const outFile = join(NAMES.folder, `${FUNCTION_NAME}-v0.2.0.xpkg`);
    expect(recorded.built).toEqual([
      { ...version, outFile, image: { tarball: `${outFile}.tar` } },
      { ...version, outFile: join(NAMES.folder, 'configuration-fileingest-v0.2.0.xpkg') },
    ]);
  });
});

describe('argocd', () => {
  it("signs in and runs in the server's pod", async () => {
    const recorded = record();
    const { kind, since } = await started(recorded);
    expect(await kind.argocd('app', 'get', 'fileingest-dev', '-o', 'tree=detailed')).toBe(
      'Application fileingest-dev\n',
    );
    const exec = `${KUBECTL} exec deployment/argocd-server --namespace argocd -- argocd`;
    const toServer = '--server 127.0.0.1:8080 --insecure --config /tmp/fileingest-e2e-1';
    expect(since()).toEqual([
      `${KUBECTL} get secret argocd-initial-admin-secret --namespace argocd --output 'jsonpath={.data.password}'`,
      `${exec} login 127.0.0.1:8080 --username admin --password ${PASSWORD} ${toServer}`,
      `${exec} app get fileingest-dev -o tree=detailed ${toServer}`,
    ]);
    await kind.argocd('app', 'list');
    expect(since().at(-1)).toBe(`${exec} app list ${toServer.replace('e2e-1', 'e2e-2')}`);
  });
});

describe('saveLogs', () => {
  it("has those of Argo CD's pods and of the git server, too", async () => {
    const recorded = record();
    const { kind, since } = await started(recorded);
    const logs = join(folder, 'logs');
    await kind.saveLogs(logs);
    expect(readdirSync(logs).sort()).toEqual([
      'argocd-server-1.log',
      'argocd-server-1.previous.log',
      'containers.json',
      'crossplane-1.log',
      'crossplane-1.previous.log',
      'emulator.log',
      'events.txt',
      'front.log',
      'git.log',
      'kind.txt',
      'packages.txt',
      'pods.txt',
      'registry.log',
    ]);
    expect(since()).toContain('docker logs --timestamps CLUSTER-git');
    expect(since()).toContain(
      `${KUBECTL} logs pod/argocd-server-1 --namespace argocd --all-containers --prefix --timestamps`,
    );
  });
});

describe('stop', () => {
  it('removes the cluster, its containers and its folder, and waits for nothing more', async () => {
    const recorded = record();
    recorded.before = ({ args }) => {
      if (args.includes('--for=create')) throw new Error('timed out waiting for the condition');
    };
    const kind = gitops(recorded);
    await kind.start(repository, () => {});
    await vi.waitFor(() => expect(linesOf(recorded.commands).at(-1)).toBe(IMAGES[0]));
    await kind.stop();
    const lines = linesOf(recorded.commands);
    const removal = lines.lastIndexOf(REMOVAL[0] ?? '');
    expect(lines.slice(removal, removal + 3)).toEqual(REMOVAL);
    const { length } = lines;
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(recorded.commands).toHaveLength(length);
    expect(() => readdirSync(NAMES.folder)).toThrow('ENOENT');
  });

  it('keeps everything when told to, and says how to use and to remove it', async () => {
    const recorded = record();
    const { kind, since } = await started(recorded, { keep: true });
    recorded.said.length = 0;
    await kind.stop();
    expect(since()).toEqual([]);
    expect(recorded.said).toEqual([
      'The cluster CLUSTER is left as it is.',
      '  export KUBECONFIG=FOLDER/kubeconfig',
      '  export AWS_ENDPOINT_URL=http://127.0.0.1:32769 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test',
      '  cd REPOSITORIES/work   # what Argo CD reads: push to origin main',
      'To remove it:',
      '  kind delete cluster --name CLUSTER --kubeconfig FOLDER/kubeconfig',
      '  docker rm --force --volumes $(docker ps --all --quiet --filter label=dev.fileingest.e2e=CLUSTER)',
    ]);
  });
});
