/**
 * Plays the part of Crossplane's package runtime controller, which runs packages as Deployments: tells the package manager
 * about the processes that stand in for them, in the status of each package revision.
 */
import { stringAt } from '../../../function/src/objects.ts';
import { type Cluster, conditionOf, isStatus, type KubeObject } from '../../../tools/cluster.ts';
import { messageOf } from '../../../tools/errors.ts';
import { FUNCTION_REVISION, PROVIDER_REVISION, SECRET } from '../../../tools/kinds.ts';
import { watchAll } from '../../stage.ts';
import { SYSTEM } from './crossplane.ts';

/** The package manager wants one, for webhooks that nothing here has. */
const WEBHOOK_SECRET = 'package-webhooks';
const CONFLICT = 409;
const GONE = 404;

export type Revisions = Awaited<ReturnType<typeof followRevisions>>;

const versionOf = (revision: KubeObject) => /:([^/:]+)$/.exec(stringAt(revision, 'spec', 'image') ?? '')?.[1];

/**
 * Follows the revisions of providers and functions and tells of each what runs for it.
 *
 * @param authority - PEM of the certificate authority.
 * @param runs.functionAt - the endpoint of a function's version; undefined while it is not up.
 * @param runs.provider - whether the provider's process is up.
 */
export async function followRevisions(
  cluster: Cluster,
  authority: string,
  runs: { functionAt(version: string): string | undefined; provider(): boolean },
) {
  const { apiVersion, kind } = SECRET;
  const metadata = { name: WEBHOOK_SECRET, namespace: SYSTEM };
  await cluster.apply({ apiVersion, kind, metadata, stringData: { 'tls.crt': authority } });
  const functions = await cluster.follow(FUNCTION_REVISION);
  const providers = await cluster.follow(PROVIDER_REVISION);

  const tell = async (revision: KubeObject) => {
    const isFunction = revision.kind === FUNCTION_REVISION.kind;
    const endpoint = isFunction ? runs.functionAt(versionOf(revision) ?? '') : undefined;
    const isUp = isFunction ? endpoint !== undefined : runs.provider();
    const told =
      stringAt(revision, 'status', 'tlsServerSecretName') === WEBHOOK_SECRET &&
      stringAt(revision, 'status', 'endpoint') === endpoint &&
      (conditionOf(revision, 'RuntimeHealthy').status === 'True') === isUp;
    if (told) return;
    const healthy = {
      type: 'RuntimeHealthy',
      status: isUp ? 'True' : 'False',
      reason: isUp ? 'HealthyPackageRuntime' : 'UnhealthyPackageRuntime',
      lastTransitionTime: new Date().toISOString(),
    };
    await cluster.setStatus(
      isFunction ? FUNCTION_REVISION : PROVIDER_REVISION,
      revision,
      { tlsServerSecretName: WEBHOOK_SECRET, ...(endpoint !== undefined && { endpoint }) },
      [healthy],
    );
  };
  const tellOf = (revision: KubeObject) => {
    tell(revision).catch((error: unknown) => {
      // Somebody else was quicker: their change comes here too, and is answered then. Or they have removed it.
      if (!isStatus(error, CONFLICT) && !isStatus(error, GONE))
        console.error(`${revision.kind} ${revision.metadata.name}: ${messageOf(error)}`);
    });
  };
  const both = [functions, providers];
  const off = watchAll(both, (revision, phase) => {
    if (phase !== 'DELETED') tellOf(revision);
  });
  return {
    /** Looks again, after a process has come up. */
    announce: () => {
      for (const revision of both.flatMap((followed) => followed.all())) tellOf(revision);
    },
    stop: () => {
      off();
      for (const followed of both) followed.stop();
    },
  };
}
