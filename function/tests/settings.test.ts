import { describe, expect, it } from 'vitest';
import { claimOf, settle } from '../render.ts';
import type { Json } from '../src/objects.ts';
import { difference } from './difference.ts';

const settled = async (spec: Json) =>
  (await settle(claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile' }, ...spec }))).rendered
    .resources;

const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:team-a-invoices-start-workflow-0f1e2d3c';
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/a';
const expiring = { source: { expireAfterDays: 30 } };

const changes: [why: string, before: Json, after: Json, lines: string[]][] = [
  ['more memory', {}, { functions: { memoryMB: 512 } }, ['start-workflow.memorySize: 256 -> 512']],
  ['a longer timeout', {}, { functions: { timeoutSeconds: 60 } }, ['start-workflow.timeout: 30 -> 60']],
  [
    'the other architecture',
    {},
    { functions: { architecture: 'x86_64' } },
    ['start-workflow.architectures: arm64 -> x86_64'],
  ],
  [
    'reserved concurrency',
    {},
    { functions: { reservedConcurrency: 5 } },
    ['start-workflow.reservedConcurrentExecutions: none -> 5'],
  ],
  [
    'versioning off: S3 can only suspend it',
    {},
    { source: { versioning: false } },
    ['bucket-versioning.versioningConfiguration.status: Enabled -> Suspended'],
  ],
  [
    'a prefix',
    {},
    { source: { prefix: 'in/' } },
    ['notification.lambdaFunction[ingest-0].filterPrefix: none -> in/'],
  ],
  [
    'a prefix no more',
    { source: { prefix: 'in/' } },
    {},
    ['notification.lambdaFunction[ingest-0].filterPrefix: in/ -> none'],
  ],
  [
    'suffixes: one filter each',
    {},
    { source: { prefix: 'in/', suffixes: ['.csv', '.json'] } },
    [
      'notification.lambdaFunction[ingest-0].filterPrefix: none -> in/',
      'notification.lambdaFunction[ingest-0].filterSuffix: none -> .csv',
      'notification.lambdaFunction[ingest-1].id: none -> ingest-1',
      'notification.lambdaFunction[ingest-1].events: none -> s3:ObjectCreated:*',
      `notification.lambdaFunction[ingest-1].lambdaFunctionArn: none -> ${FUNCTION}`,
      'notification.lambdaFunction[ingest-1].filterPrefix: none -> in/',
      'notification.lambdaFunction[ingest-1].filterSuffix: none -> .json',
    ],
  ],
  [
    'one suffix less',
    { source: { suffixes: ['.csv', '.json'] } },
    { source: { suffixes: ['.json'] } },
    [
      'notification.lambdaFunction[ingest-0].filterSuffix: .csv -> .json',
      'notification.lambdaFunction[ingest-1].id: ingest-1 -> none',
      'notification.lambdaFunction[ingest-1].events: s3:ObjectCreated:* -> none',
      `notification.lambdaFunction[ingest-1].lambdaFunctionArn: ${FUNCTION} -> none`,
      'notification.lambdaFunction[ingest-1].filterSuffix: .json -> none',
    ],
  ],
  [
    'expiry of objects',
    {},
    expiring,
    [
      'bucket-lifecycle.rule[expire].id: none -> expire',
      'bucket-lifecycle.rule[expire].status: none -> Enabled',
      'bucket-lifecycle.rule[expire].filter[0].prefix: none -> ',
      'bucket-lifecycle.rule[expire].expiration[0].days: none -> 30',
      'bucket-lifecycle.rule[expire].noncurrentVersionExpiration[0].noncurrentDays: none -> 30',
    ],
  ],
  [
    'expiry no more',
    expiring,
    {},
    [
      'bucket-lifecycle.rule[expire].id: expire -> none',
      'bucket-lifecycle.rule[expire].status: Enabled -> none',
      'bucket-lifecycle.rule[expire].filter[0].prefix:  -> none',
      'bucket-lifecycle.rule[expire].expiration[0].days: 30 -> none',
      'bucket-lifecycle.rule[expire].noncurrentVersionExpiration[0].noncurrentDays: 30 -> none',
    ],
  ],
  [
    'expiry of items, when asked for with expiry of objects',
    expiring,
    { ...expiring, table: { timeToLiveAttribute: 'expiresAt' } },
    [
      'table.ttl.enabled: none -> true',
      'table.ttl.attributeName: none -> expiresAt',
      'start-workflow.environment.variables.EXPIRE_AFTER_DAYS: none -> 30',
      "state-machine.definition.States.RecordFile.Parameters.Item.expiresAt.N.$: none -> States.Format('{}', $.expiresAt)",
    ],
  ],
  [
    'a key for the objects',
    {},
    { source: { kmsKeyArn: KEY } },
    [
      'bucket-encryption.rule[0].applyServerSideEncryptionByDefault.sseAlgorithm: AES256 -> aws:kms',
      `bucket-encryption.rule[0].applyServerSideEncryptionByDefault.kmsMasterKeyId: none -> ${KEY}`,
      'bucket-encryption.rule[0].bucketKeyEnabled: none -> true',
    ],
  ],
  [
    'a key for the table',
    {},
    { table: { kmsKeyArn: KEY } },
    [
      'table.serverSideEncryption.enabled: none -> true',
      `table.serverSideEncryption.kmsKeyArn: none -> ${KEY}`,
      'state-machine-policy.policy.Statement[UseTableKey].Sid: none -> UseTableKey',
      'state-machine-policy.policy.Statement[UseTableKey].Effect: none -> Allow',
      'state-machine-policy.policy.Statement[UseTableKey].Action: none -> kms:Decrypt kms:DescribeKey kms:Encrypt kms:GenerateDataKey* kms:ReEncrypt*',
      `state-machine-policy.policy.Statement[UseTableKey].Resource: none -> ${KEY}`,
      'state-machine-policy.policy.Statement[UseTableKey].Condition.StringEquals.kms:ViaService: none -> dynamodb.eu-west-1.amazonaws.com',
    ],
  ],
  [
    'no backups',
    {},
    { table: { pointInTimeRecovery: false } },
    ['table.pointInTimeRecovery.enabled: true -> false'],
  ],
  [
    'deletion protection',
    {},
    { table: { deletionProtection: true } },
    ['table.deletionProtectionEnabled: false -> true'],
  ],
  [
    'provisioned capacity',
    {},
    { table: { billing: { mode: 'Provisioned', read: { min: 1, max: 5 }, write: { min: 2, max: 6 } } } },
    [
      '+ table-read-scaling-target',
      '+ table-read-scaling-policy',
      '+ table-write-scaling-target',
      '+ table-write-scaling-policy',
      'table.billingMode: PAY_PER_REQUEST -> PROVISIONED',
      'table.spec.initProvider.readCapacity: none -> 1',
      'table.spec.initProvider.writeCapacity: none -> 2',
    ],
  ],
  [
    'longer logs',
    {},
    { observability: { logRetentionDays: 90 } },
    ['start-workflow-logs.retentionInDays: 30 -> 90', 'state-machine-logs.retentionInDays: 30 -> 90'],
  ],
  [
    'more logs',
    {},
    { observability: { logLevel: 'ALL', includeExecutionData: true } },
    [
      'state-machine.loggingConfiguration.level: ERROR -> ALL',
      'state-machine.loggingConfiguration.includeExecutionData: false -> true',
    ],
  ],
  [
    'no state machine logs',
    {},
    { observability: { logLevel: 'OFF' } },
    [
      '- state-machine-logs',
      'state-machine-policy.policy.Statement[DeliverLogs].Sid: DeliverLogs -> none',
      'state-machine-policy.policy.Statement[DeliverLogs].Effect: Allow -> none',
      'state-machine-policy.policy.Statement[DeliverLogs].Action: logs:CreateLogDelivery logs:GetLogDelivery logs:UpdateLogDelivery logs:DeleteLogDelivery logs:ListLogDeliveries logs:PutResourcePolicy logs:DescribeResourcePolicies logs:DescribeLogGroups -> none',
      'state-machine-policy.policy.Statement[DeliverLogs].Resource: * -> none',
      'state-machine.loggingConfiguration.level: ERROR -> OFF',
      'state-machine.loggingConfiguration.logDestination: arn:aws:logs:eu-west-1:111122223333:log-group:/aws/vendedlogs/states/team-a-invoices-workflow-0f1e2d3c:* -> none',
    ],
  ],
  [
    'traces',
    {},
    { observability: { tracing: true } },
    [
      'start-workflow-policy.policy.Statement[WriteTraces].Sid: none -> WriteTraces',
      'start-workflow-policy.policy.Statement[WriteTraces].Effect: none -> Allow',
      'start-workflow-policy.policy.Statement[WriteTraces].Action: none -> xray:PutTraceSegments xray:PutTelemetryRecords',
      'start-workflow-policy.policy.Statement[WriteTraces].Resource: none -> *',
      'start-workflow.tracingConfig.mode: PassThrough -> Active',
      'state-machine-policy.policy.Statement[WriteTraces].Sid: none -> WriteTraces',
      'state-machine-policy.policy.Statement[WriteTraces].Effect: none -> Allow',
      'state-machine-policy.policy.Statement[WriteTraces].Action: none -> xray:PutTraceSegments xray:PutTelemetryRecords',
      'state-machine-policy.policy.Statement[WriteTraces].Resource: none -> *',
      'state-machine-policy.policy.Statement[ReadSamplingRules].Sid: none -> ReadSamplingRules',
      'state-machine-policy.policy.Statement[ReadSamplingRules].Effect: none -> Allow',
      'state-machine-policy.policy.Statement[ReadSamplingRules].Action: none -> xray:GetSamplingRules xray:GetSamplingTargets',
      'state-machine-policy.policy.Statement[ReadSamplingRules].Resource: none -> *',
      'state-machine.tracingConfiguration.enabled: none -> true',
    ],
  ],
  [
    'alarms',
    {},
    { observability: { alarms: { enabled: true } } },
    [
      '+ start-workflow-errors-alarm',
      '+ start-workflow-throttles-alarm',
      '+ failed-executions-alarm',
      '+ timed-out-executions-alarm',
      '+ dead-letters-alarm',
    ],
  ],
  [
    'a boundary',
    {},
    { permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/b' },
    [
      'start-workflow-role.permissionsBoundary: none -> arn:aws:iam::111122223333:policy/b',
      'state-machine-role.permissionsBoundary: none -> arn:aws:iam::111122223333:policy/b',
    ],
  ],
  [
    'data that goes with the claim',
    {},
    { dataRetention: 'Delete' },
    [
      'bucket.forceDestroy: false -> true',
      'bucket.spec.managementPolicies: Observe Create Update -> Observe Create Update Delete',
      'bucket-public-access-block.spec.managementPolicies: Observe Create Update LateInitialize -> none',
      'bucket-ownership-controls.spec.managementPolicies: Observe Create Update LateInitialize -> none',
      'bucket-encryption.spec.managementPolicies: Observe Create Update LateInitialize -> none',
      'bucket-versioning.spec.managementPolicies: Observe Create Update LateInitialize -> none',
      'bucket-lifecycle.spec.managementPolicies: Observe Create Update LateInitialize -> none',
      'bucket-policy.spec.managementPolicies: Observe Create Update LateInitialize -> none',
      'table.spec.managementPolicies: Observe Create Update -> Observe Create Update Delete',
    ],
  ],
  [
    'a tag',
    {},
    { tags: { team: 'a' } },
    [
      'bucket.tags.team: none -> a',
      'table.tags.team: none -> a',
      'code-bucket.tags.team: none -> a',
      'dead-letter-queue.tags.team: none -> a',
      'start-workflow-role.tags.team: none -> a',
      'start-workflow-logs.tags.team: none -> a',
      'start-workflow.tags.team: none -> a',
      'state-machine-role.tags.team: none -> a',
      'state-machine-logs.tags.team: none -> a',
      'state-machine.tags.team: none -> a',
    ],
  ],
];

describe('a changed setting changes what it should, and nothing else', () => {
  it.each(changes)('%s', async (_why, before, after, lines) => {
    expect(difference(await settled(before), await settled(after))).toEqual(lines);
  });

  it('other credentials: every resource, nothing but them', async () => {
    const before = await settled({});
    const after = await settled({ providerConfigRef: { kind: 'ProviderConfig', name: 'own' } });
    expect(difference(before, after)).toEqual(
      Object.keys(before).flatMap((key) => [
        `${key}.spec.providerConfigRef.kind: ClusterProviderConfig -> ProviderConfig`,
        `${key}.spec.providerConfigRef.name: default -> own`,
      ]),
    );
  });

  it('the other order of fields in the claim: nothing', async () => {
    const [a, b] = [
      { prefix: 'in/', versioning: true },
      { versioning: true, prefix: 'in/' },
    ];
    expect(difference(await settled({ source: a }), await settled({ source: b }))).toEqual([]);
  });
});
