/** Alarms on one metric. */
import {
  ComparisonOperator,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  StandardUnit,
  Statistic,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import { choice, defined, dictionary, flag, needText, number, text, texts } from '../fields.ts';
import { GROUPS, type Kind, type Subject, staleTags, tagList, tagMap } from './kind.ts';

async function putAlarm({ clients, name, spec }: Subject, tags?: Record<string, string>): Promise<undefined> {
  const dimensions = Object.entries(dictionary(spec, 'dimensions'));
  await clients.cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: name,
      AlarmDescription: text(spec, 'alarmDescription'),
      ActionsEnabled: flag(spec, 'actionsEnabled'),
      AlarmActions: texts(spec, 'alarmActions'),
      OKActions: texts(spec, 'okActions'),
      InsufficientDataActions: texts(spec, 'insufficientDataActions'),
      Namespace: needText(spec, 'namespace'),
      MetricName: needText(spec, 'metricName'),
      Dimensions: dimensions.map(([Name, Value]) => ({ Name, Value })),
      Statistic: choice(Statistic, spec, 'statistic'),
      ExtendedStatistic: text(spec, 'extendedStatistic'),
      Period: number(spec, 'period'),
      Unit: choice(StandardUnit, spec, 'unit'),
      EvaluationPeriods: number(spec, 'evaluationPeriods'),
      DatapointsToAlarm: number(spec, 'datapointsToAlarm'),
      Threshold: number(spec, 'threshold'),
      ComparisonOperator: choice(ComparisonOperator, spec, 'comparisonOperator'),
      TreatMissingData: text(spec, 'treatMissingData'),
      ...(tags ? { Tags: tagList(tags) } : {}),
    }),
  );
}

const metricAlarm: Kind = {
  group: GROUPS.cloudwatch,
  kind: 'MetricAlarm',
  fields: [
    ...[
      'region',
      'alarmDescription',
      'actionsEnabled',
      'alarmActions',
      'okActions',
      'insufficientDataActions',
    ],
    ...['namespace', 'metricName', 'dimensions', 'statistic', 'extendedStatistic', 'period', 'unit', 'tags'],
    ...['evaluationPeriods', 'datapointsToAlarm', 'threshold', 'comparisonOperator', 'treatMissingData'],
  ],
  namedBy: 'manifest',
  defaults: {
    actionsEnabled: true,
    alarmActions: [],
    alarmDescription: '',
    dimensions: {},
    insufficientDataActions: [],
    okActions: [],
    tags: {},
    treatMissingData: 'missing',
  },

  async observe({ clients, name }) {
    const { MetricAlarms } = await clients.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
    const found = MetricAlarms?.find(({ AlarmName }) => AlarmName === name);
    if (!found) return undefined;
    const ResourceARN = found.AlarmArn;
    const { Tags } = await clients.cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN }));
    return {
      state: defined({
        actionsEnabled: found.ActionsEnabled,
        alarmActions: found.AlarmActions ?? [],
        alarmDescription: found.AlarmDescription ?? '',
        comparisonOperator: found.ComparisonOperator,
        datapointsToAlarm: found.DatapointsToAlarm,
        dimensions: Object.fromEntries((found.Dimensions ?? []).map(({ Name, Value }) => [Name, Value])),
        evaluationPeriods: found.EvaluationPeriods,
        extendedStatistic: found.ExtendedStatistic,
        insufficientDataActions: found.InsufficientDataActions ?? [],
        metricName: found.MetricName,
        namespace: found.Namespace,
        okActions: found.OKActions ?? [],
        period: found.Period,
        statistic: found.Statistic,
        tags: tagMap(Tags),
        threshold: found.Threshold,
        treatMissingData: found.TreatMissingData ?? 'missing',
        unit: found.Unit,
      }),
      atProvider: { arn: found.AlarmArn, id: name },
      ready: true,
    };
  },

  create: (subject) => putAlarm(subject, dictionary(subject.spec, 'tags')),

  async update(subject, changed, seen) {
    const { cloudwatch } = subject.clients;
    if (changed.has('tags')) {
      const tags = dictionary(subject.spec, 'tags');
      const ResourceARN = text(seen.atProvider, 'arn');
      const TagKeys = staleTags(seen, tags);
      if (TagKeys.length > 0) await cloudwatch.send(new UntagResourceCommand({ ResourceARN, TagKeys }));
      const Tags = tagList(tags);
      if (Tags.length > 0) await cloudwatch.send(new TagResourceCommand({ ResourceARN, Tags }));
    }
    if ([...changed].some((field) => field !== 'tags')) await putAlarm(subject);
  },

  async remove({ clients, name }) {
    await clients.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [name] }));
  },
};

export const cloudwatchKinds = [metricAlarm];
