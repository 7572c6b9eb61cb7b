/** The places of the targets that only RunScript needs: its API, schedule and virtual machines. */
import { ec2Principal } from '../../function/src/iam.ts';
import { generated, patternsOf, SUFFIX } from './patterns.ts';
import type { Condition, Place, Scope, Target } from './targets.ts';

/** The places of these targets in a scope. */
export function uploadPlaces(scope: Scope) {
  const { partition, account, regions } = scope;
  const { arns, roles, passed, own } = patternsOf(scope);
  // The event source mapping that reads the table's stream.
  const mapped: Condition = {
    StringLike: {
      'lambda:FunctionArn': arns('lambda', ...generated('launch-instance').map((name) => `function:${name}`)),
    },
  };
  const apis = (...paths: string[]) =>
    regions.flatMap((region) => paths.map((path) => `arn:${partition}:apigateway:${region}::${path}`));
  return {
    scheduleRole: {
      Resource: roles(...generated('schedule')),
      Condition: passed('scheduler.amazonaws.com'),
    },
    instanceRole: {
      Resource: roles(...generated('vm')),
      Condition: passed(ec2Principal(partition)),
    },
    instanceProfile: {
      Resource: generated('vm').map((name) => `arn:${partition}:iam::${account}:instance-profile/${name}`),
    },
    newMapping: {
      Resource: ['*'],
      Condition: mapped,
      because: 'AWS names no resource for a mapping that is not there yet',
    },
    mapping: {
      Resource: arns('lambda', 'event-source-mapping:*'),
      Condition: mapped,
      because: 'AWS gives the id',
    },
    mappingTags: {
      Resource: arns('lambda', 'event-source-mapping:*'),
      because: 'AWS gives the id, and does not say whose mapping it is',
    },
    api: {
      Resource: apis('/apis', '/apis/*'),
      because: 'AWS gives the id',
    },
    // An id has ten characters. So the pattern matches APIs and not their parts, which have no tags.
    ownApi: { Resource: apis('/apis/??????????'), Condition: own },
    apiPart: {
      Resource: apis('/apis/*/*'),
      because: 'AWS gives the id, and the parts have no tags',
    },
    apiTags: {
      Resource: apis('/tags/*'),
      because: 'AWS gives the id',
    },
    rule: { Resource: arns('events', ...generated('uploads').map((name) => `rule/${name}`)) },
    schedule: { Resource: arns('scheduler', `schedule/default/*-${SUFFIX}`) },
    launchTemplate: {
      Resource: arns('ec2', 'launch-template/*'),
      because: 'AWS gives the id',
    },
    ownLaunchTemplate: { Resource: arns('ec2', 'launch-template/*'), Condition: own },
    imageParameter: {
      Resource: [
        ...regions.map((region) => `arn:${partition}:ssm:${region}::parameter/aws/service/*`),
        ...arns('ssm', ...scope.imageParameters.map((name) => `parameter${name}`)),
      ],
    },
    newSecurityGroup: {
      Resource: arns('ec2', 'security-group/*', 'vpc/*'),
      because: 'AWS gives the id, and a claim may name any network',
    },
    ownSecurityGroup: {
      Resource: arns('ec2', 'security-group/*', 'security-group-rule/*'),
      Condition: own,
    },
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
  } satisfies Partial<Record<Target, Place>>;
}
