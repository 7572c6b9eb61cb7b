/** S3 accepts a notification only when the function's policy allows S3 to call it for this bucket. */
import { isObject, type Json } from '../../../function/src/objects.ts';
import { accountId, answerUnless } from '../../aws.ts';
import { bucketOf } from '../call.ts';
import { targetsOf } from '../notification.ts';
import { allows, matches, statementsOf } from '../roles.ts';
import { type Ask, type Rule, refuse } from '../rule.ts';

/** The values of a condition key, for any operator. The comparison of the key is case-insensitive. */
function conditionsOn(statement: Json, key: string): string[] {
  const operators = isObject(statement['Condition']) ? Object.values(statement['Condition']) : [];
  return operators.filter(isObject).flatMap((keys) =>
    Object.entries(keys)
      .filter(([name]) => name.toLowerCase() === key)
      .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
      .filter((value) => typeof value === 'string'),
  );
}

function allowsBucket(statement: Json, bucketArn: string, account: string): boolean {
  const meets = (key: string, actual: string) => {
    const wanted = conditionsOn(statement, key);
    return wanted.length === 0 || wanted.some((pattern) => matches(pattern, actual));
  };
  return (
    allows(statement, ['s3.amazonaws.com'], ['lambda:InvokeFunction']) &&
    meets('aws:sourcearn', bucketArn) &&
    meets('aws:sourceaccount', account)
  );
}

async function mayBeCalled(arn: string, bucket: string, ask: Ask): Promise<boolean> {
  const [, partition = 'aws', , , , , FunctionName = '', Qualifier] = arn.split(':');
  const found = await answerUnless(
    ask.lambda.getPolicy({ FunctionName, ...(Qualifier === undefined ? {} : { Qualifier }) }),
    'ResourceNotFoundException',
  );
  const account = await accountId(ask);
  return statementsOf(found?.Policy).some((one) =>
    allowsBucket(one, `arn:${partition}:s3:::${bucket}`, account),
  );
}

export const notificationPermission: Rule = {
  page: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html',
  operations: ['s3:PutBucketNotificationConfiguration'],
  async judge(call, ask) {
    if (call.headers['x-amz-skip-destination-validation'] === 'true') return undefined;
    const bucket = bucketOf(call);
    for (const { arn, kind } of targetsOf(call.body.toString())) {
      if (kind === 'function' && !(await mayBeCalled(arn, bucket, ask)))
        return refuse('InvalidArgument', 'Unable to validate the following destination configurations');
    }
    return undefined;
  },
};
