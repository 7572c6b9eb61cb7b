/** The GitOps scenarios' substrate of plain processes on loopback. Linux only. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { installManifests } from '../../../argocd/install/build.ts';
import { packageOf, platformObject, platformObjects, tagged } from '../../../argocd/manifests.ts';
import { buildConfigurationPackage, buildFunctionPackage } from '../../../function/package.ts';
import { type Emulator, startEmulator } from '../../../local/emulator.ts';
import { providerDefinitions } from '../../../local/managed-kinds.ts';
import {
  type Cluster,
  conditionOf,
  createCluster,
  type Followed,
  type KubeObject,
} from '../../../tools/cluster.ts';
import type { Daemon } from '../../../tools/daemon.ts';
import { CONFIGURATION, CRD, FUNCTION } from '../../../tools/kinds.ts';
import { ensureBinaries, moduleFolder, moduleVersion } from '../../../tools/programs/binaries.ts';
import type { Repository } from '../../../tools/repository.ts';
import { startApiServer } from '../../../tools/servers/api-server.ts';
import { type ArgoCd, argoCdSecret, startArgoCd } from '../../../tools/servers/argocd.ts';
import { type Charts, serveChart } from '../../../tools/servers/charts.ts';
import { serveRepository } from '../../../tools/servers/git-daemon.ts';
import { saveLogFiles } from '../../failure.ts';
import type { GitOpsSubstrate, Surroundings } from '../../gitops/substrate.ts';
import type { FunctionRelease } from '../../substrate.ts';
import { type AwsProxy, startAwsProxy } from './aws-proxy.ts';
import { initCrossplane, startCrossplane } from './crossplane.ts';
import { createFunctionRuntime, type FunctionRuntime } from './function-runtime.ts';
import { pushPackage, pushProviderPackages, type Registry, rewrites, startRegistry } from './packages.ts';
import { startProvider } from './provider.ts';
import { followRevisions, type Revisions } from './revisions.ts';
import { argumentsOf, followDeployments } from './workloads.ts';

const BINARIES = [
  ...([
    'etcd',
    'kube-apiserver',
    'kube-controller-manager',
    'kubectl',
    'crossplane',
    'crossplane-cli',
  ] as const),
  ...(['provider-aws', 'crane', 'argocd', 'kustomize', 'helm'] as const),
];

export interface HostOptions {
  /** Where logs are written, begun anew by each run. */
  logs: string;
  region: string;
  /** How often the provider looks for drift, such as `30s`. */
  pollInterval: string;
}

/** Namespaces and definitions first, as `kubectl apply` has them. */
const ORDER = ['Namespace', 'CustomResourceDefinition', 'ServiceAccount', 'ConfigMap', 'Secret'];
const rankOf = ({ kind }: KubeObject) => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);

/** Installs Argo CD's manifests. Its Deployments lie there and nothing runs them: the processes are started beside. */
async function install(cluster: Cluster, manifests: readonly KubeObject[]): Promise<void> {
  for (const object of [...manifests].sort((a, b) => rankOf(a) - rankOf(b))) await cluster.apply(object);
  await cluster.apply(argoCdSecret());
}

/** Describes a control plane of plain processes; nothing is started yet. */
export function createHostGitOps({ logs, region, pollInterval }: HostOptions): GitOpsSubstrate {
  const folder = mkdtempSync(join(tmpdir(), 'fileingest-gitops-'));
  const releases: FunctionRelease[] = [];
  /** Undone in the opposite order. */
  const undo: (() => unknown)[] = [];
  const keep = (daemon: Daemon) => undo.push(() => daemon.stop());
  let binaries: Record<(typeof BINARIES)[number], string> | undefined;
  let cluster: Cluster | undefined;
  let emulator: Emulator | undefined;
  let registry: Registry | undefined;
  let runtime: FunctionRuntime | undefined;
  let revisions: Revisions | undefined;
  let provider: Daemon | undefined;
  let surroundings: Surroundings | undefined;
  let argocd: ArgoCd | undefined;
  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('the control plane is not started');
    return part;
  };

  /** Runs the provider once its definitions are there, which Crossplane makes from its packages. */
  const awaitProvider = (definitions: Followed, proxy: AwsProxy, say: (line: string) => void) => {
    const names = providerDefinitions();
    const isServed = (name: string) =>
      conditionOf(definitions.get({ name }), 'Established').status === 'True';
    const stop = definitions.onChange(() => {
      if (!names.every(isServed)) return;
      stop();
      runProvider(proxy, say).catch((error: unknown) => say(`the provider did not start: ${String(error)}`));
    });
  };

  const runProvider = async (proxy: AwsProxy, say: (line: string) => void) => {
    provider = await startProvider({
      binary: started(binaries)['provider-aws'],
      kubeconfig: started(cluster).kubeconfig,
      proxy: proxy.url,
      ...{ region, pollInterval, logs },
    });
    undo.push(() => provider?.stop('SIGKILL'));
    revisions?.announce();
    say('the provider runs');
  };

  /** What its Deployment stands for: Crossplane, and what Crossplane itself would run from packages. */
  const crossplane = async () => {
    const options = {
      cluster: started(cluster),
      crossplane: started(binaries).crossplane,
      definitions: join(await moduleFolder('crossplane'), 'cluster/crds'),
      folder: join(folder, 'crossplane'),
      logs,
    };
    return async (deployment: KubeObject): Promise<Daemon> => {
      if (runtime === undefined) {
        const authority = await initCrossplane(options);
        const functions = createFunctionRuntime({ authority, folder: join(folder, 'function'), logs });
        runtime = functions;
        undo.push(() => functions.stop());
        for (const release of releases) await functions.start(release);
        const hosts = ['xpkg.crossplane.io'];
        for (const config of rewrites(started(registry).address, hosts)) await options.cluster.apply(config);
        const followed = await followRevisions(options.cluster, readFileSync(authority.crt, 'utf8'), {
          functionAt: (version) => functions.endpointOf(version),
          provider: () => provider?.running() === true,
        });
        revisions = followed;
        undo.push(() => followed.stop());
      }
      return startCrossplane(
        options,
        argumentsOf(deployment).filter((argument) => argument.startsWith('--')),
      );
    };
  };

  const start = async (repository: Repository, say: (line: string) => void) => {
    if (platform() !== 'linux')
      throw new Error(
        `SUBSTRATE=host runs on Linux only, and this is ${platform()}: use kind, which needs Docker`,
      );
    rmSync(logs, { recursive: true, force: true });
    mkdirSync(logs, { recursive: true });
    binaries = await ensureBinaries(BINARIES, say);
    const kubeconfig = await startApiServer(binaries, join(folder, 'kubernetes'), logs, keep);
    cluster = createCluster(kubeconfig);
    const aws = await startEmulator({ region, logFile: join(logs, 'emulator.log') });
    emulator = aws;
    undo.push(() => aws.stop());
    const proxy = await startAwsProxy(aws.endpoint);
    undo.push(() => proxy.stop());
    registry = await startRegistry(binaries.crane, join(folder, 'registry'), logs);
    keep(registry.daemon);
    const version = await moduleVersion('provider-aws');
    await pushProviderPackages({
      crossplane: binaries['crossplane-cli'],
      registry: registry.address,
      definitions: join(await moduleFolder('provider-aws'), 'package/crds'),
      folder: join(folder, 'packages'),
      images: platformObjects('providers.yaml').map((object) => tagged(packageOf(object), version)),
    });
    say('an API server, an AWS emulator and a registry');
    const charts: Charts = await serveChart({
      helm: binaries.helm,
      chart: join(await moduleFolder('crossplane'), 'cluster/charts/crossplane'),
      version: await moduleVersion('crossplane'),
      folder: join(folder, 'charts'),
    });
    undo.push(() => charts.stop());
    const git = await serveRepository(repository.bare, logs);
    keep(git.daemon);
    surroundings = {
      repoURL: git.url,
      charts: charts.url,
      providerVersion: version,
      // Everything here signs in with all rights, so that nothing asks for roles.
      crossplaneValues: { rbacManager: { deploy: false } },
      awsEndpoint: proxy.endpoint,
    };
    const definitions = await cluster.follow(CRD);
    undo.push(() => definitions.stop());
    awaitProvider(definitions, proxy, say);
    const deployments = await followDeployments(
      cluster,
      { 'crossplane-system/crossplane': await crossplane() },
      (error) => say(`Crossplane did not start: ${String(error)}`),
    );
    undo.push(() => deployments.stop());
    const manifests = await installManifests(await moduleFolder('argocd'), binaries.kustomize);
    await install(cluster, manifests);
    argocd = await startArgoCd({
      ...{ binaries, kubeconfig, manifests, logs, onStart: keep },
      folder: join(folder, 'argocd'),
    });
    say(`Argo CD, at ${argocd.url}`);
  };

  return {
    name: 'host',
    get kubeconfig() {
      return started(cluster).kubeconfig;
    },
    get emulatorEndpoint() {
      return started(emulator).endpoint;
    },
    get surroundings() {
      return started(surroundings);
    },
    start,
    publish: async (release) => {
      const { 'crossplane-cli': cli } = started(binaries);
      const { version } = release;
      const packages = [
        { name: 'function', kind: FUNCTION, build: buildFunctionPackage },
        { name: 'configuration', kind: CONFIGURATION, build: buildConfigurationPackage },
      ];
      for (const { name, kind, build } of packages) {
        const outFile = join(folder, `${name}-${version}.xpkg`);
        await build({ crossplane: cli, version, outFile });
        const object = platformObject(`${name}.yaml`, kind);
        await pushPackage(cli, started(registry).address, outFile, tagged(packageOf(object), version));
      }
      releases.push(release);
      await runtime?.start(release);
      revisions?.announce();
    },
    argocd: (...args) => started(argocd).cli(...args),
    api: async (path) => {
      const answer = await fetch(`${started(argocd).url}${path}`);
      if (!answer.ok)
        throw new Error(`Argo CD answers ${path} with ${answer.status}: ${await answer.text()}`);
      return answer.json();
    },
    saveLogs: async (target) => saveLogFiles(logs, target),
    stop: async () => {
      for (const step of undo.reverse()) await step();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
