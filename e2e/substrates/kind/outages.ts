/** Taking parts of the cluster away and giving them back. */
import { platformObjects } from '../../../argocd/manifests.ts';
import { at, stringAt } from '../../../function/src/objects.ts';
import type { KubeObject } from '../../../tools/cluster.ts';
import type { Outage } from '../../outage.ts';
import { KUBECTL_WAIT } from '../../waits.ts';
import { ourObject, withSpec } from '../packages.ts';
import { docker } from './containers.ts';
import type { KindCluster } from './kind-cluster.ts';
import { IN_NAMESPACE, kubectl, patch, waitFor } from './kubernetes.ts';
import { printed, wordsOf } from './run.ts';

/** The runtime configuration of `provider-runtime.yaml`. */
const RUNTIME = 'e2e-providers';

/**
 * The Provider packages with the tests' runtime configuration, in place of the one that names a service account for AWS. An
 * ImageConfig could name it too, but Crossplane would not see it change.
 */
export const providers = (): KubeObject[] =>
  platformObjects('providers.yaml').map((one) => withSpec(one, { runtimeConfigRef: { name: RUNTIME } }));

export const providerNames = (): string[] => providers().map(({ metadata }) => metadata.name);

/**
 * Deployments bear the names of their package's current revision.
 *
 * @param listed - the Provider packages as kubectl prints them in JSON.
 * @throws when one of ours has none.
 */
export function deploymentsOf(listed: string): string[] {
  const names = providerNames();
  const items: unknown = at(JSON.parse(listed), 'items');
  const revisions = (Array.isArray(items) ? items : [])
    .filter((item) => names.includes(stringAt(item, 'metadata', 'name') ?? ''))
    .flatMap((item) => stringAt(item, 'status', 'currentRevision') ?? []);
  if (revisions.length !== names.length)
    throw new Error(`of the providers ${names.join(', ')} only these run: ${revisions.join(', ')}`);
  return revisions.map((revision) => `deployment/${revision}`);
}

/**
 * The providers' processes, by the replicas of their runtime configuration: Crossplane would undo what is done to a
 * deployment itself.
 */
export function providerOutage({ names, started }: KindCluster): Outage {
  // Crossplane has then passed the number on; a roll-out of none would be complete at once.
  const scale = async (replicas: number): Promise<string[]> => {
    const { run } = started();
    const spec = { deploymentTemplate: { spec: { replicas } } };
    await run(patch(names, ['deploymentruntimeconfig', RUNTIME], { spec }));
    const listed = kubectl(names, 'get', 'providers.pkg.crossplane.io', '--output', 'json');
    const deployments = deploymentsOf(await printed(run, listed));
    await run(waitFor(names, [...deployments, ...IN_NAMESPACE], `jsonpath={.spec.replicas}=${replicas}`));
    return deployments;
  };
  return {
    async begin() {
      await scale(0);
      const selector = `pkg.crossplane.io/provider in (${providerNames().join(',')})`;
      await started().run(waitFor(names, ['pods', ...IN_NAMESPACE, '--selector', selector], 'delete'));
    },
    async end() {
      const timeout = `--timeout=${KUBECTL_WAIT}`;
      for (const deployment of await scale(1))
        await started().run(kubectl(names, 'rollout', 'status', deployment, ...IN_NAMESPACE, timeout));
    },
  };
}

/**
 * Without its front the emulator keeps its state and its address, and connections are refused. Paused it would take them and
 * answer nobody, and calls would hang for minutes instead of failing.
 */
export function emulatorOutage({ names, started }: KindCluster): Outage {
  const tell = async (...words: string[]) => void (await started().run(docker(...words, names.front)));
  return { begin: () => tell('kill'), end: () => tell('start') };
}

/**
 * SIGKILL to every process of the function's pods, with no time to end by themselves. A deleted pod, even with a grace of
 * zero, gets a SIGTERM and two seconds from the kubelet.
 *
 * @throws when there is nothing to kill.
 */
export async function killFunction({ names, started }: KindCluster): Promise<void> {
  const { run } = started();
  const { name } = ourObject('function').metadata;
  const ofFunction = ['--selector', `pkg.crossplane.io/function=${name}`];
  const listed = ['--output', 'jsonpath={.items[*].metadata.name}'];
  const pods = await wordsOf(run, kubectl(names, 'get', 'pods', ...IN_NAMESPACE, ...ofFunction, ...listed));
  const crictl = (...words: string[]) => docker('exec', names.node, 'crictl', ...words);
  const ids: string[] = [];
  for (const pod of pods)
    ids.push(...(await wordsOf(run, crictl('ps', '--quiet', '--label', `io.kubernetes.pod.name=${pod}`))));
  if (ids.length === 0) throw new Error(`function ${name} has no running container to kill`);
  await run(crictl('stop', '--timeout', '0', ...ids));
}
