/** What a claim names and did not make is left as it is, and two claims share a bucket by EventBridge. */
import { at } from '../../function/src/objects.ts';
import { partsOf } from '../../local/parts.ts';
import { platformFor } from '../../local/platform.ts';
import { FOREIGN_KEY, makeForeignBucket } from '../../local/testing/foreign-bucket.ts';
import { readItems } from '../../local/upload.ts';
import { conditionOf, type KubeObject, until } from '../../tools/cluster.ts';
import { differences, stateOf } from '../aws-state.ts';
import { expect, type Scenario } from '../scenario.ts';
import {
  composedBy,
  deleteClaim,
  discard,
  keyOf,
  READY_MS,
  refOf,
  type Stage,
  untilGone,
  whyNotReady,
} from '../stage.ts';
import { claimOf, makeReady, recordFiles } from './claims.ts';
import { isQuick, objectKeys } from './deletion.ts';

/** A table with an item, as another team has it. */
async function makeTable({ clients }: Stage, TableName: string): Promise<void> {
  await clients.dynamodb.createTable({
    TableName,
    AttributeDefinitions: [{ AttributeName: 'Filename', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'Filename', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    Tags: [{ Key: 'team', Value: 'theirs' }],
  });
  await clients.dynamodb.putItem({ TableName, Item: { Filename: { S: 'theirs.txt' } } });
}

/** All that can be read of both, with the object's bytes and the items. */
async function lookAt(stage: Stage, bucket: string, table: string) {
  const { Body } = await stage.clients.s3.getObject({ Bucket: bucket, Key: FOREIGN_KEY });
  return {
    settings: await stateOf(stage.clients, 'nothing ends with this', [bucket, table]),
    text: await Body?.transformToString(),
    keys: await objectKeys(stage, bucket),
    items: await readItems(stage.clients, table),
  };
}

/** Waits until a condition has a reason. Resolves to its message. */
function untilReason(stage: Stage, claim: KubeObject, type: string, reason: string): Promise<string> {
  const ref = refOf(claim);
  return until(
    [stage.pipelines],
    () => {
      const found = conditionOf(stage.pipelines.get(ref), type);
      return found.reason === reason ? found.message : undefined;
    },
    READY_MS,
    () => `${type} has no reason ${reason}. ${whyNotReady(stage, ref)}`,
  );
}

/** Two claims with everything that could do harm name what is another's. */
async function leavesAlone(stage: Stage): Promise<string[]> {
  const [bucket, table] = ['e2e-foreign-bucket', 'e2e-foreign-table'];
  await makeForeignBucket(stage.clients, bucket);
  await makeTable(stage, table);
  const before = await lookAt(stage, bucket, table);
  const source = { bucketName: bucket, expireAfterDays: 1 };
  const byBucket = claimOf('foreign-bucket', 'default', stage.region, { source });
  const byTable = claimOf('foreign-table', 'default', stage.region, { table: { name: table } });
  for (const claim of [byBucket, byTable]) await stage.cluster.apply(claim);
  const said = await untilReason(stage, byBucket, 'StorageReady', 'NotOurs');
  expect(
    said.startsWith(`spec.source.bucketName: Invalid value: "${bucket}": `),
    `the condition does not name the field: ${said}`,
  );
  await untilReason(stage, byTable, 'StorageReady', 'NotOurs');
  for (const claim of [byBucket, byTable]) {
    const live = stage.pipelines.get(refOf(claim));
    expect(
      live !== undefined && at(live, 'status', 'bucket') === undefined,
      `${claim.metadata.name} tells a bucket`,
    );
    await deleteClaim(stage, claim);
    if (live) await untilGone(stage, live, isQuick);
  }
  const changed = differences(before, await lookAt(stage, bucket, table));
  expect(changed.length === 0, `what is another's was changed:\n  ${changed.join('\n  ')}`);
  return [
    `not ours: ${said}`,
    'a bucket with policy, lifecycle and object, and a table with an item: nothing of them changed',
  ];
}

/** Two claims listen to one bucket that neither made. */
async function shares(stage: Stage): Promise<string[]> {
  const bucket = 'e2e-shared-bucket';
  await makeForeignBucket(stage.clients, bucket);
  const names = ['aa', 'bb'];
  const wanted = names.map((name) =>
    claimOf(`shares-${name}`, 'default', stage.region, {
      source: { bucketName: bucket, adopt: true, trigger: 'EventBridge', prefix: `${name}/` },
    }),
  );
  // Its owner has S3 tell EventBridge.
  for (const claim of wanted) await platformFor(claim, stage.clients);
  const settings = () => stateOf(stage.clients, 'nothing ends with this', [bucket]);
  const before = await settings();
  const claims = await Promise.all(wanted.map((claim) => makeReady(stage, claim)));
  for (const [index, claim] of claims.entries()) await recordFiles(stage, claim, [`${names[index]}/1.txt`]);
  for (const [index, claim] of claims.entries()) {
    const keys = (await readItems(stage.clients, partsOf(claim).table)).map((item) => item['Filename']);
    expect(keys.join() === `${names[index]}/1.txt`, `${claim.metadata.name} has the rows ${keys.join()}`);
    const touched = composedBy(stage, claim)
      .map(keyOf)
      .filter((key) => key.startsWith('bucket-'));
    expect(
      touched.length === 0,
      `${claim.metadata.name} sets ${touched.join(', ')} of a bucket that it adopted`,
    );
  }
  for (const claim of claims) {
    discard(stage, claim);
    await untilGone(stage, claim, isQuick);
  }
  const keys = await objectKeys(stage, bucket);
  expect(
    keys.join() === `aa/1.txt,bb/1.txt,${FOREIGN_KEY}`,
    `with the claims gone, the bucket has ${keys.join()}`,
  );
  // The objects are those that were uploaded, as was seen above.
  const changed = differences(before, await settings()).filter(
    (line) => !line.startsWith(`bucket ${bucket}.objects:`),
  );
  expect(changed.length === 0, `the bucket was changed:\n  ${changed.join('\n  ')}`);
  return [
    'two claims on one bucket by EventBridge: each has the rows below its prefix; both deleted, the bucket as it was',
  ];
}

/** Of two claims that give one name, the first one has it. */
async function refusesTheSecond(stage: Stage): Promise<string> {
  const source = { bucketName: 'e2e-named-bucket' };
  const first = await makeReady(stage, claimOf('first', 'default', stage.region, { source }));
  const second = claimOf('second', 'default', stage.region, { source });
  await stage.cluster.apply(second);
  const said = await untilReason(stage, second, 'StorageReady', 'NotOurs');
  expect(
    said.includes('FileIngestPipeline default/first made'),
    `the condition does not name the owner: ${said}`,
  );
  await recordFiles(stage, first, ['after.txt']);
  const live = stage.pipelines.get(refOf(second));
  if (live) {
    discard(stage, live);
    await untilGone(stage, live, isQuick);
  }
  await recordFiles(stage, first, ['still.txt']);
  discard(stage, first, [source.bucketName]);
  return 'of two claims with one bucketName the second is refused by the tag, and the first goes on';
}

export const scenario: Scenario = {
  name: 'ownership',
  title: "what is another's is left alone, and two claims share a bucket",
  needs: ['lambda'],
  run: async (stage) => {
    const parts = await Promise.all([leavesAlone(stage), shares(stage), refusesTheSecond(stage)]);
    return parts.flat();
  },
};
