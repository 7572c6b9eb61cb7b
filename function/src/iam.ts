/** Least-privilege policy documents. */
import { dnsSuffixOf } from './names.ts';

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Record<string, string> | '*';
  readonly Action: string[];
  readonly Resource?: string[];
  readonly Condition?: Record<string, Record<string, string | string[]>>;
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

type Service = `${'ec2' | 'lambda' | 'scheduler' | 'states'}.amazonaws.com` | 'ec2.amazonaws.com.cn';

/**
 * EC2 as a principal: the only one of ours with a name of its own in China. Elsewhere the domain of the partition is no part
 * of it, and IAM refuses it there. https://docs.amazonaws.cn/en_us/IAM/latest/UserGuide/id_roles_create_for-service.html
 */
export const ec2Principal = (partition: string): Service =>
  partition === 'aws-cn' ? 'ec2.amazonaws.com.cn' : 'ec2.amazonaws.com';

/**
 * A service by which KMS is called, as it tells KMS. AWS's page writes it with amazonaws.com and has no list for partitions with
 * a domain of their own: there, both forms are allowed, and only the service itself can tell either.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function viaService(service: 's3' | 'dynamodb', region: string): string | string[] {
  const suffix = dnsSuffixOf(region);
  const usual = `${service}.${region}.amazonaws.com`;
  return suffix === 'amazonaws.com' ? usual : [`${service}.${region}.${suffix}`, usual];
}

/**
 * Who may assume a role: one AWS service.
 *
 * @param accountId - for whom the service works, where it serves all accounts alike and says for which it calls.
 */
export function trust(service: Service, accountId?: string): string {
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
    StringEquals: { 'kms:ViaService': viaService('s3', region) },
  });
}

/** Use of a table's own KMS key, through DynamoDB only: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html */
export function useTableKey(keyArn: string, region: string): Statement {
  return allow(
    'UseTableKey',
    ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    [keyArn],
    { StringEquals: { 'kms:ViaService': viaService('dynamodb', region) } },
  );
}
