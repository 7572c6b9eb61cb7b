/** Lambda functions, each with its own role, log group and failure destination. */
import type { IGroup } from '@crossplane-models/provider-upjet-aws/cloudwatchlogs.aws.m.upbound.io/v1beta1/Group';
import type { IFunction } from '@crossplane-models/provider-upjet-aws/lambda.aws.m.upbound.io/v1beta1/Function';
import type { IFunctionEventInvokeConfig } from '@crossplane-models/provider-upjet-aws/lambda.aws.m.upbound.io/v1beta1/FunctionEventInvokeConfig';
import type { Context } from '../context.ts';
import { allow, type Statement, trust, writeTraces } from '../iam.ts';
import { KEYS, policyKey } from '../keys.ts';
import { type Arns, functionLogGroup } from '../names.ts';
import { type ComposedResource, define } from '../plan.ts';
import type { FunctionPlan } from '../workflow.ts';
import { codeKey, codeToRun } from './code.ts';
import { role, roleRef } from './role.ts';

const lambda = { apiVersion: 'lambda.aws.m.upbound.io/v1beta1' } as const;

/** The maximum of Lambda: two retries, within six hours. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRIES = { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 21600 };

/** The runtime of the handlers. */
const RUNTIME = 'nodejs24.x';

/** The name in AWS of a function, by its key. */
export const functionName = (context: Context, key: string) => context.names.of('function', key);

/** The permissions of every function, followed by those of its own code. */
function statements(context: Context, plan: FunctionPlan, arns: Arns): Statement[] {
  const logs = arns.logGroup(functionLogGroup(functionName(context, plan.key)));
  return [
    allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [`${logs}:*`]),
    ...(plan.invocation === 'Call'
      ? []
      : [allow('SendDeadLetters', ['sqs:SendMessage'], [arns.deadLetterQueue])]),
    ...(context.spec.observability.tracing ? [writeTraces] : []),
    ...plan.statements(arns),
  ];
}

/** The code of the function, as fields of the provider. */
function codeFields(context: Context, { code }: FunctionPlan) {
  if ('imageUri' in code) return { packageType: 'Image', imageUri: code.imageUri };
  if ('handler' in code) {
    return {
      packageType: 'Zip',
      runtime: RUNTIME,
      handler: 'index.handler',
      s3BucketRef: { name: context.names.composed(KEYS.codeBucket) },
      ...codeToRun(context, code.handler),
    };
  }
  const { bucket, key, sha256, runtime, entry } = code;
  const sourceCodeHash = Buffer.from(sha256, 'hex').toString('base64');
  return { packageType: 'Zip', runtime, handler: entry, s3Bucket: bucket, s3Key: key, sourceCodeHash };
}

/** The environment, or nothing without variables: the provider drops an empty map, and Crossplane would add it again forever. */
function environmentOf(plan: FunctionPlan, arns: Arns) {
  const variables = plan.environment(arns);
  return Object.keys(variables).length > 0 ? { environment: { variables } } : {};
}

function lambdaFunction(context: Context, plan: FunctionPlan): ComposedResource {
  const { spec, tags, catalogue } = context;
  const { key, code, layer } = plan;
  const { memoryMB, timeoutSeconds, architecture, reservedConcurrency } = spec.functions;
  const name = functionName(context, key);
  return define<IFunction>(context, {
    ...lambda,
    area: 'Code',
    key,
    kind: 'Function',
    // AWS rejects a function whose code or layer does not exist yet.
    needs: [
      ...('handler' in code ? [codeKey(code.handler, catalogue[code.handler].sha256)] : []),
      ...(layer?.needs ?? []),
    ],
    lacks: layer?.lacks,
    externalName: name,
    forProvider: (arns) => ({
      region: spec.region,
      description: plan.description,
      ...codeFields(context, plan),
      architectures: [architecture],
      memorySize: plan.own?.memoryMB ?? memoryMB ?? plan.memoryMB ?? 256,
      timeout: plan.own?.timeoutSeconds ?? timeoutSeconds ?? plan.timeoutSeconds ?? 30,
      ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
      roleRef: roleRef(context, key),
      ...(layer?.arn !== undefined && { layers: [layer.arn] }),
      ...environmentOf(plan, arns),
      loggingConfig: { logFormat: 'JSON', logGroup: functionLogGroup(name) },
      tracingConfig: { mode: spec.observability.tracing ? 'Active' : 'PassThrough' },
      tags,
    }),
  });
}

/** The retries for an event, and the destination of an event that failed permanently. */
function invokeConfig(context: Context, { key }: FunctionPlan): ComposedResource {
  return define<IFunctionEventInvokeConfig>(context, {
    ...lambda,
    area: 'Workflow',
    key: `${key}-invoke-config`,
    kind: 'FunctionEventInvokeConfig',
    // functionName has no reference; AWS looks whether the role may send to the queue.
    needs: [key, policyKey(key), KEYS.deadLetterQueue],
    forProvider: (arns) => ({
      region: context.spec.region,
      functionName: functionName(context, key),
      ...RETRIES,
      destinationConfig: { onFailure: { destination: arns.deadLetterQueue } },
    }),
  });
}

/** The resources of one function. */
function functionResources(context: Context, plan: FunctionPlan): ComposedResource[] {
  const { spec, tags } = context;
  const { key } = plan;
  return [
    ...role(context, {
      key,
      area: 'Code',
      trust: trust('lambda.amazonaws.com'),
      statements: (arns) => statements(context, plan, arns),
      first: 'awaited',
    }),
    define<IGroup>(context, {
      apiVersion: 'cloudwatchlogs.aws.m.upbound.io/v1beta1',
      area: 'Code',
      key: `${key}-logs`,
      kind: 'Group',
      externalName: functionLogGroup(functionName(context, key)),
      forProvider: { region: spec.region, retentionInDays: spec.observability.logRetentionDays, tags },
    }),
    lambdaFunction(context, plan),
    ...(plan.invocation === 'Event' ? [invokeConfig(context, plan)] : []),
  ];
}

/** The functions of a workflow. */
export function lambdas(context: Context, plans: readonly FunctionPlan[]): ComposedResource[] {
  return plans.flatMap((plan) => functionResources(context, plan));
}
