/** With Delete nothing is left in AWS; with Retain the data stays, and a claim of the same name takes it over. */
import { identityOf } from '../../function/src/names.ts';
import type { Clients } from '../../local/aws.ts';
import { partsOf } from '../../local/parts.ts';
import { readItems } from '../../local/upload.ts';
import type { KubeObject } from '../../tools/cluster.ts';
import { inventory, ofClaim } from '../aws-inventory.ts';
import { DATA_PATH, expect, expectNone, type Scenario } from '../scenario.ts';
import { deleteClaim, discard, type Stage, untilGone } from '../stage.ts';
import { claimOf, makeReady, recordFiles } from './claims.ts';

/** The provider watches a deleted queue for minutes. */
export const isQuick = ({ kind }: KubeObject) => kind !== 'Queue';

export async function objectKeys({ s3 }: Clients, Bucket: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { Contents = [] } of s3.paginateListObjectsV2({ Bucket }))
    keys.push(...Contents.map(({ Key = '' }) => Key));
  return keys.sort();
}

/** What AWS has of a claim, but for its queue, which is looked for when all scenarios have run. */
export async function leftOf(clients: Clients, claim: KubeObject): Promise<string[]> {
  const found = ofClaim(await inventory(clients), identityOf(claim).suffix);
  return found.filter((name) => !name.startsWith('queue ')).sort();
}

/** Fails unless AWS has the bucket and the table of a deleted claim, and nothing else of it. */
export async function expectDataAlone(clients: Clients, claim: KubeObject): Promise<void> {
  const { bucket, table } = partsOf(claim);
  const left = await leftOf(clients, claim);
  const expected = [`bucket ${bucket}`, `table ${table}`];
  expect(left.join() === expected.join(), `dataRetention Retain left:\n  ${left.join('\n  ')}`);
}

async function deletesAll(stage: Stage): Promise<string> {
  const claim = await makeReady(stage, claimOf(stage, 'delete-all'));
  await recordFiles(stage, claim, ['a.txt', 'b.txt']);
  const { suffix } = identityOf(claim);
  const before = ofClaim(await inventory(stage.clients), suffix);
  expect(before.length > 0, `nothing in AWS carries the suffix ${suffix} of a ready claim`);
  await deleteClaim(stage, claim);
  await untilGone(stage, claim, isQuick);
  expectNone(await leftOf(stage.clients, claim), 'dataRetention Delete left');
  // The queue is looked for at the end.
  discard(stage, claim);
  return `Delete: ${before.length} things in AWS before, with two files and their items; none after`;
}

async function retainsAndTakesOver(stage: Stage): Promise<string[]> {
  const { clients } = stage;
  const first = await makeReady(stage, claimOf(stage, 'retain', { dataRetention: 'Retain' }));
  await recordFiles(stage, first, ['kept.txt']);
  const { bucket, table, partitionKey } = partsOf(first);
  await deleteClaim(stage, first);
  await untilGone(stage, first, isQuick);
  await expectDataAlone(clients, first);
  expect((await objectKeys(clients, bucket)).join() === 'kept.txt', 'the retained bucket lost its object');
  expect((await readItems(clients, table)).length === 1, 'the retained table lost its item');

  const names = { source: { bucketName: bucket }, table: { name: table } };
  const second = await makeReady(stage, claimOf(stage, 'retain', names));
  const parts = partsOf(second);
  expect(parts.bucket === bucket && parts.table === table, 'the second claim made its own');
  const items = await recordFiles(stage, second, ['new.txt']);
  const keys = items.map((item) => item[partitionKey]).sort();
  expect(keys.join() === 'kept.txt,new.txt', `taken over, the table has ${keys.join()}`);
  discard(stage, first);
  discard(stage, second, [bucket, table]);
  return [
    'Retain: bucket with its object and table with its item stayed, and nothing else did',
    'another claim of the same name took both over and recorded into them; it is deleted with Delete',
  ];
}

export const scenario: Scenario = {
  name: 'deletion',
  title: 'Delete leaves nothing, Retain leaves the data, which a claim of the same name takes over',
  needs: DATA_PATH,
  run: async (stage) => {
    const [deleted, retained] = await Promise.all([deletesAll(stage), retainsAndTakesOver(stage)]);
    return [deleted, ...retained];
  },
};
