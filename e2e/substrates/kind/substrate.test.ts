// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of a Dockerfile
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readImages } from '../../../argocd/images/settings.ts';
import { platformObjects } from '../../../argocd/manifests.ts';
import { at, type Json } from '../../../function/src/objects.ts';
import { providerDefinitions } from '../../../local/managed-kinds.ts';
import { objectsOf, readManifests } from '../../../tools/yaml.ts';
import { POLL_INTERVAL } from '../../run.ts';
import { ourObject, withSpec } from '../packages.ts';
import * as containers from './containers.ts';
import { withZones } from './dns.ts';
import type { Effects } from './kind-cluster.ts';
import { stockArgs } from './kubernetes.ts';
import { MANIFESTS, namesOf, REGISTRY_HOST, ROOT } from './names.ts';
import { providerNames, providers } from './outages.ts';
import { releaseDockerfile } from './packages.ts';
import { type Command, commandEnvironment, commandLine, createRun } from './run.ts';
import { createKindSubstrate } from './substrate.ts';
import { plainText, type Recorded, recordCommands } from './testing.ts';

const CLUSTER = `fileingest-test-${process.pid}`;
const NAMES = namesOf(CLUSTER);

afterAll(() => rmSync(NAMES.folder, { recursive: true, force: true }));

const plain = (text: string) => plainText(NAMES, text);

const FUNCTION_NAME = ourObject('function').metadata.name;
const VERSIONS: Record<string, string> = {
  [FUNCTION_NAME]: `${FUNCTION_NAME}-1a2b`,
};

/** What the programs print that this substrate alone asks. */
function printed({ args }: Command, line: string): string | undefined {
  if (line.includes('currentRevision}')) {
    const name = /\.pkg\.crossplane\.io\/(\S+)/.exec(line)?.[1] ?? '';
    return VERSIONS[name] ?? `${name}-1a2b`;
  }
  if (line.includes('get providers.pkg')) {
    const items = providerNames().map((name) => ({
      metadata: { name },
      status: { currentRevision: `${name}-99` },
    }));
    return JSON.stringify({ items: [...items, { metadata: { name: 'another' } }] });
  }
  if (line.includes('jsonpath={.items[*].metadata.name}')) return 'pod-a pod-b';
  if (line.includes('crictl ps')) return line.endsWith('pod-a') ? 'c1\n' : 'c2\n';
  if (args.at(-1) === 'name') return 'pod/crossplane-1\npod/function-2\n';
  return undefined;
}

const record = (changes: Partial<Effects> = {}): Recorded => recordCommands(NAMES, printed, changes);

const substrate = (
  recorded: Recorded,
  options: { emulator?: 'localstack' | 'ministack'; keep?: boolean } = {},
) =>
  createKindSubstrate(
    {
      emulator: options.emulator ?? 'localstack',
      region: 'eu-west-1',
      keep: options.keep ?? false,
      clusterName: CLUSTER,
    },
    recorded.effects,
  );

async function startedSubstrate(recorded: Recorded, emulator: 'localstack' | 'ministack' = 'localstack') {
  const kind = substrate(recorded, { emulator });
  await kind.start((line) => recorded.said.push(plain(line)));
  const already = recorded.commands.length;
  return {
    kind,
    since: () => recorded.lines().slice(already),
    inputs: () => recorded.commands.slice(already),
  };
}

const KUBECTL = 'kubectl --kubeconfig FOLDER/kubeconfig';
const APPLY = `${KUBECTL} apply --server-side --force-conflicts --field-manager fileingest-e2e --filename -`;
const RUN = 'docker run --detach --name';
const ON_NETWORK = '--label dev.fileingest.e2e=CLUSTER --network kind --publish';
const REMOVAL = [
  'kind delete cluster --name CLUSTER --kubeconfig FOLDER/kubeconfig',
  'docker ps --all --quiet --no-trunc --filter label=dev.fileingest.e2e=CLUSTER',
  'docker rm --force --volumes aaa bbb',
];
const ADDRESS = `--format '{{(index .NetworkSettings.Networks "kind").IPAddress}}'`;
const PROVIDERS = providerNames();
const DEFINITIONS = providerDefinitions()
  .map((name) => `crd/${name}`)
  .join(' ');
const COREFILE = withZones('.:53 {\n    errors\n}\n', [
  { name: 'aws.fileingest.test', address: '172.18.0.4' },
  { name: 'registry.localhost', address: '172.18.0.3' },
]);
const GUIDE = [
  'helm upgrade crossplane --install crossplane --repo https://charts.crossplane.io/stable --version 2.3.4',
  '--kubeconfig FOLDER/kubeconfig --namespace crossplane-system --create-namespace',
  '--values ROOT/argocd/platform/crossplane-values.yaml',
].join(' ');

const FRONT = `${RUN} CLUSTER-front --label dev.fileingest.e2e=CLUSTER --network container:CLUSTER-emulator fileingest-e2e/front:latest http://127.0.0.1:4567 32769 0.0.0.0`;

const START = [
  `docker version --format '{{.Server.Version}}'`,
  ...REMOVAL,
  'kind create cluster --name CLUSTER --kubeconfig FOLDER/kubeconfig --config ROOT/e2e/substrates/kind/cluster.yaml --image kindest/node:v1.34.8@sha256:02722c2dedddcfc00febf5d27fbeb9b7b2c14294c82109ff4a85d89ac9ba3256 --wait 20m',
  `${RUN} CLUSTER-registry ${ON_NETWORK} 127.0.0.1::5000 registry:3.0.0@sha256:6c5666b861f3505b116bb9aa9b25175e71210414bd010d92035ff64018f9457e`,
  'docker port CLUSTER-registry 5000/tcp',
  'docker exec CLUSTER-control-plane mkdir -p /etc/containerd/certs.d/registry.localhost:5000',
  'docker exec --interactive CLUSTER-control-plane tee /etc/containerd/certs.d/registry.localhost:5000/hosts.toml',
  'docker buildx version',
  'docker buildx build --load --tag fileingest-e2e/front:latest --file ROOT/e2e/substrates/kind/images/front.Dockerfile ROOT/dist/front',
  [
    `${RUN} CLUSTER-emulator ${ON_NETWORK} 127.0.0.1:32769:32769 --mount type=bind,source=/var/run/docker.sock,target=/var/run/docker.sock`,
    '--env MAIN_CONTAINER_NAME=CLUSTER-emulator --env LAMBDA_DOCKER_NETWORK=kind',
    `--env 'LAMBDA_DOCKER_FLAGS=--label dev.fileingest.e2e=CLUSTER' --env LAMBDA_IGNORE_ARCHITECTURE=1 --env DISABLE_EVENTS=1`,
    '--env GATEWAY_LISTEN=0.0.0.0:4567 --env LOCALSTACK_HOST=localhost.localstack.cloud:32769',
    'localstack/localstack:4.14.0@sha256:3ebc37595918b8accb852f8048fef2aff047d465167edd655528065b07bc364a',
  ].join(' '),
  FRONT,
  'docker port CLUSTER-emulator 32769/tcp',
  `${KUBECTL} get configmap coredns --namespace kube-system --output 'jsonpath={.data.Corefile}'`,
  `docker inspect ${ADDRESS} CLUSTER-emulator`,
  `docker inspect ${ADDRESS} CLUSTER-registry`,
  `${KUBECTL} patch configmap coredns --namespace kube-system --type merge --patch '${JSON.stringify({ data: { Corefile: COREFILE } })}'`,
  `${KUBECTL} rollout restart deployment/coredns --namespace kube-system`,
  `${KUBECTL} rollout status deployment/coredns --namespace kube-system --timeout=20m`,
  `${GUIDE} --wait --timeout 20m`,
  APPLY,
  APPLY,
  APPLY,
  APPLY,
  APPLY,
  `${KUBECTL} wait ${PROVIDERS.map((name) => `provider.pkg.crossplane.io/${name}`).join(' ')} --for=condition=Healthy --timeout=20m`,
  `${KUBECTL} wait ${DEFINITIONS} --for=create --timeout=20m`,
  `${KUBECTL} wait ${DEFINITIONS} --for=condition=Established --timeout=20m`,
];

describe('start', () => {
  it('brings up the parts in order', async () => {
    const recorded = record();
    const { kind } = await startedSubstrate(recorded);
    expect(recorded.lines()).toEqual(START);
    expect(recorded.said).toEqual([
      'kind: creating the cluster CLUSTER; a first time pulls a node image of about 1 GB',
      'kind: up',
      'registry: up',
      'localstack: up',
      'names in the cluster: up',
      'Crossplane: up',
      'names of our packages: up',
      'provider: pulling the packages of the AWS provider; this takes some minutes',
      'provider: up',
    ]);
    expect(kind.kubeconfig).toBe(NAMES.kubeconfig);
    expect(kind.emulatorEndpoint).toBe('http://127.0.0.1:32769');
    expect(kind.providerEndpoint).toBe('http://aws.fileingest.test:32769');
  });

  it('applies what the install guide has applied, and what leads it to this machine', async () => {
    const recorded = record();
    await startedSubstrate(recorded);
    const applied = recorded.commands
      .filter((command) => command.args.includes('apply'))
      .map((command) => objectsOf(command.input ?? ''));
    expect(applied).toEqual([
      [
        [FUNCTION_NAME, 'fileingest/function-fileingest'],
        ['configuration-fileingest', 'fileingest/configuration-fileingest'],
      ].map(([name, path]) => ({
        apiVersion: 'pkg.crossplane.io/v1beta1',
        kind: 'ImageConfig',
        metadata: { name: `e2e-${name}` },
        spec: {
          matchImages: [{ type: 'Prefix', prefix: `ghcr.io/${path}` }],
          rewriteImage: { prefix: `registry.localhost:5000/${path}` },
        },
      })),
      platformObjects('network-policy.yaml'),
      platformObjects('activation-policy.yaml'),
      readManifests(join(MANIFESTS, 'provider-runtime.yaml')),
      providers(),
    ]);
  });

  it('builds MiniStack, which nobody publishes with Node', async () => {
    const recorded = record();
    await startedSubstrate(recorded, 'ministack');
    const lines = recorded.lines();
    const build = lines.indexOf('docker buildx version');
    expect(lines.slice(build, build + 5)).toEqual([
      'docker buildx version',
      'docker buildx build --load --tag fileingest-e2e/ministack:1.5.33 --file ROOT/e2e/substrates/kind/images/ministack.Dockerfile ROOT/local',
      'docker buildx build --load --tag fileingest-e2e/front:latest --file ROOT/e2e/substrates/kind/images/front.Dockerfile ROOT/dist/front',
      [
        `${RUN} CLUSTER-emulator ${ON_NETWORK} 127.0.0.1:32769:32769 --network-alias aws.fileingest.test`,
        '--entrypoint python --env GATEWAY_PORT=32769 --env MINISTACK_HOST=aws.fileingest.test --env MINISTACK_REGION=eu-west-1',
        '--env AWS_ENDPOINT_URL=http://127.0.0.1:32769 --env IOT_MTLS_ENABLED=0',
        '--env LAMBDA_ACCOUNT_CONCURRENCY=10 --env LAMBDA_ASYNC_RETRY_BASE_SECONDS=60 --env LAMBDA_ASYNC_RETRY_MAX_SECONDS=120',
        'fileingest-e2e/ministack:1.5.33',
        '-m hypercorn ministack.app:app --bind 0.0.0.0:4567 --workers 0 --keep-alive 75 --log-level INFO',
      ].join(' '),
      FRONT,
    ]);
  });

  it('asks each container whether it is well', async () => {
    const asked: string[] = [];
    const recorded = record({ answers: async (url) => asked.push(url) > 0 });
    await startedSubstrate(recorded);
    await startedSubstrate(recorded, 'ministack');
    expect(asked).toEqual([
      'http://127.0.0.1:32768/v2/',
      'http://127.0.0.1:32769/_localstack/health',
      'http://127.0.0.1:32768/v2/',
      'http://127.0.0.1:32769/_ministack/health',
    ]);
  });

  it('names the container that does not answer, with its log and the front’s', async () => {
    const recorded = record({ answers: async (url) => url.endsWith('/v2/') });
    const { createRun: create } = recorded.effects;
    recorded.effects.createRun = (tools, names) => async (command) => {
      const output = await create(tools, names)(command);
      return command.args[0] === 'logs' ? { stdout: '', stderr: 'no space left on device\n' } : output;
    };
    await expect(substrate(recorded).start(() => {})).rejects.toThrow(
      /^localstack did not come up: http:\/\/127\.0\.0\.1:32769\/_localstack\/health did not answer in 0 s\n(no space left on device\n?){2}$/,
    );
  });

  it('says what to do without Docker, and leaves nothing to stop', async () => {
    const recorded = record();
    recorded.before = () => {
      throw new Error('docker version: cannot be started: spawn docker ENOENT');
    };
    const kind = substrate(recorded);
    await expect(kind.start(() => {})).rejects.toThrow(
      'kind needs Docker, and it does not answer. Start Docker (https://docs.docker.com/engine/install), or use SUBSTRATE=host. docker version: cannot be started: spawn docker ENOENT',
    );
    await kind.stop();
    expect(recorded.commands).toHaveLength(1);
  });

  it('is needed before anything else', async () => {
    const recorded = record();
    const kind = substrate(recorded);
    expect(() => kind.emulatorEndpoint).toThrow('the kind substrate is not started: call start first');
    await expect(kind.killFunction()).rejects.toThrow('call start first');
    await expect(kind.installConfiguration('v0.1.0')).rejects.toThrow('call start first');
    expect(recorded.commands).toEqual([]);
  });
});

describe('stop', () => {
  it('removes the cluster, its containers and its folder', async () => {
    const recorded = record();
    const { kind, since } = await startedSubstrate(recorded);
    await kind.stop();
    expect(since()).toEqual(REMOVAL);
    expect(() => readdirSync(NAMES.folder)).toThrow('ENOENT');
    await kind.stop();
    expect(since()).toEqual(REMOVAL);
  });

  // The engine's own absence is a case of its own, above, and Docker need not have buildx.
  const mayFail = (line: string) => line.startsWith('docker version') || line === 'docker buildx version';
  it.each(START.map((line, index) => ({ index, line })).filter(({ line }) => !mayFail(line)))(
    'removes all after a failure of $line',
    async ({ index, line }) => {
      const recorded = record();
      recorded.before = (_command, at) => {
        if (at === index) throw new Error('it broke');
      };
      const kind = substrate(recorded);
      await expect(kind.start(() => {})).rejects.toThrow('it broke');
      expect(recorded.lines()[index]).toBe(line);
      const already = recorded.commands.length;
      recorded.before = () => {};
      await kind.stop();
      expect(recorded.lines().slice(already)).toEqual(REMOVAL);
    },
  );

  it('goes on when a removal fails, and tells of each', async () => {
    const recorded = record();
    const { kind, since } = await startedSubstrate(recorded);
    recorded.before = ({ args }) => {
      if (args[0] === 'delete' || args[0] === 'rm') throw new Error(`cannot ${args[0]}`);
    };
    await expect(kind.stop()).rejects.toThrow(
      `cluster ${CLUSTER} could not be removed: cannot delete; cannot rm`,
    );
    expect(since()).toEqual(REMOVAL);
  });

  it('keeps everything when told to, and says how to use and to remove it', async () => {
    const recorded = record();
    const kind = substrate(recorded, { keep: true });
    await kind.start((line) => recorded.said.push(plain(line)));
    const already = recorded.commands.length;
    recorded.said.length = 0;
    await kind.stop();
    expect(recorded.commands).toHaveLength(already);
    expect(recorded.said).toEqual([
      'The cluster CLUSTER is left as it is.',
      '  export KUBECONFIG=FOLDER/kubeconfig',
      '  export AWS_ENDPOINT_URL=http://127.0.0.1:32769 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test',
      'To remove it:',
      '  kind delete cluster --name CLUSTER --kubeconfig FOLDER/kubeconfig',
      '  docker rm --force --volumes $(docker ps --all --quiet --filter label=dev.fileingest.e2e=CLUSTER)',
    ]);
  });
});

describe('packages', () => {
  it('builds, pushes and installs the function, and waits for that version of it', async () => {
    const recorded = record();
    const { kind, since, inputs } = await startedSubstrate(recorded);
    await kind.installFunction({ version: 'v0.2.0', folder: '/releases/new' });
    const image = 'ghcr.io/fileingest/function-fileingest:v0.2.0';
    const resource = `function.pkg.crossplane.io/${FUNCTION_NAME}`;
    const revision = `functionrevision.pkg.crossplane.io/${FUNCTION_NAME}-1a2b`;
    const file = `FOLDER/${FUNCTION_NAME}-v0.2.0.xpkg`;
    expect(since()).toEqual([
      'docker buildx version',
      'docker buildx build --load --tag fileingest-e2e/function:v0.2.0 --build-arg VERSION=v0.2.0 --file - /releases/new',
      `docker save --output ${file}.tar fileingest-e2e/function:v0.2.0`,
      `crossplane xpkg push --package-files ${file} 127.0.0.1:32768/fileingest/function-fileingest:v0.2.0`,
      APPLY,
      `${KUBECTL} wait ${resource} '--for=jsonpath={.status.currentIdentifier}=${image}' --timeout=20m`,
      `${KUBECTL} get ${resource} --output 'jsonpath={.status.currentRevision}'`,
      `${KUBECTL} wait ${revision} --for=condition=RevisionHealthy --timeout=20m`,
      `${KUBECTL} wait ${revision} --for=condition=RuntimeHealthy --timeout=20m`,
    ]);
    const outFile = join(NAMES.folder, `${FUNCTION_NAME}-v0.2.0.xpkg`);
    expect(recorded.built).toEqual([
      { crossplane: '/bin/crossplane', version: 'v0.2.0', outFile, image: { tarball: `${outFile}.tar` } },
    ]);
    const applied = objectsOf(inputs().find(({ args }) => args.includes('apply'))?.input ?? '');
    const expected = platformObjects('function.yaml').filter(
      ({ metadata }) => metadata.name === FUNCTION_NAME,
    );
    expect(applied.map((object) => at(object, 'spec', 'package'))).toEqual([image, undefined]);
    const isFunction = ({ kind }: Json) => kind === 'Function';
    expect(applied.filter((one) => !isFunction(one))).toEqual(expected.filter((one) => !isFunction(one)));
    expect(applied.filter(isFunction)).toEqual(
      expected.filter(isFunction).map((one) => withSpec(one, { package: image })),
    );
  });

  it('builds without buildx where Docker has none', async () => {
    const recorded = record();
    const { kind, since } = await startedSubstrate(recorded);
    recorded.before = ({ args }) => {
      if (args.join(' ') === 'buildx version') throw new Error('unknown command');
    };
    await kind.installFunction({ version: 'v0.2.0', folder: '/releases/new' });
    expect(since()[1]).toBe(
      'docker build --tag fileingest-e2e/function:v0.2.0 --build-arg VERSION=v0.2.0 --file - /releases/new',
    );
    expect(containers.buildFile(false, 'ministack', '.', readImages({})).args[0]).toBe('build');
  });

  it('installs the configuration and waits for its API', async () => {
    const recorded = record();
    const { kind, since } = await startedSubstrate(recorded);
    await kind.installConfiguration('v0.1.0');
    const resource = 'configuration.pkg.crossplane.io/configuration-fileingest';
    expect(since()).toEqual([
      'crossplane xpkg push --package-files FOLDER/configuration-fileingest-v0.1.0.xpkg 127.0.0.1:32768/fileingest/configuration-fileingest:v0.1.0',
      APPLY,
      `${KUBECTL} wait ${resource} '--for=jsonpath={.status.currentIdentifier}=ghcr.io/fileingest/configuration-fileingest:v0.1.0' --timeout=20m`,
      `${KUBECTL} get ${resource} --output 'jsonpath={.status.currentRevision}'`,
      `${KUBECTL} wait configurationrevision.pkg.crossplane.io/configuration-fileingest-1a2b --for=condition=RevisionHealthy --timeout=20m`,
      `${KUBECTL} wait compositeresourcedefinition/fileingestpipelines.fileingest.dev --for=condition=Established --timeout=20m`,
    ]);
  });

  it("makes a release's Dockerfile of the function's own", () => {
    const dockerfile = [
      '# comment',
      'ARG NODE_IMAGE=node:24',
      'FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build',
      'COPY . .',
      'RUN node function/build.ts',
      '',
      'FROM ${NODE_IMAGE} AS node',
      'FROM debian',
      'COPY --from=node /usr/local/bin/node /usr/local/bin/node',
      'COPY --from=build /build/dist/function /function',
      'COPY LICENSE NOTICE /function/',
      'USER 2000:2000',
      '',
    ];
    expect(releaseDockerfile(dockerfile.join('\n')).split('\n')).toEqual([
      '# comment',
      'ARG NODE_IMAGE=node:24',
      'FROM ${NODE_IMAGE} AS node',
      'FROM debian',
      'COPY --from=node /usr/local/bin/node /usr/local/bin/node',
      'COPY . /function',
      'USER 2000:2000',
      '',
    ]);
    expect(() => releaseDockerfile('FROM scratch\n')).toThrow('mend releaseDockerfile');
  });

  it('finds all that it needs in function/Dockerfile', () => {
    const made = releaseDockerfile(readFileSync(join(ROOT, 'function/Dockerfile'), 'utf8'));
    const stages = made.match(/^FROM .*$/gm);
    expect(stages).toEqual(['FROM ${NODE_IMAGE} AS node', 'FROM ${BASE_IMAGE}']);
    expect(made.match(/^COPY .*$/gm)).toEqual([
      'COPY --from=node /usr/local/bin/node /usr/local/bin/node',
      'COPY . /function',
    ]);
    expect(made).toMatch(/^USER 2000:2000\nENTRYPOINT .*main\.js/m);
  });
});

describe('settings of Crossplane', () => {
  it('stock is the guide without the circuit breaker', async () => {
    const recorded = record();
    const { kind, since } = await startedSubstrate(recorded);
    await kind.setCrossplane('stock');
    await kind.setCrossplane('guide');
    expect(since()).toEqual([
      `${GUIDE} --set-json 'args=[]' --wait --timeout 20m`,
      `${GUIDE} --wait --timeout 20m`,
    ]);
  });

  it('stock keeps every other argument', () => {
    expect(stockArgs(['--circuit-breaker-burst=9', '--debug', '--circuit-breaker-refill-rate=2'])).toEqual([
      '--debug',
    ]);
    expect(() => stockArgs(['--debug'])).toThrow("'stock' and 'guide' would be the same");
  });
});

describe('outages', () => {
  it('has the provider look as often as on host', () => {
    const [runtime] = readManifests(join(MANIFESTS, 'provider-runtime.yaml'));
    const containers = at(runtime, 'spec', 'deploymentTemplate', 'spec', 'template', 'spec', 'containers');
    expect(containers).toEqual([{ name: 'package-runtime', args: [`--poll=${POLL_INTERVAL}`] }]);
  });

  const all = PROVIDERS.map((name) => `deployment/${name}-99`).join(' ');
  const patch = (replicas: number) =>
    `${KUBECTL} patch deploymentruntimeconfig e2e-providers --type merge --patch '{"spec":{"deploymentTemplate":{"spec":{"replicas":${replicas}}}}}'`;
  const list = `${KUBECTL} get providers.pkg.crossplane.io --output json`;
  const told = (replicas: number) =>
    `${KUBECTL} wait ${all} --namespace crossplane-system '--for=jsonpath={.spec.replicas}=${replicas}' --timeout=20m`;

  it('takes the providers away until they are given back', async () => {
    const { kind, since } = await startedSubstrate(record());
    await kind.providerOutage.begin();
    const begun = [
      patch(0),
      list,
      told(0),
      `${KUBECTL} wait pods --namespace crossplane-system --selector 'pkg.crossplane.io/provider in (${PROVIDERS.join(',')})' --for=delete --timeout=20m`,
    ];
    expect(since()).toEqual(begun);
    await kind.providerOutage.end();
    expect(since().slice(begun.length)).toEqual([
      patch(1),
      list,
      told(1),
      ...PROVIDERS.map(
        (name) =>
          `${KUBECTL} rollout status deployment/${name}-99 --namespace crossplane-system --timeout=20m`,
      ),
    ]);
  });

  it("takes the emulator's front away, so that calls are refused", async () => {
    const { kind, since } = await startedSubstrate(record());
    await kind.emulatorOutage.begin();
    await kind.emulatorOutage.end();
    expect(since()).toEqual(['docker kill CLUSTER-front', 'docker start CLUSTER-front']);
  });

  it('kills each process of the function at once', async () => {
    const { kind, since } = await startedSubstrate(record());
    await kind.killFunction();
    const crictl = 'docker exec CLUSTER-control-plane crictl';
    expect(since()).toEqual([
      `${KUBECTL} get pods --namespace crossplane-system --selector pkg.crossplane.io/function=${FUNCTION_NAME} --output 'jsonpath={.items[*].metadata.name}'`,
      `${crictl} ps --quiet --label io.kubernetes.pod.name=pod-a`,
      `${crictl} ps --quiet --label io.kubernetes.pod.name=pod-b`,
      `${crictl} stop --timeout 0 c1 c2`,
    ]);
  });
});

describe('logs', () => {
  it('writes one file a part, and its reason where there is none', async () => {
    const recorded = record();
    const { kind } = await startedSubstrate(recorded);
    recorded.before = (command) => {
      const line = commandLine(command);
      if (line.includes('--previous')) throw new Error('previous terminated container not found');
      if (line.includes('get events')) throw new Error('connection refused');
    };
    const folder = mkdtempSync(join(tmpdir(), 'logs-'));
    try {
      await kind.saveLogs(folder);
      expect(readdirSync(folder).sort()).toEqual([
        'containers.json',
        'crossplane-1.log',
        'emulator.log',
        'events.txt',
        'front.log',
        'function-2.log',
        'kind.txt',
        'packages.txt',
        'pods.txt',
        'registry.log',
      ]);
      expect(readFileSync(join(folder, 'events.txt'), 'utf8')).toBe('connection refused\n');
      const lines = recorded.lines();
      expect(lines).toContain(`kind export logs ${folder}/kind --name CLUSTER`);
      expect(lines).toContain('docker logs --timestamps CLUSTER-emulator');
      expect(lines).toContain('docker inspect aaa bbb');
      expect(lines).toContain(
        `${KUBECTL} logs pod/function-2 --namespace crossplane-system --all-containers --prefix --timestamps`,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("the user's own settings", () => {
  it('are not touched: each command names its kubeconfig, and none a context', async () => {
    const recorded = record();
    const { kind } = await startedSubstrate(recorded);
    await kind.installFunction({ version: 'v0.1.0', folder: '/release' });
    await kind.setCrossplane('stock');
    await kind.providerOutage.begin();
    await kind.stop();
    const speaking = recorded.commands.filter(
      ({ program, args }) =>
        program === 'kubectl' || program === 'helm' || (program === 'kind' && args[1] === 'cluster'),
    );
    expect(speaking.length).toBeGreaterThan(20);
    for (const { args } of speaking) {
      expect(args[args.indexOf('--kubeconfig') + 1]).toBe(NAMES.kubeconfig);
      expect(args.join(' ')).not.toMatch(/--(kube-)?context/);
    }
  });

  it('do not reach the commands', () => {
    const own = {
      PATH: '/usr/bin',
      HOME: '/home/me',
      DOCKER_HOST: 'unix:///run/user/1000/docker.sock',
      KUBECONFIG: '/home/me/.kube/config',
      KUBERNETES_MASTER: 'https://prod',
      KIND_EXPERIMENTAL_DOCKER_NETWORK: 'other',
      HELM_KUBECONTEXT: 'prod',
      HELM_NAMESPACE: 'prod',
    };
    expect(commandEnvironment(own, NAMES)).toEqual({
      PATH: '/usr/bin',
      HOME: '/home/me',
      DOCKER_HOST: 'unix:///run/user/1000/docker.sock',
      KUBECONFIG: NAMES.kubeconfig,
      KIND_EXPERIMENTAL_PROVIDER: 'docker',
      HELM_CACHE_HOME: `${NAMES.folder}/helm/cache`,
      HELM_CONFIG_HOME: `${NAMES.folder}/helm/config`,
      HELM_DATA_HOME: `${NAMES.folder}/helm/data`,
    });
  });
});

describe('createRun', () => {
  const node = process.execPath;
  const paths = { docker: node, kind: node, helm: node, kubectl: node, crossplane: '/does/not/exist' };
  const run = createRun(paths, { NAME: 'value' }, 5);
  const script = (text: string, input?: string): Command => ({
    program: 'kubectl',
    args: ['--eval', text],
    ...(input === undefined ? {} : { input }),
  });

  it('gives input and environment, and takes both outputs', async () => {
    const text = 'process.stdin.pipe(process.stdout); console.error(Object.keys(process.env).join())';
    expect(await run(script(text, 'a "b" $c\n'))).toMatchObject({ stdout: 'a "b" $c\n', stderr: 'NAME\n' });
  });

  it('tells what a command that failed was, and what it said', async () => {
    await expect(
      run(script('console.log(1); console.error("no such pod"); process.exit(3)')),
    ).rejects.toThrow(
      `kubectl --eval 'console.log(1); console.error("no such pod"); process.exit(3)': exit code 3\n1\n\nno such pod`,
    );
    await expect(run({ program: 'crossplane', args: ['version'] })).rejects.toThrow(
      'crossplane version: cannot be started: spawn /does/not/exist ENOENT',
    );
  });

  it('kills what takes too long', async () => {
    const impatient = createRun(paths, {}, 0.2);
    await expect(impatient(script('setInterval(() => {}, 1000)'))).rejects.toThrow('killed by SIGKILL');
  });
});

describe('names in the cluster', () => {
  const corefile = '.:53 {\n    errors\n    forward . /etc/resolv.conf\n}\n';
  const zone = { name: 'aws.fileingest.test', address: '172.18.0.4' };
  const patched = [
    '.:53 {',
    '    errors',
    '    forward . /etc/resolv.conf',
    '}',
    '# Names of the end-to-end tests. What stands below is written anew each time.',
    'aws.fileingest.test:53 {',
    '    errors',
    '    template IN A {',
    '        answer "{{ .Name }} 60 IN A 172.18.0.4"',
    '    }',
    '    template IN ANY {',
    '        rcode NOERROR',
    '    }',
    '}',
    '',
  ].join('\n');

  it('are served after what was there', () => {
    expect(withZones(corefile, [zone])).toBe(patched);
  });

  it('are written anew, not twice', () => {
    const before = withZones(corefile, [{ ...zone, address: '10.0.0.1' }]);
    expect(withZones(before, [zone])).toBe(patched);
  });

  it("are containerd's too", () => {
    expect(containers.hostsToml('fileingest-e2e-registry')).toBe(
      [
        'server = "http://fileingest-e2e-registry:5000"',
        '',
        '[host."http://fileingest-e2e-registry:5000"]',
        '  capabilities = ["pull", "resolve"]',
        '',
      ].join('\n'),
    );
  });

  it('let packages be pulled in plain HTTP', () => {
    // go-containerregistry's pkg/name/registry.go: such names have the scheme http.
    expect(`${REGISTRY_HOST}:5000`).toMatch(/.*\.localhost(?::\d{1,5})?$/);
  });

  it('need what Docker says to be an address and a port', () => {
    expect(containers.addressFrom('a', '172.18.0.4\n')).toBe('172.18.0.4');
    expect(() => containers.addressFrom('a', '<no value>\n')).toThrow(
      'a has no IPv4 address on Docker\'s network kind: docker said "<no value>"',
    );
    expect(containers.portFrom('a', '127.0.0.1:49153\n')).toBe(49153);
    expect(() => containers.portFrom('a', '')).toThrow('a has no port on loopback: docker port said ""');
  });
});

describe('manifests', () => {
  it("have none but kind's fields", () => {
    const [cluster = {}, ...others] = objectsOf(readFileSync(join(MANIFESTS, 'cluster.yaml'), 'utf8'));
    expect(others).toEqual([]);
    // https://kind.sigs.k8s.io/docs/user/configuration
    expect(Object.keys(cluster).sort()).toEqual(['apiVersion', 'kind', 'nodes']);
    expect(cluster).toEqual({
      kind: 'Cluster',
      apiVersion: 'kind.x-k8s.io/v1alpha4',
      nodes: [
        {
          role: 'control-plane',
        },
      ],
    });
  });
});
