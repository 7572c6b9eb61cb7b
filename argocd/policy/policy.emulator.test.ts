/** Tests the policy in use: a user with this policy and few other permissions creates, changes and deletes all resources of a claim. */

import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimOf } from '../../function/render.ts';
import { type Clients, createClients } from '../../local/aws.ts';
import { untilReady, withUid } from '../../local/composite.ts';
import { type Emulator, startEmulator } from '../../local/emulator.ts';
import { type FunctionServer, startFunction } from '../../local/function-server.ts';
import { createReconciler } from '../../local/reconciler.ts';
import { ACCOUNT } from '../../local/testing/manifests.ts';
import { type PolicyDocument, policiesOf } from './policy.ts';
import { DEFAULT_SCOPE } from './scope.ts';

const REGION = 'eu-west-1';

/** Calls of the local reconciler that the provider does not make. */
const RECONCILER_ONLY = [
  'ec2:DescribeTags',
  's3:GetBucketLocation',
  's3:GetBucketTagging',
  's3:PutBucketTagging',
];

/** Calls for which the emulator does not determine the resource, so that only `*` matches. */
const NO_RESOURCE_IN_EMULATOR = [
  // The ids of APIs have eight characters in the emulator and ten in AWS.
  'apigateway:DELETE',
  'apigateway:PATCH',
  'cloudwatch:DeleteAlarms',
  'cloudwatch:DescribeAlarms',
  'cloudwatch:ListTagsForResource',
  'cloudwatch:TagResource',
  'dynamodb:ListTagsOfResource',
  'dynamodb:TagResource',
  'ec2:CreateLaunchTemplate',
  'ec2:CreateLaunchTemplateVersion',
  'ec2:CreateTags',
  'ec2:DeleteLaunchTemplate',
  'ec2:DeleteTags',
  'ec2:ModifyLaunchTemplate',
  'iam:AddRoleToInstanceProfile',
  'iam:CreateInstanceProfile',
  'iam:DeleteInstanceProfile',
  'iam:GetInstanceProfile',
  'iam:RemoveRoleFromInstanceProfile',
  'iam:TagInstanceProfile',
  'iam:UntagInstanceProfile',
  'lambda:CreateFunction',
  'logs:DescribeLogGroups',
  'states:ListTagsForResource',
  'states:TagResource',
];

/**
 * Targets for which the emulator does not set the condition keys: the granted principal, the tags of a state machine or security
 * group, and the function of a mapping.
 */
const CONDITION_UNKNOWN_TO_EMULATOR = [
  'InvokedFunction',
  'Mapping',
  'NewMapping',
  'OwnSecurityGroup',
  'OwnStateMachine',
];

/** The tag that this test adds to everything, since the local reconciler adds no tags. */
const scope = {
  ...DEFAULT_SCOPE,
  account: ACCOUNT,
  regions: [REGION],
  ownTag: { key: 'owner', value: 'tests' },
};

let emulator: Emulator | undefined;
let server: FunctionServer | undefined;
let admin: Clients;
let limited: Clients;

async function userWith(policies: readonly PolicyDocument[]): Promise<Clients> {
  if (!emulator) throw new Error('the emulator is not started');
  const UserName = 'provider';
  await admin.iam.createUser({ UserName });
  for (const [index, policy] of policies.entries()) {
    const PolicyDocument = JSON.stringify(policy);
    const { Policy } = await admin.iam.createPolicy({ PolicyName: `p${index}`, PolicyDocument });
    await admin.iam.attachUserPolicy({ UserName, PolicyArn: Policy?.Arn });
  }
  const { AccessKey } = await admin.iam.createAccessKey({ UserName });
  const credentials = {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  };
  return createClients({ ...emulator, credentials });
}

/** The policies in a form that the emulator can evaluate, plus the other calls of the reconciler. */
function forEmulator(policies: readonly PolicyDocument[]): PolicyDocument[] {
  const known = policies.map((policy) => ({
    ...policy,
    Statement: policy.Statement.map(({ Condition, ...statement }) =>
      Condition && !CONDITION_UNKNOWN_TO_EMULATOR.includes(statement.Sid)
        ? { ...statement, Condition }
        : statement,
    ),
  }));
  return [
    ...known,
    {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Test',
          Effect: 'Allow',
          Action: [...RECONCILER_ONLY, ...NO_RESOURCE_IN_EMULATOR],
          Resource: ['*'],
        },
      ],
    },
  ];
}

beforeEach(async () => {
  emulator = await startEmulator({ region: REGION, auth: true, tls: true });
  server = await startFunction();
  admin = createClients(emulator);
  limited = await userWith(forEmulator(policiesOf(scope)));
});

afterEach(async () => {
  admin.close();
  limited.close();
  await server?.stop();
  await emulator?.stop();
});

it.each(['Standard', 'Direct'])('makes, changes and deletes all of a %s pipeline', async (execution) => {
  if (!server) throw new Error('the function is not started');
  const spec = {
    region: REGION,
    tags: { owner: 'tests' },
    dataRetention: 'Delete',
    workflow: { type: 'RecordFile', execution },
    functions: { reservedConcurrency: 2 },
    observability: { alarms: { enabled: true } },
  };
  const reconciler = createReconciler({ clients: limited });
  const claim = withUid(claimOf(spec), '02c2d05c-0000-4000-8000-000000000000');
  await untilReady({ claim, server, reconciler, timeoutMs: 15_000 });

  const changed = {
    ...spec,
    tags: { owner: 'tests', added: 'later' },
    source: { expireAfterDays: 30, suffixes: ['.csv'] },
    table: { timeToLiveAttribute: 'expires', pointInTimeRecovery: false },
    functions: { memoryMB: 512 },
    observability: { logRetentionDays: 7, alarms: { enabled: true } },
  };
  await untilReady({
    claim: { ...claim, ...withUid(claimOf(changed), '02c2d05c-0000-4000-8000-000000000000') },
    server,
    reconciler,
  });
  await reconciler.deleteAll();
  expect([...reconciler.observed().keys()]).toEqual([]);
});

it('may not delete a table that Crossplane did not make', async () => {
  await admin.dynamodb.createTable({
    TableName: 'payroll',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  const deletion = limited.dynamodb.deleteTable({ TableName: 'payroll' });
  await expect(deletion).rejects.toThrow(/not authorized to perform: dynamodb:DeleteTable/);
});
