/** What every substrate on kind has: tools, a cluster with what is beside it, and an end. */

import { rm } from 'node:fs/promises';
import { type Placed, readImages } from '../../../argocd/images/settings.ts';
import { messageOf } from '../../../tools/errors.ts';
import { claimPort } from '../../../tools/ports.ts';
import { ensureTools, type Tools } from '../../../tools/programs/command-line-tools.ts';
import type { EmulatorName } from '../../capabilities.ts';
import { tagOf } from '../../report/versions.ts';
import { whyTooOld } from './complaints.ts';
import { docker } from './containers.ts';
import { kubectl } from './kubernetes.ts';
import { LABEL, type Names, namesOf } from './names.ts';
import { type Command, commandEnvironment, createRun, printed, type Run, wordsOf } from './run.ts';
import { type KindContext, type Ports, removeAll } from './start-cluster.ts';

export interface KindOptions {
  readonly emulator: EmulatorName;
  readonly region: string;
  /** Leaves everything up at `stop`. */
  readonly keep: boolean;
  /** What another run left under the same name is removed at `start`. */
  readonly clusterName?: string;
}

export type KindCluster = ReturnType<typeof createKindCluster>;

const serverVersion = docker('version', '--format', '{{.Server.Version}}');

/** @throws when Docker does not answer or is too old, naming what to do. */
export async function checkEngine(run: Run): Promise<void> {
  let version: string;
  try {
    version = (await printed(run, serverVersion)).trim();
  } catch (error) {
    const why = messageOf(error);
    throw new Error(
      `kind needs Docker, and it does not answer. Start Docker (https://docs.docker.com/engine/install), or use SUBSTRATE=host. ${why}`,
    );
  }
  const tooOld = whyTooOld(version);
  if (tooOld !== undefined) throw new Error(tooOld);
}

const howToUse = (names: Names, kind: string, endpoint: string, more: readonly string[]): string[] => [
  `The cluster ${names.cluster} is left as it is.`,
  `  export KUBECONFIG=${names.kubeconfig}`,
  `  export AWS_ENDPOINT_URL=${endpoint} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test`,
  ...more,
  'To remove it:',
  `  ${kind} delete cluster --name ${names.cluster} --kubeconfig ${names.kubeconfig}`,
  `  docker rm --force --volumes $(docker ps --all --quiet --filter label=${LABEL}=${names.cluster})`,
  `  docker image rm $(docker image ls --quiet --filter label=${LABEL}=${names.cluster})`,
];

/** What there is to read about a namespace in which something does not come up: its pods, its events. */
export const aboutNamespace = (names: Names, namespace: string): Command[] => [
  kubectl(names, 'get', 'pods', '--namespace', namespace),
  kubectl(names, 'get', 'events', '--namespace', namespace, '--sort-by=.lastTimestamp'),
];

/** A cluster, of this name unless the options give another, that has not started yet. */
export function createKindCluster(clusterName: string, options: KindOptions) {
  const { keep, emulator, region } = options;
  const names = namesOf(options.clusterName ?? clusterName);
  let begun: { tools: Tools; run: Run; images: readonly Placed[]; say: (line: string) => void } | undefined;
  let known: Ports | undefined;

  /** @throws before `start`. */
  const started = () => {
    if (begun === undefined) throw new Error('the kind substrate is not started: call start first');
    return begun;
  };
  /** @throws before `start` has resolved. */
  const ports = (): Ports => {
    started();
    if (known === undefined) throw new Error('the kind substrate has not come up: start has not resolved');
    return known;
  };
  /** Where this process reaches the emulator. */
  const emulatorEndpoint = (): string => `http://127.0.0.1:${ports().emulator}`;

  return {
    ...{ names, started, ports, emulatorEndpoint },
    /** Finds the tools and an engine, and lets the substrate bring up its parts. */
    async start(say: (line: string) => void, bringUp: (around: KindContext) => Promise<Ports>) {
      const images = readImages(process.env);
      const tools = await ensureTools(say);
      const run = createRun({ ...tools, docker: 'docker' }, commandEnvironment(process.env, names));
      await checkEngine(run);
      begun = { tools, run, images, say };
      const settings = { emulator, region, port: await claimPort() };
      known = await bringUp({ run, names, images, say, emulator: settings });
    },
    /** Of Docker, kind, and what these Deployments run, by the name that is shown. */
    async versions(deployments: Readonly<Record<string, readonly [namespace: string, name: string]>>) {
      const { run } = started();
      const image = async (namespace: string, name: string) => {
        const path = 'jsonpath={.spec.template.spec.containers[0].image}';
        const asked = ['get', 'deployment', name, '--namespace', namespace, '--output', path];
        return tagOf((await printed(run, kubectl(names, ...asked))).trim());
      };
      const [, kind = 'unknown'] = (await wordsOf(run, { program: 'kind', args: ['version'] })) ?? [];
      return {
        kind,
        Docker: (await printed(run, serverVersion)).trim(),
        ...Object.fromEntries(
          await Promise.all(
            Object.entries(deployments).map(async ([title, [namespace, name]]) => [
              title,
              await image(namespace, name),
            ]),
          ),
        ),
      };
    },
    /** Removes everything, or says how to use and to remove it; `more` are further lines for that. */
    async stop(more: readonly string[] = []) {
      if (begun === undefined) return;
      const { run, say, tools } = begun;
      if (keep) {
        for (const line of howToUse(names, tools.kind, known ? emulatorEndpoint() : '(not up)', more))
          say(line);
        return;
      }
      await removeAll(run, names);
      await rm(names.folder, { recursive: true, force: true });
      begun = undefined;
    },
  };
}
