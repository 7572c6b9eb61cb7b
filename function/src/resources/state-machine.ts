/** The state machine, its role and its logs. */
import type { IGroup } from '@crossplane-models/provider-upjet-aws/cloudwatchlogs.aws.m.upbound.io/v1beta1/Group';
import type { IStateMachine } from '@crossplane-models/provider-upjet-aws/sfn.aws.m.upbound.io/v1beta1/StateMachine';
import type { Context } from '../context.ts';
import { allow, deliverLogs, readSamplingRules, type Statement, trust, writeTraces } from '../iam.ts';
import { KEYS } from '../keys.ts';
import { type Arns, stateMachineLogGroup } from '../names.ts';
import { at } from '../objects.ts';
import { type ComposedResource, define } from '../plan.ts';
import type { StateMachinePlan } from '../workflow.ts';
import { role, roleRef } from './role.ts';

const LOGS = 'state-machine-logs';

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
  const { names, spec, tags } = context;
  const { logLevel, includeExecutionData, tracing, logRetentionDays } = spec.observability;
  const logged = logLevel !== 'OFF';
  const logGroup = stateMachineLogGroup(names.stateMachine);
  // When a block is removed, AWS keeps its last value. So a block that was set once is always set again. Without it, tracing is off.
  const toldTracing =
    at(context.observed[KEYS.stateMachine], 'spec', 'forProvider', 'tracingConfiguration') !== undefined;
  return [
    ...role(context, {
      key: KEYS.stateMachine,
      area: 'Workflow',
      part: 'workflow',
      trust: trust('states.amazonaws.com'),
      statements: (arns) => statements(context, plan, arns),
      first: 'awaited',
    }),
    ...(logged
      ? [
          define<IGroup>(context, {
            apiVersion: 'cloudwatchlogs.aws.m.upbound.io/v1beta1',
            area: 'Workflow',
            key: LOGS,
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
      key: KEYS.stateMachine,
      kind: 'StateMachine',
      // logDestination has no reference. The policy needs no gate: the provider itself retries while it spreads.
      needs: logged ? [LOGS] : [],
      externalName: names.stateMachine,
      forProvider: (arns) => ({
        region: spec.region,
        type: plan.type,
        definition: JSON.stringify(plan.definition(arns)),
        roleArnRef: roleRef(context, KEYS.stateMachine),
        // Said even where it is off: what is left out stays as it was in AWS.
        loggingConfiguration: logged
          ? { level: logLevel, includeExecutionData, logDestination: `${arns.logGroup(logGroup)}:*` }
          : { level: 'OFF', includeExecutionData: false },
        ...(tracing || toldTracing ? { tracingConfiguration: { enabled: tracing } } : {}),
        tags,
      }),
    }),
  ];
}
