/**
 * The IAM actions and resources of calls. An action often has another name in IAM than in the API. Each entry follows the service's page
 * in https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 * and, for integrations, https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
 */
import { literal } from '../iam.ts';
import { partitionOf } from '../names.ts';
import { isObject } from '../objects.ts';
import { DYNAMIC, known } from './arguments.ts';
import {
  busArn,
  executionsArn,
  executionsRuleArn,
  functionArn,
  type Place,
  queueArn,
  stateMachineArn,
} from './arns.ts';
import { type Grants, on, read } from './call.ts';
import { DYNAMODB_CALLS, ITEM_CALLS } from './dynamodb.ts';
import { S3_CALLS } from './s3.ts';

const queue = (...actions: string[]) => on('QueueUrl', queueArn, ...actions);

const invoke: Grants = (call) => {
  const name = read(call, 'FunctionName');
  const qualifier = read(call, 'Qualifier');
  const isKnown = name.is === 'constant' && qualifier.is !== 'dynamic';
  const version = qualifier.is === 'constant' ? qualifier.text : undefined;
  return [
    {
      actions: ['lambda:InvokeFunction'],
      resources: isKnown ? [functionArn(name.text, version, call.place)] : undefined,
      from: name.is === 'constant' ? 'Qualifier' : 'FunctionName',
    },
  ];
};

const publish: Grants = (call) =>
  on(
    read(call, 'TopicArn').is === 'absent' ? 'TargetArn' : 'TopicArn',
    (arn) => (arn.startsWith('arn:') ? arn : undefined),
    'sns:Publish',
  )(call);

/** The permission to put events on the bus of each entry. Without a bus in the entry, it is the default bus. */
const putEvents: Grants = ({ given, language, place }) => {
  const entries = given['Entries'];
  const buses = (Array.isArray(entries) ? entries : []).map((entry: unknown) =>
    isObject(entry) ? known(entry, 'EventBusName', language) : DYNAMIC,
  );
  const arns = buses.map((bus) =>
    bus.is === 'dynamic' ? undefined : busArn(bus.is === 'absent' ? 'default' : bus.text, place),
  );
  const all = arns.filter((one) => one !== undefined);
  return [
    {
      actions: ['events:PutEvents'],
      resources: all.length > 0 && all.length === arns.length ? all : undefined,
      from: 'Entries',
    },
  ];
};

/** The permissions to start an execution. Waiting for its end needs more permissions. https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html */
const start =
  (action: string): Grants =>
  (call) => {
    const [grant] = on('StateMachineArn', stateMachineArn, action)(call);
    const machine = grant?.resources?.[0];
    if (!grant) return [];
    if (call.pattern !== 'sync') return [grant];
    return [
      grant,
      {
        actions: ['states:DescribeExecution', 'states:StopExecution'],
        resources: machine === undefined ? undefined : [executionsArn(machine)],
        from: 'StateMachineArn',
      },
      {
        actions: ['events:DescribeRule', 'events:PutRule', 'events:PutTargets'],
        resources: [executionsRuleArn(call.place)],
        from: 'StateMachineArn',
      },
    ];
  };

/** The ARN of the secrets of EventBridge's connections. */
const connectionSecrets = (place: Place) =>
  `arn:${partitionOf(place.region)}:secretsmanager:${place.region}:${place.accountId}:secret:events!connection/*`;

/**
 * The permissions to call an HTTP API, with the secret of its connection.
 * https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html#connect-http-task-permissions
 */
const http: Grants = (call) => {
  const { given, language, place } = call;
  const from =
    ['Authentication', 'InvocationConfig'].find((name) => isObject(given[name])) ?? 'Authentication';
  const holder = given[from];
  const connection = isObject(holder) ? known(holder, 'ConnectionArn', language) : DYNAMIC;
  const endpoint = read(call, 'ApiEndpoint');
  const head = endpoint.is === 'constant' ? endpoint.text : endpoint.is === 'dynamic' ? endpoint.head : '';
  return [
    {
      actions: ['states:InvokeHTTPEndpoint'],
      resources: [call.stateMachineArn],
      ...(head !== '' && { condition: { StringLike: { 'states:HTTPEndpoint': `${literal(head)}*` } } }),
      from: 'ApiEndpoint',
    },
    {
      actions: ['events:RetrieveConnectionCredentials'],
      resources: connection.is === 'constant' ? [connection.text] : undefined,
      from,
    },
    {
      actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
      resources: [connectionSecrets(place)],
      from,
    },
  ];
};

/** No permissions: Kubernetes itself authorizes the role. https://docs.aws.amazon.com/step-functions/latest/dg/connect-eks.html */
const byCluster: Grants = () => [];

/** The permissions of optimized integrations, by the names in their ARNs. */
export const OPTIMIZED: Readonly<Record<string, Readonly<Record<string, Grants>>>> = {
  dynamodb: ITEM_CALLS,
  lambda: { invoke },
  sqs: { sendMessage: queue('sqs:SendMessage') },
  sns: { publish },
  events: { putEvents },
  http: { invoke: http },
  eks: { call: byCluster, runJob: byCluster },
  states: { startExecution: start('states:StartExecution') },
};

/** The permissions of SDK integrations, by the SDK's names of services. */
export const SDK: Readonly<Record<string, Readonly<Record<string, Grants>>>> = {
  dynamodb: DYNAMODB_CALLS,
  lambda: { invoke },
  sqs: {
    sendMessage: queue('sqs:SendMessage'),
    sendMessageBatch: queue('sqs:SendMessage'),
    receiveMessage: queue('sqs:ReceiveMessage'),
    deleteMessage: queue('sqs:DeleteMessage'),
    deleteMessageBatch: queue('sqs:DeleteMessage'),
    changeMessageVisibility: queue('sqs:ChangeMessageVisibility'),
    changeMessageVisibilityBatch: queue('sqs:ChangeMessageVisibility'),
    getQueueAttributes: queue('sqs:GetQueueAttributes'),
    purgeQueue: queue('sqs:PurgeQueue'),
  },
  sns: { publish, publishBatch: publish },
  eventbridge: { putEvents },
  sfn: {
    startExecution: start('states:StartExecution'),
    startSyncExecution: start('states:StartSyncExecution'),
  },
  s3: S3_CALLS,
};

/** The names of services in IAM, if they differ from the names in integrations. */
export const IAM_SERVICES: Readonly<Record<string, string>> = {
  apigateway: 'execute-api',
  applicationautoscaling: 'application-autoscaling',
  bedrockagent: 'bedrock',
  bedrockagentruntime: 'bedrock',
  bedrockruntime: 'bedrock',
  cloudwatchlogs: 'logs',
  cognitoidentityprovider: 'cognito-idp',
  costexplorer: 'ce',
  efs: 'elasticfilesystem',
  elasticloadbalancingv2: 'elasticloadbalancing',
  emr: 'elasticmapreduce',
  emrcontainers: 'emr-containers',
  emrserverless: 'emr-serverless',
  eventbridge: 'events',
  neptunedata: 'neptune-db',
  rdsdata: 'rds-data',
  redshiftdata: 'redshift-data',
  resourcegroupstaggingapi: 'tag',
  sesv2: 'ses',
  sfn: 'states',
};
