/**
 * Plays the part of the Deployment controller and the kubelet: for each Deployment that it knows it runs a process, and says
 * so in the Deployment's status. The process gets the arguments that the Deployment gives its container.
 */
import { at, stringAt } from '../../../function/src/objects.ts';
import { type Cluster, isStatus, type KubeObject } from '../../../tools/cluster.ts';
import type { Daemon } from '../../../tools/daemon.ts';
import { DEPLOYMENT } from '../../../tools/kinds.ts';

const CONFLICT = 409;

/** Starts what a Deployment describes. Resolves when it is ready. */
export type Program = (deployment: KubeObject) => Promise<Daemon>;

/** The arguments of a Deployment's only container. */
export function argumentsOf(deployment: KubeObject): string[] {
  const containers = at(deployment, 'spec', 'template', 'spec', 'containers');
  const args: unknown = at(Array.isArray(containers) ? containers[0] : undefined, 'args');
  return Array.isArray(args) ? args.map(String) : [];
}

/** What the Deployment controller writes once all replicas are available. */
function available(deployment: KubeObject) {
  const replicas = at(deployment, 'spec', 'replicas') ?? 1;
  const now = new Date().toISOString();
  const condition = (type: string, reason: string) => ({
    ...{ type, status: 'True', reason, message: 'runs as a process' },
    ...{ lastTransitionTime: now, lastUpdateTime: now },
  });
  return {
    fields: {
      observedGeneration: deployment.metadata['generation'],
      ...{ replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas },
    },
    conditions: [
      condition('Available', 'MinimumReplicasAvailable'),
      condition('Progressing', 'NewReplicaSetAvailable'),
    ],
  };
}

/**
 * Follows the Deployments.
 *
 * @param programs - by `<namespace>/<name>`; other Deployments never become available, as in a cluster without nodes.
 * @param onError - told of a program that did not start.
 */
export async function followDeployments(
  cluster: Cluster,
  programs: Readonly<Record<string, Program>>,
  onError: (error: unknown) => void,
): Promise<{ stop(): Promise<void> }> {
  const followed = await cluster.follow(DEPLOYMENT);
  const running = new Map<string, { template: string; daemon: Daemon }>();
  let queue = Promise.resolve();
  const report = async (deployment: KubeObject) => {
    const { fields, conditions } = available(deployment);
    if (at(deployment, 'status', 'observedGeneration') === fields.observedGeneration) return;
    await cluster.setStatus(DEPLOYMENT, deployment, fields, conditions).catch((error: unknown) => {
      // Whoever changed it meanwhile makes it come here again.
      if (!isStatus(error, CONFLICT)) throw error;
    });
  };
  const look = async ({ metadata: { name, namespace } }: KubeObject) => {
    const key = `${namespace}/${name}`;
    const program = programs[key];
    if (program === undefined) return;
    // The newest: several changes may have waited.
    const deployment = followed.get({ name, ...(namespace !== undefined && { namespace }) });
    const before = running.get(key);
    const template = JSON.stringify(at(deployment, 'spec', 'template'));
    if (deployment !== undefined && before?.template === template) return report(deployment);
    running.delete(key);
    await before?.daemon.stop();
    if (deployment === undefined || stringAt(deployment, 'metadata', 'deletionTimestamp')) return;
    running.set(key, { template, daemon: await program(deployment) });
    await report(deployment);
  };
  const enqueue = (deployment: KubeObject) => {
    queue = queue.then(() => look(deployment)).catch(onError);
  };
  const off = followed.onChange(enqueue);
  for (const deployment of followed.all()) enqueue(deployment);
  return {
    stop: async () => {
      off();
      followed.stop();
      await queue;
      for (const { daemon } of running.values()) await daemon.stop();
    },
  };
}
