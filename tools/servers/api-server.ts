/** etcd, the Kubernetes API server and the controller manager, as processes on loopback. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Daemon, startDaemon, untilAnswers } from '../daemon.ts';
import { claimPort, HOST } from '../ports.ts';
import { makeAuthority, signServer, writeServiceAccountKey } from './certificates.ts';

const START_MS = 90_000;

/** Without the first nothing composed is deleted, without the second no namespace is. */
const CONTROLLERS = 'garbage-collector-controller,namespace-controller,serviceaccount-controller';

export interface ApiServerBinaries {
  readonly etcd: string;
  readonly 'kube-apiserver': string;
  /** Where something has to be deleted by it. */
  readonly 'kube-controller-manager'?: string;
}

function isUp(url: string, ca: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const agent = new Agent({ ca });
    const request = get(url, { agent, timeout: 1000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
    request.on('timeout', () => request.destroy());
  });
}

function writeKubeconfig(path: string, server: string, ca: Buffer, token: string): void {
  const name = 'fileingest-e2e';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': ca.toString('base64') } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'default' } }],
    'current-context': name,
  };
  writeFileSync(path, stringify(config), { mode: 0o600 });
}

/**
 * Starts them and waits until the API server is ready.
 *
 * @param folder - for data, keys and the kubeconfig; removed by the caller.
 * @param onStart - told of each process at once, so that it is ended even when a later one fails.
 */
export async function startApiServer(
  binaries: ApiServerBinaries,
  folder: string,
  logs: string,
  onStart: (daemon: Daemon) => void,
): Promise<string> {
  const start = (name: keyof ApiServerBinaries, args: string[]) => {
    const command = binaries[name] ?? name;
    const daemon = startDaemon({ name, command, args, logFile: join(logs, `${name}.log`) });
    onStart(daemon);
    return daemon;
  };
  mkdirSync(folder, { recursive: true });
  const client = `http://${HOST}:${await claimPort()}`;
  const peer = `http://${HOST}:${await claimPort()}`;
  const etcd = start('etcd', [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // The data lives as long as the run.
    '--unsafe-no-fsync',
    '--log-level=warn',
  ]);
  await untilAnswers(etcd, async () => (await fetch(`${client}/health`)).ok, START_MS);

  const authority = await makeAuthority(join(folder, 'ca'));
  const certificate = await signServer(join(folder, 'api-server'), authority, [
    'DNS:localhost',
    `IP:${HOST}`,
    'DNS:kubernetes.default.svc',
  ]);
  const serviceAccountKey = writeServiceAccountKey(folder);
  const token = randomUUID();
  const tokens = join(folder, 'tokens.csv');
  writeFileSync(tokens, `${token},admin,admin,"system:masters"\n`, { mode: 0o600 });
  const port = await claimPort();
  const server = `https://${HOST}:${port}`;
  const apiServer = start('kube-apiserver', [
    `--etcd-servers=${client}`,
    `--bind-address=${HOST}`,
    `--advertise-address=${HOST}`,
    `--secure-port=${port}`,
    `--tls-cert-file=${certificate.crt}`,
    `--tls-private-key-file=${certificate.key}`,
    `--service-account-key-file=${serviceAccountKey}`,
    `--service-account-signing-key-file=${serviceAccountKey}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--authorization-mode=RBAC',
    `--token-auth-file=${tokens}`,
    '--disable-admission-plugins=ServiceAccount',
    // Loopback is no endpoint that a Service may have; nothing here needs one.
    '--endpoint-reconciler-type=none',
  ]);
  const ca = readFileSync(authority.crt);
  await untilAnswers(apiServer, () => isUp(`${server}/readyz`, ca), START_MS);
  const kubeconfig = join(folder, 'kubeconfig');
  writeKubeconfig(kubeconfig, server, ca, token);
  if (!binaries['kube-controller-manager']) return kubeconfig;
  start('kube-controller-manager', [
    `--kubeconfig=${kubeconfig}`,
    `--controllers=${CONTROLLERS}`,
    `--bind-address=${HOST}`,
    `--secure-port=${await claimPort()}`,
    `--service-account-private-key-file=${serviceAccountKey}`,
    '--leader-elect=false',
  ]);
  return kubeconfig;
}
