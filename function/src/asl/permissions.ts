/** What a state machine's role must be allowed, read from its definition: what each state needs, and then the statements. */
import { allow, type Statement } from '../iam.ts';
import { at, isObject, type Json } from '../objects.ts';
import { argumentsField, argumentsOf, DYNAMIC, known } from './arguments.ts';
import { executionsArn, functionArn, objectArn, type Place } from './arns.ts';
import type { Grant } from './call.ts';
import { IAM_SERVICES, OPTIMIZED, SDK } from './integrations.ts';
import { isDistributed, machinesOf, type State } from './machine.ts';
import { below, type Problem, problem } from './problem.ts';
import { type Integration, integrationOf, isActivity, isFunctionArn } from './resource.ts';

export interface Surroundings extends Place {
  /** Where the definition stands, such as `spec.workflow.custom.definition`. */
  path: string;
  /** The state machine's own ARN: a Distributed Map starts executions of it. */
  stateMachineArn: string;
  /** The statements that the claim gives by itself. */
  policyStatements: readonly { actions: readonly string[] }[];
}

interface Need extends Grant {
  path: string;
  /** What stands at the path. */
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
  const where = below(state.path, argumentsField(state.language));
  const { stateMachineArn } = around;
  const call = { given: given ?? {}, language: state.language, pattern, place: around, stateMachineArn };
  return grants(call).map((grant) => {
    const field = Object.hasOwn(call.given, `${grant.from}.$`) ? `${grant.from}.$` : grant.from;
    return { ...grant, path: given ? below(where, field) : where, value: call.given[field] };
  });
}

/** A task under another role needs that role, and no more: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html */
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
  // A worker asks for an activity's tasks, under a role of its own. Anything else is for `check` to refuse.
  if (isActivity(resource) || !integration) return [];
  return ofCall(integration, state, around, argumentsOf(state.value, state.language));
}

/**
 * What a reader reads beside the one object or list that it names: the files of a manifest, or the objects of the list.
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
      value: given,
    },
  ];
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html */
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
      value: given,
    });
  }
  return needs;
}

/** What a state must be allowed. */
function needsOf(state: State, around: Surroundings): Need[] {
  if (state.type === 'Task') return ofTask(state, around);
  return state.type === 'Map' ? ofMap(state, around) : [];
}

/** Whether a statement's action, which may have `*` and `?`, covers this one. IAM does not mind upper and lower case. */
function covers(given: string, action: string): boolean {
  const pattern = given
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 'i').test(action);
}

/**
 * Of a call that is not known here even the action's name is a guess: `s3:listBuckets` needs `s3:ListAllMyBuckets`, and a
 * PartiQL statement what it does. There an action of that service, or one of that name of any service, shows that somebody
 * thought of it.
 */
function isCovered({ actions, guessed }: Need, { policyStatements }: Surroundings): boolean {
  const given = policyStatements.flatMap((statement) => statement.actions);
  return actions.every((action) =>
    given.some(
      (one) =>
        covers(one, action) ||
        (guessed !== undefined &&
          (one.startsWith(`${guessed}:`) || covers(one.replace(/^.*:/, ''), action.replace(/^.*:/, '')))),
    ),
  );
}

function uncovered({ path, value, actions, guessed }: Need): Problem[] {
  const names = actions.join(', ');
  const fix = `llow ${names} in spec.workflow.custom.policyStatements.`;
  return guessed !== undefined
    ? problem(path, value, `is a call whose permissions cannot be derived. A${fix}`)
    : problem(path, value, `does not say the resource before the execution. Write a constant, or a${fix}`);
}

/** One statement for all resources of the same actions under the same condition. */
function statementsOf(needs: readonly Need[]): Statement[] {
  const groups = new Map<
    string,
    { actions: string[]; resources: Set<string>; condition: Grant['condition'] }
  >();
  for (const { actions, resources, condition } of needs) {
    if (!resources) continue;
    const sorted = [...new Set(actions)].sort();
    const key = JSON.stringify([sorted, condition ?? null]);
    const group = groups.get(key) ?? { actions: sorted, resources: new Set(), condition };
    for (const resource of resources) group.resources.add(resource);
    groups.set(key, group);
  }
  const used = new Map<string, number>();
  return [...groups.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { actions, resources, condition }]) => {
      const [first = ''] = actions;
      const [service = '', name = ''] = first.split(':');
      const sid = `${pascal(service)}${name}`;
      const before = used.get(sid) ?? 0;
      used.set(sid, before + 1);
      return allow(before === 0 ? sid : `${sid}${before + 1}`, actions, [...resources].sort(), condition);
    });
}

/**
 * The statements of a definition's role, in an order that follows from them alone, and what cannot be derived.
 *
 * @param definition checked, and with its substitutions made.
 */
export function deriveStatements(
  definition: Json,
  around: Surroundings,
): { statements: Statement[]; problems: Problem[] } {
  const states = machinesOf(definition, around.path).flatMap((machine) => machine.states);
  const needs = states.flatMap((state) => needsOf(state, around));
  return {
    statements: statementsOf(needs),
    problems: needs.flatMap((need) => (need.resources || isCovered(need, around) ? [] : uncovered(need))),
  };
}
