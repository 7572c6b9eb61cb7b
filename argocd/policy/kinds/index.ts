/**
 * The calls of provider-upjet-aws v2.5.0 for each kind that the function emits, as IAM actions. They are taken from the
 * source code of the provider's Terraform resources. `source` has the files, relative to `internal/service` of
 * github.com/upbound/terraform-provider-aws@v0.0.0-20260305123303-f7691456b787.
 */
import type { KindAccess } from './access.ts';
import { appautoscaling, queue, table } from './data.ts';
import { events, iam, lambda, schedule, stateMachine } from './functions.ts';
import { httpApi } from './http-api.ts';
import { ec2 } from './instances.ts';
import { group, metricAlarm } from './observability.ts';
import { s3 } from './s3.ts';

const named = (service: string, kinds: Record<string, KindAccess>) =>
  Object.entries(kinds).map(([kind, access]) => [`${service}.aws.m.upbound.io/v1beta1/${kind}`, access]);

/** Every kind, as `group/version/Kind`. */
export const KINDS: Readonly<Record<string, KindAccess>> = Object.fromEntries([
  ...named('s3', s3),
  ...named('iam', iam),
  ...named('lambda', lambda),
  ...named('dynamodb', { Table: table }),
  ...named('sfn', { StateMachine: stateMachine }),
  ...named('sqs', { Queue: queue }),
  ...named('cloudwatchlogs', { Group: group }),
  ...named('cloudwatch', { MetricAlarm: metricAlarm }),
  ...named('appautoscaling', appautoscaling),
  ...named('apigatewayv2', httpApi),
  ...named('ec2', ec2),
  ...named('scheduler', { Schedule: schedule }),
  ...named('cloudwatchevents', events),
]);
