/** What a claim names and did not make is left as it is, and two claims share a bucket by EventBridge. */
import { at } from '../../function/src/objects.ts';
import { partsOf } from '../../local/parts.ts';
import { platformFor } from '../../local/platform.ts';
import { FOREIGN_KEY, makeForeignBucket } from '../../local/testing/foreign-bucket.ts';
import { readItems } from '../../local/upload.ts';
import { conditionOf, type KubeObject } from '../../tools/cluster.ts';
import { differences, stateOf } from '../aws-state.ts';
import { DATA_PATH, expect, expectNone, type Scenario } from '../scenario.ts';
import {
  composedBy,
  deleteClaim,
  discard,
  keyOf,
  refOf,
  type Stage,
  untilClaim,
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

const settingsOf = (stage: Stage, ...names: string[]) =>
  stateOf(stage.clients, 'nothing ends with this', names);

/** All that can be read of both, with the object's bytes and the items. */
async function lookAt(stage: Stage, bucket: string, table: string) {
  const { Body } = await stage.clients.s3.getObject({ Bucket: bucket, Key: FOREIGN_KEY });
  return {
    settings: await settingsOf(stage, bucket, table),
    text: await Body?.transformToString(),
    keys: await objectKeys(stage.clients, bucket),
    items: await readItems(stage.clients, table),
  };
}

/** Waits until a claim is told that what it names is not its own. Resolves to the message. */
function untilRefused(stage: Stage, claim: KubeObject): Promise<string> {
  const ref = refOf(claim);
  return untilClaim(
    stage,
    ref,
    (one) => {
      const { reason, message } = conditionOf(one, 'StorageReady');
      return reason === 'NotOurs' ? message : undefined;
    },
    () => `StorageReady has no reason NotOurs. ${whyNotReady(stage, ref)}`,
  );
}

/** Two claims with everything that could do harm name what is another's. */
async function leavesAlone(stage: Stage): Promise<string[]> {
  const [bucket, table] = ['e2e-foreign-bucket', 'e2e-foreign-table'];
  await makeForeignBucket(stage.clients, bucket);
  await makeTable(stage, table);
  const before = await lookAt(stage, bucket, table);
  const byBucket = claimOf(stage, 'foreign-bucket', { source: { bucketName: bucket, expireAfterDays: 1 } });
  const byTable = claimOf(stage, 'foreign-table', { table: { name: table } });
  for (const claim of [byBucket, byTable]) await stage.cluster.apply(claim);
  const said = await untilRefused(stage, byBucket);
  expect(
    said.startsWith(`spec.source.bucketName: Invalid value: "${bucket}": `),
    `the condition does not name the field: ${said}`,
  );
  await untilRefused(stage, byTable);
  for (const claim of [byBucket, byTable]) {
    const live = stage.pipelines.get(refOf(claim));
    expect(
      live !== undefined && at(live, 'status', 'bucket') === undefined,
      `${claim.metadata.name} tells a bucket`,
    );
    await deleteClaim(stage, claim);
    await untilGone(stage, live, isQuick);
  }
  const changed = differences(before, await lookAt(stage, bucket, table));
  expectNone(changed, "what is another's was changed");
  return [
    `not ours: ${said}`,
    'a bucket with policy, lifecycle and object, and a table with an item: nothing of them changed',
  ];
}

/** Two claims listen to one bucket that neither made. */
async function shares(stage: Stage): Promise<string[]> {
  const bucket = 'e2e-shared-bucket';
  await makeForeignBucket(stage.clients, bucket);
  const wanted = ['aa', 'bb'].map((name) => {
    const source = { bucketName: bucket, adopt: true, trigger: 'EventBridge', prefix: `${name}/` };
    return { file: `${name}/1.txt`, claim: claimOf(stage, `shares-${name}`, { source }) };
  });
  // Its owner has S3 tell EventBridge.
  for (const { claim } of wanted) await platformFor(claim, stage.clients);
  const before = await settingsOf(stage, bucket);
  const made = await Promise.all(
    wanted.map(async ({ claim, file }) => ({ claim: await makeReady(stage, claim), file })),
  );
  for (const { claim, file } of made) await recordFiles(stage, claim, [file]);
  for (const { claim, file } of made) {
    const keys = (await readItems(stage.clients, partsOf(claim).table)).map((item) => item['Filename']);
    expect(keys.join() === file, `${claim.metadata.name} has the rows ${keys.join()}`);
    const touched = composedBy(stage, claim).map(keyOf);
    expectNone(
      touched.filter((key) => key.startsWith('bucket-')),
      `${claim.metadata.name} sets these of a bucket that it adopted`,
    );
  }
  for (const { claim } of made) {
    discard(stage, claim);
    await untilGone(stage, claim, isQuick);
  }
  const keys = await objectKeys(stage.clients, bucket);
  expect(
    keys.join() === `aa/1.txt,bb/1.txt,${FOREIGN_KEY}`,
    `with the claims gone, the bucket has ${keys.join()}`,
  );
  // The objects are those that were uploaded, as was seen above.
  const changed = differences(before, await settingsOf(stage, bucket));
  expectNone(
    changed.filter((line) => !line.startsWith(`bucket ${bucket}.objects:`)),
    'the bucket was changed',
  );
  return [
    'two claims on one bucket by EventBridge: each has the rows below its prefix; both deleted, the bucket as it was',
  ];
}

/** Of two claims that give one name, the first one has it. */
async function refusesTheSecond(stage: Stage): Promise<string> {
  const source = { bucketName: 'e2e-named-bucket' };
  const first = await makeReady(stage, claimOf(stage, 'first', { source }));
  const second = claimOf(stage, 'second', { source });
  await stage.cluster.apply(second);
  const said = await untilRefused(stage, second);
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
  needs: DATA_PATH,
  run: async (stage) => {
    const parts = await Promise.all([leavesAlone(stage), shares(stage), refusesTheSecond(stage)]);
    return parts.flat();
  },
};
