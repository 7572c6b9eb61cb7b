/** A Lambda function with a role, log group and failure destination of its own. */
import type { IGroup } from '@crossplane-models/provider-upjet-aws/cloudwatchlogs.aws.m.upbound.io/v1beta1/Group';
import type { IRole } from '@crossplane-models/provider-upjet-aws/iam.aws.m.upbound.io/v1beta1/Role';
import type { IRolePolicy } from '@crossplane-models/provider-upjet-aws/iam.aws.m.upbound.io/v1beta1/RolePolicy';
import type { IFunction } from '@crossplane-models/provider-upjet-aws/lambda.aws.m.upbound.io/v1beta1/Function';
import type { IFunctionEventInvokeConfig } from '@crossplane-models/provider-upjet-aws/lambda.aws.m.upbound.io/v1beta1/FunctionEventInvokeConfig';
import type { Context } from '../context.ts';
import { allow, policy, type Statement, trust, writeTraces } from '../iam.ts';
import { type Arns, functionLogGroup } from '../names.ts';
import { type ComposedResource, define } from '../plan.ts';
import type { HandlerPlan } from '../workflow.ts';
import { codeKey, codeToRun } from './code.ts';

const iam = { apiVersion: 'iam.aws.m.upbound.io/v1beta1', area: 'Code' } as const;
const lambda = { apiVersion: 'lambda.aws.m.upbound.io/v1beta1' } as const;

/** Lambda's most: two retries, an hour apart at most in all six. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRIES = { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 21600 };

/** The name in AWS of the function that runs a handler. */
export const functionName = (context: Context, handler: string) => context.names.of('function', handler);

/** What every function may do, and then what its handler needs. */
function statements(context: Context, plan: HandlerPlan, arns: Arns): Statement[] {
  const logs = arns.logGroup(functionLogGroup(functionName(context, plan.handler)));
  return [
    allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [`${logs}:*`]),
    allow('SendDeadLetters', ['sqs:SendMessage'], [arns.deadLetterQueue]),
    ...(context.spec.observability.tracing ? [writeTraces] : []),
    ...plan.statements(arns),
  ];
}

function lambdaFunction(context: Context, plan: HandlerPlan): ComposedResource {
  const { names, spec, tags, catalogue } = context;
  const { handler } = plan;
  const { memoryMB, timeoutSeconds, architecture, reservedConcurrency } = spec.functions;
  const name = functionName(context, handler);
  return define<IFunction>(context, {
    ...lambda,
    area: 'Code',
    key: handler,
    kind: 'Function',
    // AWS refuses a function whose code is not there yet.
    needs: [codeKey(handler, catalogue[handler].sha256)],
    externalName: name,
    forProvider: (arns) => ({
      region: spec.region,
      description: plan.description,
      packageType: 'Zip',
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      architectures: [architecture],
      memorySize: memoryMB,
      timeout: timeoutSeconds,
      ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
      roleRef: { name: names.composed(`${handler}-role`) },
      s3BucketRef: { name: names.composed('code-bucket') },
      ...codeToRun(context, handler),
      environment: { variables: plan.environment(arns) },
      loggingConfig: { logFormat: 'JSON', logGroup: functionLogGroup(name) },
      tracingConfig: { mode: spec.observability.tracing ? 'Active' : 'PassThrough' },
      tags,
    }),
  });
}

/** The resources of one handler's function. */
function handlerResources(context: Context, plan: HandlerPlan): ComposedResource[] {
  const { names, spec, tags, permissionsBoundary } = context;
  const { handler } = plan;
  return [
    define<IRole>(context, {
      ...iam,
      key: `${handler}-role`,
      kind: 'Role',
      first: 'awaited',
      externalName: names.of('role', handler),
      forProvider: {
        assumeRolePolicy: trust('lambda.amazonaws.com'),
        ...(permissionsBoundary !== undefined && { permissionsBoundary }),
        tags,
      },
    }),
    define<IRolePolicy>(context, {
      ...iam,
      key: `${handler}-policy`,
      kind: 'RolePolicy',
      externalName: handler,
      forProvider: (arns) => ({
        roleRef: { name: names.composed(`${handler}-role`) },
        policy: policy(statements(context, plan, arns)),
      }),
    }),
    define<IGroup>(context, {
      apiVersion: 'cloudwatchlogs.aws.m.upbound.io/v1beta1',
      area: 'Code',
      key: `${handler}-logs`,
      kind: 'Group',
      externalName: functionLogGroup(functionName(context, handler)),
      forProvider: { region: spec.region, retentionInDays: spec.observability.logRetentionDays, tags },
    }),
    lambdaFunction(context, plan),
    define<IFunctionEventInvokeConfig>(context, {
      ...lambda,
      area: 'Workflow',
      key: `${handler}-invoke-config`,
      kind: 'FunctionEventInvokeConfig',
      // functionName has no reference; AWS looks whether the role may send to the queue.
      needs: [handler, `${handler}-policy`, 'dead-letter-queue'],
      forProvider: (arns) => ({
        region: spec.region,
        functionName: functionName(context, handler),
        ...RETRIES,
        destinationConfig: { onFailure: { destination: arns.deadLetterQueue } },
      }),
    }),
  ];
}

/** The functions of a workflow. */
export function lambdas(context: Context, plans: readonly HandlerPlan[]): ComposedResource[] {
  return plans.flatMap((plan) => handlerResources(context, plan));
}
