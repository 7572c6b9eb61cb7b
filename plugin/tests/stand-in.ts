/** Stand-ins for AWS in unit tests. */
import { createAws } from '../aws.ts';

/** The input of a command, or what AWS answers. */
type Fields = Readonly<Record<string, unknown>>;

/** Clients that send nothing: `answer` gives what AWS would, for a command such as `ScanCommand` and its input. */
export function awsOf(answer: (command: string, input: Fields) => Fields) {
  const aws = createAws('eu-west-1', {});
  const instead =
    (_next: unknown, { commandName = '' }: { commandName?: string }) =>
    async ({ input }: { input: object }) => ({
      response: {},
      output: { $metadata: {}, ...answer(commandName, { ...input }) },
    });
  // Below what the SDK itself does first, so that its logger sees the errors.
  const options = { step: 'initialize', priority: 'low' } as const;
  aws.s3.middlewareStack.add(instead, options);
  aws.dynamodb.middlewareStack.add(instead, options);
  aws.lambda.middlewareStack.add(instead, options);
  aws.sfn.middlewareStack.add(instead, options);
  aws.sqs.middlewareStack.add(instead, options);
  aws.logs.middlewareStack.add(instead, options);
  aws.cloudwatch.middlewareStack.add(instead, options);
  return aws;
}
