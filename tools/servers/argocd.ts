/**
 * Argo CD's controllers as processes, set as the manifests say: each gets the environment that its container has there, from
 * the same ConfigMaps. Only addresses and folders are this machine's.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { at, stringAt } from '../../function/src/objects.ts';
import type { KubeObject } from '../cluster.ts';
import { runCommand } from '../command.ts';
import { type Daemon, startDaemon, untilAnswers } from '../daemon.ts';
import { accepts, claimPort, HOST } from '../ports.ts';
import { findOnPath } from '../programs/path.ts';

const START_MS = 60_000;
const REDIS = ['redis-server', 'valkey-server'];

export interface ArgoCdOptions {
  readonly binaries: { argocd: string; kustomize: string; helm: string };
  readonly kubeconfig: string;
  /** What `argocd/install` builds to. */
  readonly manifests: readonly KubeObject[];
  /** For data that lives as long as the run. */
  readonly folder: string;
  readonly logs: string;
  /** Told of each process at once, so that it is ended even when a later one fails. */
  onStart(daemon: Daemon): void;
}

export interface ArgoCd {
  /** Its API, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Runs Argo CD's own command line against it. Resolves to what it printed. */
  cli(...args: string[]): Promise<string>;
}

/** Path of the Redis server on this machine. */
async function redisServer(): Promise<string> {
  for (const command of REDIS) {
    const found = await findOnPath({ command, args: ['--version'] });
    if (found) return found.path;
  }
  throw new Error(
    `neither ${REDIS.join(' nor ')} was found, and Argo CD keeps its cache in one. Install it, on Debian by: apt-get install redis-server`,
  );
}

/** Programs under their own names, as the controllers look for them. */
function programFolder(folder: string, { kustomize, helm, argocd }: ArgoCdOptions['binaries']): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, path] of Object.entries({ kustomize, helm, argocd })) {
    writeFileSync(join(folder, name), `#!/bin/sh\nexec '${path}' "$@"\n`, { mode: 0o755 });
  }
  return folder;
}

/** The variables of a container, as far as they are given there or by a ConfigMap among the manifests. */
export function environmentOf(manifests: readonly KubeObject[], name: string): Record<string, string> {
  const workload = manifests.find(
    ({ kind, metadata }) => (kind === 'Deployment' || kind === 'StatefulSet') && metadata.name === name,
  );
  const containers = at(workload, 'spec', 'template', 'spec', 'containers');
  const variables: unknown = at(Array.isArray(containers) ? containers[0] : undefined, 'env');
  if (!Array.isArray(variables)) throw new Error(`the manifests of Argo CD have no workload ${name}`);
  const textOf = (variable: unknown): string | undefined => {
    const ref = at(variable, 'valueFrom', 'configMapKeyRef');
    const map = manifests.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === stringAt(ref, 'name'),
    );
    return stringAt(variable, 'value') ?? stringAt(map, 'data', stringAt(ref, 'key') ?? '');
  };
  return Object.fromEntries(
    variables.flatMap((variable) => {
      const value = textOf(variable);
      return value === undefined ? [] : [[stringAt(variable, 'name') ?? '', value]];
    }),
  );
}

/** The key that sessions are signed with. Argo CD's API server would make it, but the other processes start first. */
export const argoCdSecret = (): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'argocd-secret', namespace: 'argocd' },
  stringData: { 'server.secretkey': randomUUID() },
});

/** Starts Redis, the repository server, the application controller, the ApplicationSet controller and the API server. */
export async function startArgoCd(options: ArgoCdOptions): Promise<ArgoCd> {
  const { binaries, kubeconfig, manifests, folder, logs, onStart } = options;
  const path = programFolder(join(folder, 'bin'), binaries);
  const data = Object.fromEntries(
    ['tls', 'ssh', 'gnupg', 'plugins', 'home', 'tmp', 'redis'].map((name) => {
      const made = join(folder, name);
      mkdirSync(made, { recursive: true, mode: 0o700 });
      return [name, made];
    }),
  );
  const run = (name: string, command: string, args: string[], env: NodeJS.ProcessEnv): Daemon => {
    const daemon = startDaemon({ name, command, args, env, logFile: join(logs, `${name}.log`) });
    onStart(daemon);
    return daemon;
  };
  const base = {
    PATH: [path, process.env['PATH'], dirname(process.execPath)].join(delimiter),
    HOME: data['home'],
    TMPDIR: data['tmp'],
    KUBECONFIG: kubeconfig,
    // "In the cluster" is what the kubeconfig says.
    ARGOCD_FAKE_IN_CLUSTER: 'true',
    ARGOCD_GPG_ENABLED: 'false',
    ARGOCD_TLS_DATA_PATH: data['tls'],
    ARGOCD_SSH_DATA_PATH: data['ssh'],
    ARGOCD_GNUPGHOME: data['gnupg'],
    ARGOCD_PLUGINSOCKFILEPATH: data['plugins'],
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
  const redisPort = await claimPort();
  const redisArgs = ['--bind', HOST, '--port', String(redisPort), '--save', '', '--dir', data['redis'] ?? ''];
  const redis = run('argocd-redis', await redisServer(), redisArgs, { PATH: process.env['PATH'] });
  await untilAnswers(redis, () => accepts(redisPort), START_MS);
  const redisAddress = `${HOST}:${redisPort}`;

  const start = (name: string, args: string[]) =>
    run(name, binaries.argocd, args, {
      ...environmentOf(manifests, name),
      ...base,
      ARGOCD_BINARY_NAME: name,
      REDIS_PASSWORD: '',
    });
  const repoPort = await claimPort();
  const repoServer = start('argocd-repo-server', [
    ...['--address', HOST, '--port', String(repoPort), '--disable-tls', '--redis', redisAddress],
    ...['--metrics-address', HOST, '--metrics-port', String(await claimPort())],
  ]);
  await untilAnswers(repoServer, () => accepts(repoPort), START_MS);
  const toRepoServer = [`${HOST}:${repoPort}`, '--repo-server-plaintext'];

  const metrics = await claimPort();
  const controller = start('argocd-application-controller', [
    ...['--repo-server', ...toRepoServer, '--redis', redisAddress, '--namespace', 'argocd'],
    // It takes no address for its metrics, only a port.
    ...['--metrics-port', String(metrics)],
  ]);
  const appSets = await claimPort();
  const appSetController = start('argocd-applicationset-controller', [
    ...['--argocd-repo-server', ...toRepoServer, '--namespace', 'argocd', '--enable-leader-election=false'],
    ...['--metrics-addr', `${HOST}:${await claimPort()}`, '--probe-addr', `${HOST}:${appSets}`],
    ...['--webhook-addr', `${HOST}:${await claimPort()}`],
  ]);
  const port = await claimPort();
  const server = start('argocd-server', [
    ...['--address', HOST, '--port', String(port), '--insecure', '--disable-auth', '--redis', redisAddress],
    ...['--repo-server', ...toRepoServer, '--namespace', 'argocd'],
    ...['--metrics-address', HOST, '--metrics-port', String(await claimPort())],
  ]);
  await untilAnswers(controller, async () => (await fetch(`http://${HOST}:${metrics}/healthz`)).ok, START_MS);
  await untilAnswers(appSetController, () => accepts(appSets), START_MS);
  await untilAnswers(server, async () => (await fetch(`http://${HOST}:${port}/healthz`)).ok, START_MS);
  return {
    url: `http://${HOST}:${port}`,
    cli: (...args) =>
      runCommand(binaries.argocd, [...args, '--server', `${HOST}:${port}`, '--plaintext'], {
        env: { ...process.env, ...base, ARGOCD_BINARY_NAME: 'argocd' },
      }),
  };
}
