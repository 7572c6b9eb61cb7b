/** A notification configuration as it is put: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html */
import { elements, texts } from './xml.ts';

export interface Target {
  /** ARN of the function, queue or topic. */
  arn: string;
  kind: 'function' | 'queue' | 'topic';
  events: string[];
  prefix: string;
  suffix: string;
}

/** `LambdaFunctionConfiguration` is what some write who do not use an SDK. */
const KINDS = [
  ['CloudFunctionConfiguration', 'CloudFunction', 'function'],
  ['LambdaFunctionConfiguration', 'LambdaFunctionArn', 'function'],
  ['QueueConfiguration', 'Queue', 'queue'],
  ['TopicConfiguration', 'Topic', 'topic'],
] as const;

/** What the document sends events to. Not all that it may hold is here; the emulator reads it all. */
export function targetsOf(xml: string): Target[] {
  return KINDS.flatMap(([element, arn, kind]) =>
    elements(xml, element).map((one) => {
      const rules = elements(one, 'FilterRule').map((rule) => ({
        name: texts(rule, 'Name')[0]?.toLowerCase(),
        value: texts(rule, 'Value')[0] ?? '',
      }));
      const filter = (wanted: string) => rules.find(({ name }) => name === wanted)?.value ?? '';
      return {
        arn: texts(one, arn)[0] ?? '',
        kind,
        events: texts(one, 'Event'),
        prefix: filter('prefix'),
        suffix: filter('suffix'),
      };
    }),
  );
}
