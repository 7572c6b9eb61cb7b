/** The GitOps scenarios' substrate on kind: Argo CD in a cluster, with a registry, an AWS emulator and a git server beside it. */
import { messageOf } from '../../../tools/errors.ts';
import type { Repository } from '../../../tools/repository.ts';
import type { GitOpsSubstrate } from '../../gitops/substrate.ts';
import { argocd, installArgoCd, NAMESPACE } from './argocd.ts';
import { gitContainer, gitServer, repositoryUrl } from './git.ts';
import { leadToRegistry } from './images.ts';
import { createKindCluster, type Effects, effects } from './kind-cluster.ts';
import { saveLogs } from './logs.ts';
import { EMULATOR_HOST, EMULATOR_PORT, type EmulatorName } from './names.ts';
import { publishConfiguration, publishFunction } from './publish.ts';
import { aboutNamespace } from './start.ts';
import { type KindContext, part, startCluster } from './start-cluster.ts';

/** From an empty cluster to Crossplane, whatever else the root Application brings before it. */
const CROSSPLANE_MS = 1_800_000;
const LOOK_MS = 500;

export interface KindGitOpsOptions {
  /** LocalStack by default. */
  readonly emulator?: EmulatorName;
  /** Leaves everything up at `stop`. */
  readonly keep: boolean;
  /** By default `fileingest-gitops`. What another run left under the same name is removed at `start`. */
  readonly clusterName?: string;
}

/** Describes a cluster of kind; nothing is started yet. */
export function createKindGitOps(options: KindGitOpsOptions, on: Effects = effects): GitOpsSubstrate {
  const cluster = createKindCluster(options.clusterName ?? 'fileingest-gitops', options.keep, on);
  const { names, started } = cluster;
  let repository: Repository | undefined;
  let isOver = false;
  let leading: Promise<void> | undefined;
  let calls = 0;

  /** In the background: Crossplane comes only when the root Application is applied. */
  const lead = (around: KindContext): Promise<void> =>
    leadToRegistry(around, { forMs: CROSSPLANE_MS, everyMs: LOOK_MS, isOver: () => isOver }).then(
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
        awsEndpoint: `http://${EMULATOR_HOST}:${EMULATOR_PORT}`,
      };
    },

    async start(served, say) {
      repository = served;
      await cluster.start(say, async (around) => {
        const { run } = around;
        const emulator = options.emulator ?? 'localstack';
        const ports = await startCluster(around, emulator, [gitServer(around, served.bare)]);
        say('Argo CD: pulling its images; this takes a minute or two');
        const install = async () => {
          for (const command of installArgoCd(names)) await run(command);
        };
        await part(around, 'Argo CD', install, aboutNamespace(names, NAMESPACE));
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

    saveLogs: async (folder) =>
      saveLogs(started().run, names, folder, {
        namespaces: [NAMESPACE],
        containers: { git: gitContainer(names) },
      }),

    async stop() {
      isOver = true;
      const work = repository === undefined ? [] : [`  cd ${repository.work}`];
      await cluster.stop(work.map((line) => `${line}   # what Argo CD reads: push to origin main`));
      await leading;
    },
  };
}
