/** What a bucket calls when objects come in. S3 keeps one configuration a bucket and takes it whole. */
import {
  Event,
  type FilterRule,
  GetBucketNotificationConfigurationCommand,
  type LambdaFunctionConfiguration,
  PutBucketNotificationConfigurationCommand,
} from '@aws-sdk/client-s3';
import { blocks, defined, type Fields, flag, needText, text, texts } from '../fields.ts';
import { bucketSetting } from './bucket-setting.ts';

function toEvents(rule: Fields): Event[] {
  return (texts(rule, 'events') ?? []).map((name) => {
    const known = Object.values(Event).find((event) => event === name);
    if (known === undefined)
      throw new Error(`forProvider.lambdaFunction.events has no event ${JSON.stringify(name)}`);
    return known;
  });
}

function toRule(rule: Fields): LambdaFunctionConfiguration {
  const filters: FilterRule[] = [];
  const prefix = text(rule, 'filterPrefix');
  const suffix = text(rule, 'filterSuffix');
  if (prefix) filters.push({ Name: 'prefix', Value: prefix });
  if (suffix) filters.push({ Name: 'suffix', Value: suffix });
  return {
    Id: text(rule, 'id'),
    LambdaFunctionArn: needText(rule, 'lambdaFunctionArn'),
    Events: toEvents(rule),
    ...(filters.length > 0 ? { Filter: { Key: { FilterRules: filters } } } : {}),
  };
}

function fromRule({ Id, LambdaFunctionArn, Events, Filter }: LambdaFunctionConfiguration): Fields {
  // S3 spells these names with a capital on the way back.
  const filter = (name: string) =>
    Filter?.Key?.FilterRules?.find((item) => item.Name?.toLowerCase() === name)?.Value ?? '';
  return defined({
    id: Id,
    lambdaFunctionArn: LambdaFunctionArn,
    events: Events,
    filterPrefix: filter('prefix'),
    filterSuffix: filter('suffix'),
  });
}

const notification = bucketSetting({
  kind: 'BucketNotification',
  fields: [
    'eventbridge',
    ...['id', 'lambdaFunctionArn', 'events', 'filterPrefix', 'filterSuffix'].map(
      (field) => `lambdaFunction[].${field}`,
    ),
  ],
  defaults: { lambdaFunction: [], eventbridge: false },
  absent: [],
  async get(s3, Bucket) {
    const found = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    const lambdaFunction = (found.LambdaFunctionConfigurations ?? []).map(fromRule);
    const eventbridge = found.EventBridgeConfiguration !== undefined;
    // Every bucket answers: one that notifies nobody has no notification.
    return lambdaFunction.length > 0 || eventbridge ? { lambdaFunction, eventbridge } : undefined;
  },
  put: (s3, Bucket, spec) =>
    s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket,
        NotificationConfiguration: {
          LambdaFunctionConfigurations: blocks(spec, 'lambdaFunction').map(toRule),
          ...(flag(spec, 'eventbridge') ? { EventBridgeConfiguration: {} } : {}),
        },
      }),
    ),
  remove: (s3, Bucket) =>
    s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: {} })),
});

export const notificationKinds = [notification];
