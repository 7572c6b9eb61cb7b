/** What Docker runs beside the cluster, and kind itself: commands, and how their answers are read. Pure. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageOf, type Placed } from '../../../argocd/images/settings.ts';
import { limits, RETRIES_OF_AWS, serverArguments } from '../../../local/emulator.ts';
import type { EmulatorName } from '../../capabilities.ts';
import { baseArguments } from './bases.ts';
import {
  BEHIND_FRONT_PORT,
  BUILT,
  EMULATOR_HOST,
  LABEL,
  MANIFESTS,
  type Names,
  NETWORK,
  REGISTRY_HOST,
  REGISTRY_PORT,
} from './names.ts';
import type { Command } from './run.ts';

const SOCKET = '/var/run/docker.sock';

export const docker = (...args: string[]): Command => ({ program: 'docker', args });

/** The kubeconfig goes to a file of its own; the user's is not touched. Deleting a cluster that is not there is no error. */
export const kind = (names: Names, verb: 'create' | 'delete', ...more: string[]): Command => ({
  program: 'kind',
  args: [verb, 'cluster', '--name', names.cluster, '--kubeconfig', names.kubeconfig, ...more],
});

/** What an emulator is told. */
export interface EmulatorSettings {
  readonly emulator: EmulatorName;
  /**
   * Of its front, inside as on loopback: the forms that it signs name the port that its functions call, and are sent to from
   * outside.
   */
  readonly port: number;
  readonly region: string;
}

/**
 * A container on kind's network, with one of its ports on loopback.
 *
 * @param port - of the container, which gets a free one on loopback; `a:b` is the port b of the container on a.
 * @param words - what its program is told.
 */
export const runContainer = (
  names: Names,
  name: string,
  port: number | `${number}:${number}`,
  image: string,
  options: string[],
  words: string[] = [],
): Command =>
  docker(
    ...['run', '--detach', '--name', name, '--label', `${LABEL}=${names.cluster}`],
    ...[
      '--network',
      NETWORK,
      '--publish',
      `127.0.0.1:${typeof port === 'number' ? `:${port}` : port}`,
      ...options,
      image,
      ...words,
    ],
  );

const environment = (variables: Record<string, string>): string[] =>
  Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]);

function emulatorOptions(
  { emulator, port, region }: EmulatorSettings,
  names: Names,
  images: readonly Placed[],
): string[] {
  if (emulator === 'ministack') {
    const variables = {
      // What it tells others: the front's.
      GATEWAY_PORT: String(port),
      MINISTACK_HOST: EMULATOR_HOST,
      MINISTACK_REGION: region,
      // Its functions run in the same container. By an address the SDK asks for buckets by path, not by a host of their own.
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      IOT_MTLS_ENABLED: '0',
      ...limits(RETRIES_OF_AWS),
    };
    return ['--network-alias', EMULATOR_HOST, '--entrypoint', 'python', ...environment(variables)];
  }
  const runtime = imageOf(images, 'lambda-nodejs');
  const variables = {
    // It runs each function in a container beside its own, which it must find, and we must be able to remove.
    MAIN_CONTAINER_NAME: names.emulator,
    LAMBDA_DOCKER_NETWORK: NETWORK,
    LAMBDA_DOCKER_FLAGS: `--label ${LABEL}=${names.cluster}`,
    // Functions say arm64; they are plain JavaScript, and this machine may be another.
    LAMBDA_IGNORE_ARCHITECTURE: '1',
    ...(runtime.setBy && { LAMBDA_RUNTIME_IMAGE_MAPPING: JSON.stringify({ 'nodejs24.x': runtime.target }) }),
    DISABLE_EVENTS: '1',
    GATEWAY_LISTEN: `0.0.0.0:${BEHIND_FRONT_PORT}`,
    // What it tells others: the front's.
    LOCALSTACK_HOST: `localhost.localstack.cloud:${port}`,
  };
  // A volume that is not there would be made, as a folder; a mount is refused.
  const socket = `type=bind,source=${SOCKET},target=${SOCKET}`;
  return ['--mount', socket, ...environment(variables)];
}

/** Its published port is the front's. */
export const runEmulator = (settings: EmulatorSettings, names: Names, images: readonly Placed[]): Command =>
  runContainer(
    names,
    names.emulator,
    `${settings.port}:${settings.port}`,
    settings.emulator === 'ministack' ? BUILT.ministack : imageOf(images, 'localstack').target,
    emulatorOptions(settings, names, images),
    settings.emulator === 'ministack' ? serverArguments(`0.0.0.0:${BEHIND_FRONT_PORT}`) : [],
  );

/** In the emulator's network namespace, so that the address of the one is the other's, and loopback of both is one. */
export const runFront = (names: Names, port: number): Command =>
  docker(
    ...['run', '--detach', '--name', names.front, '--label', `${LABEL}=${names.cluster}`],
    ...['--network', `container:${names.emulator}`, BUILT.front],
    ...[`http://127.0.0.1:${BEHIND_FRONT_PORT}`, String(port), '0.0.0.0'],
  );

export const buildxVersion = docker('buildx', 'version');

/**
 * The beginning of a build whose image the engine gets: a builder of buildx may keep it to itself, and Docker without buildx
 * does not know the option.
 */
export const buildWords = (buildx: boolean): string[] => (buildx ? ['buildx', 'build', '--load'] : ['build']);

/**
 * An image that nobody publishes, from one of the Dockerfiles in `images`.
 *
 * @param images - what it may begin from.
 */
export function buildFile(
  buildx: boolean,
  name: keyof typeof BUILT,
  context: string,
  images: readonly Placed[],
): Command {
  const file = join(MANIFESTS, 'images', `${name}.Dockerfile`);
  const bases = baseArguments(images, readFileSync(file, 'utf8'));
  return docker(...buildWords(buildx), '--tag', BUILT[name], ...bases, '--file', file, context);
}

/** @throws when Docker said something else than `127.0.0.1:<port>`. */
export function portFrom(container: string, said: string): number {
  const port = /^127\.0\.0\.1:(\d+)$/m.exec(said)?.[1];
  if (port === undefined) throw new Error(`${container} has no port on loopback: docker port said "${said}"`);
  return Number(port);
}

/** The container's address on kind's network. */
export const addressOf = (container: string): Command =>
  docker('inspect', '--format', `{{(index .NetworkSettings.Networks "${NETWORK}").IPAddress}}`, container);

/** @throws when Docker gave no IPv4 address. */
export function addressFrom(container: string, said: string): string {
  const address = said.trim();
  if (!/^\d+(\.\d+){3}$/.test(address))
    throw new Error(
      `${container} has no IPv4 address on Docker's network ${NETWORK}: docker said "${address}"`,
    );
  return address;
}

export const containerLogs = (container: string): Command => docker('logs', '--timestamps', container);

/** Ids of everything that carries the cluster's label, stopped or not: the functions of LocalStack too. */
export const listContainers = (names: Names): Command =>
  docker('ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${LABEL}=${names.cluster}`);

/** Folder of the node where containerd looks for the settings of a registry, by name and port. */
const HOSTS_FOLDER = `/etc/containerd/certs.d/${REGISTRY_HOST}:${REGISTRY_PORT}`;

/** Ids of the images that were built for the cluster alone: those of the function. */
export const listImages = (names: Names): Command =>
  docker('image', 'ls', '--quiet', '--no-trunc', '--filter', `label=${LABEL}=${names.cluster}`);

/**
 * containerd's `hosts.toml`. The kubelet pulls the function's image by the name that Crossplane pulled its package by, which
 * only the cluster's DNS knows; the node knows the container by Docker's.
 */
function hostsToml(registry: string): string {
  const url = `http://${registry}:${REGISTRY_PORT}`;
  return `server = "${url}"\n\n[host."${url}"]\n  capabilities = ["pull", "resolve"]\n`;
}

/** Tells the node where the registry is: https://kind.sigs.k8s.io/docs/user/local-registry/ */
export const writeHostsToml = (names: Names): Command[] => [
  docker('exec', names.node, 'mkdir', '-p', HOSTS_FOLDER),
  {
    ...docker('exec', '--interactive', names.node, 'tee', `${HOSTS_FOLDER}/hosts.toml`),
    input: hostsToml(names.registry),
  },
];
