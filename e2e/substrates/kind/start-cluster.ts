/** The order in which a cluster comes up, and what is beside it. */

import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../tools/errors.ts';
import * as containers from './containers.ts';
import { withZones, type Zone } from './dns.ts';
import * as kubernetes from './kubernetes.ts';
import {
  EMULATOR_HOST,
  EMULATOR_PORT,
  type EmulatorName,
  type Names,
  REGISTRY_HOST,
  REGISTRY_PORT,
} from './names.ts';
import { type Command, type Run, succeeds } from './run.ts';

/** What bringing up a cluster is given; the tests give others. */
export interface KindContext {
  readonly run: Run;
  readonly names: Names;
  readonly say: (line: string) => void;
  /** Whether something answers a GET with success. */
  readonly answers: (url: string) => Promise<boolean>;
  /** How long a container may take to answer. */
  readonly patienceMs: number;
  /** Text of a file of `argocd/platform`. */
  readonly readPlatform: (file: string) => Promise<string>;
}

/** Ports on loopback. */
export interface Ports {
  readonly registry: number;
  readonly emulator: number;
}

const stdout = async (run: Run, command: Command): Promise<string> => (await run(command)).stdout;

/**
 * Brings up a part.
 *
 * @throws naming the part that failed, with what there is to read about it.
 */
export async function part<T>(
  around: KindContext,
  name: string,
  bringUp: () => Promise<T>,
  about: Command[] = [],
): Promise<T> {
  try {
    const value = await bringUp();
    around.say(`${name}: up`);
    return value;
  } catch (error) {
    const why = messageOf(error);
    const said: string[] = [];
    for (const command of about) {
      const output = await around.run(command).catch(() => undefined);
      if (output) said.push(`${output.stdout}${output.stderr}`.trim().split('\n').slice(-20).join('\n'));
    }
    throw new Error([`${name} did not come up: ${why}`, ...said].join('\n'), { cause: error });
  }
}

/**
 * Asks until a container answers.
 *
 * @param what - what is asked, for the message.
 */
export async function untilWell(
  { patienceMs }: KindContext,
  what: string,
  isWell: () => Promise<boolean>,
): Promise<void> {
  for (const last = Date.now() + patienceMs; !(await isWell()); await delay(250)) {
    if (Date.now() > last) throw new Error(`${what} did not answer in ${patienceMs / 1000} s`);
  }
}

const untilAnswers = (around: KindContext, url: string): Promise<void> =>
  untilWell(around, url, () => around.answers(url));

async function publishedPort(run: Run, container: string, port: number): Promise<number> {
  return containers.portFrom(container, await stdout(run, containers.publishedPort(container, port)));
}

async function startRegistry(around: KindContext): Promise<number> {
  const { run, names } = around;
  await run(containers.runRegistry(names));
  const port = await publishedPort(run, names.registry, REGISTRY_PORT);
  await untilAnswers(around, `http://127.0.0.1:${port}/v2/`);
  for (const command of containers.writeHostsToml(names)) await run(command);
  return port;
}

async function startEmulator(around: KindContext, emulator: EmulatorName): Promise<number> {
  const { run, names } = around;
  const buildx = await succeeds(run, containers.buildxVersion());
  if (emulator === 'ministack') await run(containers.buildMinistack(buildx));
  await run(containers.buildFront(buildx));
  await run(containers.runEmulator(emulator, names));
  await run(containers.runFront(names));
  const port = await publishedPort(run, names.emulator, EMULATOR_PORT);
  await untilAnswers(around, `http://127.0.0.1:${port}${containers.HEALTH_PATHS[emulator]}`);
  return port;
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

async function nameContainers({ run, names }: KindContext, extras: readonly Extra[]): Promise<void> {
  const address = async (container: string) =>
    containers.addressFrom(container, await stdout(run, containers.addressOf(container)));
  const before = await stdout(run, kubernetes.readCorefile(names));
  const zones: Zone[] = [
    { name: EMULATOR_HOST, address: await address(names.emulator) },
    { name: REGISTRY_HOST, address: await address(names.registry) },
  ];
  for (const { host, container } of extras) zones.push({ name: host, address: await address(container) });
  const corefile = withZones(before, zones);
  for (const command of kubernetes.writeCorefile(names, corefile)) await run(command);
}

/** Deletes the cluster and every container of it. Goes on after a failure, and throws all of them at the end. */
export async function removeAll(run: Run, names: Names): Promise<void> {
  const errors: unknown[] = [];
  await run(containers.deleteCluster(names)).catch((error) => errors.push(error));
  try {
    const ids = (await stdout(run, containers.listContainers(names))).split(/\s+/).filter((id) => id !== '');
    if (ids.length > 0) await run(containers.removeContainers(ids));
  } catch (error) {
    errors.push(error);
  }
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
export async function startCluster(
  around: KindContext,
  emulator: EmulatorName,
  extras: readonly Extra[] = [],
): Promise<Ports> {
  const { run, names, say } = around;
  await mkdir(names.folder, { recursive: true });
  await removeAll(run, names);
  say(`kind: creating the cluster ${names.cluster}; a first time pulls a node image of about 1 GB`);
  await part(around, 'kind', () => run(containers.createCluster(names)));
  const registry = await part(around, 'registry', () => startRegistry(around), [
    containers.containerLogs(names.registry),
  ]);
  const emulatorPort = await part(around, emulator, () => startEmulator(around, emulator), [
    containers.containerLogs(names.emulator),
    containers.containerLogs(names.front),
  ]);
  for (const { title, container, start } of extras)
    await part(around, title, start, [containers.containerLogs(container)]);
  await part(around, 'names in the cluster', () => nameContainers(around, extras), [
    kubernetes.kubectl(
      ...([
        names,
        'logs',
        '--namespace',
        'kube-system',
        '--selector',
        'k8s-app=kube-dns',
        '--tail=20',
      ] as const),
    ),
  ]);
  return { registry, emulator: emulatorPort };
}
