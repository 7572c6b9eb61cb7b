/** The GitOps scenarios' substrate of plain processes on loopback. Linux only. */
import { join } from 'node:path';
import { installManifests } from '../../../argocd/install/build.ts';
import { packageOf, platformObjects, tagged } from '../../../argocd/manifests.ts';
import { providerDefinitions } from '../../../local/managed-kinds.ts';
import type { Cluster, Followed, KubeObject } from '../../../tools/cluster.ts';
import type { Daemon } from '../../../tools/daemon.ts';
import { messageOf } from '../../../tools/errors.ts';
import { CRD } from '../../../tools/kinds.ts';
import { ensureBinaries, moduleFolder, moduleVersion } from '../../../tools/programs/binaries.ts';
import type { Repository } from '../../../tools/repository.ts';
import { type ArgoCd, argoCdSecret, startArgoCd } from '../../../tools/servers/argocd.ts';
import { serveChart } from '../../../tools/servers/charts.ts';
import { serveRepository } from '../../../tools/servers/git-daemon.ts';
import type { GitOpsSubstrate, Surroundings } from '../../gitops/substrate.ts';
import { isTrue } from '../../stage.ts';
import type { FunctionRelease } from '../../substrate.ts';
import { SYSTEM, startCrossplane } from './crossplane.ts';
import { endings, type Processes, startProcesses, type Undo } from './processes.ts';
import type { HostOptions } from './provider.ts';
import { argumentsOf, runDeployment } from './workloads.ts';

/** Namespaces and definitions first, as `kubectl apply` has them. */
const ORDER = ['Namespace', 'CustomResourceDefinition', 'ServiceAccount', 'ConfigMap', 'Secret'];
const rankOf = ({ kind }: KubeObject) => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);

/** Installs Argo CD's manifests. Its Deployments lie there and nothing runs them: the processes are started beside. */
async function install(cluster: Cluster, manifests: readonly KubeObject[]): Promise<void> {
  for (const object of [...manifests].sort((a, b) => rankOf(a) - rankOf(b))) await cluster.apply(object);
  await cluster.apply(argoCdSecret());
}

/** Runs the provider once its definitions are there, which Crossplane makes from its packages. */
function awaitProvider({ runProvider }: Processes, definitions: Followed, say: (line: string) => void): void {
  const names = providerDefinitions();
  const isServed = (name: string) => isTrue(definitions.get({ name }), 'Established');
  const stop = definitions.onChange(() => {
    if (!names.every(isServed)) return;
    stop();
    runProvider().then(
      () => say('the provider runs'),
      (error: unknown) => say(`the provider did not start: ${messageOf(error)}`),
    );
  });
}

/** Describes a control plane of plain processes; nothing is started yet. */
export function createHostGitOps(options: HostOptions): GitOpsSubstrate {
  const undo: Undo = [];
  const releases: FunctionRelease[] = [];
  let started: { host: Processes; surroundings: Surroundings; argocd: ArgoCd } | undefined;
  const parts = () => {
    if (started === undefined) throw new Error('the control plane is not started');
    return started;
  };

  /** What its Deployment stands for: Crossplane, and what Crossplane itself would run from packages. */
  const runCrossplane = async (host: Processes, deployment: KubeObject): Promise<Daemon> => {
    if (host.runtime() === undefined)
      await host.startFunctions(async (functions) => {
        for (const release of releases) await functions.start(release);
        await host.rewriteHosts(['xpkg.crossplane.io', 'ghcr.io']);
      });
    const args = argumentsOf(deployment).filter((argument) => argument.startsWith('--'));
    return startCrossplane(host.crossplaneOptions, args);
  };

  const start = async (repository: Repository, say: (line: string) => void) => {
    const { logs } = options;
    const host = await startProcesses(options, undo, say);
    const binaries = await ensureBinaries(['argocd', 'kustomize', 'helm'], say);
    const { cluster, folder, keep } = host;
    const version = await moduleVersion('provider-aws');
    await host.pushProvider(
      platformObjects('providers.yaml').map((object) => tagged(packageOf(object), version)),
    );
    say('a registry');
    const charts = await serveChart({
      helm: binaries.helm,
      chart: join(await moduleFolder('crossplane'), 'cluster/charts/crossplane'),
      version: await moduleVersion('crossplane'),
      folder: join(folder, 'charts'),
    });
    undo.push(() => charts.stop());
    const git = await serveRepository(repository.bare, logs);
    keep(git.daemon);
    const definitions = await cluster.follow(CRD);
    undo.push(() => definitions.stop());
    awaitProvider(host, definitions, say);
    const deployment = await runDeployment(
      cluster,
      { name: 'crossplane', namespace: SYSTEM },
      (found) => runCrossplane(host, found),
      (error) => say(`Crossplane did not start: ${messageOf(error)}`),
    );
    undo.push(() => deployment.stop());
    const manifests = await installManifests(await moduleFolder('argocd'), binaries.kustomize);
    await install(cluster, manifests);
    const argocd = await startArgoCd({
      ...{ binaries, kubeconfig: cluster.kubeconfig, manifests, logs, onStart: keep },
      folder: join(folder, 'argocd'),
    });
    say(`Argo CD, at ${argocd.url}`);
    const surroundings = {
      repoURL: git.url,
      charts: charts.url,
      providerVersion: version,
      // Everything here signs in with all rights, so that nothing asks for roles.
      crossplaneValues: { rbacManager: { deploy: false } },
      awsEndpoint: host.aws.proxy.endpoint,
    };
    started = { host, surroundings, argocd };
  };

  return {
    name: 'host',
    get kubeconfig() {
      return parts().host.cluster.kubeconfig;
    },
    get emulatorEndpoint() {
      return parts().host.aws.emulator.endpoint;
    },
    get surroundings() {
      return parts().surroundings;
    },
    start,
    publish: async (release) => {
      const { host } = parts();
      await host.publish('function', release.version);
      await host.publish('configuration', release.version);
      releases.push(release);
      await host.runtime()?.start(release);
      host.announce();
    },
    argocd: (...args) => parts().argocd.cli(...args),
    api: async (path) => {
      const answer = await fetch(`${parts().argocd.url}${path}`);
      if (!answer.ok)
        throw new Error(`Argo CD answers ${path} with ${answer.status}: ${await answer.text()}`);
      return answer.json();
    },
    versions: async () => ({
      Crossplane: await moduleVersion('crossplane'),
      'Argo CD': await moduleVersion('argocd'),
    }),
    ...endings(options, undo),
  };
}
