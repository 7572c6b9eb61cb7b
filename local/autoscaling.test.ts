import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listen } from '../tools/ports.ts';
import { type Clients, createClients } from './aws.ts';
import { type Fields, isFields } from './fields.ts';
import { GROUPS } from './kinds/kind.ts';
import { createReconciler } from './reconciler.ts';
import { changed, keyed, managed, REGION } from './testing/manifests.ts';

interface FakeAutoscaling {
  readonly endpoint: string;
  /** The calls that change something: operation and body. */
  readonly calls: { operation: string; input: Fields }[];
  close(): Promise<void>;
}

const IDENTITY =
  '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
  '<Account>000000000000</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';

function answerTo(
  operation: string,
  input: Fields,
  targets: Map<string, Fields>,
  policies: Map<string, Fields>,
): Fields {
  const id = String(
    input['ResourceId'] ?? (Array.isArray(input['ResourceIds']) ? input['ResourceIds'][0] : ''),
  );
  switch (operation) {
    case 'RegisterScalableTarget':
      targets.set(id, {
        ...targets.get(id),
        ...input,
        ScalableTargetARN: `arn:target/${id}`,
        CreationTime: 0,
      });
      return { ScalableTargetARN: `arn:target/${id}` };
    case 'DeregisterScalableTarget':
      targets.delete(id);
      return {};
    case 'DescribeScalableTargets':
      return { ScalableTargets: [...targets.values()].filter((target) => target['ResourceId'] === id) };
    case 'PutScalingPolicy':
      policies.set(id, { ...input, PolicyARN: `arn:policy/${id}`, CreationTime: 0 });
      return { PolicyARN: `arn:policy/${id}`, Alarms: [] };
    case 'DeleteScalingPolicy':
      policies.delete(id);
      return {};
    case 'DescribeScalingPolicies':
      return { ScalingPolicies: [...policies.values()].filter((policy) => policy['ResourceId'] === id) };
    case 'ListTagsForResource':
      return { Tags: {} };
    default:
      throw new Error(`the fake has no ${operation}`);
  }
}

/** A small fake of Application Auto Scaling, on a free port of loopback. It also answers STS, which the reconciler calls. */
async function startFakeAutoscaling(): Promise<FakeAutoscaling> {
  const calls: FakeAutoscaling['calls'] = [];
  const targets = new Map<string, Fields>();
  const policies = new Map<string, Fields>();
  const server = createServer(async (request, response) => {
    const target = request.headers['x-amz-target'];
    let body = '';
    for await (const chunk of request) body += chunk;
    if (typeof target !== 'string') return void response.setHeader('content-type', 'text/xml').end(IDENTITY);
    const operation = target.split('.').at(-1) ?? '';
    const input: unknown = JSON.parse(body);
    if (!isFields(input)) throw new Error(`${operation} came without an input`);
    if (!/^(Describe|List)/.test(operation)) calls.push({ operation, input });
    const answer = JSON.stringify(answerTo(operation, input, targets, policies));
    response.setHeader('content-type', 'application/x-amz-json-1.1').end(answer);
  });
  const { url, stop } = await listen(server);
  return { endpoint: url, calls, close: stop };
}

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
