/** The table with one item for each file, and the scaling of its capacity. */
import type { IPolicy } from '@crossplane-models/provider-upjet-aws/appautoscaling.aws.m.upbound.io/v1beta1/Policy';
import type { ITarget } from '@crossplane-models/provider-upjet-aws/appautoscaling.aws.m.upbound.io/v1beta1/Target';
import type { ITable } from '@crossplane-models/provider-upjet-aws/dynamodb.aws.m.upbound.io/v1beta1/Table';
import type { Context } from '../context.ts';
import { KEYS } from '../keys.ts';
import { type ComposedResource, define } from '../plan.ts';

const scalingApi = { apiVersion: 'appautoscaling.aws.m.upbound.io/v1beta1', area: 'Storage' } as const;

interface Capacity {
  readonly min: number;
  readonly max: number;
  readonly targetUtilization: number;
}

/**
 * Target tracking of one dimension.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html
 */
function scaling(context: Context, dimension: 'Read' | 'Write', capacity: Capacity): ComposedResource[] {
  const { names, spec, tags } = context;
  const part = dimension.toLowerCase();
  const targetRef = { name: names.composed(`table-${part}-scaling-target`) };
  return [
    define<ITarget>(context, {
      ...scalingApi,
      key: `table-${part}-scaling-target`,
      kind: 'Target',
      // resourceId has no reference, and AWS refuses a target whose table is not there.
      needs: [KEYS.table],
      forProvider: {
        region: spec.region,
        serviceNamespace: 'dynamodb',
        resourceId: `table/${names.table}`,
        scalableDimension: `dynamodb:table:${dimension}CapacityUnits`,
        minCapacity: capacity.min,
        maxCapacity: capacity.max,
        tags,
      },
    }),
    define<IPolicy>(context, {
      ...scalingApi,
      key: `table-${part}-scaling-policy`,
      kind: 'Policy',
      needs: [KEYS.table],
      externalName: names.of('table', `${part}-scaling`),
      forProvider: {
        region: spec.region,
        policyType: 'TargetTrackingScaling',
        resourceIdRef: targetRef,
        scalableDimensionRef: targetRef,
        serviceNamespaceRef: targetRef,
        targetTrackingScalingPolicyConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: `DynamoDB${dimension}CapacityUtilization` },
          targetValue: capacity.targetUtilization,
        },
      },
    }),
  ];
}

/**
 * The table. Its provisioned capacity is only an initial value (`initProvider`), since the scaling changes it.
 *
 * @param stream - whether the table has a stream of its changes
 */
export function table(context: Context, stream: boolean): ComposedResource[] {
  const { names, spec, tags } = context;
  const { billing, kmsKeyArn, timeToLiveAttribute, partitionKey } = spec.table;
  const { mode, read, write } = billing;
  const provisioned = mode === 'Provisioned' && read && write ? { read, write } : undefined;
  return [
    define<ITable>(context, {
      key: KEYS.table,
      area: 'Storage',
      apiVersion: 'dynamodb.aws.m.upbound.io/v1beta1',
      kind: 'Table',
      retained: true,
      externalName: names.table,
      forProvider: {
        region: spec.region,
        hashKey: partitionKey,
        attribute: [{ name: partitionKey, type: 'S' }],
        billingMode: provisioned ? 'PROVISIONED' : 'PAY_PER_REQUEST',
        deletionProtectionEnabled: spec.table.deletionProtection,
        pointInTimeRecovery: { enabled: spec.table.pointInTimeRecovery },
        ...(stream && { streamEnabled: true, streamViewType: 'NEW_IMAGE' }),
        ...(kmsKeyArn !== undefined && { serverSideEncryption: { enabled: true, kmsKeyArn } }),
        ...(timeToLiveAttribute !== undefined && {
          ttl: { enabled: true, attributeName: timeToLiveAttribute },
        }),
        tags,
      },
      ...(provisioned && {
        initProvider: { readCapacity: provisioned.read.min, writeCapacity: provisioned.write.min },
      }),
    }),
    ...(provisioned
      ? [...scaling(context, 'Read', provisioned.read), ...scaling(context, 'Write', provisioned.write)]
      : []),
  ];
}
