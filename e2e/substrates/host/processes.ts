/**
 * What the host substrates share: a control plane of plain processes on loopback, part by part. No container engine, no root.
 * Linux only. Who uses it starts the parts in an order of its own.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageConfigOf } from '../../../argocd/images/means.ts';
import { packageOf, tagged } from '../../../argocd/manifests.ts';
import { type Emulator, RETRIES_OF_AWS, startEmulator } from '../../../local/emulator.ts';
import { createCluster, type KubeObject } from '../../../tools/cluster.ts';
import type { Daemon } from '../../../tools/daemon.ts';
import { ensureBinaries, moduleFolder } from '../../../tools/programs/binaries.ts';
import { startApiServer } from '../../../tools/servers/api-server.ts';
import { startRegistry } from '../../../tools/servers/registry.ts';
import { BUILD, type Ours, ourObject, withSpec } from '../packages.ts';
import { type AwsProxy, startAwsProxy } from './aws-proxy.ts';
import { type CrossplaneOptions, initCrossplane } from './crossplane.ts';
import { createFunctionRuntime, type FunctionRuntime } from './function-runtime.ts';
import { pushPackage, pushProviderPackages } from './packages.ts';
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

/** How to end what was begun, in the order in which it was begun. */
export type Undo = (() => unknown)[];

/** What both substrates do alike, whatever state they are in. */
export const endings = ({ logs }: HostOptions, undo: Undo) => ({
  saveLogs: async (target: string) => cpSync(logs, target, { recursive: true }),
  async stop(): Promise<void> {
    for (const step of undo.reverse()) await step();
  },
});

async function startAws({ logs, region }: HostOptions, undo: Undo): Promise<Aws> {
  const emulator = await startEmulator({ ...RETRIES_OF_AWS, region, logFile: join(logs, 'emulator.log') });
  undo.push(() => emulator.stop());
  const proxy = await startAwsProxy(emulator.endpoint);
  undo.push(() => proxy.stop());
  return { emulator, proxy };
}

export type Processes = Awaited<ReturnType<typeof startProcesses>>;

/**
 * Starts what everything stands on: the Kubernetes API server, the emulator, a registry.
 *
 * @param undo - gets how to end each part at once, so that it is ended even when a later one fails.
 * @param shared - the emulator of another control plane, which ends it; one of its own where absent.
 */
export async function startProcesses(
  options: HostOptions,
  undo: Undo,
  say: (line: string) => void,
  shared?: Aws,
) {
  if (platform() !== 'linux')
    throw new Error(
      `SUBSTRATE=host runs on Linux only, and this is ${platform()}: use kind, which needs Docker`,
    );
  const { logs } = options;
  const folder = mkdtempSync(join(tmpdir(), 'fileingest-e2e-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  const keep = (daemon: Daemon) => undo.push(() => daemon.stop());
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs, { recursive: true });
  const binaries = await ensureBinaries(BINARIES, say);
  const cluster = createCluster(await startApiServer(binaries, join(folder, 'kubernetes'), logs, keep));
  say('Kubernetes API server');
  const aws = shared ?? (await startAws(options, undo));
  say(`AWS emulator at ${aws.emulator.endpoint}`);
  const registry = await startRegistry(binaries.crane, join(folder, 'registry'), logs);
  keep(registry.daemon);
  const { crossplane, 'crossplane-cli': cli } = binaries;
  /** Where Crossplane is, and what it needs. */
  const crossplaneOptions: CrossplaneOptions = {
    ...{ cluster, crossplane, logs },
    definitions: join(await moduleFolder('crossplane'), 'cluster/crds'),
    folder: join(folder, 'crossplane'),
  };
  let runtime: FunctionRuntime | undefined;
  let revisions: Revisions | undefined;
  let provider: Daemon | undefined;
  undo.push(async () => {
    revisions?.stop();
    await runtime?.stop();
    await provider?.stop('SIGKILL');
  });

  return {
    ...{ folder, keep, cluster, aws, crossplaneOptions },
    /** Undefined until `startFunctions`. */
    runtime: () => runtime,

    /**
     * Prepares Crossplane, and what runs the function for it.
     *
     * @param before - done before Crossplane's package manager is told what runs.
     */
    async startFunctions(
      before: (functions: FunctionRuntime) => Promise<void> = async () => undefined,
    ): Promise<FunctionRuntime> {
      const authority = await initCrossplane(crossplaneOptions);
      const functions = createFunctionRuntime(authority, join(folder, 'function'), logs);
      runtime = functions;
      await before(functions);
      revisions = await followRevisions(cluster, readFileSync(authority.crt, 'utf8'), {
        functionAt: (version) => functions.endpointOf(version),
        provider: () => provider?.running() === true,
      });
      return functions;
    },

    /** Leads pulls from these hosts to the registry. */
    async rewriteHosts(hosts: readonly string[]): Promise<void> {
      for (const host of hosts) {
        const name = `rewrite-${host.replaceAll('.', '-')}`;
        await cluster.apply(imageConfigOf(name, `${host}/`, `${registry.address}/`));
      }
    },

    /** Puts the provider's family members into the registry. */
    async pushProvider(images: readonly string[]): Promise<void> {
      const definitions = join(await moduleFolder('provider-aws'), 'package/crds');
      await pushProviderPackages(cli, registry.address, definitions, join(folder, 'packages'), images);
    },

    /** Runs the provider, whose definitions are there. */
    async runProvider(): Promise<void> {
      provider = await startProvider(binaries['provider-aws'], cluster.kubeconfig, aws.proxy.url, options);
      revisions?.announce();
    },
    /** At once, as a node that fails would. */
    killProvider: async () => provider?.stop('SIGKILL'),

    /** Builds a package of ours and puts it into the registry. Resolves to the object that installs it. */
    async publish(name: Ours, version: string): Promise<KubeObject> {
      const outFile = join(folder, `${name}-${version}.xpkg`);
      await BUILD[name]({ crossplane: cli, version, outFile });
      const object = ourObject(name);
      const image = tagged(packageOf(object), version);
      await pushPackage(cli, registry.address, outFile, image);
      return withSpec(object, { package: image });
    },
    /** Tells Crossplane's package manager what runs, after something has come up. */
    announce: () => revisions?.announce(),
  };
}
