/**
 * What actions are allowed on, and where each of these targets is: resource patterns, which follow from the names that the
 * function gives, and conditions.
 */
import { HANDLERS } from '../../function/src/catalogue.ts';
import { ec2Principal, viaService } from '../../function/src/iam.ts';
import { KEYS } from '../../function/src/keys.ts';
import { WORKFLOWS } from '../../function/src/workflows/index.ts';
import { distinct, generated, patternsOf, regionIn, SUFFIX } from './patterns.ts';
import type { Condition, Place, Scope } from './scope.ts';

const TABLES = Object.values(WORKFLOWS).map(({ holds }) => holds);

const AWS_ID = 'AWS gives the id';
const LISTING = 'a listing, which AWS checks without a name';
const SCALING_SERVICE = 'dynamodb.application-autoscaling.amazonaws.com';

/** What actions are allowed on, by the names that the tables in `kinds` use. */
export type Target = keyof ReturnType<typeof placesOf>;

/** Every target in a scope, in the order of the policy's statements. `inRegions` in patterns.ts adds what ARNs of any region need. */
export function placesOf(scope: Scope) {
  const { partition, account, regions, permissionsBoundary } = scope;
  const { arns, roles, passed, own } = patternsOf(scope);
  const requested = { 'aws:RequestedRegion': regions };
  const region = regionIn(regions);
  // The ARN of a bucket has no account and no region.
  const inAccount: Condition = { StringEquals: { 'aws:ResourceAccount': account, ...requested } };

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
  // The one that reads the table's stream.
  const mapped: Condition = {
    StringLike: {
      'lambda:FunctionArn': arns(
        'lambda',
        ...generated(KEYS.launchInstance).map((name) => `function:${name}`),
      ),
    },
  };
  const apis = (...paths: string[]) => paths.map((path) => `arn:${partition}:apigateway:${region}::${path}`);
  return {
    newBucket: {
      Resource: buckets,
      Condition: { StringEquals: requested },
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
    givenObject: { Resource: scope.codeObjects.map((object) => `arn:${partition}:s3:::${object}`) },
    boundedRole: { Resource: roleNames, ...bounded },
    unboundedRole: { Resource: permissionsBoundary ? [] : roleNames },
    role: { Resource: roleNames },
    functionRole: { Resource: roles(...functionNames), Condition: passed('lambda.amazonaws.com') },
    stateMachineRole: {
      Resource: roles(...generated('workflow')),
      Condition: passed('states.amazonaws.com'),
    },
    scheduleRole: { Resource: roles(...generated('schedule')), Condition: passed('scheduler.amazonaws.com') },
    instanceRole: { Resource: roles(...generated('vm')), Condition: passed(ec2Principal(partition)) },
    instanceProfile: {
      Resource: generated('vm').map((name) => `arn:${partition}:iam::${account}:instance-profile/${name}`),
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
    newMapping: {
      Resource: ['*'],
      Condition: mapped,
      because: 'AWS names no resource for a mapping that is not there yet',
    },
    mapping: { Resource: arns('lambda', 'event-source-mapping:*'), Condition: mapped, because: AWS_ID },
    mappingTags: {
      Resource: arns('lambda', 'event-source-mapping:*'),
      because: 'AWS gives the id, and does not say whose mapping it is',
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
    logGroups: { Resource: arns('logs', 'log-group:*'), because: LISTING },
    logGroup: { Resource: logGroups },
    ownLogGroup: { Resource: logGroups, Condition: own },
    alarms: { Resource: arns('cloudwatch', 'alarm:*'), because: LISTING },
    alarm: { Resource: arns('cloudwatch', `alarm:*-alarm-${SUFFIX}`) },
    scalableTarget: { Resource: arns('application-autoscaling', 'scalable-target/*'), because: AWS_ID },
    scaledTable: {
      Resource: arns('application-autoscaling', 'scalable-target/*'),
      Condition: { StringEquals: { 'application-autoscaling:service-namespace': 'dynamodb' } },
      because: AWS_ID,
    },
    scalingAlarm: { Resource: arns('cloudwatch', 'alarm:TargetTracking-table/*') },
    scalingRole: {
      Resource: roles(
        `aws-service-role/${SCALING_SERVICE}/AWSServiceRoleForApplicationAutoScaling_DynamoDBTable`,
      ),
      Condition: { StringEquals: { 'iam:AWSServiceName': SCALING_SERVICE } },
    },
    api: { Resource: apis('/apis', '/apis/*'), because: AWS_ID },
    // An id has ten characters, so that the pattern is of APIs and of none of their parts, which have no tags.
    ownApi: { Resource: apis('/apis/??????????'), Condition: own },
    apiPart: { Resource: apis('/apis/*/*'), because: 'AWS gives the id, and the parts have no tags' },
    apiTags: { Resource: apis('/tags/*'), because: AWS_ID },
    schedule: { Resource: arns('scheduler', `schedule/default/*-${SUFFIX}`) },
    rule: { Resource: arns('events', ...generated('uploads').map((name) => `rule/${name}`)) },
    launchTemplate: { Resource: arns('ec2', 'launch-template/*'), because: AWS_ID },
    ownLaunchTemplate: { Resource: arns('ec2', 'launch-template/*'), Condition: own },
    imageParameter: {
      Resource: [
        `arn:${partition}:ssm:${region}::parameter/aws/service/*`,
        ...arns('ssm', ...scope.imageParameters.map((name) => `parameter${name}`)),
      ],
    },
    newSecurityGroup: {
      Resource: arns('ec2', 'security-group/*', 'vpc/*'),
      because: 'AWS gives the id, and a claim may name any network',
    },
    ownSecurityGroup: { Resource: arns('ec2', 'security-group/*', 'security-group-rule/*'), Condition: own },
    securityGroupRule: {
      Resource: arns('ec2', 'security-group-rule/*'),
      because: 'AWS gives the id, and the rule goes with a group that must be ours',
    },
    taggedOnCreation: {
      Resource: arns('ec2', 'launch-template/*', 'security-group/*', 'security-group-rule/*'),
      Condition: {
        StringEquals: {
          'ec2:CreateAction': ['AuthorizeSecurityGroupEgress', 'CreateLaunchTemplate', 'CreateSecurityGroup'],
        },
      },
    },
    anything: {
      Resource: ['*'],
      Condition: { StringEquals: requested },
      because: 'listings and a check of a text: AWS names no resource for them',
    },
  } satisfies Record<string, Place>;
}
