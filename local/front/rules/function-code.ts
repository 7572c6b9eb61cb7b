/** Lambda reads the code when a function or a layer is created, and fails when the object does not exist. */
import { at, stringAt } from '../../../function/src/objects.ts';
import { answerUnless } from '../../aws.ts';
import { fieldsOf } from '../call.ts';
import { type Ask, type Rule, refuse } from '../rule.ts';

const refusal = (code: string, message: string) =>
  refuse(
    'InvalidParameterValueException',
    `Error occurred while GetObject. S3 Error Code: ${code}. S3 Error Message: ${message}`,
  );

async function lookFor(Bucket: string, Key: string, VersionId: string | undefined, ask: Ask) {
  if (
    await answerUnless(
      ask.s3.headObject({ Bucket, Key, ...(VersionId === undefined ? {} : { VersionId }) }),
      'NotFound',
    )
  )
    return undefined;
  return (await answerUnless(ask.s3.headBucket({ Bucket }), 'NotFound'))
    ? refusal('NoSuchKey', 'The specified key does not exist.')
    : refusal('NoSuchBucket', 'The specified bucket does not exist');
}

export const functionCode: Rule = {
  page: 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html',
  operations: ['lambda:CreateFunction', 'lambda:UpdateFunctionCode', 'lambda:PublishLayerVersion'],
  async judge(call, ask) {
    const fields = fieldsOf(call);
    // `Content` for a layer. An update of the code has the fields at the top level.
    const code = at(fields, 'Code') ?? at(fields, 'Content') ?? fields;
    const bucket = stringAt(code, 'S3Bucket');
    const key = stringAt(code, 'S3Key');
    if (bucket === undefined || key === undefined) return undefined;
    return lookFor(bucket, key, stringAt(code, 'S3ObjectVersion'), ask);
  },
};
