/** With Delete nothing is left in AWS; with Retain the data stays, and a claim of the same name takes it over. */
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { identityOf } from '../../function/src/names.ts';
import { partsOf } from '../../local/parts.ts';
import { readItems } from '../../local/upload.ts';
import type { KubeObject } from '../../tools/cluster.ts';
import { inventory, ofClaim } from '../aws-inventory.ts';
import { expect, type Scenario } from '../scenario.ts';
import { deleteClaim, discard, type Stage, untilGone } from '../stage.ts';
import { claimOf, makeReady, recordFiles } from './claims.ts';

/** The provider watches a deleted queue for minutes. */
export const isQuick = ({ kind }: KubeObject) => kind !== 'Queue';

export async function objectKeys(stage: Pick<Stage, 'clients'>, bucket: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client: stage.clients.s3 },
    { Bucket: bucket },
  ))
    keys.push(...Contents.map(({ Key = '' }) => Key));
  return keys.sort();
}

async function deletesAll(stage: Stage): Promise<string> {
  const claim = await makeReady(stage, claimOf('delete-all', 'default', stage.region));
  await recordFiles(stage, claim, ['a.txt', 'b.txt']);
  const { suffix } = identityOf(claim);
  const before = ofClaim(await inventory(stage.clients), suffix);
  expect(before.length > 0, `nothing in AWS carries the suffix ${suffix} of a ready claim`);
  await deleteClaim(stage, claim);
  await untilGone(stage, claim, isQuick);
  const left = ofClaim(await inventory(stage.clients), suffix).filter((name) => !name.startsWith('queue '));
  expect(left.length === 0, `dataRetention Delete left:\n  ${left.join('\n  ')}`);
  // The queue is looked for at the end.
  discard(stage, claim);
  return `Delete: ${before.length} things in AWS before, with two files and their items; none after`;
}

async function retainsAndTakesOver(stage: Stage): Promise<string[]> {
  const first = await makeReady(
    stage,
    claimOf('retain', 'default', stage.region, { dataRetention: 'Retain' }),
  );
  await recordFiles(stage, first, ['kept.txt']);
  const { bucket, table, partitionKey } = partsOf(first);
  const { suffix } = identityOf(first);
  await deleteClaim(stage, first);
  await untilGone(stage, first, isQuick);
  const left = ofClaim(await inventory(stage.clients), suffix).filter((name) => !name.startsWith('queue '));
  const expected = [`bucket ${bucket}`, `table ${table}`];
  expect(left.sort().join() === expected.sort().join(), `dataRetention Retain left:\n  ${left.join('\n  ')}`);
  expect((await objectKeys(stage, bucket)).join() === 'kept.txt', 'the retained bucket lost its object');
  expect((await readItems(stage.clients, table)).length === 1, 'the retained table lost its item');

  const names = { source: { bucketName: bucket }, table: { name: table } };
  const second = await makeReady(stage, claimOf('retain', 'default', stage.region, names));
  expect(
    partsOf(second).bucket === bucket && partsOf(second).table === table,
    'the second claim made its own',
  );
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
  needs: ['lambda'],
  run: async (stage) => {
    const [deleted, retained] = await Promise.all([deletesAll(stage), retainsAndTakesOver(stage)]);
    return [deleted, ...retained];
  },
};
