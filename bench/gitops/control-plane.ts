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
import { SETTINGS, type SettingName, withSetting } from './settings.ts';

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
  useSetting(name: SettingName): Promise<void>;
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

/** Starts all but Argo CD. `undo` is filled as it goes, so that a failure in the middle leaves nothing behind. */
async function start(
  folder: string,
  logs: string,
  say: (line: string) => void,
  undo: (() => unknown)[],
): Promise<ControlPlane> {
  const kept: Daemon[] = [];
  const keep = (daemon: Daemon) => {
    kept.push(daemon);
    undo.push(() => daemon.stop());
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
  undo.push(() => applications.stop());
  const crossplane = await playCrossplane(cluster, templates, (error) =>
    say(`the stand-in: ${messageOf(error)}`),
  );
  undo.push(() => crossplane.stop());

  let argocd: Daemon[] = [];
  const stopArgoCd = async () => {
    for (const daemon of argocd.reverse()) await daemon.stop();
    argocd = [];
  };
  undo.push(stopArgoCd);
  return {
    ...{ cluster, repository, applications, crossplane },
    useSetting: async (name) => {
      await stopArgoCd();
      await cluster.apply(projectOf(git.url, SETTINGS[name]));
      await cluster.apply(applicationSetOf(git.url, SETTINGS[name]));
      await startArgoCd({
        ...{ binaries, kubeconfig, manifests: withSetting(manifests, SETTINGS[name]) },
        folder: join(folder, `argocd-${name}`),
        logs: join(logs, name),
        onStart: (daemon) => argocd.push(daemon),
      });
    },
    daemon: (name) => {
      const found = [...kept, ...argocd].find((daemon) => daemon.name === name);
      if (found === undefined) throw new Error(`no process ${name} runs`);
      return found;
    },
    stop: () => stopAll(undo, folder),
  };
}

async function stopAll(undo: (() => unknown)[], folder: string): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step();
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Starts one; `useSetting` starts its Argo CD.
 *
 * @param logs - a folder, begun anew.
 * @throws naming the part that did not come up.
 */
export async function startControlPlane(logs: string, say: (line: string) => void): Promise<ControlPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'fileingest-scale-'));
  const undo: (() => unknown)[] = [];
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs, { recursive: true });
  try {
    return await start(folder, logs, say, undo);
  } catch (error) {
    await stopAll(undo, folder);
    throw error;
  }
}
