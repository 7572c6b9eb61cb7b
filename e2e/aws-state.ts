/**
 * What AWS holds of one pipeline, service by service, as plain values that can be compared. What differs between two makings
 * of the same thing, and says nothing, is left out by name in `VOLATILE`.
 */
import { isObject } from '../function/src/objects.ts';
import { accountId, type Clients } from '../local/aws.ts';
import { apiState, launchTemplateState, layerState, securityGroupState } from './aws-api-state.ts';
import { inventory } from './aws-inventory.ts';

/** Fields left out wherever they stand, each with why it differs. */
export const VOLATILE: Readonly<Record<string, string>> = {
  $metadata: 'about the call',
  CreateDate: 'when it was made',
  CreationDate: 'when it was made',
  CreationDateTime: 'when it was made',
  creationDate: 'when it was made',
  creationTime: 'when it was made',
  CreatedTimestamp: 'when it was made',
  LastModified: 'when it was changed',
  LastModifiedTimestamp: 'when it was changed',
  LastUpdateToPayPerRequestDateTime: 'when it was changed',
  AlarmConfigurationUpdatedTimestamp: 'when it was changed',
  StateUpdatedTimestamp: 'when its state changed',
  StateTransitionedTimestamp: 'when its state changed',
  StateValue: 'follows what the alarm watches',
  StateReason: 'follows what the alarm watches',
  StateReasonData: 'holds when its state changed',
  EarliestRestorableDateTime: 'a time',
  LatestRestorableDateTime: 'a time',
  RevisionId: 'random',
  revisionId: 'random',
  RoleId: 'random',
  TableId: 'random',
  RoleLastUsed: 'a time',
  storedBytes: 'grows',
  ItemCount: 'grows',
  TableSizeBytes: 'grows',
  Location: 'a signed link',
  updateDate: 'when it was changed',
  CreatedDate: 'when it was made',
  LastUpdatedDate: 'when it was changed',
  LastModificationDate: 'when it was changed',
  CreateTime: 'when it was made',
  LatestStreamArn: 'ends with when the stream was made',
  LatestStreamLabel: 'when the stream was made',
  EventSourceArn: 'ends with when the stream was made',
  UUID: 'random',
  EventSourceMappingArn: 'random',
  StateTransitionReason: 'what happened last',
  LastProcessingResult: 'what happened last',
  ApiId: 'random',
  ApiEndpoint: 'holds a random id',
  IntegrationId: 'random',
  AuthorizerId: 'random',
  RouteId: 'random',
  DeploymentId: 'random',
  InstanceProfileId: 'random',
  LaunchTemplateId: 'random',
  GroupId: 'random',
  SecurityGroupIds: 'random',
  Groups: 'random',
  SecurityGroupArn: 'holds a random id',
  SecurityGroupRuleId: 'random',
  SecurityGroupRuleArn: 'holds a random id',
  DefaultVersionNumber:
    'one more for each update; MiniStack makes the provider update a launch template at each look',
  LatestVersionNumber:
    'one more for each update; MiniStack makes the provider update a launch template at each look',
};

/** Tags that the provider puts on everything, and nobody else. */
const PROVIDER_TAGS = ['kind', 'name', 'providerconfig', 'providerconfig-kind'].map(
  (key) => `crossplane-${key}`,
);

function isProviderTag(value: unknown): boolean {
  if (!isObject(value)) return false;
  const key = value['Key'] ?? value['key'];
  return typeof key === 'string' && PROVIDER_TAGS.includes(key);
}

/** The id of an HTTP API is random, and in the address that it is served at. */
const withoutApiIds = (text: string) =>
  text
    .replace(/^http:\/\/[a-z0-9]+\.execute-api\.\S+$/, 'http://the-api')
    .replace(/(:execute-api:[^:]*:\d*:)[a-z0-9]+/, '$1the-api');

/** MiniStack keeps the rule that lets everything out: the provider revokes it with ports, as AWS wants it, and it looks for one without. */
function isLeftOver(value: unknown): boolean {
  if (!isObject(value) || value['IpProtocol'] !== '-1') return false;
  return value['IsEgress'] === true || JSON.stringify(value['IpRanges']) === '[{"CidrIp":"0.0.0.0/0"}]';
}

const sortKey = (value: unknown) => JSON.stringify(value) ?? '';

/** A value without what is volatile, its documents parsed, its lists sorted where AWS keeps no order. */
export function canonical(value: unknown): unknown {
  if (value instanceof Date) return 'a time';
  if (typeof value === 'string') {
    const text = value.startsWith('%7B') ? decodeURIComponent(value) : value;
    if (!text.startsWith('{')) return withoutApiIds(text);
    try {
      return canonical(JSON.parse(text));
    } catch {
      return text;
    }
  }
  if (Array.isArray(value))
    return value
      .filter((item) => !isProviderTag(item) && !isLeftOver(item))
      .map(canonical)
      .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  if (!isObject(value)) return value;
  const entries = Object.entries(value)
    .filter(([key, item]) => !(key in VOLATILE) && !PROVIDER_TAGS.includes(key) && item !== undefined)
    .map(([key, item]) => [key, canonical(item)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

/** What a call answers; an error's name where AWS has nothing. */
async function answer(call: Promise<unknown>): Promise<unknown> {
  return call.then(canonical, (error: unknown) => (error instanceof Error ? error.name : String(error)));
}

async function bucketState({ s3 }: Clients, Bucket: string) {
  const listed = await s3.listObjectsV2({ Bucket });
  return {
    cors: await answer(s3.getBucketCors({ Bucket })),
    encryption: await answer(s3.getBucketEncryption({ Bucket })),
    versioning: await answer(s3.getBucketVersioning({ Bucket })),
    lifecycle: await answer(s3.getBucketLifecycleConfiguration({ Bucket })),
    policy: await answer(s3.getBucketPolicy({ Bucket })),
    publicAccess: await answer(s3.getPublicAccessBlock({ Bucket })),
    ownership: await answer(s3.getBucketOwnershipControls({ Bucket })),
    notification: await answer(s3.getBucketNotificationConfiguration({ Bucket })),
    tags: await answer(s3.getBucketTagging({ Bucket })),
    objects: (listed.Contents ?? []).map(({ Key, Size, ETag }) => ({ Key, Size, ETag })),
  };
}

async function functionState({ lambda }: Clients, FunctionName: string) {
  return {
    function: await answer(lambda.getFunction({ FunctionName })),
    policy: await answer(lambda.getPolicy({ FunctionName })),
    invoke: await answer(lambda.getFunctionEventInvokeConfig({ FunctionName })),
    mappings: await answer(lambda.listEventSourceMappings({ FunctionName })),
  };
}

async function stateMachineState({ sfn }: Clients, stateMachineArn: string) {
  return {
    machine: await answer(sfn.describeStateMachine({ stateMachineArn })),
    tags: await answer(sfn.listTagsForResource({ resourceArn: stateMachineArn })),
  };
}

async function tableState({ dynamodb }: Clients, TableName: string) {
  const table = await dynamodb.describeTable({ TableName });
  const ResourceArn = table.Table?.TableArn;
  return {
    table: canonical(table.Table),
    timeToLive: await answer(dynamodb.describeTimeToLive({ TableName })),
    backups: await answer(dynamodb.describeContinuousBackups({ TableName })),
    tags: await answer(dynamodb.listTagsOfResource({ ResourceArn })),
  };
}

async function roleState({ iam }: Clients, RoleName: string) {
  const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName });
  const policies = PolicyNames.map(async (PolicyName) => [
    PolicyName,
    await answer(iam.getRolePolicy({ RoleName, PolicyName })),
  ]);
  return {
    role: await answer(iam.getRole({ RoleName })),
    policies: Object.fromEntries(await Promise.all(policies)),
    tags: await answer(iam.listRoleTags({ RoleName })),
  };
}

async function queueState({ sqs }: Clients, QueueName: string) {
  const { QueueUrl } = await sqs.getQueueUrl({ QueueName });
  return {
    attributes: await answer(sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] })),
    tags: await answer(sqs.listQueueTags({ QueueUrl })),
  };
}

async function logGroupState({ logs }: Clients, logGroupName: string) {
  const { logGroups = [] } = await logs.describeLogGroups({ logGroupNamePrefix: logGroupName });
  const group = logGroups.find((one) => one.logGroupName === logGroupName);
  const resourceArn = group?.arn?.replace(/:\*$/, '');
  return {
    group: canonical(group),
    tags: await answer(logs.listTagsForResource({ resourceArn })),
  };
}

async function ruleState({ events }: Clients, name: string) {
  return {
    rule: canonical(await events.describeRule({ Name: name })),
    targets: canonical((await events.listTargetsByRule({ Rule: name })).Targets),
  };
}

/** Services by what they hold: `bucket <name>` and so on, each with its state. */
export type AwsState = Record<string, unknown>;

/**
 * Everything in AWS whose name ends with a claim's suffix or is one of its names.
 *
 * @param account - replaces nothing: both makings must be in the same account.
 */
export async function stateOf(clients: Clients, suffix: string, names: readonly string[]): Promise<AwsState> {
  const all = await inventory(clients);
  const mine = (what: string) =>
    (all[what] ?? []).filter((name) => name.endsWith(suffix) || names.includes(name)).sort();
  const state: AwsState = {};
  const add = async (what: string, read: (name: string) => Promise<unknown>) => {
    for (const name of mine(what)) state[`${what} ${name}`] = await read(name);
  };
  const account = await accountId(clients);
  await add('bucket', (name) => bucketState(clients, name));
  await add('function', (name) => functionState(clients, name));
  await add('stateMachine', (name) =>
    stateMachineState(clients, `arn:aws:states:${clients.region}:${account}:stateMachine:${name}`),
  );
  await add('table', (name) => tableState(clients, name));
  await add('role', (name) => roleState(clients, name));
  await add('queue', (name) => queueState(clients, name));
  await add('logGroup', (name) => logGroupState(clients, name));
  await add('alarm', (name) => answer(clients.cloudwatch.describeAlarms({ AlarmNames: [name] })));
  await add('api', (name) => answer(apiState(clients, name)));
  await add('schedule', (Name) => answer(clients.scheduler.getSchedule({ Name })));
  await add('rule', (name) => answer(ruleState(clients, name)));
  await add('layer', (name) => answer(layerState(clients, name)));
  await add('instanceProfile', (InstanceProfileName) =>
    answer(clients.iam.getInstanceProfile({ InstanceProfileName })),
  );
  await add('launchTemplate', (name) => answer(launchTemplateState(clients, name)));
  await add('securityGroup', (name) => answer(securityGroupState(clients, name)));
  return state;
}

/** Paths at which two states differ, with both values. */
export function differences(left: unknown, right: unknown, path = ''): string[] {
  if (isObject(left) && isObject(right)) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return keys.flatMap((key) => differences(left[key], right[key], path === '' ? key : `${path}.${key}`));
  }
  const [a, b] = [JSON.stringify(left), JSON.stringify(right)];
  return a === b ? [] : [`${path}: ${a} and ${b}`];
}
