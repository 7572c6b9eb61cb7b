/** What a claim names and did not make is left as it is; two claims share a bucket; a restored claim keeps what it has. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, type Json, stringAt } from '../../function/src/objects.ts';
import { reconcileOnce, untilReady, withUid } from '../composite.ts';
import { partsOf } from '../parts.ts';
import { startStage } from '../pipeline.ts';
import { platformFor } from '../platform.ts';
import { createReconciler } from '../reconciler.ts';
import { FOREIGN_KEY, makeForeignBucket } from '../testing/foreign-bucket.ts';
import { readItems, untilRecorded, upload } from '../upload.ts';

const REGION = 'us-east-1';
const PASSES = 12;
const RECORDED_MS = 30_000;

let stage: Awaited<ReturnType<typeof startStage>>;
beforeAll(async () => {
  stage = await startStage(REGION);
});
afterAll(() => stage?.stop());

const claimOf = (name: string, spec: Json): Json =>
  withUid({
    apiVersion: 'fileingest.dev/v1alpha1',
    kind: 'FileIngestPipeline',
    metadata: { name, namespace: 'team-a' },
    spec: { region: REGION, dataRetention: 'Delete', workflow: { type: 'RecordFile' }, ...spec },
  });

/** All that a claim could have changed of a bucket. */
async function lookAt(Bucket: string) {
  const { s3 } = stage.clients;
  const [policy, lifecycle, notification, versions] = await Promise.all([
    s3.getBucketPolicy({ Bucket }),
    s3.getBucketLifecycleConfiguration({ Bucket }),
    s3.getBucketNotificationConfiguration({ Bucket }),
    s3.listObjectVersions({ Bucket }),
  ]);
  return {
    policy: policy.Policy,
    rules: lifecycle.Rules,
    functions: notification.LambdaFunctionConfigurations,
    objects: versions.Versions?.map(({ Key, ETag, VersionId }) => `${Key} ${ETag} ${VersionId}`),
  };
}

const conditionOf = (composite: Json, type: string): string => {
  const conditions = at(composite, 'status', 'conditions');
  const found = Array.isArray(conditions) ? conditions.find((one) => at(one, 'type') === type) : undefined;
  return `${stringAt(found, 'reason')}: ${stringAt(found, 'message')}`;
};

describe('a bucket that a claim names and did not make', () => {
  it('is left as it is, and the condition says so', async () => {
    await makeForeignBucket(stage.clients, 'foreign');
    const before = await lookAt('foreign');
    const reconciler = createReconciler({ clients: stage.clients });
    let composite = claimOf('names-it', { source: { bucketName: 'foreign', expireAfterDays: 1 } });
    for (let pass = 0; pass < PASSES; pass += 1) {
      composite = (await reconcileOnce(composite, stage.server, reconciler)).composite;
      await reconciler.reconcile();
    }
    expect(conditionOf(composite, 'StorageReady')).toBe(
      'NotOurs: spec.source.bucketName: Invalid value: "foreign": is a bucket that no FileIngestPipeline made, so it is left alone. ' +
        'Give another name, or set spec.source.adopt to use it as it is.',
    );
    await reconciler.deleteAll();
    expect(await lookAt('foreign')).toEqual(before);
  });

  it('can be listened to by two claims, and stays when both are deleted', async () => {
    const source = { bucketName: 'shared', adopt: true, trigger: 'EventBridge' };
    const claims = ['aa', 'bb'].map((name) => claimOf(name, { source: { ...source, prefix: `${name}/` } }));
    await makeForeignBucket(stage.clients, 'shared');
    const made = await Promise.all(
      claims.map(async (claim) => {
        await platformFor(claim, stage.clients);
        const reconciler = createReconciler({ clients: stage.clients });
        return { reconciler, composite: await untilReady({ claim, server: stage.server, reconciler }) };
      }),
    );
    const before = await lookAt('shared');
    const keys = ['aa/1.txt', 'bb/1.txt'];
    await upload(
      stage.clients,
      'shared',
      keys.map((key) => ({ key, body: Buffer.from(key) })),
    );
    for (const [index, { composite }] of made.entries()) {
      const { table, partitionKey } = partsOf(composite);
      await untilRecorded(stage.clients, table, partitionKey, [keys[index] ?? ''], RECORDED_MS);
      expect((await readItems(stage.clients, table)).map((item) => item[partitionKey])).toEqual([
        keys[index],
      ]);
      expect(at(composite, 'status', 'adopted')).toEqual(['bucket shared']);
    }
    for (const { reconciler } of made) await reconciler.deleteAll();
    const { objects, ...settings } = await lookAt('shared');
    const { objects: _, ...settingsBefore } = before;
    expect(settings).toEqual(settingsBefore);
    expect(objects?.map((one) => one.split(' ')[0])).toEqual([...keys, FOREIGN_KEY]);
  });

  it('is the first one’s where two claims give the name', async () => {
    const spec = { source: { bucketName: 'ours' } };
    const first = createReconciler({ clients: stage.clients });
    await untilReady({ claim: claimOf('first', spec), server: stage.server, reconciler: first });
    const second = createReconciler({ clients: stage.clients });
    let composite = claimOf('second', spec);
    for (let pass = 0; pass < PASSES; pass += 1) {
      composite = (await reconcileOnce(composite, stage.server, second)).composite;
      await second.reconcile();
    }
    expect(conditionOf(composite, 'StorageReady')).toContain('FileIngestPipeline team-a/first made');
    await second.deleteAll();
    await first.reconcile();
    expect(first.observed().get('bucket')?.status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'True' }),
    );
    await first.deleteAll();
  });
});

describe('a claim that comes back with another uid', () => {
  it('keeps its bucket, its table and its rows, and goes on', async () => {
    const claim = claimOf('restored', {});
    const reconciler = createReconciler({ clients: stage.clients });
    const composite = await untilReady({ claim, server: stage.server, reconciler });
    const { bucket, table, partitionKey } = partsOf(composite);
    await upload(stage.clients, bucket, [{ key: 'before.txt', body: Buffer.from('x') }]);
    await untilRecorded(stage.clients, table, partitionKey, ['before.txt'], RECORDED_MS);
    const names = [...reconciler.observed()].map(([key, { metadata }]) => [
      key,
      metadata.name,
      metadata.annotations,
    ]);

    const again = await untilReady({ claim: withUid(claim), server: stage.server, reconciler });
    expect(stringAt(again, 'metadata', 'uid')).not.toBe(stringAt(claim, 'metadata', 'uid'));
    expect(partsOf(again)).toMatchObject({ bucket, table });
    expect(
      [...reconciler.observed()].map(([key, { metadata }]) => [key, metadata.name, metadata.annotations]),
    ).toEqual(names);
    await upload(stage.clients, bucket, [{ key: 'after.txt', body: Buffer.from('x') }]);
    await untilRecorded(stage.clients, table, partitionKey, ['before.txt', 'after.txt'], RECORDED_MS);
    await reconciler.deleteAll();
  });
});
