/** Claims that scenarios make for themselves, and what they do with them. */
import type { Json } from '../../function/src/objects.ts';
import { PIPELINE } from '../../local/managed-kinds.ts';
import { partsOf } from '../../local/parts.ts';
import { type Item, untilRecorded, upload } from '../../local/upload.ts';
import type { KubeObject } from '../../tools/cluster.ts';
import { expectNone } from '../scenario.ts';
import { type Claims, composedBy, keyOf, refOf, type Stage, untilReady, watchAll } from '../stage.ts';
import { RECORDED_MS } from '../waits.ts';

/** A claim of RecordFile with these fields beside the least that is needed. */
export function claimOf(
  { region }: Pick<Stage, 'region'>,
  name: string,
  spec: Json = {},
  namespace = 'default',
): KubeObject {
  return {
    apiVersion: PIPELINE.apiVersion,
    kind: PIPELINE.kind,
    metadata: { name, namespace },
    spec: { region, dataRetention: 'Delete', workflow: { type: 'RecordFile' }, ...spec },
  };
}

/** Applies a claim and waits until it is ready. */
export async function makeReady(stage: Stage, claim: KubeObject): Promise<KubeObject> {
  await stage.cluster.apply(claim);
  return untilReady(stage, refOf(claim));
}

/** Uploads some small files and waits for their items. */
export async function recordFiles(
  stage: Pick<Stage, 'clients'>,
  claim: KubeObject,
  keys: readonly string[],
): Promise<Item[]> {
  const { bucket, table, partitionKey } = partsOf(claim);
  const files = keys.map((key) => ({ key, body: Buffer.from(key) }));
  await upload(stage.clients, bucket, files);
  return untilRecorded(stage.clients, table, partitionKey, keys, RECORDED_MS);
}

/** Uids of a claim's composed resources, by key: what must stay when nothing is to be replaced. */
export function identities(stage: Claims, claim: KubeObject): Map<string, string> {
  return new Map(composedBy(stage, claim).map((one) => [keyOf(one), String(one.metadata['uid'])]));
}

/** Fails when a resource is gone or was replaced. */
export function expectKept(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  excused: (key: string) => boolean = () => false,
  what = 'resources were not kept',
): void {
  const lost = [...before].filter(([key, uid]) => !excused(key) && after.get(key) !== uid);
  const told = lost.map(([key]) => `${key} ${after.has(key) ? 'was replaced' : 'is gone'}`);
  expectNone(told, what);
}

/** Notes which composed resources are deleted while something goes on. Returns how to end that, which tells them. */
export function watchDeletions(stage: Claims, claim: KubeObject): () => string[] {
  const deleted = new Set<string>();
  const uids = new Map([...identities(stage, claim)].map(([key, uid]) => [uid, key]));
  const off = watchAll(stage.managed, (resource, phase) => {
    const key = uids.get(String(resource.metadata['uid']));
    if (key === undefined) return;
    if (phase === 'DELETED' || resource.metadata['deletionTimestamp'] !== undefined) deleted.add(key);
  });
  return () => {
    off();
    return [...deleted];
  };
}
