/** A real API server with the provider's definitions, and the two ways in which objects are written to it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { managedDefinitions } from '../../bench/gitops/definitions.ts';
import { type Json, stringAt } from '../../function/src/objects.ts';
import { managedKinds } from '../../local/managed-kinds.ts';
import { type Cluster, createCluster, type KubeObject } from '../../tools/cluster.ts';
import type { Daemon } from '../../tools/daemon.ts';
import { NAMESPACE } from '../../tools/kinds.ts';
import { ensureBinaries, moduleFolder } from '../../tools/programs/binaries.ts';
import { startApiServer } from '../../tools/servers/api-server.ts';

const APPLY_PATCH = 'application/apply-patch+yaml';
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const NOT_FOUND = 404;

export interface Server {
  /** Server-side apply by force, as the owner of the fields that the object names. */
  apply(object: Json, manager: string): Promise<Json>;
  /** Replaces the object; whatever it changes belongs to the manager. */
  update(object: Json, manager: string): Promise<Json>;
  remove(object: Json): Promise<void>;
  stop(): Promise<void>;
}

const kinds = new Map(managedKinds().map((kind) => [`${kind.apiVersion} ${kind.kind}`, kind]));

function pathOf(object: Json): string {
  const { apiVersion, plural } = kinds.get(`${object['apiVersion']} ${object['kind']}`) ?? {};
  if (!plural) throw new Error(`${object['kind']} has no definition here`);
  const namespace = stringAt(object, 'metadata', 'namespace');
  return `/apis/${apiVersion}/namespaces/${namespace}/${plural}/${stringAt(object, 'metadata', 'name')}`;
}

async function untilServed({ send }: Cluster): Promise<void> {
  for (const { apiVersion, plural } of kinds.values()) {
    const isServed = () =>
      send('GET', `/apis/${apiVersion}/${plural}`).then(
        () => true,
        () => false,
      );
    while (!(await isServed())) await delay(50);
  }
}

async function define(
  cluster: Cluster,
  definitions: readonly KubeObject[],
  namespace: string,
): Promise<void> {
  for (const definition of definitions) await cluster.send('POST', DEFINITIONS, definition);
  await untilServed(cluster);
  const { apiVersion, kind } = NAMESPACE;
  await cluster.apply({ apiVersion, kind, metadata: { name: namespace } });
}

/**
 * Starts one that has a namespace.
 *
 * @param say - told of what takes long: builds, where nothing is built yet.
 */
export async function startServer(namespace: string, say: (line: string) => void): Promise<Server> {
  const binaries = await ensureBinaries(['etcd', 'kube-apiserver'], say);
  const folder = mkdtempSync(join(tmpdir(), 'fileingest-owners-'));
  const daemons: Daemon[] = [];
  const stop = async () => {
    for (const daemon of daemons.toReversed()) await daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const logs = join(folder, 'logs');
    const kubeconfig = await startApiServer(binaries, join(folder, 'kubernetes'), logs, (daemon) =>
      daemons.push(daemon),
    );
    const cluster = createCluster(kubeconfig);
    const { send } = cluster;
    await define(
      cluster,
      managedDefinitions(join(await moduleFolder('provider-aws'), 'package/crds')),
      namespace,
    );
    const parsed = (text: string): Json => JSON.parse(text);
    return {
      apply: async (object, manager) => {
        const query = new URLSearchParams({ fieldManager: manager, force: 'true' });
        return parsed(await send('PATCH', `${pathOf(object)}?${query}`, object, APPLY_PATCH));
      },
      update: async (object, manager) => {
        const query = new URLSearchParams({ fieldManager: manager });
        return parsed(await send('PUT', `${pathOf(object)}?${query}`, object));
      },
      remove: async (object) => {
        await send('DELETE', pathOf(object), undefined, undefined, [NOT_FOUND]);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
