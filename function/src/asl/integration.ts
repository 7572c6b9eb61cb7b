/** What a Task's Resource names. https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html */
/** How a Task waits for what it calls: not at all, for the job's end, for a token. */
export type Pattern = '' | 'sync' | 'waitForTaskToken';

/** `arn:aws:states:::aws-sdk:s3:copyObject` and its like, read. */
export interface Integration {
  /** Whether it is an SDK integration, whose services have the SDK's names. */
  sdk: boolean;
  /** Such as `dynamodb`, `s3` or `sfn`. */
  service: string;
  /** Such as `putItem`. */
  action: string;
  pattern: Pattern;
  /** The pattern as it is written: `sync:2` gives the output of a state machine as JSON. */
  suffix: Pattern | 'sync:2';
}
