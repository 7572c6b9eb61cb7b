/** The kinds of DynamoDB, of Application Auto Scaling and of SQS. */
import type { KindAccess } from './access.ts';

export const table: KindAccess = {
  source: ['dynamodb/table.go', 'dynamodb/find.go', 'dynamodb/tags_gen.go'],
  needs: {
    table: {
      create: [
        'dynamodb:CreateTable',
        'dynamodb:TagResource',
        'dynamodb:UpdateContinuousBackups',
        'dynamodb:UpdateTimeToLive',
      ],
      observe: [
        'dynamodb:DescribeContinuousBackups',
        'dynamodb:DescribeTable',
        'dynamodb:DescribeTimeToLive',
        'dynamodb:ListTagsOfResource',
      ],
      update: [
        'dynamodb:TagResource',
        'dynamodb:UntagResource',
        'dynamodb:UpdateContinuousBackups',
        'dynamodb:UpdateTimeToLive',
      ],
    },
    ownTable: { update: ['dynamodb:UpdateTable'], delete: ['dynamodb:DeleteTable'] },
    // DynamoDB uses the key with the caller's permissions: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    tableKey: {
      create: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    },
    tableKeyGrant: { create: ['kms:CreateGrant'], update: ['kms:CreateGrant'] },
  },
};

export const queue: KindAccess = {
  source: ['sqs/queue.go', 'sqs/tags_gen.go'],
  needs: {
    queue: {
      create: ['sqs:CreateQueue', 'sqs:TagQueue'],
      observe: ['sqs:GetQueueAttributes', 'sqs:ListQueueTags'],
      update: ['sqs:SetQueueAttributes', 'sqs:TagQueue', 'sqs:UntagQueue'],
      delete: ['sqs:DeleteQueue'],
    },
  },
};

/**
 * Application Auto Scaling changes the table and its alarms with the caller's permissions:
 * https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission_validation.html
 */
export const appautoscaling: Record<string, KindAccess> = {
  Target: {
    source: ['appautoscaling/target.go', 'appautoscaling/tags_gen.go'],
    needs: {
      anything: { observe: ['application-autoscaling:DescribeScalableTargets'] },
      scaledTable: {
        create: ['application-autoscaling:RegisterScalableTarget'],
        update: ['application-autoscaling:RegisterScalableTarget'],
        delete: ['application-autoscaling:DeregisterScalableTarget'],
      },
      scalableTarget: {
        create: ['application-autoscaling:TagResource'],
        observe: ['application-autoscaling:ListTagsForResource'],
        update: ['application-autoscaling:TagResource', 'application-autoscaling:UntagResource'],
      },
      scalingRole: { create: ['iam:CreateServiceLinkedRole'] },
      table: { create: ['dynamodb:DescribeTable'] },
      ownTable: { create: ['dynamodb:UpdateTable'] },
    },
  },
  Policy: {
    source: ['appautoscaling/policy.go'],
    needs: {
      anything: { observe: ['application-autoscaling:DescribeScalingPolicies'] },
      scaledTable: {
        create: ['application-autoscaling:PutScalingPolicy'],
        update: ['application-autoscaling:PutScalingPolicy'],
        delete: ['application-autoscaling:DeleteScalingPolicy'],
      },
      alarms: { create: ['cloudwatch:DescribeAlarms'] },
      scalingAlarm: {
        create: ['cloudwatch:PutMetricAlarm'],
        update: ['cloudwatch:PutMetricAlarm'],
        delete: ['cloudwatch:DeleteAlarms'],
      },
    },
  },
};
