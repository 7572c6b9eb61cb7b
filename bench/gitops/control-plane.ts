/** An API server and Argo CD for a fleet, as processes on loopback, with the stand-in for Crossplane. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installManifests } from '../../argocd/install/build.ts';
import { readCatalogue } from '../../function/src/catalogue.ts';
import { type Cluster, createCluster, type Followed, type KubeObject } from '../../tools/cluster.ts';
import type { Daemon } from '../../tools/daemon.ts';
import { messageOf } from '../../tools/errors.ts';
import { APPLICATION } from '../../tools/kinds.ts';
import { ensureBinaries, moduleFolder } from '../../tools/programs/binaries.ts';
import { createRepository, type Repository } from '../../tools/repository.ts';
import { startApiServer } from '../../tools/servers/api-server.ts';
import { argoCdSecret, startArgoCd } from '../../tools/servers/argocd.ts';
import { serveRepository } from '../../tools/servers/git-daemon.ts';
import { playCrossplane, type StandIn, templatesOf } from './crossplane.ts';
import { claimDefinition, managedDefinitions } from './definitions.ts';
import { applicationSetOf, projectOf } from './fleet.ts';
import { type Setting, withSetting } from './settings.ts';

const HANDLERS = join(import.meta.dirname, '../../dist/function/handlers');
/** Beside definitions, of Argo CD's installation: its workloads run as processes, and all of them sign in with all rights. */
const INSTALLED = ['Namespace', 'ConfigMap'];
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const BINARIES = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'argocd',
  'kustomize',
  'helm',
] as const;

export interface ControlPlane {
  readonly cluster: Cluster;
  readonly repository: Repository;
  readonly applications: Followed;
  readonly crossplane: StandIn;
  /** Ends Argo CD where it runs, and starts it with a setting. Its fleet stays. */
  useSetting(setting: Setting): Promise<void>;
  /** A process, of Argo CD the one with the setting of now. @throws when none of the name runs. */
  daemon(name: string): Daemon;
  stop(): Promise<void>;
}

async function install(cluster: Cluster, manifests: readonly KubeObject[]): Promise<void> {
  const provider = join(await moduleFolder('provider-aws'), 'package/crds');
  const definitions = manifests.filter(({ kind }) => kind === 'CustomResourceDefinition');
  // As they are: the client library's own patch leaves out what a schema says by x-kubernetes-list-type and its like.
  for (const definition of [...definitions, claimDefinition(), ...managedDefinitions(provider)])
    await cluster.send('POST', DEFINITIONS, definition);
  for (const kind of INSTALLED)
    for (const object of manifests) if (object.kind === kind) await cluster.apply(object);
  await cluster.apply(argoCdSecret());
}

/**
 * Starts all but Argo CD, which `useSetting` starts.
 *
 * @param logs - a folder, begun anew.
 * @throws naming the part that did not come up; then nothing is left behind.
 */
export async function startControlPlane(logs: string, say: (line: string) => void): Promise<ControlPlane> {
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs, { recursive: true });
  await using undo = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'fileingest-scale-'));
  undo.defer(() => rmSync(folder, { recursive: true, force: true }));
  const kept: Daemon[] = [];
  const keep = (daemon: Daemon) => {
    kept.push(daemon);
    undo.defer(() => daemon.stop());
  };
  const binaries = await ensureBinaries(BINARIES, say);
  const templates = await templatesOf(readCatalogue(HANDLERS));
  const kubeconfig = await startApiServer(binaries, join(folder, 'kubernetes'), logs, keep);
  const cluster = createCluster(kubeconfig);
  const repository = await createRepository(join(folder, 'git'));
  repository.write('README.md', 'A fleet of pipelines.\n');
  await repository.commit('Nothing yet');
  const git = await serveRepository(repository.bare, logs);
  keep(git.daemon);
  const manifests = await installManifests(await moduleFolder('argocd'), binaries.kustomize);
  await install(cluster, manifests);
  const applications = await cluster.follow(APPLICATION);
  undo.defer(() => applications.stop());
  const crossplane = await playCrossplane(cluster, templates, (error) =>
    say(`the stand-in: ${messageOf(error)}`),
  );
  undo.defer(() => crossplane.stop());

  let argocd: Daemon[] = [];
  const stopArgoCd = async () => {
    for (const daemon of argocd.reverse()) await daemon.stop();
    argocd = [];
  };
  undo.defer(stopArgoCd);
  const running = undo.move();
  return {
    ...{ cluster, repository, applications, crossplane },
    useSetting: async (setting) => {
      await stopArgoCd();
      await cluster.apply(projectOf(git.url, setting));
      await cluster.apply(applicationSetOf(git.url, setting));
      await startArgoCd({
        ...{ binaries, kubeconfig, manifests: withSetting(manifests, setting) },
        folder: join(folder, `argocd-${setting.name}`),
        logs: join(logs, setting.name),
        onStart: (daemon) => argocd.push(daemon),
      });
    },
    daemon: (name) => {
      const found = [...kept, ...argocd].find((daemon) => daemon.name === name);
      if (found === undefined) throw new Error(`no process ${name} runs`);
      return found;
    },
    stop: () => running.disposeAsync(),
  };
}
