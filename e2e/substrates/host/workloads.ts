/**
 * Plays the part of the Deployment controller and the kubelet: for one Deployment it runs a process, and says so in the
 * Deployment's status. The process gets the arguments that the Deployment gives its container. Other Deployments never become
 * available, as in a cluster without nodes.
 */
import { at, stringAt } from '../../../function/src/objects.ts';
import { type Cluster, isStatus, type KubeObject, type ObjectRef } from '../../../tools/cluster.ts';
import type { Daemon } from '../../../tools/daemon.ts';
import { DEPLOYMENT } from '../../../tools/kinds.ts';

const CONFLICT = 409;

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
 * Follows a Deployment.
 *
 * @param program - starts what it describes. Resolves when that is ready.
 * @param onError - told when that did not start.
 */
export async function runDeployment(
  cluster: Cluster,
  ref: ObjectRef,
  program: (deployment: KubeObject) => Promise<Daemon>,
  onError: (error: unknown) => void,
): Promise<{ stop(): Promise<void> }> {
  const followed = await cluster.follow(DEPLOYMENT);
  let running: { template: string; daemon: Daemon } | undefined;
  let queue = Promise.resolve();
  const report = async (deployment: KubeObject) => {
    const { fields, conditions } = available(deployment);
    if (at(deployment, 'status', 'observedGeneration') === fields.observedGeneration) return;
    await cluster.setStatus(DEPLOYMENT, deployment, fields, conditions).catch((error: unknown) => {
      // Whoever changed it meanwhile makes it come here again.
      if (!isStatus(error, CONFLICT)) throw error;
    });
  };
  const look = async () => {
    // The newest: several changes may have waited.
    const deployment = followed.get(ref);
    const before = running;
    const template = JSON.stringify(at(deployment, 'spec', 'template'));
    if (deployment !== undefined && before?.template === template) return report(deployment);
    running = undefined;
    await before?.daemon.stop();
    if (deployment === undefined || stringAt(deployment, 'metadata', 'deletionTimestamp')) return;
    running = { template, daemon: await program(deployment) };
    await report(deployment);
  };
  const enqueue = () => {
    queue = queue.then(look).catch(onError);
  };
  const off = followed.onChange(({ metadata: { name, namespace } }) => {
    if (name === ref.name && namespace === ref.namespace) enqueue();
  });
  enqueue();
  return {
    stop: async () => {
      off();
      followed.stop();
      await queue;
      await running?.daemon.stop();
    },
  };
}
