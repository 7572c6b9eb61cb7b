/** The manifests of a whole pipeline: one of each kind that the emulator supports. */
import type { Fields } from '../fields.ts';
import { GROUPS } from '../kinds/kind.ts';
import type { Manifest } from '../manifest.ts';
import { ACCOUNT, codeZip, keyed, managed, REGION, trust } from './manifests.ts';

function storage(): Manifest[] {
  const bucketRef = { name: 'files' };
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'DenyPlainHttp',
        Effect: 'Deny',
        Principal: '*',
        Action: ['s3:*'],
        Resource: ['arn:aws:s3:::t-files', 'arn:aws:s3:::t-files/*'],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  };
  const lifecycle = [
    {
      id: 'tidy',
      status: 'Enabled',
      filter: [{ prefix: '' }],
      expiration: [{ days: 30 }],
      noncurrentVersionExpiration: [{ noncurrentDays: 7 }],
      abortIncompleteMultipartUpload: [{ daysAfterInitiation: 2 }],
    },
  ];
  const rule = [
    {
      applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' },
      bucketKeyEnabled: true,
      blockedEncryptionTypes: ['SSE-C'],
    },
  ];
  const closed = {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  };
  const s3 = (kind: string, name: string, spec: Fields) =>
    managed(GROUPS.s3, kind, name, { bucketRef, ...spec });
  return [
    managed(
      GROUPS.s3,
      'Bucket',
      'files',
      { forceDestroy: false, tags: { team: 'x' } },
      { externalName: 't-files' },
    ),
    s3('BucketPublicAccessBlock', 'files-access', closed),
    s3('BucketOwnershipControls', 'files-owner', { rule: { objectOwnership: 'BucketOwnerEnforced' } }),
    s3('BucketServerSideEncryptionConfiguration', 'files-encryption', { rule }),
    s3('BucketVersioning', 'files-versioning', { versioningConfiguration: { status: 'Enabled' } }),
    s3('BucketLifecycleConfiguration', 'files-lifecycle', { rule: lifecycle }),
    s3('BucketPolicy', 'files-policy', { policy: JSON.stringify(policy) }),
  ];
}

function code(text: string): Manifest[] {
  const zip = codeZip(text);
  const write = { Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: '*' };
  return [
    managed(GROUPS.s3, 'Bucket', 'code', { forceDestroy: true }, { externalName: 't-code' }),
    managed(GROUPS.s3, 'Object', 'start-code', {
      bucketRef: { name: 'code' },
      key: 'start.zip',
      contentBase64: zip.base64,
      contentType: 'application/zip',
    }),
    managed(
      GROUPS.logs,
      'Group',
      'start-logs',
      { retentionInDays: 30, tags: { team: 'x' } },
      { externalName: '/t/start' },
    ),
    managed(GROUPS.iam, 'Role', 'start-role', {
      assumeRolePolicy: trust('lambda.amazonaws.com'),
      permissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/boundary`,
      tags: { team: 'x' },
    }),
    managed(GROUPS.iam, 'RolePolicy', 'start-policy', {
      roleRef: { name: 'start-role' },
      policy: JSON.stringify({ Version: '2012-10-17', Statement: [write] }),
    }),
    managed(
      GROUPS.lambda,
      'Function',
      'start',
      {
        architectures: ['arm64'],
        description: 'starts',
        environment: { variables: { LEVEL: 'INFO' } },
        handler: 'index.handler',
        loggingConfig: { logFormat: 'JSON', logGroup: '/t/start' },
        memorySize: 256,
        reservedConcurrentExecutions: 5,
        roleRef: { name: 'start-role' },
        runtime: 'nodejs22.x',
        s3BucketRef: { name: 'code' },
        s3Key: 'start.zip',
        sourceCodeHash: zip.hash,
        tags: { team: 'x' },
        timeout: 30,
        tracingConfig: { mode: 'Active' },
      },
      { externalName: 't-start' },
    ),
  ];
}

function trigger(): Manifest[] {
  const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:t-start`;
  const call = { id: 'files', events: ['s3:ObjectCreated:*'], filterPrefix: 'in/', filterSuffix: '.csv' };
  return [
    managed(GROUPS.sqs, 'Queue', 'dead-letters', {
      name: 't-dead-letters',
      messageRetentionSeconds: 1209600,
      sqsManagedSseEnabled: true,
      tags: { team: 'x' },
    }),
    managed(GROUPS.lambda, 'FunctionEventInvokeConfig', 'start-invoke', {
      functionName: 't-start',
      maximumRetryAttempts: 1,
      maximumEventAgeInSeconds: 3600,
      destinationConfig: { onFailure: { destination: `arn:aws:sqs:${REGION}:${ACCOUNT}:t-dead-letters` } },
    }),
    managed(GROUPS.lambda, 'Permission', 'start-permission', {
      action: 'lambda:InvokeFunction',
      functionNameRef: { name: 'start' },
      principal: 's3.amazonaws.com',
      sourceArn: 'arn:aws:s3:::t-files',
      sourceAccount: ACCOUNT,
      statementId: 'files',
    }),
    managed(GROUPS.s3, 'BucketNotification', 'files-notification', {
      bucketRef: { name: 'files' },
      lambdaFunction: [{ ...call, lambdaFunctionArn: functionArn }],
    }),
  ];
}

function workflow(): Manifest[] {
  const definition = JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } });
  const alarm = {
    comparisonOperator: 'GreaterThanThreshold',
    dimensions: { QueueName: 't-dead-letters' },
    evaluationPeriods: 1,
    metricName: 'ApproximateNumberOfMessagesVisible',
    namespace: 'AWS/SQS',
    period: 60,
    statistic: 'Maximum',
    threshold: 0,
    treatMissingData: 'notBreaching',
    tags: { team: 'x' },
  };
  return [
    managed(
      GROUPS.dynamodb,
      'Table',
      'table',
      {
        attribute: [{ name: 'Filename', type: 'S' }],
        billingMode: 'PAY_PER_REQUEST',
        hashKey: 'Filename',
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
        ttl: { attributeName: 'expires', enabled: true },
        tags: { team: 'x' },
      },
      { externalName: 't-table' },
    ),
    managed(
      GROUPS.logs,
      'Group',
      'flow-logs',
      { retentionInDays: 30 },
      { externalName: '/aws/vendedlogs/states/t' },
    ),
    managed(GROUPS.iam, 'Role', 'flow-role', { assumeRolePolicy: trust('states.amazonaws.com') }),
    managed(
      GROUPS.sfn,
      'StateMachine',
      'flow',
      {
        definition,
        loggingConfiguration: {
          level: 'ERROR',
          includeExecutionData: false,
          logDestination: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/vendedlogs/states/t:*`,
        },
        roleArnRef: { name: 'flow-role' },
        tracingConfiguration: { enabled: true },
        type: 'STANDARD',
        tags: { team: 'x' },
      },
      { externalName: 't-flow' },
    ),
    managed(GROUPS.cloudwatch, 'MetricAlarm', 'dead-alarm', alarm, { externalName: 't-dead-alarm' }),
  ];
}

/** One manifest of each kind that the emulator supports, connected like a pipeline. Its function returns `text`. */
export function pipeline(text = 'one'): Map<string, Manifest> {
  return keyed(...storage(), ...code(text), ...trigger(), ...workflow());
}
