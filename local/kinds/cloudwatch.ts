/** Alarms on one metric. */
import { ComparisonOperator, type Dimension, Statistic } from '@aws-sdk/client-cloudwatch';
import { dictionary } from '../fields.ts';
import { GROUPS, type Kind, type Subject, tagList, tagMap } from './kind.ts';
import * as is from './mapping.ts';

const DIMENSIONS: is.Field<Dimension[]> = {
  name: 'dimensions',
  paths: ['dimensions'],
  to: (spec) => Object.entries(dictionary(spec, 'dimensions')).map(([Name, Value]) => ({ Name, Value })),
  from: (list) => Object.fromEntries((list ?? []).map(({ Name, Value }) => [Name, Value])),
};

const ALARM = is.mapping({
  AlarmDescription: is.text('alarmDescription', ''),
  AlarmActions: is.texts('alarmActions', []),
  OKActions: is.texts('okActions', []),
  Namespace: is.needText('namespace'),
  MetricName: is.needText('metricName'),
  Dimensions: DIMENSIONS,
  Statistic: is.choice(Statistic, 'statistic'),
  Period: is.number('period'),
  EvaluationPeriods: is.number('evaluationPeriods'),
  Threshold: is.number('threshold'),
  ComparisonOperator: is.choice(ComparisonOperator, 'comparisonOperator'),
  TreatMissingData: is.text('treatMissingData', 'missing'),
});

const putAlarm = ({ clients, name, spec }: Subject, tags: object = {}) =>
  clients.cloudwatch.putMetricAlarm({ AlarmName: name, ...ALARM.to(spec), ...tags });

const metricAlarm: Kind = {
  group: GROUPS.cloudwatch,
  kind: 'MetricAlarm',
  fields: ['region', 'tags', ...ALARM.fields],
  namedBy: 'manifest',
  defaults: {
    alarmActions: [],
    alarmDescription: '',
    dimensions: {},
    okActions: [],
    tags: {},
    treatMissingData: 'missing',
  },
  absent: [],

  async observe({ clients, name }) {
    const { MetricAlarms } = await clients.cloudwatch.describeAlarms({ AlarmNames: [name] });
    const found = MetricAlarms?.find(({ AlarmName }) => AlarmName === name);
    if (!found) return undefined;
    const ResourceARN = found.AlarmArn;
    const { Tags } = await clients.cloudwatch.listTagsForResource({ ResourceARN });
    return {
      state: { ...ALARM.from(found), tags: tagMap(Tags) },
      atProvider: { arn: ResourceARN, id: name },
    };
  },

  create: (subject) => putAlarm(subject, { Tags: tagList(dictionary(subject.spec, 'tags')) }),

  tags: {
    put: ({ clients }, tags, ResourceARN) =>
      clients.cloudwatch.tagResource({ ResourceARN, Tags: tagList(tags) }),
    take: ({ clients }, TagKeys, ResourceARN) => clients.cloudwatch.untagResource({ ResourceARN, TagKeys }),
  },

  update: (subject) => putAlarm(subject),

  remove: ({ clients, name }) => clients.cloudwatch.deleteAlarms({ AlarmNames: [name] }),
};

export const cloudwatchKinds = [metricAlarm];
