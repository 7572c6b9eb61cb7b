/** What a GitOps scenario has in its hands: a repository to commit to, Argo CD, the cluster, and AWS. */
import { join } from 'node:path';
import {
  ARGOCD,
  isWell,
  type ResourceState,
  refreshApplication,
  refreshSet,
  resourcesOf,
  whyNot,
} from '../../argocd/applications.ts';
import { type Clients, createClients } from '../../local/aws.ts';
import { type Cluster, createCluster, type Followed, type KubeObject, until } from '../../tools/cluster.ts';
import { runCommand } from '../../tools/command.ts';
import { APPLICATION, APPLICATION_SET } from '../../tools/kinds.ts';
import type { Repository } from '../../tools/repository.ts';
import type { ScenarioOn } from '../scenario.ts';
import { type Claims, followClaims, stopFollowing } from '../stage.ts';
import { LIVE_MS } from '../waits.ts';
import type { DrawOptions } from './pictures/dot.ts';
import { savePicture } from './pictures.ts';
import type { GitOpsSubstrate } from './substrate.ts';

/** The ApplicationSet of the environments. */
const ENVIRONMENTS = 'fileingest-environments';

/** They run in order: each begins where the one before has left the cluster. */
export type GitOpsScenario = ScenarioOn<GitOpsStage>;

export type GitOpsStage = Awaited<ReturnType<typeof createGitOpsStage>>;

/**
 * Starts to follow what there is. The substrate has been started.
 *
 * @param kubectl - path of the program.
 * @param pictures - a folder for pictures of Argo CD's trees; none are drawn when absent.
 * @param say - told a line of the running scenario.
 */
export async function createGitOpsStage(
  substrate: GitOpsSubstrate,
  repository: Repository,
  kubectl: string,
  pictures: string | undefined,
  say: (line: string) => void,
) {
  const cluster = createCluster(substrate.kubeconfig);
  /** All Applications. */
  const applications = await cluster.follow(APPLICATION);
  const byRegion = new Map<string, Clients>();
  let claims: Promise<Claims> | undefined;
  return {
    ...{ substrate, repository, cluster, applications, say },
    /** Claims and managed resources; the kinds are served once the platform is there. */
    claims: (): Promise<Claims> => {
      claims ??= followClaims(cluster);
      return claims;
    },
    /** AWS, as an environment's claims use it. */
    clients: (region: string): Clients => {
      const known = byRegion.get(region) ?? createClients({ endpoint: substrate.emulatorEndpoint, region });
      byRegion.set(region, known);
      return known;
    },
    kubectl: (...args: string[]) => runCommand(kubectl, ['--kubeconfig', substrate.kubeconfig, ...args]),
    /**
     * Commits and pushes what has changed, and has Argo CD look at once, as a webhook of the git server would.
     *
     * @returns the commit's hash.
     */
    push: async (message: string): Promise<string> => {
      const commit = await repository.commit(message);
      await refresh(cluster, applications);
      return commit;
    },
    /** Draws an Application as it is now into `PICTURES`, where that was asked for. */
    picture: async (application: string, file: string, options: DrawOptions = {}): Promise<void> => {
      if (pictures === undefined || substrate.api === undefined) return;
      await savePicture(substrate.api, application, join(pictures, file), options);
      say(`drawn: ${join(pictures, file)}`);
    },
    close: (): void => {
      for (const clients of byRegion.values()) clients.close();
      applications.stop();
      claims?.then(stopFollowing, () => undefined);
    },
  };
}

/** Has Argo CD compare everything with git now. */
async function refresh(cluster: Cluster, applications: Followed): Promise<void> {
  if (await cluster.read(APPLICATION_SET, { name: ENVIRONMENTS, namespace: ARGOCD }))
    await refreshSet(cluster, ENVIRONMENTS);
  for (const { metadata } of applications.all())
    await refreshApplication(cluster, metadata.name).catch(() => undefined);
}

/**
 * The same with each object's health, which Argo CD 3 keeps out of the Application's status: its API server adds it.
 *
 * @throws when Argo CD answers something else.
 */
export async function viewOf({ substrate }: GitOpsStage, name: string): Promise<ResourceState[]> {
  const application: KubeObject = JSON.parse(await substrate.argocd('app', 'get', name, '--output', 'json'));
  return resourcesOf(application);
}

/**
 * Waits until an Application is as it should be.
 *
 * @param what - what is waited for, for the message.
 * @returns the Application.
 */
export function untilApplication(
  stage: GitOpsStage,
  name: string,
  what: string,
  holds: (application: KubeObject) => boolean,
  timeoutMs = LIVE_MS,
): Promise<KubeObject> {
  const find = () => stage.applications.get({ name, namespace: ARGOCD });
  return until(
    [stage.applications],
    () => {
      const application = find();
      return application !== undefined && holds(application) ? application : undefined;
    },
    timeoutMs,
    () => `Application ${name} is not ${what}: ${whyNot(find())}`,
  );
}

/** Waits until an Application has what a commit says, or the last one, and all of it is healthy. */
export const untilHealthy = (stage: GitOpsStage, name: string, commit?: string, timeoutMs = LIVE_MS) =>
  untilApplication(stage, name, 'synced and healthy', (one) => isWell(one, commit), timeoutMs);

/** Takes the last commit back, and waits until an Application is well without it. */
export async function revertLast(stage: GitOpsStage, application: string, message: string): Promise<void> {
  await stage.repository.git('revert', '--no-edit', '--no-commit', 'HEAD');
  await untilHealthy(stage, application, await stage.push(message));
}
