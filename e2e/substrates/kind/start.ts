/** The order in which Crossplane and the providers come up. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { at, type Json } from '../../../function/src/objects.ts';
import { PROVIDER_CONFIG } from '../../../local/managed-kinds.ts';
import { definitionOf } from '../../../tools/kinds.ts';
import * as kubernetes from './kubernetes.ts';
import { type EmulatorName, MANIFESTS, NAMESPACE, type Names } from './names.ts';
import { providersIn, withRuntime } from './outages.ts';
import { imageConfig, objectsOf, type Package, packageIn } from './packages.ts';
import type { Command } from './run.ts';
import { type KindContext, type Ports, part, startCluster } from './start-cluster.ts';

/** The definitions that the providers bring because the policy activates them, and that of their configuration. */
export function expectedDefinitions(policy: readonly Json[]): string[] {
  const activated = policy.flatMap((object) => {
    const list = at(object, 'spec', 'activate');
    return Array.isArray(list) ? list.filter((name) => typeof name === 'string') : [];
  });
  const named = activated.filter((name) => !name.includes('*'));
  return [...named, definitionOf(PROVIDER_CONFIG)].map((name) => `crd/${name}`);
}

async function installProviders({ run, names, readPlatform }: KindContext): Promise<void> {
  const policy = objectsOf('activation-policy.yaml', await readPlatform('activation-policy.yaml'));
  const providers = objectsOf('providers.yaml', await readPlatform('providers.yaml'));
  await run(kubernetes.apply(names, policy));
  const runtime = await readFile(join(MANIFESTS, 'provider-runtime.yaml'), 'utf8');
  await run(kubernetes.apply(names, objectsOf('provider-runtime.yaml', runtime)));
  await run(kubernetes.apply(names, withRuntime(providers)));
  const resources = providersIn(providers).map((name) => `provider.pkg.crossplane.io/${name}`);
  // Each pulls an image of hundreds of megabytes.
  await run(kubernetes.waitFor(names, resources, 'condition=Healthy', '20m'));
  const definitions = expectedDefinitions(policy);
  await run(kubernetes.waitFor(names, definitions, 'create', '5m'));
  await run(kubernetes.waitFor(names, definitions, 'condition=Established', '5m'));
}

/** Where packages of ours are pulled from, for those that `argocd/platform` installs. */
export async function ourImageConfigs({ readPlatform }: Pick<KindContext, 'readPlatform'>): Promise<Json[]> {
  const ours: Package[] = [
    packageIn(objectsOf('function.yaml', await readPlatform('function.yaml')), 'Function'),
    packageIn(objectsOf('configuration.yaml', await readPlatform('configuration.yaml')), 'Configuration'),
  ];
  return ours.map(imageConfig);
}

async function nameRegistry({ run, names, readPlatform }: KindContext): Promise<void> {
  await run(kubernetes.apply(names, await ourImageConfigs({ readPlatform })));
  const policy = objectsOf('network-policy.yaml', await readPlatform('network-policy.yaml'));
  await run(kubernetes.apply(names, policy));
}

/** What there is to read about a namespace in which something does not come up: its pods, its events. */
export const aboutNamespace = (names: Names, namespace: string): Command[] => [
  kubernetes.kubectl(names, 'get', 'pods', '--namespace', namespace),
  kubernetes.kubectl(names, 'get', 'events', '--namespace', namespace, '--sort-by=.lastTimestamp'),
];

/**
 * Brings up everything but our own packages.
 *
 * @throws naming the part that did not come up, with the end of its log.
 */
export async function startAll(around: KindContext, emulator: EmulatorName): Promise<Ports> {
  const { run, names, say } = around;
  const ports = await startCluster(around, emulator);
  const crossplane = async () =>
    run(kubernetes.installCrossplane(names, 'guide', await around.readPlatform('crossplane-values.yaml')));
  const about = aboutNamespace(names, NAMESPACE);
  await part(around, 'Crossplane', crossplane, about);
  await part(around, 'names of our packages', () => nameRegistry(around));
  say('provider: pulling the packages of the AWS provider; this takes some minutes');
  await part(around, 'provider', () => installProviders(around), [
    kubernetes.kubectl(names, 'get', 'pkgrev', '--output', 'wide'),
    ...about,
  ]);
  return ports;
}
