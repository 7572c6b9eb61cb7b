/** The table of what the local reconciler can make. A kind that is not in it is refused. */
import { apiKinds } from './apigatewayv2.ts';
import { authorizerKinds } from './apigatewayv2Authorizer.ts';
import { routeKinds } from './apigatewayv2Routes.ts';
import { stageKinds } from './apigatewayv2Stage.ts';
import { autoscalingKinds } from './autoscaling.ts';
import { bucketKinds } from './bucket.ts';
import { bucketCorsKinds } from './bucketSettingCors.ts';
import { bucketSettingKinds } from './bucketSettings.ts';
import { cloudwatchKinds } from './cloudwatch.ts';
import { dynamodbKinds } from './dynamodb.ts';
import { egressRuleKinds } from './ec2EgressRule.ts';
import { launchTemplateKinds } from './ec2LaunchTemplate.ts';
import { securityGroupKinds } from './ec2SecurityGroup.ts';
import { eventKinds } from './events.ts';
import { iamKinds } from './iam.ts';
import { instanceProfileKinds } from './iamInstanceProfile.ts';
import type { Kind } from './kind.ts';
import { lambdaFunctionKinds } from './lambda.ts';
import { eventSourceKinds } from './lambdaEventSource.ts';
import { layerKinds } from './lambdaLayer.ts';
import { lambdaSettingKinds } from './lambdaSettings.ts';
import { logsKinds } from './logs.ts';
import { notificationKinds } from './notification.ts';
import { objectKinds } from './object.ts';
import { schedulerKinds } from './scheduler.ts';
import { sfnKinds } from './sfn.ts';
import { sqsKinds } from './sqs.ts';

export const kinds: readonly Kind[] = [
  ...bucketKinds,
  ...objectKinds,
  ...bucketSettingKinds,
  ...bucketCorsKinds,
  ...notificationKinds,
  ...iamKinds,
  ...instanceProfileKinds,
  ...lambdaFunctionKinds,
  ...lambdaSettingKinds,
  ...layerKinds,
  ...eventSourceKinds,
  ...sfnKinds,
  ...dynamodbKinds,
  ...securityGroupKinds,
  ...egressRuleKinds,
  ...launchTemplateKinds,
  ...sqsKinds,
  ...logsKinds,
  ...cloudwatchKinds,
  ...autoscalingKinds,
  ...apiKinds,
  ...authorizerKinds,
  ...routeKinds,
  ...stageKinds,
  ...schedulerKinds,
  ...eventKinds,
];

/** The entry of a manifest's kind, undefined when there is none. */
export function kindOf(apiVersion: string, kind: string): Kind | undefined {
  return kinds.find((entry) => `${entry.group}/v1beta1` === apiVersion && entry.kind === kind);
}
