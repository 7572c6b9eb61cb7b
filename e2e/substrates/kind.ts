/** A cluster of kind in Docker: Crossplane by Helm, everything else by package. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { buildConfigurationPackage, buildFunctionPackage } from '../../function/package.ts';
import { stringAt } from '../../function/src/objects.ts';
import type { Outage, Substrate } from '../substrate.ts';
import { ensureTools, type Tools } from '../tools.ts';
import { buildxVersion, engineVersion } from './kind/containers.ts';
import { apply, installCrossplane, waitFor } from './kind/kubernetes.ts';
import { saveLogs } from './kind/logs.ts';
import {
  EMULATOR_HOST,
  EMULATOR_PORT,
  type EmulatorName,
  type Names,
  namesOf,
  PLATFORM,
  ROOT,
} from './kind/names.ts';
import { emulatorOutage, killFunction, providerOutage, providersIn } from './kind/outages.ts';
import * as packages from './kind/packages.ts';
import { commandEnvironment, createRun, type Run, succeeds } from './kind/run.ts';
import { type Ports, removeAll, startAll } from './kind/start.ts';

export interface KindOptions {
  emulator: EmulatorName;
  /** Leaves everything up at `stop`. */
  keep: boolean;
  /** By default `fileingest-e2e`. What another run left under the same name is removed at `start`. */
  clusterName?: string;
}

/** What the substrate needs of the machine. The tests give others. */
export interface Effects {
  ensureTools(say: (line: string) => void): Promise<Tools>;
  createRun(tools: Tools, names: Names): Run;
  answers(url: string): Promise<boolean>;
  readPlatform(file: string): Promise<string>;
  buildFunctionPackage: typeof buildFunctionPackage;
  buildConfigurationPackage: typeof buildConfigurationPackage;
  patienceMs: number;
}

const effects: Effects = {
  ensureTools,
  createRun: (tools, names) =>
    createRun({ ...tools, docker: 'docker' }, commandEnvironment(process.env, names)),
  async answers(url) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  },
  readPlatform: (file) => readFile(join(PLATFORM, file), 'utf8'),
  buildFunctionPackage,
  buildConfigurationPackage,
  patienceMs: 180_000,
};

/** What is there once `start` has come so far. */
interface Started {
  tools: Tools;
  run: Run;
  say: (line: string) => void;
  ports?: Ports;
}

async function checkEngine(run: Run): Promise<void> {
  try {
    await run(engineVersion());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `kind needs Docker, and it does not answer. Start Docker (https://docs.docker.com/engine/install), or use SUBSTRATE=host. ${why}`,
    );
  }
}

const howToUse = (names: Names, endpoint: string): string[] => [
  `The cluster ${names.cluster} is left as it is.`,
  `  export KUBECONFIG=${names.kubeconfig}`,
  `  export AWS_ENDPOINT_URL=${endpoint} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test`,
  'To remove it:',
  `  kind delete cluster --name ${names.cluster} --kubeconfig ${names.kubeconfig}`,
  `  docker rm --force --volumes $(docker ps --all --quiet --filter label=dev.fileingest.e2e=${names.cluster})`,
];

/** A substrate that has not started yet. */
export function createKindSubstrate(options: KindOptions, on: Effects = effects): Substrate {
  const names = namesOf(options.clusterName ?? 'fileingest-e2e');
  let begun: Started | undefined;

  const started = (): Started => {
    if (begun === undefined) throw new Error('the kind substrate is not started: call start first');
    return begun;
  };
  const ports = (): Ports => {
    const known = started().ports;
    if (known === undefined) throw new Error('the kind substrate has not come up: start has not resolved');
    return known;
  };
  const objects = async (file: string) => packages.objectsOf(file, await on.readPlatform(file));
  const emulatorEndpoint = (): string => `http://127.0.0.1:${ports().emulator}`;
  // What an outage needs is known only once the substrate has started.
  const late = (outage: () => Promise<Outage>): Outage => ({
    begin: async () => (await outage()).begin(),
    end: async () => (await outage()).end(),
  });

  const install = async (
    kind: packages.Package['kind'],
    version: string,
    build: (outFile: string) => Promise<void>,
  ) => {
    const { run } = started();
    const all = await objects(`${kind.toLowerCase()}.yaml`);
    const one = packages.packageIn(all, kind);
    const outFile = join(names.folder, `${one.name}-${version}.xpkg`);
    await mkdir(names.folder, { recursive: true });
    await build(outFile);
    await run(packages.push(one, version, outFile, ports().registry));
    await run(apply(names, packages.atVersion(all, one, version)));
    await run(packages.waitForVersion(names, one, version));
    const revision = (await run(packages.currentRevision(names, one))).stdout.trim();
    for (const command of packages.waitForRevision(names, one, revision)) await run(command);
  };

  return {
    name: 'kind',
    kubeconfig: names.kubeconfig,
    get emulatorEndpoint() {
      return emulatorEndpoint();
    },
    providerEndpoint: `http://${EMULATOR_HOST}:${EMULATOR_PORT}`,

    async start(say) {
      const tools = await on.ensureTools(say);
      const run = on.createRun(tools, names);
      await checkEngine(run);
      const here: Started = { tools, run, say };
      begun = here;
      const { answers, patienceMs, readPlatform } = on;
      here.ports = await startAll({ run, names, say, answers, patienceMs, readPlatform }, options.emulator);
    },

    async installFunction(release) {
      const { run, tools } = started();
      const { version } = release;
      await install('Function', version, async (outFile) => {
        const image = `fileingest-e2e/function:${version}`;
        const tarball = `${outFile}.tar`;
        const dockerfile = await readFile(join(ROOT, 'function/Dockerfile'), 'utf8');
        const buildx = await succeeds(run, buildxVersion());
        await run(packages.buildImage(image, release, dockerfile, buildx));
        await run(packages.saveImage(image, tarball));
        await on.buildFunctionPackage({ crossplane: tools.crossplane, version, outFile, image: { tarball } });
        await rm(tarball, { force: true });
      });
    },

    async installConfiguration(version) {
      const { run, tools } = started();
      const { crossplane } = tools;
      await install('Configuration', version, (outFile) =>
        on.buildConfigurationPackage({ crossplane, version, outFile }),
      );
      const xrd: unknown = parse(await readFile(join(ROOT, 'apis/definition.yaml'), 'utf8'));
      const resource = `compositeresourcedefinition/${stringAt(xrd, 'metadata', 'name')}`;
      await run(waitFor(names, [resource], 'condition=Established', '3m'));
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

    async stop() {
      if (begun === undefined) return;
      const { run, say, ports: known } = begun;
      if (options.keep) {
        for (const line of howToUse(names, known ? emulatorEndpoint() : '(not up)')) say(line);
        return;
      }
      await removeAll(run, names);
      await rm(names.folder, { recursive: true, force: true });
      begun = undefined;
    },
  };
}
