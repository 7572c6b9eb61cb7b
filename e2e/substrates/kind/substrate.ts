/** A cluster of kind in Docker: Crossplane by Helm, everything else by package. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { stringAt } from '../../../function/src/objects.ts';
import type { Outage, Substrate } from '../../substrate.ts';
import { createKindCluster, type Effects, effects } from './kind-cluster.ts';
import { apply, installCrossplane, waitFor } from './kubernetes.ts';
import { saveLogs } from './logs.ts';
import { EMULATOR_HOST, EMULATOR_PORT, type EmulatorName, ROOT } from './names.ts';
import { emulatorOutage, killFunction, providerOutage, providersIn } from './outages.ts';
import * as packages from './packages.ts';
import { type Published, publishConfiguration, publishFunction } from './publish.ts';
import { startAll } from './start.ts';

export type { Effects } from './kind-cluster.ts';

export interface KindOptions {
  readonly emulator: EmulatorName;
  /** Leaves everything up at `stop`. */
  readonly keep: boolean;
  /** By default `fileingest-e2e`. What another run left under the same name is removed at `start`. */
  readonly clusterName?: string;
}

/** A substrate that has not started yet. */
export function createKindSubstrate(options: KindOptions, on: Effects = effects): Substrate {
  const cluster = createKindCluster(options.clusterName ?? 'fileingest-e2e', options.keep, on);
  const { names, started, objects } = cluster;
  // What an outage needs is known only once the substrate has started.
  const late = (outage: () => Promise<Outage>): Outage => ({
    begin: async () => (await outage()).begin(),
    end: async () => (await outage()).end(),
  });

  const install = async ({ one, version, objects: all }: Published) => {
    const { run } = started();
    await run(apply(names, packages.atVersion(all, one, version)));
    await run(packages.waitForVersion(names, one, version));
    const revision = (await run(packages.currentRevision(names, one))).stdout.trim();
    for (const command of packages.waitForRevision(names, one, revision)) await run(command);
  };

  return {
    name: 'kind',
    kubeconfig: names.kubeconfig,
    get emulatorEndpoint() {
      return cluster.emulatorEndpoint();
    },
    providerEndpoint: `http://${EMULATOR_HOST}:${EMULATOR_PORT}`,

    start: (say) => cluster.start(say, (around) => startAll(around, options.emulator)),

    installFunction: async (release) => install(await publishFunction(cluster, release)),

    async installConfiguration(version) {
      await install(await publishConfiguration(cluster, version));
      const xrd: unknown = parse(await readFile(join(ROOT, 'apis/definition.yaml'), 'utf8'));
      const resource = `compositeresourcedefinition/${stringAt(xrd, 'metadata', 'name')}`;
      await started().run(waitFor(names, [resource], 'condition=Established', '3m'));
    },

    async setCrossplane(settings) {
      await started().run(
        installCrossplane(names, settings, await on.readPlatform('crossplane-values.yaml')),
      );
    },

    providerOutage: late(async () =>
      providerOutage(started().run, names, providersIn(await objects('providers.yaml'))),
    ),
    emulatorOutage: late(async () => emulatorOutage(started().run, names)),

    async killFunction() {
      const { name } = packages.packageIn(await objects('function.yaml'), 'Function');
      await killFunction(started().run, names, name);
    },

    saveLogs: async (folder) => saveLogs(started().run, names, folder),

    stop: () => cluster.stop(),
  };
}
