/**
 * The optimized integrations with their patterns, and the check of all integrations. The actions come from each service's page in
 * https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html, the patterns from its table.
 */

import { type FieldError, invalid } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { API_ARGUMENTS } from './api-arguments.ts';
import type { Integration } from './integration.ts';
import { suggestion } from './problem.ts';

interface Action {
  /** The supported patterns besides Request Response. */
  readonly patterns: readonly Integration['suffix'][];
  /** The names of its arguments, separated by spaces. Absent when there are too many, or when they differ from the API's. */
  readonly arguments?: string | undefined;
}

const job = (given?: string): Action => ({ patterns: ['sync'], arguments: given });
const call = (given?: string): Action => ({ patterns: [], arguments: given });
const callback = (given?: string): Action => ({ patterns: ['waitForTaskToken'], arguments: given });
const both = (given?: string): Action => ({ patterns: ['sync', 'waitForTaskToken'], arguments: given });
const api = (service: string, action: string) => API_ARGUMENTS[service]?.[action];

const CLUSTER = 'ClusterName CertificateAuthority Endpoint';

/** By the names in the ARNs. */
const OPTIMIZED_ACTIONS: Readonly<Record<string, Readonly<Record<string, Action>>>> = {
  apigateway: {
    invoke: callback(
      'ApiEndpoint Method Headers Stage Path QueryParameters RequestBody AllowNullValues AuthType',
    ),
  },
  athena: {
    startQueryExecution: job(
      'ClientRequestToken EngineConfiguration ExecutionParameters QueryExecutionContext QueryString ' +
        'ResultConfiguration ResultReuseConfiguration WorkGroup',
    ),
    stopQueryExecution: call('QueryExecutionId'),
    getQueryExecution: call('QueryExecutionId'),
    getQueryResults: call('MaxResults NextToken QueryExecutionId QueryResultType'),
  },
  batch: {
    submitJob: job(
      'ArrayProperties ConsumableResourcePropertiesOverride ContainerOverrides DependsOn EcsPropertiesOverride ' +
        'EksPropertiesOverride JobDefinition JobName JobQueue NodeOverrides Parameters PropagateTags RetryStrategy ' +
        'SchedulingPriorityOverride ShareIdentifier Tags Timeout',
    ),
  },
  bedrock: { invokeModel: both(), createModelCustomizationJob: both() },
  bedrockagentcore: { invokeHarness: call() },
  codebuild: {
    startBuild: job(),
    stopBuild: call('Id'),
    batchDeleteBuilds: call('Ids'),
    batchGetReports: call('ReportArns'),
    startBuildBatch: job(),
    stopBuildBatch: call('Id'),
    retryBuildBatch: job('Id IdempotencyToken RetryType'),
    deleteBuildBatch: call('Id'),
  },
  databrew: { startJobRun: job('Name') },
  dynamodb: {
    getItem: call(api('dynamodb', 'getItem')),
    putItem: call(api('dynamodb', 'putItem')),
    updateItem: call(api('dynamodb', 'updateItem')),
    deleteItem: call(api('dynamodb', 'deleteItem')),
  },
  ecs: {
    runTask: both(
      'CapacityProviderStrategy ClientToken Cluster Count EnableECSManagedTags EnableEcsManagedTags EnableExecuteCommand ' +
        'Group LaunchType NetworkConfiguration Overrides PlacementConstraints PlacementStrategy PlatformVersion PropagateTags ' +
        'ReferenceId StartedBy Tags TaskDefinition VolumeConfigurations',
    ),
  },
  eks: {
    createCluster: both(),
    deleteCluster: both(),
    createFargateProfile: both(),
    deleteFargateProfile: both(),
    createNodegroup: both(),
    deleteNodegroup: both(),
    call: callback(`${CLUSTER} Method Path QueryParameters RequestBody`),
    runJob: both(`${CLUSTER} Namespace Job LogOptions`),
  },
  elasticmapreduce: {
    createCluster: job(),
    setClusterTerminationProtection: call('ClusterId TerminationProtected'),
    terminateCluster: job('ClusterId'),
    addStep: job('ClusterId Step ExecutionRoleArn'),
    cancelStep: call('ClusterId StepId'),
    modifyInstanceFleetByName: call('ClusterId InstanceFleetName InstanceFleet'),
    modifyInstanceGroupByName: call('ClusterId InstanceGroupName InstanceGroup'),
  },
  'emr-containers': { createVirtualCluster: call(), deleteVirtualCluster: job('Id'), startJobRun: job() },
  'emr-serverless': {
    createApplication: job(),
    startApplication: job('ApplicationId'),
    stopApplication: job('ApplicationId'),
    deleteApplication: job('ApplicationId'),
    startJobRun: job(),
    cancelJobRun: job(),
  },
  events: { putEvents: callback(api('eventbridge', 'putEvents')) },
  glue: {
    startJobRun: job(
      'AllocatedCapacity Arguments ExecutionClass ExecutionRoleSessionPolicy JobName JobRunId JobRunQueuingEnabled ' +
        'MaxCapacity NotificationProperty NumberOfWorkers SecurityConfiguration Timeout WorkerType',
    ),
  },
  http: {
    // https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
    invoke: callback(
      'ApiEndpoint Method Authentication InvocationConfig Headers QueryParameters RequestBody Transform',
    ),
  },
  lambda: { invoke: callback(api('lambda', 'invoke')) },
  mediaconvert: { createJob: job() },
  sagemaker: {
    createEndpoint: call(),
    createEndpointConfig: call(),
    createHyperParameterTuningJob: job(),
    createLabelingJob: job(),
    createModel: call(),
    createProcessingJob: job(),
    createTrainingJob: job(),
    createTransformJob: job(),
    updateEndpoint: call(),
  },
  sns: { publish: callback(api('sns', 'publish')) },
  sqs: { sendMessage: callback(api('sqs', 'sendMessage')) },
  states: {
    startExecution: {
      patterns: ['sync', 'sync:2', 'waitForTaskToken'],
      arguments: api('sfn', 'startExecution'),
    },
  },
};

const actionsOf = (service: string) =>
  Object.hasOwn(OPTIMIZED_ACTIONS, service) ? OPTIMIZED_ACTIONS[service] : undefined;

/** The optimized integration of a call. Undefined for an SDK integration, and for one that does not exist. */
export function optimizedAction({ sdk, service, action }: Integration): Action | undefined {
  const actions = sdk ? undefined : actionsOf(service);
  return actions && Object.hasOwn(actions, action) ? actions[action] : undefined;
}

/**
 * Common names of services that have another name in Step Functions, which uses the names of the Java SDK.
 * https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 */
const SDK_NAMES: Readonly<Record<string, string>> = {
  states: 'sfn',
  stepfunctions: 'sfn',
  events: 'eventbridge',
  logs: 'cloudwatchlogs',
  elasticmapreduce: 'emr',
  elasticfilesystem: 'efs',
};

function checkSdk({ service, action, suffix }: Integration, resource: string, path: string): FieldError[] {
  const named = Object.hasOwn(SDK_NAMES, service) ? SDK_NAMES[service] : undefined;
  const right = `${named ?? service.replaceAll('-', '')}:${action.charAt(0).toLowerCase()}${action.slice(1)}`;
  if (right !== `${service}:${action}`)
    return [
      invalid(
        path,
        resource,
        `must name a call of the SDK. Write arn:aws:states:::aws-sdk:${right}, with the SDK’s name of the service and the action in camelCase.`,
      ),
    ];
  if (!suffix.startsWith('sync')) return [];
  const own = Object.entries(actionsOf(named ?? service) ?? {})
    .filter(([, { patterns }]) => patterns.includes('sync'))
    .map(([name]) => name);
  const fix = own.includes(action)
    ? `Use arn:aws:states:::${service}:${action}.sync, or leave .${suffix} out.`
    : `Leave .${suffix} out.`;
  return [
    invalid(
      path,
      resource,
      `must not wait for a job with .${suffix}, which no call of the SDK takes. ${fix}`,
    ),
  ];
}

/** What is wrong with the service, the action or the pattern that a resource names. */
export function checkIntegration(integration: Integration, resource: string, path: string): FieldError[] {
  const { sdk, service, action, suffix } = integration;
  if (sdk) return checkSdk(integration, resource, path);
  const known = optimizedAction(integration);
  if (!known) {
    const actions = Object.keys(actionsOf(service) ?? {});
    const names = Object.keys(OPTIMIZED_ACTIONS);
    const other = names.find((name) => SDK_NAMES[name] === service) ?? nearest(service, names);
    const near =
      actions.length > 0 ? suggestion(action, actions) : other ? `Did you mean ${other}:${action}?` : '';
    const called = Object.hasOwn(SDK_NAMES, service) ? SDK_NAMES[service] : service.replaceAll('-', '');
    const sdkName = `arn:aws:states:::aws-sdk:${called}:${action.charAt(0).toLowerCase()}${action.slice(1)}`;
    return [
      invalid(
        path,
        resource,
        `is not an optimized integration. ${near}${near === '' ? '' : ' '}Every other call is one of the SDK: ${sdkName}.`,
      ),
    ];
  }
  if (suffix === '' || known.patterns.includes(suffix)) return [];
  const takes = known.patterns.map((one) => `.${one}`).join(' or ');
  return [
    invalid(
      path,
      resource,
      `must not have .${suffix}, which ${service}:${action} does not take. ${takes === '' ? 'Leave it out.' : `Use ${takes}, or leave it out.`}`,
    ),
  ];
}
