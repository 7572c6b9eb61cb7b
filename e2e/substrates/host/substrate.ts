/** A control plane of plain processes on loopback. Linux only. */
import { guideArgs, packageOf, platformObjects, tagged } from '../../../argocd/manifests.ts';
import { PIPELINE, providerDefinitions } from '../../../local/managed-kinds.ts';
import { type Cluster, conditionOf, type Kind, type KubeObject, until } from '../../../tools/cluster.ts';
import type { Daemon } from '../../../tools/daemon.ts';
import { CONFIGURATION, CRD, definitionOf, FUNCTION, PROVIDER } from '../../../tools/kinds.ts';
import { moduleVersion } from '../../../tools/programs/binaries.ts';
import type { CrossplaneSettings, Substrate } from '../../substrate.ts';
import { READY_MS } from '../../waits.ts';
import { ourObject, withSpec } from '../packages.ts';
import { startCrossplane } from './crossplane.ts';
import type { FunctionRuntime } from './function-runtime.ts';
import { type Aws, endings, type Processes, startProcesses, type Undo } from './processes.ts';
import type { HostOptions } from './provider.ts';

/** A process stands in for each package, so what says how it is to run has no use. */
const NO_RUNTIME = { runtimeConfigRef: undefined };

/** Waits until these objects of a kind have the conditions. */
async function untilTrue(
  cluster: Cluster,
  kind: Kind,
  names: readonly string[],
  types: readonly string[],
): Promise<void> {
  const followed = await cluster.follow(kind);
  const conditions = (name: string) => types.map((type) => conditionOf(followed.get({ name }), type));
  const lacking = () => names.filter((name) => conditions(name).some(({ status }) => status !== 'True'));
  const why = (name: string) => {
    const said = conditions(name).map(({ message }) => message);
    return `${kind.kind} ${name} is not ${types.join(' and ')}: ${said.join(' ')}`;
  };
  const isDone = () => (lacking().length === 0 ? true : undefined);
  try {
    await until([followed], isDone, READY_MS, () => lacking().map(why).join('\n'));
  } finally {
    followed.stop();
  }
}

/** Applies package objects and waits until the package manager says that they are installed and healthy. */
async function install(cluster: Cluster, kind: Kind, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) await cluster.apply(object);
  const names = objects.map(({ metadata }) => metadata.name);
  await untilTrue(cluster, kind, names, ['Installed', 'Healthy']);
}

const untilServed = (cluster: Cluster, names: readonly string[]) =>
  untilTrue(cluster, CRD, names, ['Established']);

async function installProvider(host: Processes, say: (line: string) => void): Promise<void> {
  const { cluster } = host;
  // Under the version that is built here, which may be another than the one that is installed from packages.
  const version = await moduleVersion('provider-aws');
  const providers = platformObjects('providers.yaml').map((object) =>
    withSpec(object, { package: tagged(packageOf(object), version), ...NO_RUNTIME }),
  );
  const images = providers.map(packageOf);
  const ours = [ourObject('function'), ourObject('configuration')].map(packageOf);
  await host.rewriteHosts([...new Set([...images, ...ours].map((image) => image.split('/')[0] ?? ''))]);
  await host.pushProvider(images);
  for (const object of platformObjects('activation-policy.yaml')) await cluster.apply(object);
  for (const object of providers) await cluster.apply(object);
  await untilServed(cluster, providerDefinitions());
  await host.runProvider();
  await install(cluster, PROVIDER, providers);
  say(`provider-upjet-aws ${version}, ${images.length} family members, and the activation policy`);
}

/**
 * Describes a control plane of plain processes; nothing is started yet.
 *
 * @param shares - an emulator that another control plane started and ends; its own where absent.
 */
export function createHostSubstrate(options: HostOptions, shares?: () => Aws): Substrate {
  const undo: Undo = [];
  let started: { host: Processes; functions: FunctionRuntime; crossplane: Daemon } | undefined;
  const parts = () => {
    if (started === undefined) throw new Error('the control plane is not started');
    return started;
  };
  const host = () => parts().host;
  const runCrossplane = ({ crossplaneOptions }: Processes, settings: CrossplaneSettings) =>
    // Those that are ours to choose: the chart has none.
    startCrossplane(crossplaneOptions, settings === 'guide' ? guideArgs() : []);

  return {
    name: 'host',
    get kubeconfig() {
      return host().cluster.kubeconfig;
    },
    get emulatorEndpoint() {
      return host().aws.emulator.endpoint;
    },
    get providerEndpoint() {
      return host().aws.proxy.endpoint;
    },
    start: async (say) => {
      const here = await startProcesses(options, undo, say, shares?.());
      const functions = await here.startFunctions();
      started = { host: here, functions, crossplane: await runCrossplane(here, 'guide') };
      undo.push(() => parts().crossplane.stop());
      say('Crossplane');
      await installProvider(here, say);
    },
    installFunction: async (release) => {
      const object = await host().publish('function', release.version);
      const { functions } = parts();
      await functions.start(release);
      host().announce();
      await install(host().cluster, FUNCTION, [withSpec(object, NO_RUNTIME)]);
      await functions.keepOnly(release.version);
    },
    installConfiguration: async (version) => {
      const { cluster, publish } = host();
      await install(cluster, CONFIGURATION, [await publish('configuration', version)]);
      await untilServed(cluster, [definitionOf(PIPELINE)]);
    },
    another: () => createHostSubstrate({ ...options, logs: `${options.logs}-fresh` }, () => host().aws),
    setCrossplane: async (settings) => {
      await parts().crossplane.stop();
      parts().crossplane = await runCrossplane(host(), settings);
    },
    providerOutage: {
      begin: async () => void (await host().killProvider()),
      end: () => host().runProvider(),
    },
    emulatorOutage: {
      begin: async () => host().aws.proxy.shut(),
      end: async () => host().aws.proxy.open(),
    },
    providerCalls: () => host().aws.proxy.calls(),
    killFunction: () => parts().functions.kill(),
    versions: async () => ({ Crossplane: await moduleVersion('crossplane') }),
    ...endings(options, undo),
  };
}
