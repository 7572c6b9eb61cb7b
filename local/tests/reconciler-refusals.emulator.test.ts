import { describe, expect, test } from 'vitest';
import { EXTERNAL_NAME } from '../manifest.ts';
import { createReconciler } from '../reconciler.ts';
import { setStage, settle } from '../testing/harness.ts';
import { changed, get } from '../testing/manifests.ts';
import { pipeline } from '../testing/pipeline.ts';

const stage = setStage();

describe('what AWS or the provider refuses is said in Synced', () => {
  test('a change that needs a replacement', async () => {
    const desired = pipeline();
    const attribute = [{ name: 'Other', type: 'S' }];
    desired.set('table', changed(get(desired, 'table'), { hashKey: 'Other', attribute }));
    stage.reconciler.apply(desired);
    expect(await stage.pass()).toEqual([]);
    expect(stage.condition('table', 'Synced')).toMatchObject({
      status: 'False',
      reason: 'ReconcileError',
      message: expect.stringContaining(
        'cannot change the value of the argument "hashKey" from "Filename" to "Other"',
      ),
    });
    expect(stage.condition('table', 'Ready')?.status).toBe('True');
  });

  test('a code object that is not there, where the emulator would answer a mock', async () => {
    const desired = pipeline();
    const lost = changed(get(desired, 'start'), { s3Key: 'lost.zip' });
    const metadata = { ...lost.metadata, name: 'lost', annotations: { [EXTERNAL_NAME]: 't-lost' } };
    desired.set('lost', { ...lost, metadata });
    stage.reconciler.apply(desired);
    await stage.reconciler.reconcile();
    expect(stage.condition('lost', 'Synced')?.message).toMatch(
      /S3 Error Code: NoSuchKey.*s3:\/\/t-code\/lost\.zip/,
    );
    expect(stage.condition('lost', 'Ready')).toMatchObject({ status: 'False', reason: 'Creating' });
  });

  test('a sourceCodeHash that is not the base64 SHA-256 of the code', async () => {
    const desired = pipeline();
    desired.set('start', changed(get(desired, 'start'), { sourceCodeHash: 'abc' }));
    stage.reconciler.apply(desired);
    await stage.reconciler.reconcile();
    expect(stage.condition('start', 'Synced')?.message).toMatch(
      /CodeSha256 of s3:\/\/t-code\/start\.zip is .*, not .* abc/,
    );
  });

  test('a reference to what does not exist', async () => {
    const desired = pipeline();
    const stray = changed(get(desired, 'start-policy'), { roleRef: { name: 'nobody' } });
    desired.set('stray', { ...stray, metadata: { ...stray.metadata, name: 'stray' } });
    stage.reconciler.apply(desired);
    expect(await stage.pass()).toEqual([]);
    expect(stage.condition('stray', 'Synced')?.message).toBe(
      'cannot resolve references: spec.forProvider.roleRef: cannot get referenced resource: Role "nobody" not found',
    );
    expect(stage.condition('stray', 'Ready')).toBeUndefined();
  });
});

describe('deletion', () => {
  test('what is no longer wanted goes, in AWS too', async () => {
    const desired = pipeline();
    desired.delete('start-permission');
    stage.reconciler.apply(desired);
    expect(stage.reconciler.observed().has('start-permission')).toBe(true);
    expect(await stage.pass()).toEqual(['RemovePermissionCommand']);
    expect(stage.reconciler.observed().has('start-permission')).toBe(false);
    // Once the last statement is gone AWS answers that there is no policy, the emulator an empty one.
    const answer = stage.clients.lambda.getPolicy({ FunctionName: 't-start' });
    const policy = await answer.then(
      ({ Policy }) => Policy,
      () => '',
    );
    expect(policy).not.toContain('s3.amazonaws.com');
  });

  test('without Delete in its managementPolicies it stays in AWS', async () => {
    const desired = pipeline();
    const kept = get(desired, 'table');
    const managementPolicies = ['Observe', 'Create', 'Update', 'LateInitialize'];
    desired.set('table', { ...kept, spec: { ...kept.spec, managementPolicies } });
    stage.reconciler.apply(desired);
    await stage.reconciler.reconcile();
    desired.delete('table');
    stage.reconciler.apply(desired);
    expect(await stage.pass()).toEqual([]);
    expect(stage.reconciler.observed().has('table')).toBe(false);
    const { Table } = await stage.clients.dynamodb.describeTable({ TableName: 't-table' });
    expect(Table?.TableStatus).toBe('ACTIVE');
    stage.reconciler.apply(pipeline());
    await settle(stage.reconciler);
  });

  test('a bucket with objects is refused without forceDestroy and emptied with it', async () => {
    for (const Body of ['one', 'two']) {
      await stage.clients.s3.putObject({ Bucket: 't-files', Key: 'in/a b+c.csv', Body });
    }
    await expect(stage.reconciler.deleteAll()).rejects.toThrow(/Bucket\/files: .*not empty/);
    await stage.clients.s3.headBucket({ Bucket: 't-files' });
    const again = createReconciler({ clients: stage.clients });
    again.apply(new Map([['files', changed(get(pipeline(), 'files'), { forceDestroy: true })]]));
    await settle(again);
    await again.deleteAll();
    await expect(stage.clients.s3.headBucket({ Bucket: 't-files' })).rejects.toThrow();
    await stage.reconciler.deleteAll();
    expect(stage.reconciler.observed().size).toBe(0);
    stage.reconciler.apply(pipeline());
    await settle(stage.reconciler);
  });
});
