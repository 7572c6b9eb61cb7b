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

/** Which processes run. */
export interface Runs {
  /** The endpoint of a function's version; undefined while it is not up. */
  functionAt(version: string): string | undefined;
  /** Whether the provider's process is up. */
  provider(): boolean;
}

/**
 * What a revision's status has to say of its process: fields and conditions. Undefined when it says so already, so that an answer
 * to a change is not a change that is answered again.
 */
export function toldOf(
  revision: KubeObject,
  runs: Runs,
): { fields: Record<string, string>; conditions: Record<string, string>[] } | undefined {
  const isFunction = revision.kind === FUNCTION_REVISION.kind;
  const endpoint = isFunction ? runs.functionAt(versionOf(revision) ?? '') : undefined;
  const isUp = isFunction ? endpoint !== undefined : runs.provider();
  // A function that has ended leaves its endpoint there, as a Service without pods does.
  const fields = { tlsServerSecretName: WEBHOOK_SECRET, ...(endpoint !== undefined && { endpoint }) };
  const isSaid =
    Object.entries(fields).every(([name, value]) => stringAt(revision, 'status', name) === value) &&
    conditionOf(revision, 'RuntimeHealthy').status === (isUp ? 'True' : 'False');
  if (isSaid) return undefined;
  const healthy = {
    type: 'RuntimeHealthy',
    status: isUp ? 'True' : 'False',
    reason: isUp ? 'HealthyPackageRuntime' : 'UnhealthyPackageRuntime',
    lastTransitionTime: new Date().toISOString(),
  };
  return { fields, conditions: [healthy] };
}

/**
 * Follows the revisions of providers and functions and tells of each what runs for it.
 *
 * @param authority - PEM of the certificate authority.
 */
export async function followRevisions(cluster: Cluster, authority: string, runs: Runs) {
  const { apiVersion, kind } = SECRET;
  const metadata = { name: WEBHOOK_SECRET, namespace: SYSTEM };
  await cluster.apply({ apiVersion, kind, metadata, stringData: { 'tls.crt': authority } });
  const functions = await cluster.follow(FUNCTION_REVISION);
  const providers = await cluster.follow(PROVIDER_REVISION);

  const tell = async (revision: KubeObject) => {
    const told = toldOf(revision, runs);
    if (!told) return;
    const kind = revision.kind === FUNCTION_REVISION.kind ? FUNCTION_REVISION : PROVIDER_REVISION;
    await cluster.setStatus(kind, revision, told.fields, told.conditions);
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
