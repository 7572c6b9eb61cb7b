/** Crossplane's core as a process: its definitions, its certificates, its controllers. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, isObject } from '../../../function/src/objects.ts';
import type { Cluster } from '../../../tools/cluster.ts';
import { runCommand } from '../../../tools/command.ts';
import { type Daemon, startDaemon, untilAnswers } from '../../../tools/daemon.ts';
import { SECRET } from '../../../tools/kinds.ts';
import { claimPort, HOST } from '../../../tools/ports.ts';
import { ensureNamespace } from '../../stage.ts';
import { START_MS } from '../../waits.ts';

export const SYSTEM = 'crossplane-system';
const CA_SECRET = 'crossplane-root-ca';
const CLIENT_SECRET = 'crossplane-tls-client';

export interface CrossplaneOptions {
  readonly cluster: Cluster;
  /** The binary of Crossplane's core. */
  readonly crossplane: string;
  /** The folder `cluster/crds` of its Go module. */
  readonly definitions: string;
  readonly folder: string;
  readonly logs: string;
}

async function secretFiles(cluster: Cluster, name: string, folder: string): Promise<void> {
  const secret = await cluster.read(SECRET, { name, namespace: SYSTEM });
  const data = at(secret, 'data');
  if (!isObject(data))
    throw new Error(`the secret ${SYSTEM}/${name} is empty: crossplane core init did not fill it`);
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(data))
    writeFileSync(join(folder, file), Buffer.from(String(content), 'base64'), { mode: 0o600 });
}

/**
 * Installs Crossplane's own definitions and makes its certificates.
 *
 * @returns the authority that signs the functions' certificates, as files.
 */
export async function initCrossplane(options: CrossplaneOptions): Promise<{ crt: string; key: string }> {
  const { cluster, crossplane, definitions, folder } = options;
  await ensureNamespace(options, SYSTEM);
  // It fills these secrets, but does not make them.
  const { apiVersion, kind } = SECRET;
  for (const name of [CA_SECRET, CLIENT_SECRET])
    await cluster.apply({ apiVersion, kind, metadata: { name, namespace: SYSTEM }, type: 'Opaque' });
  const env = {
    ...process.env,
    KUBECONFIG: cluster.kubeconfig,
    ENABLE_WEBHOOKS: 'false',
    CRDS_PATH: definitions,
    TLS_CA_SECRET_NAME: CA_SECRET,
    TLS_CLIENT_SECRET_NAME: CLIENT_SECRET,
  };
  const init = () => runCommand(crossplane, ['core', 'init'], { env });
  // The first run can be ahead of the API server, which does not serve yet what the run itself has just defined.
  await init().catch(init);
  const authority = join(folder, 'ca');
  await secretFiles(cluster, CA_SECRET, authority);
  await secretFiles(cluster, CLIENT_SECRET, join(folder, 'client'));
  return { crt: join(authority, 'tls.crt'), key: join(authority, 'tls.key') };
}

/**
 * Starts the controllers. Resolves when they are ready.
 *
 * @param args - added to those that a control plane of plain processes needs.
 */
export async function startCrossplane(
  { cluster, crossplane, folder, logs }: CrossplaneOptions,
  args: readonly string[],
): Promise<Daemon> {
  const health = await claimPort();
  // It writes into these, and does not make them.
  const [packages, functions] = [join(folder, 'packages'), join(folder, 'functions')];
  for (const cache of [packages, functions]) mkdirSync(cache, { recursive: true });
  const daemon = startDaemon({
    name: 'crossplane',
    command: crossplane,
    args: [
      ...['core', 'start', '--enable-webhooks=false', '--package-runtime=External'],
      `--health-probe-port=${health}`,
      `--metrics-port=${await claimPort()}`,
      ...args,
    ],
    env: {
      ...process.env,
      KUBECONFIG: cluster.kubeconfig,
      POD_NAMESPACE: SYSTEM,
      TLS_CLIENT_CERTS_DIR: join(folder, 'client'),
      XPKG_CACHE_DIR: packages,
      XFN_CACHE_DIR: functions,
    },
    logFile: join(logs, 'crossplane.log'),
  });
  await untilAnswers(daemon, async () => (await fetch(`http://${HOST}:${health}/readyz`)).ok, START_MS);
  return daemon;
}
