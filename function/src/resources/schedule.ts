/** The schedule that invokes a function every few minutes. */
import type { IRole } from '@crossplane-models/provider-upjet-aws/iam.aws.m.upbound.io/v1beta1/Role';
import type { IRolePolicy } from '@crossplane-models/provider-upjet-aws/iam.aws.m.upbound.io/v1beta1/RolePolicy';
import type { ISchedule } from '@crossplane-models/provider-upjet-aws/scheduler.aws.m.upbound.io/v1beta1/Schedule';
import type { Context } from '../context.ts';
import { allow, policy, trust } from '../iam.ts';
import { type ComposedResource, define } from '../plan.ts';
import { functionName } from './lambdas.ts';

const iam = { apiVersion: 'iam.aws.m.upbound.io/v1beta1', area: 'Workflow' } as const;

/**
 * The schedule of a function, and the role with which EventBridge Scheduler invokes it.
 *
 * @param key - the key of the function
 */
export function schedule(context: Context, key: string): ComposedResource[] {
  const { names, spec, tags, permissionsBoundary } = context;
  const name = functionName(context, key);
  const roleRef = { name: names.composed('schedule-role') };
  return [
    define<IRole>(context, {
      ...iam,
      key: 'schedule-role',
      kind: 'Role',
      externalName: names.of('role', 'schedule'),
      // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
      forProvider: ({ accountId }) => ({
        assumeRolePolicy: trust('scheduler.amazonaws.com', accountId),
        ...(permissionsBoundary !== undefined && { permissionsBoundary }),
        tags,
      }),
    }),
    define<IRolePolicy>(context, {
      ...iam,
      key: 'schedule-policy',
      kind: 'RolePolicy',
      externalName: 'schedule',
      forProvider: (arns) => ({
        roleRef,
        policy: policy([allow('InvokeFunction', ['lambda:InvokeFunction'], [arns.function(name)])]),
      }),
    }),
    define<ISchedule>(context, {
      apiVersion: 'scheduler.aws.m.upbound.io/v1beta1',
      area: 'Workflow',
      key: 'schedule',
      kind: 'Schedule',
      // The target's ARN has no reference field, and the first invocation is immediate.
      needs: [key, `${key}-policy`, 'schedule-policy'],
      forProvider: (arns) => ({
        region: spec.region,
        name: names.of('schedule', 'sweep'),
        groupName: 'default',
        description: 'Ends what ran out of time',
        scheduleExpression: 'rate(5 minutes)',
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: arns.function(name),
          roleArnRef: roleRef,
          // The next invocation is soon, so old events need no retry.
          retryPolicy: { maximumEventAgeInSeconds: 300, maximumRetryAttempts: 1 },
        },
      }),
    }),
  ];
}
