/** A control plane of plain processes on loopback: no container engine, no root. Linux only. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageOf, platformObject, platformObjects, tagged } from '../../../argocd/manifests.ts';
import { buildConfigurationPackage, buildFunctionPackage } from '../../../function/package.ts';
import { isObject } from '../../../function/src/objects.ts';
import { type Emulator, startEmulator } from '../../../local/emulator.ts';
import { PIPELINE, providerDefinitions } from '../../../local/managed-kinds.ts';
import {
  type Cluster,
  conditionOf,
  createCluster,
  type Kind,
  type KubeObject,
  until,
} from '../../../tools/cluster.ts';
import type { Daemon } from '../../../tools/daemon.ts';
import { CONFIGURATION, CRD, definitionOf, FUNCTION, PROVIDER } from '../../../tools/kinds.ts';
import { ensureBinaries, moduleFolder, moduleVersion } from '../../../tools/programs/binaries.ts';
import { startApiServer } from '../../../tools/servers/api-server.ts';
import { saveLogFiles } from '../../failure.ts';
import type { CrossplaneSettings, FunctionRelease, Substrate } from '../../substrate.ts';
import { type AwsProxy, startAwsProxy } from './aws-proxy.ts';
import { argumentsFor, type CrossplaneOptions, initCrossplane, startCrossplane } from './crossplane.ts';
import { createFunctionRuntime, type FunctionRuntime } from './function-runtime.ts';
import { pushPackage, pushProviderPackages, type Registry, rewrites, startRegistry } from './packages.ts';
import { startProvider } from './provider.ts';
import { followRevisions, type Revisions } from './revisions.ts';

const INSTALL_MS = 120_000;
const BINARIES = [
  ...(['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl', 'crossplane'] as const),
  ...(['crossplane-cli', 'provider-aws', 'crane'] as const),
];

export interface HostOptions {
  /** Where logs are written, begun anew by each run. */
  logs: string;
  region: string;
  /** How often the provider looks for drift, such as `30s`. */
  pollInterval: string;
  /** An emulator that another control plane started and ends; its own where absent. */
  shares?: () => { emulator: Emulator; proxy: AwsProxy };
}

/** Everything that `start` makes. */
interface Parts {
  binaries: Record<(typeof BINARIES)[number], string>;
  cluster: Cluster;
  crossplaneOptions: CrossplaneOptions;
  emulator: Emulator;
  proxy: AwsProxy;
  registry: Registry;
  runtime: FunctionRuntime;
}

/** Describes a control plane of plain processes; nothing is started yet. */
export function createHostSubstrate(options: HostOptions): Substrate {
  const { logs, region, pollInterval, shares } = options;
  const folder = mkdtempSync(join(tmpdir(), 'fileingest-e2e-'));
  const daemons: Daemon[] = [];
  let parts: Parts | undefined;
  let crossplane: Daemon | undefined;
  let provider: Daemon | undefined;
  let emulator: Emulator | undefined;
  let proxy: AwsProxy | undefined;
  let runtime: FunctionRuntime | undefined;
  let revisions: Revisions | undefined;

  const started = (): Parts => {
    if (parts === undefined) throw new Error('the control plane is not started');
    return parts;
  };

  const runProvider = async () => {
    const { binaries, cluster, proxy: aws } = started();
    provider = await startProvider({
      binary: binaries['provider-aws'],
      kubeconfig: cluster.kubeconfig,
      proxy: aws.url,
      region,
      pollInterval,
      logs,
    });
    revisions?.announce();
  };

  /** Applies package objects and waits until the package manager says that they are installed and healthy. */
  const install = async (kind: Kind, objects: readonly KubeObject[]) => {
    const { cluster } = started();
    const followed = await cluster.follow(kind);
    try {
      for (const object of objects) await cluster.apply(object);
      const lacking = () =>
        objects.filter(({ metadata: { name } }) => {
          const found = followed.get({ name });
          return (
            conditionOf(found, 'Installed').status !== 'True' ||
            conditionOf(found, 'Healthy').status !== 'True'
          );
        });
      await until(
        [followed],
        () => (lacking().length === 0 ? true : undefined),
        INSTALL_MS,
        () =>
          lacking()
            .map(({ metadata: { name } }) => {
              const said = ['Installed', 'Healthy'].map(
                (type) => conditionOf(followed.get({ name }), type).message,
              );
              return `${kind.kind} ${name} is not installed and healthy: ${said.join(' ')}`;
            })
            .join('\n'),
      );
    } finally {
      followed.stop();
    }
  };

  const untilServed = async (names: readonly string[]) => {
    const crds = await started().cluster.follow(CRD);
    try {
      const missing = () =>
        names.filter((name) => conditionOf(crds.get({ name }), 'Established').status !== 'True');
      await until(
        [crds],
        () => (missing().length === 0 ? true : undefined),
        INSTALL_MS,
        () => `not established: ${missing().join(', ')}`,
      );
    } finally {
      crds.stop();
    }
  };

  const startAws = async () => {
    emulator = await startEmulator({ region, logFile: join(logs, 'emulator.log') });
    proxy = await startAwsProxy(emulator.endpoint);
    return { emulator, proxy };
  };

  const start = async (say: (line: string) => void) => {
    if (platform() !== 'linux') {
      throw new Error(
        `SUBSTRATE=host runs on Linux only, and this is ${platform()}. Use \`make e2e\`, which needs Docker.`,
      );
    }
    rmSync(logs, { recursive: true, force: true });
    mkdirSync(logs, { recursive: true });
    const binaries = await ensureBinaries(BINARIES, say);
    const kubeconfig = await startApiServer(binaries, join(folder, 'kubernetes'), logs, (daemon) =>
      daemons.push(daemon),
    );
    const cluster = createCluster(kubeconfig);
    say('Kubernetes API server');
    const aws = shares?.() ?? (await startAws());
    say(`AWS emulator at ${aws.emulator.endpoint}`);
    const registry = await startRegistry(binaries.crane, join(folder, 'registry'), logs);
    daemons.push(registry.daemon);
    const crossplaneOptions = {
      cluster,
      crossplane: binaries.crossplane,
      definitions: join(await moduleFolder('crossplane'), 'cluster/crds'),
      folder: join(folder, 'crossplane'),
      logs,
    };
    const authority = await initCrossplane(crossplaneOptions);
    const functions = createFunctionRuntime({ authority, folder: join(folder, 'function'), logs });
    runtime = functions;
    revisions = await followRevisions(cluster, readFileSync(authority.crt, 'utf8'), {
      functionAt: (version) => functions.endpointOf(version),
      provider: () => provider?.running() === true,
    });
    parts = { binaries, cluster, crossplaneOptions, ...aws, registry, runtime: functions };
    crossplane = await startCrossplane(crossplaneOptions, argumentsFor('guide'));
    say('Crossplane');
    await installProvider(say);
  };

  const installProvider = async (say: (line: string) => void) => {
    const { binaries, cluster, registry } = started();
    // Under the version that is built here, which may be another than the one that is installed from packages.
    const version = await moduleVersion('provider-aws');
    const providers = platformObjects('providers.yaml')
      .filter(({ kind }) => kind === PROVIDER.kind)
      .map((object) => withPackage(object, tagged(packageOf(object), version)));
    const images = providers.map(packageOf);
    const hosts = [
      ...new Set(
        [...images, packageOf(functionObject()), packageOf(configurationObject())].map(
          (image) => image.split('/')[0] ?? '',
        ),
      ),
    ];
    for (const config of rewrites(registry.address, hosts)) await cluster.apply(config);
    await pushProviderPackages({
      crossplane: binaries['crossplane-cli'],
      registry: registry.address,
      definitions: join(await moduleFolder('provider-aws'), 'package/crds'),
      folder: join(folder, 'packages'),
      images,
    });
    for (const object of platformObjects('activation-policy.yaml')) await cluster.apply(object);
    // Their processes are one here, so what says how each is to run has no use.
    for (const object of providers) await cluster.apply(withoutRuntime(object));
    await untilServed(providerDefinitions());
    await runProvider();
    await install(PROVIDER, providers.map(withoutRuntime));
    say(`provider-upjet-aws ${version}, ${images.length} family members, and the activation policy`);
  };

  const functionObject = () => platformObject('function.yaml', FUNCTION);
  const configurationObject = () => platformObject('configuration.yaml', CONFIGURATION);

  /** Pushes a package file under the object's image at a version, and gives the object that installs it. */
  const pushed = async (object: KubeObject, version: string, file: string): Promise<KubeObject> => {
    const { binaries, registry } = started();
    const image = tagged(packageOf(object), version);
    await pushPackage(binaries['crossplane-cli'], registry.address, file, image);
    return withPackage(object, image);
  };

  return {
    name: 'host',
    get kubeconfig() {
      return started().cluster.kubeconfig;
    },
    get emulatorEndpoint() {
      return started().emulator.endpoint;
    },
    get providerEndpoint() {
      return started().proxy.endpoint;
    },
    start,
    installFunction: async (release: FunctionRelease) => {
      const { binaries, runtime: functions } = started();
      const outFile = join(folder, `function-${release.version}.xpkg`);
      await buildFunctionPackage({
        crossplane: binaries['crossplane-cli'],
        version: release.version,
        outFile,
      });
      const object = await pushed(functionObject(), release.version, outFile);
      await functions.start(release);
      revisions?.announce();
      await install(FUNCTION, [withoutRuntime(object)]);
      await functions.keepOnly(release.version);
    },
    installConfiguration: async (version: string) => {
      const { binaries } = started();
      const outFile = join(folder, `configuration-${version}.xpkg`);
      await buildConfigurationPackage({ crossplane: binaries['crossplane-cli'], version, outFile });
      await install(CONFIGURATION, [await pushed(configurationObject(), version, outFile)]);
      await untilServed([definitionOf(PIPELINE)]);
    },
    another: () => createHostSubstrate({ ...options, logs: `${logs}-fresh`, shares: () => started() }),
    setCrossplane: async (settings: CrossplaneSettings) => {
      await crossplane?.stop();
      crossplane = await startCrossplane(started().crossplaneOptions, argumentsFor(settings));
    },
    providerOutage: {
      begin: async () => provider?.stop('SIGKILL'),
      end: runProvider,
    },
    emulatorOutage: {
      begin: async () => started().proxy.shut(),
      end: async () => started().proxy.open(),
    },
    providerCalls: () => started().proxy.calls(),
    killFunction: () => started().runtime.kill(),
    saveLogs: async (target: string) => saveLogFiles(logs, target),
    stop: async () => {
      revisions?.stop();
      await runtime?.stop();
      await provider?.stop('SIGKILL');
      await crossplane?.stop();
      await proxy?.stop();
      await emulator?.stop();
      for (const daemon of daemons.reverse()) await daemon.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function withoutRuntime(object: KubeObject): KubeObject {
  const { runtimeConfigRef: _, ...spec } = isObject(object['spec']) ? object['spec'] : {};
  return { ...object, spec };
}

function withPackage(object: KubeObject, image: string): KubeObject {
  return { ...object, spec: { ...(isObject(object['spec']) ? object['spec'] : {}), package: image } };
}
