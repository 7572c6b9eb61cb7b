/** The GitOps scenarios' substrate on kind: Argo CD in a cluster, with a registry, an AWS emulator and a git server beside it. */

import { copyFile, cp, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ARGOCD } from '../../../argocd/applications.ts';
import { INSTALL } from '../../../argocd/images/catalogue.ts';
import { argocdKustomization, crossplaneValues } from '../../../argocd/images/means.ts';
import { imageOf, type Placed } from '../../../argocd/images/settings.ts';
import { messageOf } from '../../../tools/errors.ts';
import type { Repository } from '../../../tools/repository.ts';
import { manifestText } from '../../../tools/yaml.ts';
import type { GitOpsSubstrate, Surroundings } from '../../gitops/substrate.ts';
import { EMPTY_CLUSTER_MS, KUBECTL_WAIT } from '../../waits.ts';
import { gitContainer, gitServer, repositoryUrl } from './git.ts';
import { aboutNamespace, createKindCluster, type KindOptions } from './kind-cluster.ts';
import { apply, kubectl, waitFor } from './kubernetes.ts';
import { saveLogs } from './logs.ts';
import { endpointIn, NAMESPACE, type Names } from './names.ts';
import { allImageConfigs, publishConfiguration, publishFunction } from './packages.ts';
import { whilePulling } from './pulls.ts';
import { printed, type Run } from './run.ts';
import { type KindContext, part, startCluster } from './start-cluster.ts';

const LOOK_MS = 500;
const DEFINITION = 'crd/imageconfigs.pkg.crossplane.io';
const IN_ARGOCD = ['--namespace', ARGOCD];

interface Patience {
  /** How long Crossplane may take to come. */
  readonly forMs: number;
  /** Between two looks. */
  readonly everyMs: number;
  /** Asked after each look: nothing is waited for any more. */
  isOver(): boolean;
}

/**
 * Leads pulls of our packages to the registry beside the cluster, once the kind for that is served: Argo CD brings Crossplane,
 * and the packages a few waves after it. What is asked meanwhile may fail, as an API server is busy at times.
 *
 * @returns whether it came to that; false when it was over before.
 * @throws with the last failure when the time is over.
 */
export async function leadToRegistry(
  { run, names, images }: Pick<KindContext, 'run' | 'names' | 'images'>,
  { forMs, everyMs, isOver }: Patience,
): Promise<boolean> {
  for (const last = Date.now() + forMs; !isOver(); await delay(everyMs)) {
    try {
      // Short, so that an end is noticed.
      await run(waitFor(names, [DEFINITION], 'create', '15s'));
      await run(waitFor(names, [DEFINITION], 'condition=Established', '15s'));
      await run(apply(names, allImageConfigs(images)));
      return true;
    } catch (error) {
      if (Date.now() > last && !isOver())
        throw new Error(
          `our packages are not led to the registry here, since Crossplane's ImageConfig was not served in ${forMs / 60_000} min`,
          { cause: error },
        );
    }
  }
  return false;
}

/** The folder that Argo CD is installed from: `argocd/install`, or a copy of it with the manifest and images from elsewhere. */
export async function argocdFolder({
  names,
  images,
}: Pick<KindContext, 'names' | 'images'>): Promise<string> {
  const { target } = imageOf(images, 'argocd-manifests');
  const isFile = isAbsolute(target);
  // kustomize reads no file outside its folder.
  const kustomization = argocdKustomization(images, isFile ? 'release.yaml' : target);
  if (kustomization === undefined) return INSTALL;
  const folder = join(names.folder, 'argocd');
  await cp(INSTALL, folder, {
    recursive: true,
    filter: (path) => path === INSTALL || path.endsWith('.yaml'),
  });
  if (isFile) await copyFile(target, join(folder, 'release.yaml'));
  await writeFile(join(folder, 'kustomization.yaml'), manifestText(kustomization));
  return folder;
}

/** What a fork says of charts and images that are not the public ones. */
export function chartsOf(images: readonly Placed[]): Pick<Surroundings, 'charts' | 'crossplaneValues'> {
  const { target, setBy } = imageOf(images, 'crossplane-chart');
  const values = crossplaneValues(images);
  // Argo CD takes a URL without a scheme as a registry.
  return {
    ...(setBy && { charts: target.replace(/^oci:\/\//, '') }),
    ...(values && { crossplaneValues: values }),
  };
}

/** What docs/gitops.md has a platform team do, and the wait for every pod. Its images are a few hundred megabytes. */
async function installArgoCd(around: KindContext): Promise<void> {
  const { run, names, images } = around;
  const folder = await argocdFolder({ names, images });
  await run(kubectl(names, 'apply', '--kustomize', folder, '--server-side', '--force-conflicts'));
  const all = ['rollout', 'status', 'deployment,statefulset', ...IN_ARGOCD, `--timeout=${KUBECTL_WAIT}`];
  const listed = kubectl(names, 'get', 'pods', ...IN_ARGOCD, '--output', 'json');
  await whilePulling(around, listed, run(kubectl(names, ...all)));
}

/**
 * Runs Argo CD's own command line in the pod of its API server. It asks the API server rather than Kubernetes (`--core`), for
 * which it would have to forward ports of Redis, which that pod's service account may not. The session is made anew each
 * time, as the pod may be.
 *
 * @param session - a number of its own for each call: two at once would write one file.
 * @returns what it printed on its standard output.
 */
async function argocd(run: Run, names: Names, args: readonly string[], session: number): Promise<string> {
  const server = '127.0.0.1:8080';
  const inServer = (...words: string[]) =>
    kubectl(
      names,
      ...['exec', 'deployment/argocd-server', ...IN_ARGOCD, '--', 'argocd', ...words],
      // The pod's root file system is read-only: only /tmp takes the session.
      ...['--server', server, '--insecure', '--config', `/tmp/fileingest-e2e-${session}`],
    );
  // The API server writes it when it starts for the first time.
  const secret = ['secret', 'argocd-initial-admin-secret', ...IN_ARGOCD];
  const said = await printed(run, kubectl(names, 'get', ...secret, '--output', 'jsonpath={.data.password}'));
  const password = Buffer.from(said, 'base64').toString();
  await run(inServer('login', server, '--username', 'admin', '--password', password));
  return printed(run, inServer(...args));
}

/** Describes a cluster of kind, by default `fileingest-gitops`; nothing is started yet. */
export function createKindGitOps(options: KindOptions): GitOpsSubstrate {
  const cluster = createKindCluster('fileingest-gitops', options);
  const { names, started } = cluster;
  let repository: Repository | undefined;
  let isOver = false;
  let leading: Promise<void> | undefined;
  let calls = 0;

  /** In the background: Crossplane comes only when the root Application is applied. */
  const lead = (around: KindContext): Promise<void> =>
    leadToRegistry(around, { forMs: EMPTY_CLUSTER_MS, everyMs: LOOK_MS, isOver: () => isOver }).then(
      (done) => {
        if (done) around.say('names of our packages: up');
      },
      (error: unknown) => around.say(messageOf(error)),
    );

  return {
    name: 'kind',
    kubeconfig: names.kubeconfig,
    get emulatorEndpoint() {
      return cluster.emulatorEndpoint();
    },
    get surroundings() {
      if (repository === undefined) throw new Error('the kind substrate is not started: call start first');
      return {
        repoURL: repositoryUrl(repository.bare),
        ...chartsOf(started().images),
        awsEndpoint: endpointIn(cluster.ports().emulator),
      };
    },

    async start(served, say) {
      repository = served;
      await cluster.start(say, async (around) => {
        const ports = await startCluster(around, [gitServer(around, served.bare)]);
        say('Argo CD: pulling its images; this takes a minute or two');
        await part(around, 'Argo CD', () => installArgoCd(around), aboutNamespace(names, ARGOCD));
        leading = lead(around);
        return ports;
      });
    },

    async publish(release) {
      await publishFunction(cluster, release);
      await publishConfiguration(cluster, release.version);
    },

    async argocd(...args) {
      calls += 1;
      return argocd(started().run, names, args, calls);
    },

    versions: () =>
      cluster.versions({ Crossplane: [NAMESPACE, 'crossplane'], 'Argo CD': [ARGOCD, 'argocd-server'] }),
    saveLogs: async (folder) =>
      saveLogs(started().run, names, folder, [ARGOCD], { git: gitContainer(names) }),

    async stop() {
      isOver = true;
      const work = repository === undefined ? [] : [`  cd ${repository.work}`];
      await cluster.stop(work.map((line) => `${line}   # what Argo CD reads: push to origin main`));
      await leading;
    },
  };
}
