/** Taking parts of the cluster away and giving them back. */
import { at, type Json, stringAt } from '../../../function/src/objects.ts';
import type { Outage } from '../../substrate.ts';
import { withSpec } from '../packages.ts';
import { killContainers, pause, podContainers, unpause } from './containers.ts';
import { kubectl, podNames, setReplicas, waitFor } from './kubernetes.ts';
import { NAMESPACE, type Names } from './names.ts';
import type { Command, Run } from './run.ts';

/** The runtime configuration of `provider-runtime.yaml`. */
const RUNTIME = 'e2e-providers';

const isProvider = (object: Json): boolean => object['kind'] === 'Provider';

/** Names of the Provider packages among objects. */
export function providersIn(objects: readonly Json[]): string[] {
  return objects.filter(isProvider).flatMap((provider) => stringAt(provider, 'metadata', 'name') ?? []);
}

/**
 * The objects, with the tests' runtime configuration for each provider, in place of the one that names a service account for
 * AWS. An ImageConfig could name it too, but Crossplane would not see it change.
 */
export function withRuntime(objects: readonly Json[]): Json[] {
  const fields = { runtimeConfigRef: { name: RUNTIME } };
  return objects.map((object) => (isProvider(object) ? withSpec(object, fields) : object));
}

const listProviders = (names: Names): Command =>
  kubectl(names, 'get', 'providers.pkg.crossplane.io', '--output', 'json');

/** Deployments bear the names of their package's current revision. */
function deploymentsOf(providers: readonly string[], listed: string): string[] {
  const items: unknown = at(JSON.parse(listed), 'items');
  const revisions = (Array.isArray(items) ? items : [])
    .filter((item) => providers.includes(stringAt(item, 'metadata', 'name') ?? ''))
    .flatMap((item) => stringAt(item, 'status', 'currentRevision') ?? []);
  if (revisions.length !== providers.length)
    throw new Error(`of the providers ${providers.join(', ')} only these run: ${revisions.join(', ')}`);
  return revisions.map((revision) => `deployment/${revision}`);
}

/**
 * The providers' processes, by the replicas of their runtime configuration: Crossplane would undo what is done to a
 * deployment itself.
 */
export function providerOutage(run: Run, names: Names, providers: readonly string[]): Outage {
  const inNamespace = ['--namespace', NAMESPACE];
  // Crossplane has then passed the number on; a roll-out of none would be complete at once.
  const scale = async (replicas: number): Promise<string[]> => {
    await run(setReplicas(names, RUNTIME, replicas));
    const deployments = deploymentsOf(providers, (await run(listProviders(names))).stdout);
    const told = `jsonpath={.spec.replicas}=${replicas}`;
    await run(waitFor(names, [...deployments, ...inNamespace], told, '2m'));
    return deployments;
  };
  return {
    async begin() {
      await scale(0);
      const selector = `pkg.crossplane.io/provider in (${providers.join(',')})`;
      await run(waitFor(names, ['pods', ...inNamespace, '--selector', selector], 'delete', '3m'));
    },
    async end() {
      const deployments = await scale(1);
      for (const deployment of deployments)
        await run(kubectl(names, 'rollout', 'status', deployment, ...inNamespace, '--timeout=5m'));
    },
  };
}

/** Paused, it keeps its state and its address, takes connections, and answers nobody. */
export function emulatorOutage(run: Run, names: Names): Outage {
  return {
    begin: async () => void (await run(pause(names.emulator))),
    end: async () => void (await run(unpause(names.emulator))),
  };
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/**
 * SIGKILL to every process of a function's pods. A deleted pod, even with a grace of zero, gets a SIGTERM and two seconds
 * from the kubelet.
 *
 * @throws when there is nothing to kill.
 */
export async function killFunction(run: Run, names: Names, name: string): Promise<void> {
  const pods = words((await run(podNames(names, `pkg.crossplane.io/function=${name}`))).stdout);
  const ids: string[] = [];
  for (const pod of pods) ids.push(...words((await run(podContainers(names, pod))).stdout));
  if (ids.length === 0) throw new Error(`function ${name} has no running container to kill`);
  await run(killContainers(names, ids));
}
