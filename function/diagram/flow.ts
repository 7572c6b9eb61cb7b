/** A pipeline without a state machine as a graph: what calls what, read from the rendered resources and their policies. */
import { EXTERNAL_NAME } from '../src/names.ts';
import { at, isObject, type Json, stringAt } from '../src/objects.ts';
import { attributes, digraph, edge, label } from './graph.ts';
import { wrapped } from './words.ts';

type Resources = Readonly<Record<string, Json>>;

/** What people see of a pipeline; other kinds only hold these together. */
const DRAWN: Readonly<Record<string, { what: string; attributes: Record<string, string> }>> = {
  Bucket: { what: 'S3 bucket', attributes: { shape: 'cylinder', style: '', class: 'plain' } },
  Table: { what: 'DynamoDB table', attributes: { shape: 'cylinder', style: '', class: 'plain' } },
  Queue: { what: 'SQS queue', attributes: { class: 'fail' } },
  Function: { what: 'Lambda', attributes: { class: 'task' } },
  API: { what: 'HTTP API', attributes: { class: 'choice' } },
  Schedule: { what: 'Schedule', attributes: { class: 'choice' } },
  LaunchTemplate: { what: 'Virtual machine', attributes: { class: 'succeed' } },
};

const kindOf = (resource: Json | undefined) => String(resource?.['kind']);
const field = (resource: Json | undefined, ...path: string[]) => at(resource, 'spec', 'forProvider', ...path);
const text = (resource: Json | undefined, ...path: string[]) =>
  stringAt(resource, 'spec', 'forProvider', ...path);
const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** Handlers' code is of no interest to people. */
const isDrawn = ([key, resource]: [string, Json]) => kindOf(resource) in DRAWN && key !== 'code-bucket';

/** The key of the resource that a reference names. */
function referred(resources: Resources, resource: Json | undefined, ...path: string[]): string | undefined {
  const name = text(resource, ...path, 'name');
  return Object.keys(resources).find((key) => stringAt(resources[key], 'metadata', 'name') === name);
}

/** A log group's ARN has a function's name in it, and a table may be called as a bucket is: so the service counts too. */
const KINDS: Readonly<Record<string, string>> = {
  s3: 'Bucket',
  dynamodb: 'Table',
  sqs: 'Queue',
  lambda: 'Function',
};

/** The key of the drawn resource that an ARN names. */
function named(resources: Resources, arn: string): string | undefined {
  const [, , service = '', ...parts] = arn.split(/[:/]/);
  const found = Object.entries(resources)
    .filter(isDrawn)
    .find(([, resource]) => {
      const name =
        stringAt(resource, 'metadata', 'annotations', 'crossplane.io/external-name') ??
        text(resource, 'name');
      return kindOf(resource) === KINDS[service] && name !== undefined && parts.includes(name);
    });
  return found?.[0];
}

/** Machines have no ARN before they are launched; whoever may launch or end them does so to those of the template. */
function target(resources: Resources, action: string, arn: string): string | undefined {
  const machine = Object.keys(resources).find((key) => kindOf(resources[key]) === 'LaunchTemplate');
  if (/^ec2:(Run|Terminate)Instances$/.test(action)) return machine;
  return named(resources, arn);
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** Who has the role of a policy: a function, or the machines of a launch template. */
function ownerOf(resources: Resources, policy: Json): string | undefined {
  const role = referred(resources, policy, 'roleRef');
  return Object.keys(resources).find((key) => {
    const resource = resources[key];
    if (kindOf(resource) === 'Function') return referred(resources, resource, 'roleRef') === role;
    if (kindOf(resource) !== 'LaunchTemplate') return false;
    const name = text(resource, 'iamInstanceProfile', 'name');
    const profile = Object.values(resources).find(
      (one) =>
        kindOf(one) === 'InstanceProfile' && stringAt(one, 'metadata', 'annotations', EXTERNAL_NAME) === name,
    );
    return profile !== undefined && referred(resources, profile, 'roleRef') === role;
  });
}

/** What a policy lets its owner do to what is drawn. */
function uses(resources: Resources, policy: Json): Edge[] {
  const from = ownerOf(resources, policy);
  const document: unknown = JSON.parse(text(policy, 'policy') ?? '{}');
  const actions = new Map<string, Set<string>>();
  for (const statement of list(at(document, 'Statement')).filter(isObject))
    for (const action of list(statement['Action']).map(String))
      for (const arn of list(statement['Resource']).map(String)) {
        const to = target(resources, action, arn);
        // Reading a table's stream is how its rows come, which the mapping says.
        if (to === undefined || arn.includes('/stream/')) continue;
        actions.set(to, (actions.get(to) ?? new Set()).add(action.replace(/^.*:/, '')));
      }
  return from === undefined
    ? []
    : [...actions].map(([to, names]) => ({ from, to, reason: [...names].join(', ') }));
}

/** What starts what. */
function triggers(resources: Resources, resource: Json, key: string): Edge[] {
  const edges = (from: string | undefined, to: string | undefined, reason: string): Edge[] =>
    from === undefined || to === undefined ? [] : [{ from, to, reason }];
  switch (kindOf(resource)) {
    case 'BucketNotification':
      return list(field(resource, 'lambdaFunction')).flatMap((one) =>
        edges(
          referred(resources, resource, 'bucketRef'),
          named(resources, stringAt(one, 'lambdaFunctionArn') ?? ''),
          `each file${stringAt(one, 'filterPrefix') ? ` below ${stringAt(one, 'filterPrefix')}` : ''}`,
        ),
      );
    case 'EventSourceMapping':
      return edges(
        named(resources, text(resource, 'eventSourceArn') ?? ''),
        referred(resources, resource, 'functionNameRef'),
        'changed rows',
      );
    case 'Schedule':
      return edges(
        key,
        named(resources, text(resource, 'target', 'arn') ?? ''),
        text(resource, 'scheduleExpression') ?? '',
      );
    case 'Integration':
      return edges(
        referred(resources, resource, 'apiIdRef'),
        referred(resources, resource, 'integrationUriRef'),
        'each request',
      );
    default:
      return [];
  }
}

/** What people and browsers do: they call the routes, and upload files. */
function visits(resources: Resources): Edge[] {
  const keys = (kind: string) => Object.keys(resources).filter((key) => kindOf(resources[key]) === kind);
  const routes = keys('Route').map((key) => text(resources[key], 'routeKey') ?? '');
  const taking = keys('BucketNotification').flatMap(
    (key) => referred(resources, resources[key], 'bucketRef') ?? [],
  );
  return [
    ...keys('API').map((to) => ({ from: 'start', to, reason: routes.join(', ') })),
    ...[...new Set(taking)].map((to) => ({ from: 'start', to, reason: 'the file' })),
  ];
}

/** The graph of what a claim makes. Everything in it follows from the rendered resources. */
export function flowOf(resources: Resources): string {
  const all = Object.entries(resources);
  const edges = [
    ...visits(resources),
    ...all.flatMap(([key, resource]) => triggers(resources, resource, key)),
    ...all.flatMap(([, resource]) => (kindOf(resource) === 'RolePolicy' ? uses(resources, resource) : [])),
  ];
  const nodes = all.filter(isDrawn).map(([key, resource]) => {
    const drawn = DRAWN[kindOf(resource)];
    const lines = [drawn?.what ?? '', ...wrapped(text(resource, 'description') ?? '', 44)].filter(
      (line) => line !== '',
    );
    return `${JSON.stringify(key)} ${attributes({ label: label(key, lines), ...drawn?.attributes })}`;
  });
  return digraph([
    `start ${attributes({ shape: 'circle', label: '', width: '0.18', class: 'marker' })}`,
    ...nodes,
    ...edges.map(({ from, to, reason }) =>
      edge(JSON.stringify(from), JSON.stringify(to), reason, kindOf(resources[to]) === 'Queue'),
    ),
  ]);
}
