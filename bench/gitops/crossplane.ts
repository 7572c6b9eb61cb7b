/**
 * Stands in for Crossplane and the provider: for each claim it creates the managed resources that the function renders, in their ready
 * state, lists them in the claim, and sets the claim's conditions. It reconciles nothing a second time, and does not call AWS.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { readClaim, settle, UID } from '../../function/render.ts';
import type { Catalogue } from '../../function/src/catalogue.ts';
import { at, type Json } from '../../function/src/objects.ts';
import { managedKinds, PIPELINE } from '../../local/managed-kinds.ts';
import type { Cluster, Followed, KubeObject } from '../../tools/cluster.ts';

/** How many claims are worked on at once. */
const AT_ONCE = 8;
/** From a change of a claim to its conditions: Crossplane's reconcile takes a moment, too. */
const MOMENT_MS = 200;
const MERGE = 'application/merge-patch+json';
const CONFLICT = 409;
const CONDITIONS = [
  'Synced',
  'Ready',
  'Responsive',
  'StorageReady',
  'CodeReady',
  'WorkflowReady',
  'TriggerReady',
];
const EXAMPLE = { name: 'invoices', namespace: 'default' };

/** A managed resource of the example: the path where it is created, and its JSON. */
export interface Template {
  readonly path: string;
  readonly text: string;
}

/** What the function renders for the smallest claim, once all of it is ready. */
export async function templatesOf(catalogue: Catalogue): Promise<Template[]> {
  const { observed } = await settle(readClaim('claim.yaml'), { catalogue });
  return Object.values(observed).map((manifest) => {
    const { apiVersion, kind } = manifest;
    const known = managedKinds().find((one) => one.apiVersion === apiVersion && one.kind === kind);
    if (known === undefined) throw new Error(`${String(kind)} of ${String(apiVersion)} has no definition`);
    return {
      path: `/apis/${known.apiVersion}/namespaces/NAMESPACE/${known.plural}`,
      text: JSON.stringify(manifest),
    };
  });
}

/** The example's resource for another claim: its names, its owner. */
export function resourceFor({ text }: Template, claim: KubeObject): KubeObject {
  const { name, namespace = '', uid } = claim.metadata;
  const short = String(uid).slice(0, 8);
  const renamed = text
    .replaceAll(UID.slice(0, 8), short)
    .replaceAll(`${EXAMPLE.namespace}-${EXAMPLE.name}`, `${namespace}-${name}`)
    .replaceAll(`${EXAMPLE.namespace}/${EXAMPLE.name}`, `${namespace}/${name}`)
    .replaceAll(`"${EXAMPLE.name}-`, `"${name}-`);
  const manifest: KubeObject = JSON.parse(renamed);
  const { apiVersion, kind } = claim;
  return {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      namespace,
      labels: { 'crossplane.io/composite': name },
      ownerReferences: [{ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }],
    },
  };
}

/** The claim's status once its resources are ready. */
export function readyStatus(generation: number): Json {
  const lastTransitionTime = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const fields = { status: 'True', reason: 'Available', lastTransitionTime, observedGeneration: generation };
  const conditions = CONDITIONS.map((type) => ({ type, ...fields }));
  return { conditions, waitingFor: [] };
}

export interface StandIn {
  /** All claims. */
  readonly pipelines: Followed;
  /** How many managed resources it has created. */
  made(): number;
  stop(): Promise<void>;
}

/** Starts the stand-in. A failure goes to `onError`, and the claim stays as it is. */
export async function playCrossplane(
  cluster: Cluster,
  templates: readonly Template[],
  onError: (error: unknown) => void,
): Promise<StandIn> {
  const followed = await cluster.follow(PIPELINE);
  const waiting = new Set<string>();
  let working = 0;
  let made = 0;
  let stopped = false;

  const look = async (key: string) => {
    const [namespace = '', name = ''] = key.split('/');
    const claim = followed.get({ namespace, name });
    if (claim === undefined) return;
    const path = `/apis/${PIPELINE.apiVersion}/namespaces/${namespace}/${PIPELINE.plural}/${name}`;
    let current: unknown = claim;
    if (at(claim, 'spec', 'crossplane', 'resourceRefs') === undefined) {
      const resourceRefs: Json[] = [];
      for (const template of templates) {
        const resource = resourceFor(template, claim);
        await cluster.send('POST', template.path.replace('NAMESPACE', namespace), resource, undefined, [
          CONFLICT,
        ]);
        made += 1;
        const { apiVersion, kind } = resource;
        resourceRefs.push({ apiVersion, kind, name: resource.metadata.name });
      }
      current = JSON.parse(
        await cluster.send('PATCH', path, { spec: { crossplane: { resourceRefs } } }, MERGE),
      );
    } else await delay(MOMENT_MS);
    const generation = Number(at(current, 'metadata', 'generation'));
    await cluster.send('PATCH', `${path}/status`, { status: readyStatus(generation) }, MERGE);
  };

  const next = () => {
    for (const key of waiting) {
      if (working >= AT_ONCE || stopped) return;
      waiting.delete(key);
      working += 1;
      look(key)
        .catch(onError)
        .finally(() => {
          working -= 1;
          next();
        });
    }
  };
  const enqueue = (claim: KubeObject) => {
    const { name, namespace, generation } = claim.metadata;
    const [synced]: unknown[] = [at(claim, 'status', 'conditions') ?? []].flat();
    // Without conditions, resources in the spec say that it is being worked on.
    const isDone =
      synced === undefined
        ? at(claim, 'spec', 'crossplane') !== undefined
        : at(synced, 'observedGeneration') === generation;
    if (isDone) return;
    waiting.add(`${namespace}/${name}`);
    next();
  };
  const off = followed.onChange(enqueue);
  for (const claim of followed.all()) enqueue(claim);
  return {
    pipelines: followed,
    made: () => made,
    stop: async () => {
      stopped = true;
      off();
      followed.stop();
      while (working > 0) await delay(20);
    },
  };
}
