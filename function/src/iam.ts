/** Builds least-privilege policy documents. */
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
 * A text escaped for an ARN in a policy, since a key can contain characters of wildcards and variables.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export const literal = (text: string): string => text.replaceAll(/[*?$]/g, (char) => `\${${char}}`);

type Service = `${'ec2' | 'lambda' | 'scheduler' | 'states'}.amazonaws.com` | 'ec2.amazonaws.com.cn';

/**
 * EC2 as a principal. It is the only one of our principals with another name in China. In all other partitions, the name does not
 * contain the domain of the partition, and IAM rejects a name with it. https://docs.amazonaws.cn/en_us/IAM/latest/UserGuide/id_roles_create_for-service.html
 */
export const ec2Principal = (partition: string): Service =>
  partition === 'aws-cn' ? 'ec2.amazonaws.com.cn' : 'ec2.amazonaws.com';

/**
 * The values of `kms:ViaService` for a service. AWS's page writes them with amazonaws.com and does not mention partitions with another
 * domain. There, both forms are allowed. This is safe, as only the service itself can set the value.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function viaService(service: 's3' | 'dynamodb', region: string): string | string[] {
  const suffix = dnsSuffixOf(region);
  const usual = `${service}.${region}.amazonaws.com`;
  return suffix === 'amazonaws.com' ? usual : [`${service}.${region}.${suffix}`, usual];
}

/**
 * The trust policy of a role that one AWS service can assume.
 *
 * @param accountId - restricts the policy to calls for this account, for services that send `aws:SourceAccount`
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
 * Writes traces. X-Ray has no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
 */
export const writeTraces: Statement = allow(
  'WriteTraces',
  ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  ['*'],
);

/**
 * Reads the sampling rules, which Step Functions also needs:
 * https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html
 */
export const readSamplingRules: Statement = allow(
  'ReadSamplingRules',
  ['xray:GetSamplingRules', 'xray:GetSamplingTargets'],
  ['*'],
);

/**
 * Sets up log delivery, which the state machine's role does. The only valid resource is `*`:
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

/** Allows the use of a bucket's KMS key, only by S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html */
export function useBucketKey(keyArn: string, region: string, use: 'read' | 'write' = 'write'): Statement {
  // Multipart uploads and copies also decrypt what was written.
  const actions = use === 'read' ? ['kms:Decrypt'] : ['kms:Decrypt', 'kms:GenerateDataKey'];
  return allow('UseBucketKey', actions, [keyArn], {
    StringEquals: { 'kms:ViaService': viaService('s3', region) },
  });
}

/** Allows the use of a table's KMS key, only by DynamoDB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html */
export function useTableKey(keyArn: string, region: string): Statement {
  return allow(
    'UseTableKey',
    ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    [keyArn],
    { StringEquals: { 'kms:ViaService': viaService('dynamodb', region) } },
  );
}
