/**
 * What the host substrates share: a control plane of plain processes on loopback, part by part. No container engine, no root.
 * Linux only. Who uses it starts the parts in an order of its own; `stop` ends those that were started.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageOf, tagged } from '../../../argocd/manifests.ts';
import { buildConfigurationPackage, buildFunctionPackage } from '../../../function/package.ts';
import { type Emulator, startEmulator } from '../../../local/emulator.ts';
import { type Cluster, createCluster, type KubeObject } from '../../../tools/cluster.ts';
import type { Daemon } from '../../../tools/daemon.ts';
import { ensureBinaries, moduleFolder } from '../../../tools/programs/binaries.ts';
import type { BinaryName } from '../../../tools/programs/modules.ts';
import { startApiServer } from '../../../tools/servers/api-server.ts';
import { saveLogFiles } from '../../failure.ts';
import { imageConfigOf, type Ours, ourObject, withSpec } from '../packages.ts';
import { type AwsProxy, startAwsProxy } from './aws-proxy.ts';
import { type CrossplaneOptions, initCrossplane } from './crossplane.ts';
import { createFunctionRuntime, type FunctionRuntime } from './function-runtime.ts';
import { pushPackage, pushProviderPackages, type Registry, startRegistry } from './packages.ts';
import { type HostOptions, startProvider } from './provider.ts';
import { followRevisions, type Revisions } from './revisions.ts';

const BINARIES = [
  ...(['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl', 'crossplane'] as const),
  ...(['crossplane-cli', 'provider-aws', 'crane'] as const),
];

/** The emulator, and the proxy that the provider calls it through. */
export interface Aws {
  readonly emulator: Emulator;
  readonly proxy: AwsProxy;
}

const BUILD = { function: buildFunctionPackage, configuration: buildConfigurationPackage } as const;

/**
 * Describes the processes; nothing is started yet.
 *
 * @param prefix - of the name of a temporary folder, which `stop` removes.
 * @param more - binaries that are needed beside those of Kubernetes and Crossplane.
 */
export function createProcesses<N extends BinaryName = never>(
  options: HostOptions,
  prefix: string,
  more: readonly N[] = [],
) {
  const { logs, region } = options;
  const folder = mkdtempSync(join(tmpdir(), prefix));
  /** Undone in the opposite order. */
  const undo: (() => unknown)[] = [];
  const keep = (daemon: Daemon) => undo.push(() => daemon.stop());
  let binaries: Record<(typeof BINARIES)[number] | N, string> | undefined;
  let cluster: Cluster | undefined;
  let aws: Aws | undefined;
  let registry: Registry | undefined;
  let runtime: FunctionRuntime | undefined;
  let revisions: Revisions | undefined;
  let provider: Daemon | undefined;
  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('the control plane is not started');
    return part;
  };

  const startAws = async (): Promise<Aws> => {
    const emulator = await startEmulator({ region, logFile: join(logs, 'emulator.log') });
    undo.push(() => emulator.stop());
    const proxy = await startAwsProxy(emulator.endpoint);
    undo.push(() => proxy.stop());
    return { emulator, proxy };
  };

  return {
    ...{ folder, undo, keep, started },
    get binaries() {
      return started(binaries);
    },
    get cluster() {
      return started(cluster);
    },
    get aws() {
      return started(aws);
    },
    /** Undefined until `startFunctions`. */
    get runtime() {
      return runtime;
    },

    /**
     * Starts what everything stands on: the Kubernetes API server, the emulator, a registry.
     *
     * @param shared - the emulator of another control plane, which ends it; one of its own where absent.
     */
    async begin(say: (line: string) => void, shared?: Aws): Promise<void> {
      if (platform() !== 'linux')
        throw new Error(
          `SUBSTRATE=host runs on Linux only, and this is ${platform()}: use kind, which needs Docker`,
        );
      rmSync(logs, { recursive: true, force: true });
      mkdirSync(logs, { recursive: true });
      binaries = await ensureBinaries([...BINARIES, ...more], say);
      cluster = createCluster(await startApiServer(binaries, join(folder, 'kubernetes'), logs, keep));
      say('Kubernetes API server');
      aws = shared ?? (await startAws());
      say(`AWS emulator at ${aws.emulator.endpoint}`);
      registry = await startRegistry(binaries.crane, join(folder, 'registry'), logs);
      keep(registry.daemon);
    },

    /** Where Crossplane is, and what it needs. */
    async crossplaneOptions(): Promise<CrossplaneOptions> {
      return {
        cluster: started(cluster),
        crossplane: started(binaries).crossplane,
        definitions: join(await moduleFolder('crossplane'), 'cluster/crds'),
        folder: join(folder, 'crossplane'),
        logs,
      };
    },

    /**
     * Prepares Crossplane, and what runs the function for it.
     *
     * @param before - done before Crossplane's package manager is told what runs.
     */
    async startFunctions(
      crossplaneOptions: CrossplaneOptions,
      before: (functions: FunctionRuntime) => Promise<void> = async () => undefined,
    ): Promise<void> {
      const authority = await initCrossplane(crossplaneOptions);
      const functions = createFunctionRuntime(authority, join(folder, 'function'), logs);
      runtime = functions;
      await before(functions);
      revisions = await followRevisions(crossplaneOptions.cluster, readFileSync(authority.crt, 'utf8'), {
        functionAt: (version) => functions.endpointOf(version),
        provider: () => provider?.running() === true,
      });
    },

    /** Leads pulls from these hosts to the registry. */
    async rewriteHosts(hosts: readonly string[]): Promise<void> {
      for (const host of hosts) {
        const name = `rewrite-${host.replaceAll('.', '-')}`;
        await started(cluster).apply(imageConfigOf(name, `${host}/`, `${started(registry).address}/`));
      }
    },

    /** Puts the provider's family members into the registry. */
    async pushProvider(images: readonly string[]): Promise<void> {
      await pushProviderPackages(
        started(binaries)['crossplane-cli'],
        started(registry).address,
        join(await moduleFolder('provider-aws'), 'package/crds'),
        join(folder, 'packages'),
        images,
      );
    },

    /** Runs the provider, whose definitions are there. */
    async runProvider(): Promise<void> {
      const { 'provider-aws': binary } = started(binaries);
      provider = await startProvider(binary, started(cluster).kubeconfig, started(aws).proxy.url, options);
      revisions?.announce();
    },
    /** At once, as a node that fails would. */
    killProvider: async () => provider?.stop('SIGKILL'),

    /** Builds a package of ours and puts it into the registry. Resolves to the object that installs it. */
    async publish(name: Ours, version: string): Promise<KubeObject> {
      const crossplane = started(binaries)['crossplane-cli'];
      const outFile = join(folder, `${name}-${version}.xpkg`);
      await BUILD[name]({ crossplane, version, outFile });
      const object = ourObject(name);
      const image = tagged(packageOf(object), version);
      await pushPackage(crossplane, started(registry).address, outFile, image);
      return withSpec(object, { package: image });
    },
    /** Tells Crossplane's package manager what runs, after something has come up. */
    announce: () => revisions?.announce(),

    saveLogs: async (target: string) => saveLogFiles(logs, target),
    async stop(): Promise<void> {
      revisions?.stop();
      await runtime?.stop();
      await provider?.stop('SIGKILL');
      for (const step of undo.reverse()) await step();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
