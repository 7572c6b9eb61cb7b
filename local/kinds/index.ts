/** The table of what the local reconciler can make. A kind that is not in it is refused. */
import { apiKinds } from './apigatewayv2.ts';
import { autoscalingKinds } from './autoscaling.ts';
import { bucketKinds } from './bucket.ts';
import { bucketSettingKinds } from './bucket-settings.ts';
import { cloudwatchKinds } from './cloudwatch.ts';
import { dynamodbKinds } from './dynamodb.ts';
import { ec2Kinds } from './ec2.ts';
import { eventKinds } from './events.ts';
import { iamKinds } from './iam.ts';
import type { Kind } from './kind.ts';
import { lambdaKinds } from './lambda.ts';
import { logsKinds } from './logs.ts';
import { schedulerKinds } from './scheduler.ts';
import { sfnKinds } from './sfn.ts';
import { sqsKinds } from './sqs.ts';

export const kinds: readonly Kind[] = [
  ...bucketKinds,
  ...bucketSettingKinds,
  ...iamKinds,
  ...lambdaKinds,
  ...sfnKinds,
  ...dynamodbKinds,
  ...ec2Kinds,
  ...sqsKinds,
  ...logsKinds,
  ...cloudwatchKinds,
  ...autoscalingKinds,
  ...apiKinds,
  ...schedulerKinds,
  ...eventKinds,
];

/** The entry of a manifest's kind, undefined when there is none. */
export function kindOf(apiVersion: string, kind: string): Kind | undefined {
  return kinds.find((entry) => `${entry.group}/v1beta1` === apiVersion && entry.kind === kind);
}
