/** The table of what the local reconciler can make. A kind that is not in it is refused. */
import { apiKinds } from './apigatewayv2.ts';
import { authorizerKinds } from './apigatewayv2-authorizer.ts';
import { routeKinds } from './apigatewayv2-routes.ts';
import { stageKinds } from './apigatewayv2-stage.ts';
import { autoscalingKinds } from './autoscaling.ts';
import { bucketKinds } from './bucket.ts';
import { bucketCorsKinds } from './bucket-setting-cors.ts';
import { bucketSettingKinds } from './bucket-settings.ts';
import { cloudwatchKinds } from './cloudwatch.ts';
import { dynamodbKinds } from './dynamodb.ts';
import { egressRuleKinds } from './ec2-egress-rule.ts';
import { launchTemplateKinds } from './ec2-launch-template.ts';
import { securityGroupKinds } from './ec2-security-group.ts';
import { eventKinds } from './events.ts';
import { iamKinds } from './iam.ts';
import { instanceProfileKinds } from './iam-instance-profile.ts';
import type { Kind } from './kind.ts';
import { lambdaFunctionKinds } from './lambda.ts';
import { eventSourceKinds } from './lambda-event-source.ts';
import { layerKinds } from './lambda-layer.ts';
import { lambdaSettingKinds } from './lambda-settings.ts';
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
