/** The kinds of CloudWatch and CloudWatch Logs. */
import type { KindAccess } from './access.ts';

export const group: KindAccess = {
  source: ['logs/group.go', 'logs/tags_gen.go'],
  needs: {
    logGroups: { observe: ['logs:DescribeLogGroups'] },
    logGroup: {
      create: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:TagResource'],
      observe: ['logs:ListTagsForResource'],
      update: [
        'logs:DeleteRetentionPolicy',
        'logs:PutRetentionPolicy',
        'logs:TagResource',
        'logs:UntagResource',
      ],
    },
    ownLogGroup: { delete: ['logs:DeleteLogGroup'] },
  },
};

export const metricAlarm: KindAccess = {
  source: ['cloudwatch/metric_alarm.go', 'cloudwatch/tags_gen.go'],
  needs: {
    alarms: { observe: ['cloudwatch:DescribeAlarms'] },
    alarm: {
      create: ['cloudwatch:PutMetricAlarm', 'cloudwatch:TagResource'],
      observe: ['cloudwatch:ListTagsForResource'],
      update: ['cloudwatch:PutMetricAlarm', 'cloudwatch:TagResource', 'cloudwatch:UntagResource'],
      delete: ['cloudwatch:DeleteAlarms'],
    },
  },
};
