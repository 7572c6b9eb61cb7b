/** What the actions are allowed on: resource patterns, which follow from the names that the function gives, and conditions. */
import { HANDLERS } from '../../function/src/catalogue.ts';

/** A condition block, as IAM writes it. */
export type Condition = Record<string, Record<string, string | readonly string[]>>;

/** Where the policy holds, and what claims may name themselves. Patterns are IAM's: `*` any text, `?` one character. */
export interface Scope {
  partition: string;
  /** Twelve digits. */
  account: string;
  regions: readonly string[];
  /** Bucket names that claims give in `source.bucketName`, besides those that are generated. */
  buckets: readonly string[];
  /** Table names that claims give in `table.name`. */
  tables: readonly string[];
  /** State machine names that claims give in `workflow.name`. */
  stateMachines: readonly string[];
  /** KMS keys that claims give in `table.kmsKeyArn`, by ARN. */
  tableKeys: readonly string[];
  /** The policy that every role must have as its permissions boundary; any or none where absent. */
  permissionsBoundary?: string;
  /** A tag that the provider puts on what it makes; only what has it is deleted, where AWS can tell. */
  ownTag: { key: string; value: string };
}

/**
 * Claims may name a bucket, table or state machine as they like, so by default every name of the account passes. All
 * other names are the function's own. Each kind's group ends with the tag's value:
 * https://github.com/crossplane/crossplane-runtime/blob/v2.3.3/pkg/resource/resource.go (GetExternalTags).
 */
export const DEFAULT_SCOPE: Scope = {
  partition: 'aws',
  account: '111122223333',
  regions: ['eu-west-1'],
  buckets: ['*'],
  tables: ['*'],
  stateMachines: ['*'],
  tableKeys: [],
  ownTag: { key: 'crossplane-kind', value: '*.aws.m.upbound.io' },
};

/** In the order of the policy's statements. */
export const TARGETS = [
  'newBucket',
  'bucket',
  'anyObject',
  'codeObject',
  'boundedRole',
  'unboundedRole',
  'role',
  'functionRole',
  'stateMachineRole',
  'function',
  'invokedFunction',
  'table',
  'ownTable',
  'tableKey',
  'tableKeyGrant',
  'stateMachine',
  'ownStateMachine',
  'queue',
  'logGroups',
  'logGroup',
  'ownLogGroup',
  'alarms',
  'alarm',
  'scalableTarget',
  'scaledTable',
  'scalingAlarm',
  'scalingRole',
  'anything',
] as const;
export type Target = (typeof TARGETS)[number];

export interface Place {
  /** No resource: the scope leaves the target out. */
  Resource: readonly string[];
  Condition?: Condition;
  /** Why the resource is `*`, or why it is wider than the resources that the function makes. */
  because?: string;
}

/** The end of every generated name: eight hexadecimal digits of the claim's uid. */
const SUFFIX = '????????';
/** `<namespace>-<name>-<part>-<8 hex>`, as function/src/names.ts makes it. */
const generated = (...parts: string[]) => parts.map((part) => `*-${part}-${SUFFIX}`);
/** Patterns without those that another one covers. */
const distinct = (patterns: readonly string[]) =>
  patterns.includes('*') ? ['*'] : [...new Set(patterns)].sort();

const SCALING_SERVICE = 'dynamodb.application-autoscaling.amazonaws.com';

/** Every target in a scope. */
export function placesOf(scope: Scope): Record<Target, Place> {
  const { partition, account, regions, permissionsBoundary, ownTag } = scope;
  const arns = (service: string, ...resources: string[]) =>
    regions.flatMap((region) =>
      resources.map((resource) => `arn:${partition}:${service}:${region}:${account}:${resource}`),
    );
  const roles = (...names: string[]) => names.map((name) => `arn:${partition}:iam::${account}:role/${name}`);
  const passed = (service: string): Condition => ({ StringEquals: { 'iam:PassedToService': service } });
  const own: Condition = { StringLike: { [`aws:ResourceTag/${ownTag.key}`]: ownTag.value } };
  const inRegions = { 'aws:RequestedRegion': regions };
  // A bucket's ARN has neither account nor region.
  const inAccount: Condition = { StringEquals: { 'aws:ResourceAccount': account, ...inRegions } };

  const functions = arns('lambda', ...generated(...HANDLERS).map((name) => `function:${name}`));
  const bounded = permissionsBoundary && {
    Condition: { StringEquals: { 'iam:PermissionsBoundary': permissionsBoundary } },
  };
  const roleNames = roles(...generated(...HANDLERS, 'workflow'));
  const buckets = distinct([...scope.buckets, ...generated('files', 'code')]).map(
    (name) => `arn:${partition}:s3:::${name}`,
  );
  const tables = arns(
    'dynamodb',
    ...distinct([...scope.tables, ...generated('files')]).map((name) => `table/${name}`),
  );
  const machineNames = distinct([...scope.stateMachines, ...generated('workflow')]);
  const machines = arns('states', ...machineNames.map((name) => `stateMachine:${name}`));
  // AWS writes a log group's ARN both with and without `:*` at its end.
  const logGroups = arns(
    'logs',
    ...generated(...HANDLERS).map((name) => `log-group:/aws/lambda/${name}*`),
    ...machineNames.map((name) => `log-group:/aws/vendedlogs/states/${name === '*' ? name : `${name}*`}`),
  );
  const viaTable = { 'kms:ViaService': regions.map((region) => `dynamodb.${region}.amazonaws.com`) };

  return {
    newBucket: {
      Resource: buckets,
      Condition: { StringEquals: inRegions },
      because: 'a bucket that is not there yet has no account, and S3 Control names none',
    },
    bucket: { Resource: buckets, Condition: inAccount },
    anyObject: {
      Resource: buckets.map((bucket) => `${bucket}/*`),
      Condition: inAccount,
      because: 'a bucket is emptied before it is deleted, whatever it holds',
    },
    codeObject: {
      Resource: HANDLERS.flatMap((handler) =>
        generated('code').map((name) => `arn:${partition}:s3:::${name}/${handler}/*.zip`),
      ),
      Condition: inAccount,
    },
    boundedRole: { Resource: roleNames, ...bounded },
    unboundedRole: { Resource: permissionsBoundary ? [] : roleNames },
    role: { Resource: roleNames },
    functionRole: { Resource: roles(...generated(...HANDLERS)), Condition: passed('lambda.amazonaws.com') },
    stateMachineRole: {
      Resource: roles(...generated('workflow')),
      Condition: passed('states.amazonaws.com'),
    },
    function: { Resource: functions },
    invokedFunction: {
      Resource: functions,
      Condition: { StringEquals: { 'lambda:Principal': 's3.amazonaws.com' } },
    },
    table: { Resource: tables },
    ownTable: { Resource: tables, Condition: own },
    tableKey: { Resource: scope.tableKeys, Condition: { StringEquals: viaTable } },
    tableKeyGrant: {
      Resource: scope.tableKeys,
      Condition: { StringEquals: viaTable, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    },
    stateMachine: { Resource: machines },
    ownStateMachine: { Resource: machines, Condition: own },
    queue: { Resource: arns('sqs', ...generated('dead-letters')) },
    logGroups: {
      Resource: arns('logs', 'log-group:*'),
      because: 'a listing, which AWS checks without a name',
    },
    logGroup: { Resource: logGroups },
    ownLogGroup: { Resource: logGroups, Condition: own },
    alarms: {
      Resource: arns('cloudwatch', 'alarm:*'),
      because: 'a listing, which AWS checks without a name',
    },
    alarm: { Resource: arns('cloudwatch', `alarm:*-alarm-${SUFFIX}`) },
    scalableTarget: {
      Resource: arns('application-autoscaling', 'scalable-target/*'),
      because: 'AWS gives the id',
    },
    scaledTable: {
      Resource: arns('application-autoscaling', 'scalable-target/*'),
      Condition: { StringEquals: { 'application-autoscaling:service-namespace': 'dynamodb' } },
      because: 'AWS gives the id',
    },
    scalingAlarm: { Resource: arns('cloudwatch', 'alarm:TargetTracking-table/*') },
    scalingRole: {
      Resource: roles(
        `aws-service-role/${SCALING_SERVICE}/AWSServiceRoleForApplicationAutoScaling_DynamoDBTable`,
      ),
      Condition: { StringEquals: { 'iam:AWSServiceName': SCALING_SERVICE } },
    },
    anything: {
      Resource: ['*'],
      Condition: { StringEquals: inRegions },
      because: 'listings of Application Auto Scaling and a check of a text: AWS names no resource for them',
    },
  };
}
