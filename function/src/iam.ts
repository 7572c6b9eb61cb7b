/** Least-privilege policy documents. */

export interface Statement {
  Sid: string;
  Effect: 'Allow' | 'Deny';
  Principal?: Record<string, string> | '*';
  Action: string[];
  Resource?: string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** A policy document as JSON. */
export function policy(statements: Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** An Allow statement. */
export function allow(
  Sid: string,
  Action: string[],
  Resource: string[],
  Condition?: Statement['Condition'],
): Statement {
  return { Sid, Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) };
}

/**
 * A text in an ARN as itself: a key may have what a policy takes for a wildcard or a variable.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export const literal = (text: string): string => text.replaceAll(/[*?$]/g, (char) => `\${${char}}`);

/**
 * Who may assume a role: one AWS service.
 *
 * @param accountId - for whom the service works, where it serves all accounts alike and says for which it calls.
 */
export function trust(
  service: `${'ec2' | 'lambda' | 'scheduler' | 'states'}.amazonaws.com`,
  accountId?: string,
): string {
  return policy([
    {
      Sid: 'Assume',
      Effect: 'Allow',
      Principal: { Service: service },
      Action: ['sts:AssumeRole'],
      ...(accountId !== undefined && { Condition: { StringEquals: { 'aws:SourceAccount': accountId } } }),
    },
  ]);
}

/**
 * X-Ray has no resource to name: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
 */
export const writeTraces: Statement = allow(
  'WriteTraces',
  ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  ['*'],
);

/**
 * The sampling rules that Step Functions reads besides:
 * https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html
 */
export const readSamplingRules: Statement = allow(
  'ReadSamplingRules',
  ['xray:GetSamplingRules', 'xray:GetSamplingTargets'],
  ['*'],
);

/**
 * Log delivery, which the state machine's role sets up. It takes no resource but `*`:
 * https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
 */
export const deliverLogs: Statement = allow(
  'DeliverLogs',
  [
    'logs:CreateLogDelivery',
    'logs:GetLogDelivery',
    'logs:UpdateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:DescribeResourcePolicies',
    'logs:DescribeLogGroups',
  ],
  ['*'],
);

/** Use of a bucket's KMS key, through S3 only: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html */
export function useBucketKey(keyArn: string, region: string, use: 'read' | 'write' = 'write'): Statement {
  // Who writes in parts, or copies, reads what was written.
  const actions = use === 'read' ? ['kms:Decrypt'] : ['kms:Decrypt', 'kms:GenerateDataKey'];
  return allow('UseBucketKey', actions, [keyArn], {
    StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` },
  });
}

/** Use of a table's own KMS key, through DynamoDB only: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html */
export function useTableKey(keyArn: string, region: string): Statement {
  return allow(
    'UseTableKey',
    ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    [keyArn],
    { StringEquals: { 'kms:ViaService': `dynamodb.${region}.amazonaws.com` } },
  );
}
