/** What there is in AWS, service by service, by name. */
import { paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { paginateListTables } from '@aws-sdk/client-dynamodb';
import {
  paginateDescribeInstances,
  paginateDescribeLaunchTemplates,
  paginateDescribeSecurityGroups,
} from '@aws-sdk/client-ec2';
import { paginateListInstanceProfiles, paginateListRoles } from '@aws-sdk/client-iam';
import {
  paginateListEventSourceMappings,
  paginateListFunctions,
  paginateListLayers,
} from '@aws-sdk/client-lambda';
import { paginateListSchedules } from '@aws-sdk/client-scheduler';
import { paginateListStateMachines } from '@aws-sdk/client-sfn';
import { paginateListQueues } from '@aws-sdk/client-sqs';
import type { Clients } from '../local/aws.ts';
import { listApis } from './aws-api-state.ts';

/** Names by what they are: `bucket`, `function`, and so on. */
export type Inventory = Record<string, string[]>;

async function names<P>(
  pages: AsyncIterable<P>,
  of: (page: P) => readonly (string | undefined)[],
): Promise<string[]> {
  const found: string[] = [];
  for await (const page of pages) found.push(...of(page).filter((name) => name !== undefined));
  return found;
}

/** Lists all that a pipeline can be made of, whoever made it. */
export async function inventory(clients: Clients): Promise<Inventory> {
  const { s3, lambda, sfn, dynamodb, iam, sqs, logs, cloudwatch, scheduler, events, ec2 } = clients;
  const buckets = await s3.listBuckets({});
  return {
    bucket: (buckets.Buckets ?? []).map(({ Name = '' }) => Name),
    function: await names(paginateListFunctions({ client: lambda }, {}), ({ Functions = [] }) =>
      Functions.map(({ FunctionName }) => FunctionName),
    ),
    stateMachine: await names(paginateListStateMachines({ client: sfn }, {}), ({ stateMachines = [] }) =>
      stateMachines.map(({ name }) => name),
    ),
    table: await names(paginateListTables({ client: dynamodb }, {}), ({ TableNames = [] }) => TableNames),
    role: await names(paginateListRoles({ client: iam }, {}), ({ Roles = [] }) =>
      Roles.map(({ RoleName }) => RoleName),
    ),
    queue: await names(paginateListQueues({ client: sqs }, {}), ({ QueueUrls = [] }) =>
      QueueUrls.map((url) => url.split('/').at(-1)),
    ),
    logGroup: await names(paginateDescribeLogGroups({ client: logs }, {}), ({ logGroups = [] }) =>
      logGroups.map(({ logGroupName }) => logGroupName),
    ),
    alarm: await names(paginateDescribeAlarms({ client: cloudwatch }, {}), ({ MetricAlarms = [] }) =>
      MetricAlarms.map(({ AlarmName }) => AlarmName),
    ),
    api: (await listApis(clients)).map(({ Name = '' }) => Name),
    schedule: await names(paginateListSchedules({ client: scheduler }, {}), ({ Schedules = [] }) =>
      Schedules.map(({ Name }) => Name),
    ),
    rule: ((await events.listRules({})).Rules ?? []).map(({ Name = '' }) => Name),
    layer: await names(paginateListLayers({ client: lambda }, {}), ({ Layers = [] }) =>
      Layers.map(({ LayerName }) => LayerName),
    ),
    // It has no name of its own: that of its function stands in.
    eventSourceMapping: await names(
      paginateListEventSourceMappings({ client: lambda }, {}),
      ({ EventSourceMappings = [] }) =>
        EventSourceMappings.map(({ FunctionArn }) => FunctionArn?.split(':').at(6)),
    ),
    instanceProfile: await names(
      paginateListInstanceProfiles({ client: iam }, {}),
      ({ InstanceProfiles = [] }) => InstanceProfiles.map(({ InstanceProfileName }) => InstanceProfileName),
    ),
    launchTemplate: await names(
      paginateDescribeLaunchTemplates({ client: ec2 }, {}),
      ({ LaunchTemplates = [] }) => LaunchTemplates.map(({ LaunchTemplateName }) => LaunchTemplateName),
    ),
    securityGroup: await names(
      paginateDescribeSecurityGroups({ client: ec2 }, {}),
      ({ SecurityGroups = [] }) => SecurityGroups.map(({ GroupName }) => GroupName),
    ),
    // By its tag Name, or its id without one. One that was ended is listed for a while.
    instance: await names(paginateDescribeInstances({ client: ec2 }, {}), ({ Reservations = [] }) =>
      Reservations.flatMap(({ Instances = [] }) => Instances)
        .filter(({ State }) => State?.Name !== 'terminated' && State?.Name !== 'shutting-down')
        .map(({ Tags = [], InstanceId }) => Tags.find(({ Key }) => Key === 'Name')?.Value ?? InstanceId),
    ),
  };
}

/** What of an inventory carries a claim's suffix, or one of some names. */
export function ofClaim(all: Inventory, suffix: string, names: readonly string[] = []): string[] {
  return Object.entries(all).flatMap(([what, found]) =>
    found.filter((name) => name.endsWith(suffix) || names.includes(name)).map((name) => `${what} ${name}`),
  );
}
