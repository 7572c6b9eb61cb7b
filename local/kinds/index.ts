/** The table of what the local reconciler can make. A kind that is not in it is refused. */
import { autoscalingKinds } from './autoscaling.ts';
import { bucketKinds } from './bucket.ts';
import { bucketSettingKinds } from './bucketSettings.ts';
import { cloudwatchKinds } from './cloudwatch.ts';
import { dynamodbKinds } from './dynamodb.ts';
import { iamKinds } from './iam.ts';
import type { Kind } from './kind.ts';
import { lambdaFunctionKinds } from './lambda.ts';
import { lambdaSettingKinds } from './lambdaSettings.ts';
import { logsKinds } from './logs.ts';
import { notificationKinds } from './notification.ts';
import { objectKinds } from './object.ts';
import { sfnKinds } from './sfn.ts';
import { sqsKinds } from './sqs.ts';

export const kinds: readonly Kind[] = [
  ...bucketKinds,
  ...objectKinds,
  ...bucketSettingKinds,
  ...notificationKinds,
  ...iamKinds,
  ...lambdaFunctionKinds,
  ...lambdaSettingKinds,
  ...sfnKinds,
  ...dynamodbKinds,
  ...sqsKinds,
  ...logsKinds,
  ...cloudwatchKinds,
  ...autoscalingKinds,
];

/** The entry of a manifest's kind, undefined when there is none. */
export function kindOf(apiVersion: string, kind: string): Kind | undefined {
  return kinds.find((entry) => `${entry.group}/v1beta1` === apiVersion && entry.kind === kind);
}
