import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Clients, createClients } from './aws.ts';
import { GROUPS } from './kinds/kind.ts';
import { createReconciler } from './reconciler.ts';
import { type FakeAutoscaling, startFakeAutoscaling } from './testing/fake-autoscaling.ts';
import { changed, keyed, managed, REGION } from './testing/manifests.ts';

// The emulator does not support Application Auto Scaling. So these two kinds call a fake that records the requests.
let fake: FakeAutoscaling;
let clients: Clients;

beforeEach(async () => {
  fake = await startFakeAutoscaling();
  clients = createClients({ endpoint: fake.endpoint, region: REGION });
});

afterEach(async () => {
  clients.close();
  await fake.close();
});

const target = managed(GROUPS.autoscaling, 'Target', 'reads', {
  minCapacity: 1,
  maxCapacity: 10,
  resourceId: 'table/files',
  scalableDimension: 'dynamodb:table:ReadCapacityUnits',
  serviceNamespace: 'dynamodb',
});
const tracking = {
  targetValue: 70,
  predefinedMetricSpecification: { predefinedMetricType: 'DynamoDBReadCapacityUtilization' },
};
const policy = managed(GROUPS.autoscaling, 'Policy', 'reads-policy', {
  policyType: 'TargetTrackingScaling',
  resourceIdRef: { name: 'reads' },
  scalableDimensionRef: { name: 'reads' },
  serviceNamespaceRef: { name: 'reads' },
  targetTrackingScalingPolicyConfiguration: tracking,
});

test('a target and its policy are made, kept, changed and deleted (against a recorded fake)', async () => {
  const reconciler = createReconciler({ clients });
  reconciler.apply(keyed(target, policy));
  await reconciler.reconcile();
  const place = {
    ResourceId: 'table/files',
    ScalableDimension: 'dynamodb:table:ReadCapacityUnits',
    ServiceNamespace: 'dynamodb',
  };
  expect(fake.calls.splice(0)).toEqual([
    { operation: 'RegisterScalableTarget', input: { ...place, MinCapacity: 1, MaxCapacity: 10 } },
    {
      operation: 'PutScalingPolicy',
      input: {
        ...place,
        PolicyName: 'reads-policy',
        PolicyType: 'TargetTrackingScaling',
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 70,
          PredefinedMetricSpecification: { PredefinedMetricType: 'DynamoDBReadCapacityUtilization' },
        },
      },
    },
  ]);
  expect(reconciler.observed().get('reads-policy')?.status).toMatchObject({
    atProvider: { id: 'dynamodb/table/files/dynamodb:table:ReadCapacityUnits/reads-policy' },
    conditions: [
      { type: 'Synced', status: 'True', reason: 'ReconcileSuccess' },
      { type: 'Ready', status: 'True', reason: 'Available' },
    ],
  });

  await reconciler.reconcile();
  expect(fake.calls).toEqual([]);

  reconciler.apply(keyed(changed(target, { maxCapacity: 20 }), policy));
  await reconciler.reconcile();
  expect(fake.calls.splice(0)).toMatchObject([
    { operation: 'RegisterScalableTarget', input: { MaxCapacity: 20 } },
  ]);

  await reconciler.deleteAll();
  expect(fake.calls.map(({ operation }) => operation).toSorted()).toEqual([
    'DeleteScalingPolicy',
    'DeregisterScalableTarget',
  ]);
});
