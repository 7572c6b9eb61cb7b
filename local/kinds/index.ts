/** The table of what the local reconciler can make. A kind that is not in it is refused. */
import * as autoscaling from '@aws-sdk/client-application-auto-scaling';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as scheduler from '@aws-sdk/client-scheduler';
import { apiKinds } from './apigatewayv2.ts';
import { dynamodbKinds } from './dynamodb.ts';
import { ec2Kinds } from './ec2.ts';
import { eventKinds } from './events.ts';
import { iamKinds } from './iam.ts';
import type { Kind } from './kind.ts';
import { lambdaKinds } from './lambda.ts';
import { logsKinds } from './logs.ts';
import { s3Kinds } from './s3.ts';
import { sfnKinds } from './sfn.ts';
import { kindsOf } from './table.ts';

export const kinds: readonly Kind[] = [
  ...s3Kinds,
  ...iamKinds,
  ...lambdaKinds,
  ...sfnKinds,
  ...dynamodbKinds,
  ...ec2Kinds,
  ...kindsOf('sqs.yaml'),
  ...logsKinds,
  ...kindsOf('cloudwatch.yaml', cloudwatch),
  ...kindsOf('autoscaling.yaml', autoscaling),
  ...apiKinds,
  ...kindsOf('scheduler.yaml', scheduler),
  ...eventKinds,
];

/** The entry of a manifest's kind, undefined when there is none. */
export function kindOf(apiVersion: string, kind: string): Kind | undefined {
  return kinds.find((entry) => `${entry.group}/v1beta1` === apiVersion && entry.kind === kind);
}
