/** The place of each target: its resource patterns, from the names that the function gives, and its conditions. */
import { HANDLERS } from '../../function/src/catalogue.ts';
import { viaService } from '../../function/src/iam.ts';
import { distinct, generated, patternsOf, SUFFIX } from './patterns.ts';
import type { Condition, Place, Scope, Target } from './targets.ts';
import { uploadPlaces } from './upload-places.ts';

/** The parts in the names of tables; see function/src/names.ts. */
const TABLES = ['files', 'messages', 'images', 'uploads', 'items'];

const SCALING_SERVICE = 'dynamodb.application-autoscaling.amazonaws.com';

/** The places of all targets in a scope. */
export function placesOf(scope: Scope): Record<Target, Place> {
  const { partition, account, regions, permissionsBoundary } = scope;
  const { arns, roles, passed, own } = patternsOf(scope);
  const inRegions = { 'aws:RequestedRegion': regions };
  // The ARN of a bucket has no account and no region.
  const inAccount: Condition = { StringEquals: { 'aws:ResourceAccount': account, ...inRegions } };

  const functionNames = generated(...HANDLERS, ...scope.functions);
  const functions = arns('lambda', ...functionNames.map((name) => `function:${name}`));
  const bounded = permissionsBoundary && {
    Condition: { StringEquals: { 'iam:PermissionsBoundary': permissionsBoundary } },
  };
  const roleNames = roles(...functionNames, ...generated('workflow', 'schedule', 'vm'));
  const buckets = distinct([...scope.buckets, ...generated('files', 'images', 'code')]).map(
    (name) => `arn:${partition}:s3:::${name}`,
  );
  const tables = arns(
    'dynamodb',
    ...distinct([...scope.tables, ...generated(...TABLES)]).map((name) => `table/${name}`),
  );
  const machineNames = distinct([...scope.stateMachines, ...generated('workflow')]);
  const machines = arns('states', ...machineNames.map((name) => `stateMachine:${name}`));
  // AWS writes the ARN of a log group with or without `:*` at the end.
  const logGroups = arns(
    'logs',
    ...functionNames.map((name) => `log-group:/aws/lambda/${name}*`),
    ...machineNames.map((name) => `log-group:/aws/vendedlogs/states/${name === '*' ? name : `${name}*`}`),
  );
  const viaTable = { 'kms:ViaService': regions.flatMap((region) => viaService('dynamodb', region)) };

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
      Resource: [...HANDLERS.map((handler) => `${handler}/*.zip`), 'script.sh'].flatMap((key) =>
        generated('code').map((name) => `arn:${partition}:s3:::${name}/${key}`),
      ),
      Condition: inAccount,
    },
    givenObject: {
      Resource: scope.codeObjects.map((object) => `arn:${partition}:s3:::${object}`),
    },
    boundedRole: { Resource: roleNames, ...bounded },
    unboundedRole: { Resource: permissionsBoundary ? [] : roleNames },
    role: { Resource: roleNames },
    functionRole: { Resource: roles(...functionNames), Condition: passed('lambda.amazonaws.com') },
    stateMachineRole: {
      Resource: roles(...generated('workflow')),
      Condition: passed('states.amazonaws.com'),
    },
    function: { Resource: functions },
    invokedFunction: {
      Resource: functions,
      Condition: {
        StringEquals: {
          'lambda:Principal': ['s3.amazonaws.com', 'events.amazonaws.com', 'apigateway.amazonaws.com'],
        },
      },
    },
    layer: { Resource: arns('lambda', ...generated('sharp').map((name) => `layer:${name}*`)) },
    givenLayer: {
      Resource: scope.layers.flatMap((layer) =>
        layer.startsWith('arn:') ? [`${layer}:*`] : arns('lambda', `layer:${layer}:*`),
      ),
      because: 'a claim may give any layer of the account',
    },
    imageRepository: {
      Resource: arns('ecr', ...scope.imageRepositories.map((name) => `repository/${name}`)),
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
    ...uploadPlaces(scope),
    anything: {
      Resource: ['*'],
      Condition: { StringEquals: inRegions },
      because: 'listings and a check of a text: AWS names no resource for them',
    },
  };
}
