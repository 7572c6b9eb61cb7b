/** The state machine, its role and its logs. */
import type { IGroup } from '@crossplane-models/provider-upjet-aws/cloudwatchlogs.aws.m.upbound.io/v1beta1/Group';
import type { IRole } from '@crossplane-models/provider-upjet-aws/iam.aws.m.upbound.io/v1beta1/Role';
import type { IRolePolicy } from '@crossplane-models/provider-upjet-aws/iam.aws.m.upbound.io/v1beta1/RolePolicy';
import type { IStateMachine } from '@crossplane-models/provider-upjet-aws/sfn.aws.m.upbound.io/v1beta1/StateMachine';
import type { Context } from '../context.ts';
import { allow, deliverLogs, policy, readSamplingRules, type Statement, trust, writeTraces } from '../iam.ts';
import { type Arns, stateMachineLogGroup } from '../names.ts';
import { at } from '../objects.ts';
import { type ComposedResource, define } from '../plan.ts';
import type { StateMachinePlan } from '../workflow.ts';

const iam = { apiVersion: 'iam.aws.m.upbound.io/v1beta1', area: 'Workflow' } as const;

function statements(context: Context, plan: StateMachinePlan, arns: Arns): Statement[] {
  const { logLevel, tracing } = context.spec.observability;
  return [
    ...plan.statements(arns),
    allow('SendDeadLetters', ['sqs:SendMessage'], [arns.deadLetterQueue]),
    ...(logLevel !== 'OFF' ? [deliverLogs] : []),
    ...(tracing ? [writeTraces, readSamplingRules] : []),
  ];
}

/** The resources of a workflow's state machine. Empty without a state machine. */
export function stateMachine(context: Context, plan: StateMachinePlan | undefined): ComposedResource[] {
  if (!plan) return [];
  const { names, spec, tags, permissionsBoundary } = context;
  const { logLevel, includeExecutionData, tracing, logRetentionDays } = spec.observability;
  const logged = logLevel !== 'OFF';
  const logGroup = stateMachineLogGroup(names.stateMachine);
  // When a block is removed, AWS keeps its last value. So a block that was set once is always set again. Without it, tracing is off.
  const toldTracing =
    at(context.observed['state-machine'], 'spec', 'forProvider', 'tracingConfiguration') !== undefined;
  return [
    define<IRole>(context, {
      ...iam,
      key: 'state-machine-role',
      kind: 'Role',
      first: 'awaited',
      externalName: names.of('role', 'workflow'),
      forProvider: {
        assumeRolePolicy: trust('states.amazonaws.com'),
        ...(permissionsBoundary !== undefined && { permissionsBoundary }),
        tags,
      },
    }),
    define<IRolePolicy>(context, {
      ...iam,
      key: 'state-machine-policy',
      kind: 'RolePolicy',
      externalName: 'workflow',
      forProvider: (arns) => ({
        roleRef: { name: names.composed('state-machine-role') },
        policy: policy(statements(context, plan, arns)),
      }),
    }),
    ...(logged
      ? [
          define<IGroup>(context, {
            apiVersion: 'cloudwatchlogs.aws.m.upbound.io/v1beta1',
            area: 'Workflow',
            key: 'state-machine-logs',
            kind: 'Group',
            // If the claim sets the name, its owner is not known yet.
            ...(spec.workflow.name === undefined && { first: 'awaited' as const }),
            externalName: logGroup,
            forProvider: { region: spec.region, retentionInDays: logRetentionDays, tags },
          }),
        ]
      : []),
    define<IStateMachine>(context, {
      apiVersion: 'sfn.aws.m.upbound.io/v1beta1',
      area: 'Workflow',
      key: 'state-machine',
      kind: 'StateMachine',
      // logDestination has no reference field. The policy needs no gate: the provider itself retries until IAM has propagated it.
      needs: logged ? ['state-machine-logs'] : [],
      externalName: names.stateMachine,
      forProvider: (arns) => ({
        region: spec.region,
        type: plan.type,
        definition: JSON.stringify(plan.definition(arns)),
        roleArnRef: { name: names.composed('state-machine-role') },
        // Set even when it is off: AWS would keep the last value of an absent block.
        loggingConfiguration: logged
          ? { level: logLevel, includeExecutionData, logDestination: `${arns.logGroup(logGroup)}:*` }
          : { level: 'OFF', includeExecutionData: false },
        ...(tracing || toldTracing ? { tracingConfiguration: { enabled: tracing } } : {}),
        tags,
      }),
    }),
  ];
}
