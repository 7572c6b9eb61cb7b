/** Lists the permissions that each state of a definition needs. */
import { at, isObject, type Json } from '../objects.ts';
import { argumentsField, argumentsOf, DYNAMIC, known } from './arguments.ts';
import { executionsArn, functionArn, objectArn, type Place } from './arns.ts';
import type { Grant } from './call.ts';
import type { Integration } from './integration.ts';
import { IAM_SERVICES, OPTIMIZED, SDK } from './integrations.ts';
import { isDistributed, type State } from './machine.ts';
import { below } from './problem.ts';
import { integrationOf, isActivity, isFunctionArn } from './resource.ts';

export interface Surroundings extends Place {
  /** The path of the definition, such as `spec.workflow.custom.definition`. */
  readonly path: string;
  /** The ARN of the state machine itself: a Distributed Map starts executions of it. */
  readonly stateMachineArn: string;
  /** The claim's own statements. */
  readonly policyStatements: readonly { actions: readonly string[] }[];
}

export interface Need extends Grant {
  path: string;
  /** What stands at the path; undefined where nothing does. */
  value: unknown;
  /** The call's service, where its IAM actions only follow from the call's name. */
  guessed?: string;
}

export const pascal = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

function ofCall(
  integration: Integration,
  state: State,
  around: Surroundings,
  given: Json | undefined,
): Need[] {
  const { sdk, service, action, pattern } = integration;
  const grants = (sdk ? SDK : OPTIMIZED)[service]?.[action];
  if (!grants) {
    const iam = IAM_SERVICES[service] ?? service;
    const { Resource: value } = state.value;
    const actions = [`${iam}:${pascal(action)}`];
    return [
      {
        actions,
        resources: undefined,
        from: 'Resource',
        path: below(state.path, 'Resource'),
        value,
        guessed: iam,
      },
    ];
  }
  const name = argumentsField(state.language);
  const where = below(state.path, name);
  const { stateMachineArn } = around;
  const call = { given: given ?? {}, language: state.language, pattern, place: around, stateMachineArn };
  return grants(call).map((grant) => {
    const field = Object.hasOwn(call.given, `${grant.from}.$`) ? `${grant.from}.$` : grant.from;
    return {
      ...grant,
      ...(given
        ? { path: below(where, field), value: given[field] }
        : { path: where, value: state.value[name] }),
    };
  });
}

/** The permissions of a task with another role: only to assume that role. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html */
function ofRole(state: State): Need[] {
  const path = below(below(state.path, 'Credentials'), 'RoleArn');
  const given = state.value['Credentials'];
  const role = isObject(given) ? known(given, 'RoleArn', state.language) : undefined;
  const resources = role?.is === 'constant' ? [role.text] : undefined;
  return [
    {
      actions: ['sts:AssumeRole'],
      resources,
      from: 'RoleArn',
      path,
      value: isObject(given) ? (given['RoleArn.$'] ?? given['RoleArn']) : given,
    },
  ];
}

function ofTask(state: State, around: Surroundings): Need[] {
  const resource = state.value['Resource'];
  if (state.value['Credentials'] !== undefined) return ofRole(state);
  const path = below(state.path, 'Resource');
  if (isFunctionArn(resource)) {
    return [
      {
        actions: ['lambda:InvokeFunction'],
        resources: [functionArn(resource, undefined, around)],
        from: 'Resource',
        path,
        value: resource,
      },
    ];
  }
  const integration = integrationOf(resource);
  // A worker polls an activity's tasks with its own role. `check` reports anything else.
  if (isActivity(resource) || !integration) return [];
  return ofCall(integration, state, around, argumentsOf(state.value, state.language));
}

/**
 * The permissions of a reader for what it reads in addition to its object or list: the files in a manifest, or the listed objects.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
 */
function ofReader({ path, value, language }: State, around: Surroundings, given: Json | undefined): Need[] {
  const flattens = at(value, 'ReaderConfig', 'Transformation') === 'LOAD_AND_FLATTEN';
  if (!flattens && at(value, 'ReaderConfig', 'InputType') !== 'MANIFEST') return [];
  const bucket = known(given ?? {}, 'Bucket', language);
  const prefix = flattens ? known(given ?? {}, 'Prefix', language) : DYNAMIC;
  const head = prefix.is === 'constant' ? prefix.text : prefix.is === 'dynamic' ? prefix.head : '';
  return [
    {
      actions: ['s3:GetObject'],
      resources:
        bucket.is === 'constant' ? [objectArn(bucket.text, { is: 'dynamic', head }, around)] : undefined,
      from: 'Bucket',
      path: below(path, argumentsField(language)),
      value: value[argumentsField(language)],
    },
  ];
}

/** The permissions of a Map. https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html */
function ofMap(state: State, around: Surroundings): Need[] {
  if (!isDistributed(state.value)) return [];
  const { path, language } = state;
  const own = around.stateMachineArn;
  const base = { from: 'ItemProcessor', path: below(path, 'ItemProcessor'), value: null };
  const needs: Need[] = [
    { ...base, actions: ['states:StartExecution'], resources: [own] },
    {
      ...base,
      actions: ['states:DescribeExecution', 'states:StopExecution'],
      resources: [executionsArn(own).replace(/:\*$/, '/*'), executionsArn(own)],
    },
  ];
  const reader = state.value['ItemReader'];
  const call = isObject(reader) ? integrationOf(reader['Resource']) : undefined;
  if (isObject(reader) && call) {
    const inner: State = { ...state, path: below(path, 'ItemReader'), value: reader };
    const given = argumentsOf(reader, language);
    needs.push(...ofCall({ ...call, sdk: true }, inner, around, given), ...ofReader(inner, around, given));
  }
  const writer = state.value['ResultWriter'];
  const given = isObject(writer) ? argumentsOf(writer, language) : undefined;
  if (isObject(writer) && writer['Resource'] !== undefined) {
    const bucket = known(given ?? {}, 'Bucket', language);
    const prefix = known(given ?? {}, 'Prefix', language);
    const head = prefix.is === 'constant' ? prefix.text : prefix.is === 'dynamic' ? prefix.head : '';
    needs.push({
      actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:PutObject'],
      resources:
        bucket.is === 'constant' ? [objectArn(bucket.text, { is: 'dynamic', head }, around)] : undefined,
      from: 'Bucket',
      path: below(below(path, 'ResultWriter'), argumentsField(language)),
      value: writer[argumentsField(language)],
    });
  }
  return needs;
}

/** The permissions that a state needs. */
export function needsOf(state: State, around: Surroundings): Need[] {
  if (state.type === 'Task') return ofTask(state, around);
  return state.type === 'Map' ? ofMap(state, around) : [];
}
