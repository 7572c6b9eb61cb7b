/** A control plane of plain processes on loopback. Linux only. */
import { guideArgs, packageOf, platformObjects, tagged } from '../../../argocd/manifests.ts';
import { PIPELINE, providerDefinitions } from '../../../local/managed-kinds.ts';
import { conditionOf, type Kind, type KubeObject, until } from '../../../tools/cluster.ts';
import type { Daemon } from '../../../tools/daemon.ts';
import { CONFIGURATION, CRD, definitionOf, FUNCTION, PROVIDER } from '../../../tools/kinds.ts';
import { moduleVersion } from '../../../tools/programs/binaries.ts';
import type { CrossplaneSettings, Substrate } from '../../substrate.ts';
import { READY_MS } from '../../waits.ts';
import { ourObject, withSpec } from '../packages.ts';
import { type CrossplaneOptions, startCrossplane } from './crossplane.ts';
import { type Aws, createProcesses } from './processes.ts';
import type { HostOptions } from './provider.ts';

/** A process stands in for each package, so what says how it is to run has no use. */
const NO_RUNTIME = { runtimeConfigRef: undefined };

/**
 * Describes a control plane of plain processes; nothing is started yet.
 *
 * @param shares - an emulator that another control plane started and ends; its own where absent.
 */
export function createHostSubstrate(options: HostOptions, shares?: () => Aws): Substrate {
  const host = createProcesses(options, 'fileingest-e2e-');
  let crossplaneOptions: CrossplaneOptions | undefined;
  let crossplane: Daemon | undefined;

  const runCrossplane = async (settings: CrossplaneSettings) => {
    // Those that are ours to choose: the chart has none.
    const args = settings === 'guide' ? guideArgs() : [];
    crossplane = await startCrossplane(host.started(crossplaneOptions), args);
  };

  /** Waits until these objects of a kind have the conditions. */
  const untilTrue = async (
    kind: Kind,
    names: readonly string[],
    types: readonly string[],
    apply: () => Promise<void> = async () => undefined,
  ) => {
    const followed = await host.cluster.follow(kind);
    try {
      await apply();
      const conditions = (name: string) => types.map((type) => conditionOf(followed.get({ name }), type));
      const lacking = () => names.filter((name) => conditions(name).some(({ status }) => status !== 'True'));
      const why = (name: string) => {
        const said = conditions(name).map(({ message }) => message);
        return `${kind.kind} ${name} is not ${types.join(' and ')}: ${said.join(' ')}`;
      };
      const isDone = () => (lacking().length === 0 ? true : undefined);
      await until([followed], isDone, READY_MS, () => lacking().map(why).join('\n'));
    } finally {
      followed.stop();
    }
  };

  /** Applies package objects and waits until the package manager says that they are installed and healthy. */
  const install = (kind: Kind, objects: readonly KubeObject[]) =>
    untilTrue(
      kind,
      objects.map(({ metadata }) => metadata.name),
      ['Installed', 'Healthy'],
      async () => {
        for (const object of objects) await host.cluster.apply(object);
      },
    );

  const untilServed = (names: readonly string[]) => untilTrue(CRD, names, ['Established']);

  const installProvider = async (say: (line: string) => void) => {
    // Under the version that is built here, which may be another than the one that is installed from packages.
    const version = await moduleVersion('provider-aws');
    const providers = platformObjects('providers.yaml').map((object) =>
      withSpec(object, { package: tagged(packageOf(object), version), ...NO_RUNTIME }),
    );
    const images = providers.map(packageOf);
    const ours = [ourObject('function'), ourObject('configuration')].map(packageOf);
    await host.rewriteHosts([...new Set([...images, ...ours].map((image) => image.split('/')[0] ?? ''))]);
    await host.pushProvider(images);
    for (const object of platformObjects('activation-policy.yaml')) await host.cluster.apply(object);
    for (const object of providers) await host.cluster.apply(object);
    await untilServed(providerDefinitions());
    await host.runProvider();
    await install(PROVIDER, providers);
    say(`provider-upjet-aws ${version}, ${images.length} family members, and the activation policy`);
  };

  return {
    name: 'host',
    get kubeconfig() {
      return host.cluster.kubeconfig;
    },
    get emulatorEndpoint() {
      return host.aws.emulator.endpoint;
    },
    get providerEndpoint() {
      return host.aws.proxy.endpoint;
    },
    start: async (say) => {
      await host.begin(say, shares?.());
      crossplaneOptions = await host.crossplaneOptions();
      await host.startFunctions(crossplaneOptions);
      host.undo.push(() => crossplane?.stop());
      await runCrossplane('guide');
      say('Crossplane');
      await installProvider(say);
    },
    installFunction: async (release) => {
      const object = await host.publish('function', release.version);
      const functions = host.started(host.runtime);
      await functions.start(release);
      host.announce();
      await install(FUNCTION, [withSpec(object, NO_RUNTIME)]);
      await functions.keepOnly(release.version);
    },
    installConfiguration: async (version) => {
      await install(CONFIGURATION, [await host.publish('configuration', version)]);
      await untilServed([definitionOf(PIPELINE)]);
    },
    another: () => createHostSubstrate({ ...options, logs: `${options.logs}-fresh` }, () => host.aws),
    setCrossplane: async (settings) => {
      await crossplane?.stop();
      await runCrossplane(settings);
    },
    providerOutage: { begin: async () => void (await host.killProvider()), end: host.runProvider },
    emulatorOutage: {
      begin: async () => host.aws.proxy.shut(),
      end: async () => host.aws.proxy.open(),
    },
    providerCalls: () => host.aws.proxy.calls(),
    killFunction: () => host.started(host.runtime).kill(),
    saveLogs: host.saveLogs,
    stop: host.stop,
  };
}
