/** What invokes a function every few minutes. */
import type { ISchedule } from '@crossplane-models/provider-upjet-aws/scheduler.aws.m.upbound.io/v1beta1/Schedule';
import type { Context } from '../context.ts';
import { allow, trust } from '../iam.ts';
import { policyKey } from '../keys.ts';
import { type ComposedResource, define } from '../plan.ts';
import { functionName } from './lambdas.ts';
import { role, roleRef } from './role.ts';

const SCHEDULE = 'schedule';

/**
 * The schedule of a function, and the role with which EventBridge Scheduler invokes it.
 *
 * @param key - the key of the function
 */
export function schedule(context: Context, key: string): ComposedResource[] {
  const { names, spec } = context;
  const name = functionName(context, key);
  return [
    ...role(context, {
      key: SCHEDULE,
      area: 'Workflow',
      // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
      trust: ({ accountId }) => trust('scheduler.amazonaws.com', accountId),
      statements: (arns) => [allow('InvokeFunction', ['lambda:InvokeFunction'], [arns.function(name)])],
    }),
    define<ISchedule>(context, {
      apiVersion: 'scheduler.aws.m.upbound.io/v1beta1',
      area: 'Workflow',
      key: SCHEDULE,
      kind: 'Schedule',
      // The target's ARN has no reference to a function, and the first time is at once.
      needs: [key, policyKey(key), policyKey(SCHEDULE)],
      forProvider: (arns) => ({
        region: spec.region,
        name: names.of('schedule', 'sweep'),
        groupName: 'default',
        description: 'Ends what ran out of time',
        scheduleExpression: 'rate(5 minutes)',
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: arns.function(name),
          roleArnRef: roleRef(context, SCHEDULE),
          // The next time comes soon enough.
          retryPolicy: { maximumEventAgeInSeconds: 300, maximumRetryAttempts: 1 },
        },
      }),
    }),
  ];
}
