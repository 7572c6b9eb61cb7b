/** The order in which a cluster comes up, and what is beside it. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { imageOf, type Placed } from '../../../argocd/images/settings.ts';
import { messageOf } from '../../../tools/errors.ts';
import { HEALTH_PATHS } from '../../report/versions.ts';
import { KUBECTL_WAIT, START_MS } from '../../waits.ts';
import { fixFor } from './complaints.ts';
import * as containers from './containers.ts';
import { withZones, type Zone } from './dns.ts';
import { pullReplaced } from './images.ts';
import { kubectl, patch } from './kubernetes.ts';
import { EMULATOR_HOST, MANIFESTS, type Names, REGISTRY_HOST, REGISTRY_PORT, ROOT } from './names.ts';
import { type Command, printed, type Run, succeeds, wordsOf } from './run.ts';

/** What bringing up a cluster is given. */
export interface KindContext {
  readonly run: Run;
  readonly names: Names;
  /** What is pulled, and from where. */
  readonly images: readonly Placed[];
  readonly say: (line: string) => void;
  readonly emulator: containers.EmulatorSettings;
}

/** Ports on loopback. */
export interface Ports {
  readonly registry: number;
  readonly emulator: number;
}

/**
 * Brings up a part.
 *
 * @throws naming the part that failed, with what there is to read about it.
 */
export async function part<T>(
  { run, say }: Pick<KindContext, 'run' | 'say'>,
  name: string,
  bringUp: () => Promise<T>,
  about: Command[] = [],
): Promise<T> {
  try {
    const value = await bringUp();
    say(`${name}: up`);
    return value;
  } catch (error) {
    const why = messageOf(error);
    const said: string[] = [];
    for (const command of about) {
      const output = await run(command).catch(() => undefined);
      if (output) said.push(`${output.stdout}${output.stderr}`.trim().split('\n').slice(-20).join('\n'));
    }
    const fix = fixFor([why, ...said].join('\n'));
    throw new Error([`${name} did not come up: ${why}`, ...(fix ? [fix] : said)].join('\n'), {
      cause: error,
    });
  }
}

/**
 * Asks until a container answers.
 *
 * @param what - what is asked, for the message.
 */
export async function untilWell(what: string, isWell: () => Promise<boolean>): Promise<void> {
  for (const last = Date.now() + START_MS; !(await isWell()); await delay(250)) {
    if (Date.now() > last) throw new Error(`${what} did not answer in ${START_MS / 1000} s`);
  }
}

/** Whether something answers a GET with success. */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** Waits until a container answers at a path. Resolves to its port on loopback. */
async function untilAnswers(run: Run, container: string, port: number, path: string): Promise<number> {
  const said = await printed(run, containers.docker('port', container, `${port}/tcp`));
  const published = containers.portFrom(container, said);
  const url = `http://127.0.0.1:${published}${path}`;
  await untilWell(url, () => answers(url));
  return published;
}

async function startRegistry({ run, names, images }: KindContext): Promise<number> {
  const { target } = imageOf(images, 'registry');
  await run(containers.runContainer(names, names.registry, REGISTRY_PORT, target, []));
  const port = await untilAnswers(run, names.registry, REGISTRY_PORT, '/v2/');
  for (const command of containers.writeHostsToml(names)) await run(command);
  return port;
}

async function startEmulator(around: KindContext): Promise<number> {
  const { run, names, images } = around;
  const { emulator, port } = around.emulator;
  const buildx = await succeeds(run, containers.buildxVersion);
  const build = (name: 'ministack' | 'front', folder: string) =>
    run(containers.buildFile(buildx, name, join(ROOT, folder), images));
  if (emulator === 'ministack') await build('ministack', 'local');
  // `make e2e` and `make e2e-gitops` write the folder.
  await build('front', 'dist/front');
  await run(containers.runEmulator(around.emulator, names, images));
  await run(containers.runFront(names, port));
  return untilAnswers(run, names.emulator, port, HEALTH_PATHS[emulator]);
}

/** A container that only some substrates have. */
export interface Extra {
  /** For messages. */
  readonly title: string;
  /** What the cluster knows it by. */
  readonly host: string;
  readonly container: string;
  start(): Promise<void>;
}

const IN_SYSTEM = ['--namespace', 'kube-system'];

async function nameContainers({ run, names }: KindContext, extras: readonly Extra[]): Promise<void> {
  const before = await printed(
    run,
    kubectl(names, 'get', 'configmap', 'coredns', ...IN_SYSTEM, '--output', 'jsonpath={.data.Corefile}'),
  );
  const zones: Zone[] = [];
  const named = [
    { host: EMULATOR_HOST, container: names.emulator },
    { host: REGISTRY_HOST, container: names.registry },
    ...extras,
  ];
  for (const { host, container } of named) {
    const said = await printed(run, containers.addressOf(container));
    zones.push({ name: host, address: containers.addressFrom(container, said) });
  }
  await run(
    patch(names, ['configmap', 'coredns', ...IN_SYSTEM], { data: { Corefile: withZones(before, zones) } }),
  );
  // CoreDNS would see a new Corefile by itself, within two minutes: a restart is surer and quicker.
  await run(kubectl(names, 'rollout', 'restart', 'deployment/coredns', ...IN_SYSTEM));
  const timeout = `--timeout=${KUBECTL_WAIT}`;
  await run(kubectl(names, 'rollout', 'status', 'deployment/coredns', ...IN_SYSTEM, timeout));
}

/** Deletes the cluster, every container of it and the images that were built for it. Goes on after a failure, and throws all of them at the end. */
export async function removeAll(run: Run, names: Names): Promise<void> {
  const errors: unknown[] = [];
  await run(containers.kind(names, 'delete')).catch((error) => errors.push(error));
  const removeEach = async (listed: Command, ...words: string[]) => {
    try {
      const ids = [...new Set(await wordsOf(run, listed))];
      if (ids.length > 0) await run(containers.docker(...words, ...ids));
    } catch (error) {
      errors.push(error);
    }
  };
  await removeEach(containers.listContainers(names), 'rm', '--force', '--volumes');
  await removeEach(containers.listImages(names), 'image', 'rm', '--force');
  if (errors.length > 0)
    throw new AggregateError(
      errors,
      `cluster ${names.cluster} could not be removed: ${errors.map((error) => messageOf(error)).join('; ')}`,
    );
}

/**
 * Brings up the cluster, the registry, the emulator, and what else there is to be on their network; what another run left is
 * removed.
 *
 * @throws naming the part that did not come up, with the end of its log.
 */
export async function startCluster(around: KindContext, extras: readonly Extra[] = []): Promise<Ports> {
  const { run, names, images, say } = around;
  const { emulator } = around.emulator;
  const logsOf = (...started: string[]) => started.map(containers.containerLogs);
  await mkdir(names.folder, { recursive: true });
  await pullReplaced(run, images, emulator);
  await removeAll(run, names);
  say(`kind: creating the cluster ${names.cluster}; a first time pulls a node image of about 1 GB`);
  const node = ['--image', imageOf(images, 'kind-node').target];
  const settings = ['--config', join(MANIFESTS, 'cluster.yaml'), ...node, '--wait', KUBECTL_WAIT];
  await part(around, 'kind', () => run(containers.kind(names, 'create', ...settings)));
  const registry = await part(around, 'registry', () => startRegistry(around), logsOf(names.registry));
  const emulatorPort = await part(
    around,
    emulator,
    () => startEmulator(around),
    logsOf(names.emulator, names.front),
  );
  for (const { title, container, start } of extras) await part(around, title, start, logsOf(container));
  await part(around, 'names in the cluster', () => nameContainers(around, extras), [
    kubectl(names, 'logs', ...IN_SYSTEM, '--selector', 'k8s-app=kube-dns', '--tail=20'),
  ]);
  return { registry, emulator: emulatorPort };
}
