/** The alarms, if the claim enables them. */
import type { IMetricAlarm } from '@crossplane-models/provider-upjet-aws/cloudwatch.aws.m.upbound.io/v1beta1/MetricAlarm';
import type { Context } from '../context.ts';
import type { Arns } from '../names.ts';
import { type ComposedResource, define } from '../plan.ts';
import type { FunctionPlan } from '../workflow.ts';
import { functionName } from './lambdas.ts';

const PERIOD_SECONDS = 300;

interface Alarm {
  readonly key: string;
  readonly description: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly statistic: 'Sum' | 'Maximum';
  readonly dimensions: (arns: Arns) => Record<string, string>;
}

function alarm(context: Context, { key, description, dimensions, ...metric }: Alarm): ComposedResource {
  const topicArn = context.spec.observability.alarms.topicArn ?? context.platform.alarmTopicArn;
  return define<IMetricAlarm>(context, {
    apiVersion: 'cloudwatch.aws.m.upbound.io/v1beta1',
    area: 'Workflow',
    key,
    kind: 'MetricAlarm',
    externalName: context.names.of('alarm', key),
    forProvider: (arns) => ({
      region: context.spec.region,
      alarmDescription: description,
      ...metric,
      dimensions: dimensions(arns),
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 0,
      period: PERIOD_SECONDS,
      evaluationPeriods: 1,
      treatMissingData: 'notBreaching',
      ...(topicArn !== undefined && { alarmActions: [topicArn], okActions: [topicArn] }),
      tags: context.tags,
    }),
  });
}

/** Alarms on the functions' errors and throttles, on executions that failed or timed out, and on anything in the dead-letter queue. */
export function alarms(
  context: Context,
  functions: readonly FunctionPlan[],
  hasStateMachine: boolean,
): ComposedResource[] {
  if (!context.spec.observability.alarms.enabled) return [];
  const ofFunction = (key: string, metricName: 'Errors' | 'Throttles', what: string): Alarm => ({
    key: `${key}-${metricName.toLowerCase()}-alarm`,
    description: `The function that runs ${key} ${what}.`,
    namespace: 'AWS/Lambda',
    metricName,
    statistic: 'Sum',
    dimensions: () => ({ FunctionName: functionName(context, key) }),
  });
  const all: Alarm[] = [
    ...functions.flatMap(({ key }) => [
      ofFunction(key, 'Errors', 'failed'),
      ofFunction(key, 'Throttles', 'was throttled'),
    ]),
    ...(hasStateMachine ? ofExecutions : []),
    {
      key: 'dead-letters-alarm',
      description: 'Something failed for good and waits, with its input, in the dead-letter queue.',
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      statistic: 'Maximum',
      dimensions: () => ({ QueueName: context.names.deadLetterQueue }),
    },
  ];
  return all.map((one) => alarm(context, one));
}

/** The alarms on executions. A timed-out execution does not count as failed, and has sent no dead letter, so it has its own alarm. */
const ofExecutions: readonly Alarm[] = (
  [
    ['failed', 'ExecutionsFailed', 'failed'],
    ['timed-out', 'ExecutionsTimedOut', 'took longer than it may'],
  ] as const
).map(([word, metricName, what]) => ({
  key: `${word}-executions-alarm`,
  description: `An execution of the state machine ${what}.`,
  namespace: 'AWS/States',
  metricName,
  statistic: 'Sum',
  dimensions: (arns) => ({ StateMachineArn: arns.stateMachine }),
}));
