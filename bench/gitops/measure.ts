/** What a fleet costs: to roll it out, to change all of it, to change one claim. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { ARGOCD, isWell, refreshApplication, refreshSet, whyNot } from '../../argocd/applications.ts';
import { stringAt } from '../../function/src/objects.ts';
import { type KubeObject, until } from '../../tools/cluster.ts';
import { median } from '../stats.ts';
import type { ControlPlane } from './control-plane.ts';
import { applicationName, changeAll, changeClaim, FLEET, namespacesOf, writeFleet } from './fleet.ts';
import type { Layout } from './options.ts';
import { generationTimes, metricsOf, sumOf, usageOf } from './usage.ts';

const TIMEOUT_MS = 600_000;
/** A controller that uses less than this share of a core for `REST_MS` is at rest. */
const REST = 0.15;
const REST_MS = 2000;
const REST_AT_MOST_MS = 60_000;

/** The processes whose memory and CPU are measured. */
const PROCESSES = {
  controller: 'argocd-application-controller',
  'repo server': 'argocd-repo-server',
  Redis: 'argocd-redis',
  'API server': 'kube-apiserver',
  etcd: 'etcd',
} as const;
export type ProcessName = keyof typeof PROCESSES;

export interface Cost {
  /** Seconds from the commit until the API server had all that it changes, and until Argo CD called all of it Synced and Healthy. */
  readonly applied: number;
  readonly healthy: number;
  /** Seconds of CPU meanwhile. */
  readonly cpu: Readonly<Record<ProcessName, number>>;
  /** Requests of the application controller to the API server. */
  readonly requests: number;
  /** Milliseconds that the repository server took for the manifests of an Application, the middle of all. */
  readonly generation: number;
}

const byName = (value: (name: ProcessName) => number): Record<ProcessName, number> => ({
  controller: value('controller'),
  'repo server': value('repo server'),
  Redis: value('Redis'),
  'API server': value('API server'),
  etcd: value('etcd'),
});

const pidOf = (plane: ControlPlane, name: ProcessName) => plane.daemon(PROCESSES[name]).pid;

/** Megabytes resident of each process, or the most that it ever had. */
export function memory(plane: ControlPlane, which: 'rssMB' | 'peakMB'): Record<ProcessName, number> {
  return byName((name) => usageOf(pidOf(plane, name))[which]);
}

/** Megabytes of etcd's file. */
export async function databaseMB({ cluster }: ControlPlane): Promise<number> {
  return sumOf(await cluster.send('GET', '/metrics'), 'apiserver_storage_size_bytes') / 1e6;
}

const cpu = (plane: ControlPlane) => byName((name) => usageOf(pidOf(plane, name)).cpuSeconds);
const requests = async (plane: ControlPlane) =>
  sumOf(await metricsOf(pidOf(plane, 'controller')), 'argocd_kubectl_requests_total');
const repoServerLog = (plane: ControlPlane) =>
  readFileSync(plane.daemon(PROCESSES['repo server']).logFile, 'utf8');

/** Waits until the controller has nothing left to do. */
export async function rest(plane: ControlPlane): Promise<void> {
  const pid = pidOf(plane, 'controller');
  for (const last = Date.now() + REST_AT_MOST_MS; Date.now() < last; ) {
    const before = usageOf(pid).cpuSeconds;
    await delay(REST_MS);
    if (usageOf(pid).cpuSeconds - before < (REST * REST_MS) / 1000) return;
  }
}

async function refresh({ cluster }: ControlPlane, parts: readonly number[]): Promise<void> {
  for (const part of parts) await refreshApplication(cluster, applicationName(part));
}

/** Waits until Argo CD calls these parts Synced and Healthy. */
export async function untilWell(
  plane: ControlPlane,
  parts: readonly number[],
  commit?: string,
): Promise<void> {
  const find = (part: number) => plane.applications.get({ name: applicationName(part), namespace: ARGOCD });
  await until(
    [plane.applications],
    () => (parts.every((part) => isWell(find(part), commit)) ? true : undefined),
    TIMEOUT_MS,
    () => {
      const wrong = parts.filter((part) => !isWell(find(part), commit));
      return `${wrong.length} Applications are not well, such as ${applicationName(wrong[0] ?? 0)}: ${whyNot(find(wrong[0] ?? 0)).slice(0, 2000)}`;
    },
  );
}

/** Waits until this many claims satisfy a condition. */
async function untilClaims(
  plane: ControlPlane,
  count: number,
  holds: (claim: KubeObject) => boolean,
): Promise<void> {
  const { pipelines } = plane.crossplane;
  const have = () => pipelines.all().filter(holds).length;
  await until(
    [pipelines],
    () => (have() >= count ? true : undefined),
    TIMEOUT_MS,
    () => `${have()} of ${count} claims are in the cluster as git has them`,
  );
}

/** A change that is written and not committed yet. */
interface Change {
  /** The parts that it changes. */
  readonly parts: readonly number[];
  /** How many claims it changes, and whether a claim has the change. */
  readonly claims: number;
  holds(claim: KubeObject): boolean;
  /** Has Argo CD look; by default by a refresh of the parts. */
  begin?(): Promise<unknown>;
}

/** Commits a change, has Argo CD look, and takes the time. */
async function timed(plane: ControlPlane, change: Change): Promise<Cost> {
  const { parts, claims, holds, begin = () => refresh(plane, parts) } = change;
  await rest(plane);
  const before = { cpu: cpu(plane), requests: await requests(plane), log: repoServerLog(plane).length };
  const commit = await plane.repository.commit('A change');
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  await begin();
  const [applied] = await Promise.all([
    untilClaims(plane, claims, holds).then(seconds),
    untilWell(plane, parts, commit),
  ]);
  const healthy = seconds();
  const after = cpu(plane);
  const times = generationTimes(repoServerLog(plane).slice(before.log));
  // The others were answered from the cache.
  const made = times.toSorted((a, b) => b - a).slice(0, parts.length);
  return {
    applied,
    healthy,
    cpu: byName((name) => after[name] - before.cpu[name]),
    requests: (await requests(plane)) - before.requests,
    generation: made.length > 0 ? median(made) : Number.NaN,
  };
}

export const partsOf = ({ applications }: Layout) => Array.from({ length: applications }, (_, part) => part);
const claimsOf = ({ applications, claims }: Layout) => applications * claims;
const hasTag = (tag: string, value: string) => (claim: KubeObject) =>
  stringAt(claim, 'spec', 'tags', tag) === value;

/** The fleet appears in git; nothing of it is in the cluster. */
export async function rollOut(plane: ControlPlane, layout: Layout): Promise<Cost> {
  for (const namespace of namespacesOf(layout)) await plane.cluster.apply(namespace);
  writeFleet(plane.repository, layout);
  return timed(plane, {
    parts: partsOf(layout),
    claims: claimsOf(layout),
    holds: () => true,
    begin: () => refreshSet(plane.cluster, FLEET),
  });
}

/** Each claim changes, by one commit. */
export function changeEach(plane: ControlPlane, layout: Layout, change: string): Promise<Cost> {
  changeAll(plane.repository, change);
  return timed(plane, { parts: partsOf(layout), claims: claimsOf(layout), holds: hasTag('all', change) });
}

/**
 * One claim changes.
 *
 * @param told - Applications that are refreshed: all of them, as by a webhook without more, or the claim's own alone.
 */
export function changeOne(
  plane: ControlPlane,
  layout: Layout,
  change: string,
  told: 'all' | 'own',
): Promise<Cost> {
  const part = layout.applications - 1;
  changeClaim(plane.repository, part, layout, change);
  const parts = told === 'all' ? partsOf(layout) : [part];
  return timed(plane, { parts, claims: 1, holds: hasTag('change', change) });
}
