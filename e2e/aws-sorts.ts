/** Each sort of thing in AWS that a pipeline can be made of: how all of it is listed, and how one is read. */
import { accountId, type Clients } from '../local/aws.ts';
import { apiState, listApis } from './aws-api-state.ts';

interface Sort {
  /** Names of all there are. */
  list(clients: Clients): Promise<string[]>;
  /** What AWS tells of the one of a name; absent where nothing is compared. */
  read?(clients: Clients, name: string): Promise<unknown>;
}

async function names<P>(
  pages: AsyncIterable<P> | Iterable<P>,
  of: (page: P) => readonly (string | undefined)[] | undefined,
): Promise<string[]> {
  const found: string[] = [];
  for await (const page of pages) found.push(...(of(page) ?? []).filter((name) => name !== undefined));
  return found;
}

/** What a call answers; an error's name where AWS has nothing. */
const answer = (call: Promise<unknown>): Promise<unknown> =>
  call.catch((error: unknown) => (error instanceof Error ? error.name : String(error)));

/** The same for several calls at once. */
async function answers(calls: Readonly<Record<string, Promise<unknown>>>): Promise<Record<string, unknown>> {
  const all = Object.entries(calls).map(async ([what, call]) => [what, await answer(call)] as const);
  return Object.fromEntries(await Promise.all(all));
}

/** A launch template with its latest version. */
async function launchTemplateState({ ec2 }: Clients, name: string) {
  const of = { LaunchTemplateName: name, Versions: ['$Latest'] };
  const { LaunchTemplates: [template] = [] } = await ec2.describeLaunchTemplates({
    LaunchTemplateNames: [name],
  });
  const { LaunchTemplateVersions: [latest] = [] } = await ec2.describeLaunchTemplateVersions(of);
  return { template, data: latest?.LaunchTemplateData };
}

/** A security group with its rules. */
async function securityGroupState({ ec2 }: Clients, name: string) {
  const named = { Filters: [{ Name: 'group-name', Values: [name] }] };
  const { SecurityGroups: [group] = [] } = await ec2.describeSecurityGroups(named);
  const ofGroup = { Filters: [{ Name: 'group-id', Values: [group?.GroupId ?? ''] }] };
  const { SecurityGroupRules: rules } = await ec2.describeSecurityGroupRules(ofGroup);
  return { group, rules };
}

/** The latest version of a layer. */
async function layerState({ lambda }: Clients, LayerName: string) {
  const { LayerVersions: [latest] = [] } = await lambda.listLayerVersions({ LayerName });
  return lambda.getLayerVersion({ LayerName, VersionNumber: latest?.Version });
}

export const SORTS: Readonly<Record<string, Sort>> = {
  bucket: {
    list: async ({ s3 }) =>
      names([await s3.listBuckets({})], ({ Buckets }) => Buckets?.map(({ Name }) => Name)),
    async read({ s3 }, Bucket) {
      const { Contents = [] } = await s3.listObjectsV2({ Bucket });
      const settings = await answers({
        cors: s3.getBucketCors({ Bucket }),
        encryption: s3.getBucketEncryption({ Bucket }),
        versioning: s3.getBucketVersioning({ Bucket }),
        lifecycle: s3.getBucketLifecycleConfiguration({ Bucket }),
        policy: s3.getBucketPolicy({ Bucket }),
        publicAccess: s3.getPublicAccessBlock({ Bucket }),
        ownership: s3.getBucketOwnershipControls({ Bucket }),
        notification: s3.getBucketNotificationConfiguration({ Bucket }),
        tags: s3.getBucketTagging({ Bucket }),
      });
      return { ...settings, objects: Contents.map(({ Key, Size, ETag }) => ({ Key, Size, ETag })) };
    },
  },
  function: {
    list: ({ lambda }) =>
      names(lambda.paginateListFunctions(), ({ Functions }) =>
        Functions?.map(({ FunctionName }) => FunctionName),
      ),
    read: ({ lambda }, FunctionName) =>
      answers({
        function: lambda.getFunction({ FunctionName }),
        policy: lambda.getPolicy({ FunctionName }),
        invoke: lambda.getFunctionEventInvokeConfig({ FunctionName }),
        mappings: lambda.listEventSourceMappings({ FunctionName }),
      }),
  },
  stateMachine: {
    list: ({ sfn }) =>
      names(sfn.paginateListStateMachines(), ({ stateMachines }) => stateMachines?.map(({ name }) => name)),
    async read(clients, name) {
      const { sfn, region } = clients;
      const stateMachineArn = `arn:aws:states:${region}:${await accountId(clients)}:stateMachine:${name}`;
      return answers({
        machine: sfn.describeStateMachine({ stateMachineArn }),
        tags: sfn.listTagsForResource({ resourceArn: stateMachineArn }),
      });
    },
  },
  table: {
    list: ({ dynamodb }) => names(dynamodb.paginateListTables(), ({ TableNames }) => TableNames),
    async read({ dynamodb }, TableName) {
      const { Table } = await dynamodb.describeTable({ TableName });
      const settings = await answers({
        timeToLive: dynamodb.describeTimeToLive({ TableName }),
        backups: dynamodb.describeContinuousBackups({ TableName }),
        tags: dynamodb.listTagsOfResource({ ResourceArn: Table?.TableArn }),
      });
      return { table: Table, ...settings };
    },
  },
  role: {
    list: ({ iam }) => names(iam.paginateListRoles(), ({ Roles }) => Roles?.map(({ RoleName }) => RoleName)),
    async read({ iam }, RoleName) {
      const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName });
      const policies = PolicyNames.map((PolicyName) => [
        PolicyName,
        iam.getRolePolicy({ RoleName, PolicyName }),
      ]);
      const settings = await answers({
        role: iam.getRole({ RoleName }),
        tags: iam.listRoleTags({ RoleName }),
      });
      return { ...settings, policies: await answers(Object.fromEntries(policies)) };
    },
  },
  queue: {
    list: ({ sqs }) =>
      names(sqs.paginateListQueues(), ({ QueueUrls }) => QueueUrls?.map((url) => url.split('/').at(-1))),
    async read({ sqs }, QueueName) {
      const { QueueUrl } = await sqs.getQueueUrl({ QueueName });
      return answers({
        attributes: sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] }),
        tags: sqs.listQueueTags({ QueueUrl }),
      });
    },
  },
  logGroup: {
    list: ({ logs }) =>
      names(logs.paginateDescribeLogGroups(), ({ logGroups }) =>
        logGroups?.map(({ logGroupName }) => logGroupName),
      ),
    async read({ logs }, logGroupName) {
      const { logGroups = [] } = await logs.describeLogGroups({ logGroupNamePrefix: logGroupName });
      const group = logGroups.find((one) => one.logGroupName === logGroupName);
      const resourceArn = group?.arn?.replace(/:\*$/, '');
      return { group, ...(await answers({ tags: logs.listTagsForResource({ resourceArn }) })) };
    },
  },
  alarm: {
    list: ({ cloudwatch }) =>
      names(cloudwatch.paginateDescribeAlarms(), ({ MetricAlarms }) =>
        MetricAlarms?.map(({ AlarmName }) => AlarmName),
      ),
    read: ({ cloudwatch }, name) => answer(cloudwatch.describeAlarms({ AlarmNames: [name] })),
  },
  api: {
    list: async (clients) => names([await listApis(clients)], (apis) => apis.map(({ Name }) => Name)),
    read: (clients, name) => answer(apiState(clients, name)),
  },
  schedule: {
    list: ({ scheduler }) =>
      names(scheduler.paginateListSchedules(), ({ Schedules }) => Schedules?.map(({ Name }) => Name)),
    read: ({ scheduler }, Name) => answer(scheduler.getSchedule({ Name })),
  },
  rule: {
    list: async ({ events }) =>
      names([await events.listRules({})], ({ Rules }) => Rules?.map(({ Name }) => Name)),
    read: ({ events }, Name) =>
      answers({ rule: events.describeRule({ Name }), targets: events.listTargetsByRule({ Rule: Name }) }),
  },
  layer: {
    list: ({ lambda }) =>
      names(lambda.paginateListLayers(), ({ Layers }) => Layers?.map(({ LayerName }) => LayerName)),
    read: (clients, name) => answer(layerState(clients, name)),
  },
  // It has no name of its own: that of its function stands in.
  eventSourceMapping: {
    list: ({ lambda }) =>
      names(lambda.paginateListEventSourceMappings(), ({ EventSourceMappings }) =>
        EventSourceMappings?.map(({ FunctionArn }) => FunctionArn?.split(':').at(6)),
      ),
  },
  instanceProfile: {
    list: ({ iam }) =>
      names(iam.paginateListInstanceProfiles(), ({ InstanceProfiles }) =>
        InstanceProfiles?.map(({ InstanceProfileName }) => InstanceProfileName),
      ),
    read: ({ iam }, InstanceProfileName) => answer(iam.getInstanceProfile({ InstanceProfileName })),
  },
  launchTemplate: {
    list: ({ ec2 }) =>
      names(ec2.paginateDescribeLaunchTemplates(), ({ LaunchTemplates }) =>
        LaunchTemplates?.map(({ LaunchTemplateName }) => LaunchTemplateName),
      ),
    read: (clients, name) => answer(launchTemplateState(clients, name)),
  },
  securityGroup: {
    list: ({ ec2 }) =>
      names(ec2.paginateDescribeSecurityGroups(), ({ SecurityGroups }) =>
        SecurityGroups?.map(({ GroupName }) => GroupName),
      ),
    read: (clients, name) => answer(securityGroupState(clients, name)),
  },
  // By its tag Name, or its id without one. One that was ended is listed for a while.
  instance: {
    list: ({ ec2 }) =>
      names(ec2.paginateDescribeInstances(), ({ Reservations = [] }) =>
        Reservations.flatMap(({ Instances = [] }) => Instances)
          .filter(({ State }) => State?.Name !== 'terminated' && State?.Name !== 'shutting-down')
          .map(({ Tags = [], InstanceId }) => Tags.find(({ Key }) => Key === 'Name')?.Value ?? InstanceId),
      ),
  },
};
