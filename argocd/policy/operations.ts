/**
 * The IAM actions that AWS checks for a call of its SDK. Most have the same name as the call. The table has the others, from
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */

/** IAM's prefix of each service, by its name in the SDK or in a request's signature. */
const PREFIXES: Readonly<Record<string, string>> = {
  s3: 's3',
  s3control: 's3',
  iam: 'iam',
  sts: 'sts',
  kms: 'kms',
  lambda: 'lambda',
  sfn: 'states',
  states: 'states',
  dynamodb: 'dynamodb',
  sqs: 'sqs',
  logs: 'logs',
  cloudwatchlogs: 'logs',
  cloudwatch: 'cloudwatch',
  monitoring: 'cloudwatch',
  applicationautoscaling: 'application-autoscaling',
  appautoscaling: 'application-autoscaling',
  apigateway: 'apigateway',
  apigatewayv2: 'apigateway',
  ec2: 'ec2',
  scheduler: 'scheduler',
  events: 'events',
  eventbridge: 'events',
  cloudwatchevents: 'events',
};

const OTHERWISE: Readonly<Record<string, readonly string[]>> = {
  's3:HeadBucket': ['s3:ListBucket'],
  's3:ListObjects': ['s3:ListBucket'],
  's3:ListObjectsV2': ['s3:ListBucket'],
  's3:ListObjectVersions': ['s3:ListBucketVersions'],
  's3:HeadObject': ['s3:GetObject'],
  // For a request with version ids. The provider always sends them to empty a bucket.
  's3:DeleteObjects': ['s3:DeleteObject', 's3:DeleteObjectVersion'],
  's3:CreateMultipartUpload': ['s3:PutObject'],
  's3:UploadPart': ['s3:PutObject'],
  's3:CompleteMultipartUpload': ['s3:PutObject'],
  's3:GetBucketCors': ['s3:GetBucketCORS'],
  's3:GetBucketAccelerateConfiguration': ['s3:GetAccelerateConfiguration'],
  's3:GetBucketReplication': ['s3:GetReplicationConfiguration'],
  's3:GetObjectLockConfiguration': ['s3:GetBucketObjectLockConfiguration'],
  's3:PutBucketCors': ['s3:PutBucketCORS'],
  's3:DeleteBucketCors': ['s3:PutBucketCORS'],
  's3:DeleteBucketTagging': ['s3:PutBucketTagging'],
  's3:GetPublicAccessBlock': ['s3:GetBucketPublicAccessBlock'],
  's3:PutPublicAccessBlock': ['s3:PutBucketPublicAccessBlock'],
  's3:DeletePublicAccessBlock': ['s3:PutBucketPublicAccessBlock'],
  's3:DeleteBucketOwnershipControls': ['s3:PutBucketOwnershipControls'],
  's3:GetBucketEncryption': ['s3:GetEncryptionConfiguration'],
  's3:PutBucketEncryption': ['s3:PutEncryptionConfiguration'],
  's3:DeleteBucketEncryption': ['s3:PutEncryptionConfiguration'],
  's3:GetBucketLifecycle': ['s3:GetLifecycleConfiguration'],
  's3:GetBucketLifecycleConfiguration': ['s3:GetLifecycleConfiguration'],
  's3:PutBucketLifecycle': ['s3:PutLifecycleConfiguration'],
  's3:PutBucketLifecycleConfiguration': ['s3:PutLifecycleConfiguration'],
  's3:DeleteBucketLifecycle': ['s3:PutLifecycleConfiguration'],
  's3:GetBucketNotificationConfiguration': ['s3:GetBucketNotification'],
  's3:PutBucketNotificationConfiguration': ['s3:PutBucketNotification'],
  'iam:UpdateRoleDescription': ['iam:UpdateRole'],
  // Allowed for every signed-in caller.
  'sts:GetCallerIdentity': [],
};

/** Lambda's names of operations end with the API's date, such as `CreateFunction20150331` or `GetFunction20150331v2`. */
const LAMBDA_DATE = /\d{8}(v\d+)?$/;

/** API Gateway's actions are the verbs of its HTTP calls. */
const VERBS: readonly [name: RegExp, verb: string][] = [
  [/^(Create|Tag)/, 'POST'],
  [/^Get/, 'GET'],
  [/^Update/, 'PATCH'],
  [/^(Delete|Untag)/, 'DELETE'],
];

/** Calls that the provider tries and does not need: it compares a table's key with AWS's default key (dynamodb/table.go, clearSSEDefaultKey). */
export const TOLERATED: readonly string[] = ['kms:DescribeKey'];

/**
 * The IAM actions that AWS checks for one call. Empty when it checks nothing. Conditional actions (for tags on creation, or for a
 * passed role) are not included.
 *
 * @param call - service and operation, such as `s3 PutBucketEncryption` or `lambda CreateFunction20150331`
 * @throws Error when the call has another form, or its service is unknown
 */
export function actionsOf(call: string): readonly string[] {
  const [, service = '', operation = ''] = /^([A-Za-z0-9 -]+) ([A-Za-z0-9]+)$/.exec(call) ?? [];
  const prefix = PREFIXES[service.toLowerCase().replace(/[ -]/g, '')];
  if (prefix === undefined) {
    throw new Error(
      `"${call}" is not a service and an operation, such as "s3 PutObject". Services: ${Object.keys(PREFIXES).join(', ')}`,
    );
  }
  if (prefix === 'apigateway') {
    const verb = VERBS.find(([name]) => name.test(operation))?.[1];
    if (verb === undefined) throw new Error(`"${call}" has no verb in operations.ts: add it there`);
    return [`${prefix}:${verb}`];
  }
  const action = `${prefix}:${prefix === 'lambda' ? operation.replace(LAMBDA_DATE, '') : operation}`;
  return OTHERWISE[action] ?? [action];
}
