/** Reads a notification configuration from its XML: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html */
import { elements, texts } from './xml.ts';

export interface Target {
  /** The ARN of the function, queue or topic. */
  readonly arn: string;
  readonly kind: 'function' | 'queue' | 'topic';
  readonly events: string[];
  readonly prefix: string;
  readonly suffix: string;
}

/** The elements of targets. Some clients without an SDK write `LambdaFunctionConfiguration`. */
const KINDS = [
  ['CloudFunctionConfiguration', 'CloudFunction', 'function'],
  ['LambdaFunctionConfiguration', 'LambdaFunctionArn', 'function'],
  ['QueueConfiguration', 'Queue', 'queue'],
  ['TopicConfiguration', 'Topic', 'topic'],
] as const;

/** The targets in the document. This reads only what the rules need; the emulator reads the whole document. */
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
