/** A cluster of kind in Docker: Crossplane by Helm, everything else by package. */
import { join } from 'node:path';
import { platformObjects } from '../../../argocd/manifests.ts';
import { PIPELINE, providerDefinitions } from '../../../local/managed-kinds.ts';
import { definitionOf } from '../../../tools/kinds.ts';
import { readManifests } from '../../../tools/yaml.ts';
import type { Substrate } from '../../substrate.ts';
import { aboutNamespace, createKindCluster, type KindOptions } from './kind-cluster.ts';
import { apply, installCrossplane, kubectl, waitFor } from './kubernetes.ts';
import { saveLogs } from './logs.ts';
import { endpointIn, MANIFESTS, NAMESPACE } from './names.ts';
import { emulatorOutage, killFunction, providerNames, providerOutage, providers } from './outages.ts';
import { allImageConfigs, install, publishConfiguration, publishFunction } from './packages.ts';
import { whilePulling } from './pulls.ts';
import { type KindContext, type Ports, part, startCluster } from './start-cluster.ts';

async function installProviders(around: KindContext): Promise<void> {
  const { run, names } = around;
  await run(apply(names, platformObjects('activation-policy.yaml')));
  await run(apply(names, readManifests(join(MANIFESTS, 'provider-runtime.yaml'))));
  await run(apply(names, providers()));
  const packages = providerNames().map((name) => `provider.pkg.crossplane.io/${name}`);
  const listed = kubectl(names, 'get', 'providers.pkg,providerrevisions.pkg', '--output', 'json');
  await whilePulling(around, listed, run(waitFor(names, packages, 'condition=Healthy')));
  const definitions = providerDefinitions().map((name) => `crd/${name}`);
  await run(waitFor(names, definitions, 'create'));
  await run(waitFor(names, definitions, 'condition=Established'));
}

/** Brings up everything but our own packages. */
async function startAll(around: KindContext): Promise<Ports> {
  const { run, names, images, say } = around;
  const ports = await startCluster(around);
  const about = aboutNamespace(names, NAMESPACE);
  await part(around, 'Crossplane', () => run(installCrossplane(names, 'guide', images)), about);
  await part(around, 'names of our packages', async () => {
    await run(apply(names, allImageConfigs(images)));
    await run(apply(names, platformObjects('network-policy.yaml')));
  });
  say('provider: pulling the packages of the AWS provider; this takes some minutes');
  await part(around, 'provider', () => installProviders(around), [
    kubectl(names, 'get', 'pkgrev', '--output', 'wide'),
    ...about,
  ]);
  return ports;
}

/** A cluster, by default `fileingest-e2e`, that has not started yet. */
export function createKindSubstrate(options: KindOptions): Substrate {
  const cluster = createKindCluster('fileingest-e2e', options);
  const { names, started } = cluster;
  return {
    name: 'kind',
    kubeconfig: names.kubeconfig,
    get emulatorEndpoint() {
      return cluster.emulatorEndpoint();
    },
    get providerEndpoint() {
      return endpointIn(cluster.ports().emulator);
    },
    start: (say) => cluster.start(say, startAll),
    installFunction: async (release) => install(cluster, 'function', await publishFunction(cluster, release)),
    async installConfiguration(version) {
      await install(cluster, 'configuration', await publishConfiguration(cluster, version));
      const resource = `compositeresourcedefinition/${definitionOf(PIPELINE)}`;
      await started().run(waitFor(names, [resource], 'condition=Established'));
    },
    async setCrossplane(settings) {
      const { run, images } = started();
      await run(installCrossplane(names, settings, images));
    },
    providerOutage: providerOutage(cluster),
    emulatorOutage: emulatorOutage(cluster),
    killFunction: () => killFunction(cluster),
    versions: () => cluster.versions({ Crossplane: [NAMESPACE, 'crossplane'] }),
    saveLogs: async (folder) => saveLogs(started().run, names, folder),
    stop: () => cluster.stop(),
  };
}
