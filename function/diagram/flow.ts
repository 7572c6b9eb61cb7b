/** A pipeline without a state machine as a graph: what calls what, read from the rendered resources and their policies. */
import { KEYS } from '../src/keys.ts';
import { EXTERNAL_NAME } from '../src/names.ts';
import { at, isObject, type Json, stringAt } from '../src/objects.ts';
import { attributes, digraph, edge, label } from './graph.ts';
import { wrapped } from './words.ts';

type Resources = Readonly<Record<string, Json>>;

/** The kinds that are drawn. Other kinds only connect these. */
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
const isDrawn = ([key, resource]: [string, Json]) => kindOf(resource) in DRAWN && key !== KEYS.codeBucket;

/** The key of the resource that a reference points to. */
function referred(resources: Resources, resource: Json | undefined, ...path: string[]): string | undefined {
  const name = text(resource, ...path, 'name');
  return Object.keys(resources).find((key) => stringAt(resources[key], 'metadata', 'name') === name);
}

/**
 * The kinds by service. A name is not enough: the ARN of a log group contains a function's name, and a table and a bucket can have the
 * same name.
 */
const KINDS: Readonly<Record<string, string>> = {
  s3: 'Bucket',
  dynamodb: 'Table',
  sqs: 'Queue',
  lambda: 'Function',
};

/** The key of the drawn resource with an ARN. */
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

/** The target of an action. Virtual machines have no ARN before their launch, so the target of a launch or termination is the template. */
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

/** The owner of a policy's role: a function, or a launch template for its virtual machines. */
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

/** The actions on drawn resources that a policy allows to its owner. */
function uses(resources: Resources, policy: Json): Edge[] {
  const from = ownerOf(resources, policy);
  const document: unknown = JSON.parse(text(policy, 'policy') ?? '{}');
  const actions = new Map<string, Set<string>>();
  for (const statement of list(at(document, 'Statement')).filter(isObject))
    for (const action of list(statement['Action']).map(String))
      for (const arn of list(statement['Resource']).map(String)) {
        const to = target(resources, action, arn);
        // The event source mapping already shows that a table's stream is read.
        if (to === undefined || arn.includes('/stream/')) continue;
        actions.set(to, (actions.get(to) ?? new Set()).add(action.replace(/^.*:/, '')));
      }
  return from === undefined
    ? []
    : [...actions].map(([to, names]) => ({ from, to, reason: [...names].join(', ') }));
}

/** The edges of triggers: which resource starts which. */
function triggers(resources: Resources, resource: Json, key: string): Edge[] {
  const edges = (from: string | undefined, to: string | undefined, reason: string): Edge[] =>
    from === undefined || to === undefined ? [] : [{ from, to, reason }];
  switch (kindOf(resource)) {
    case 'BucketNotification':
      return list(field(resource, 'lambdaFunction')).flatMap((one) =>
        edges(
          referred(resources, resource, 'bucketRef'),
          named(resources, stringAt(one, 'lambdaFunctionArn') ?? ''),
          `each file${stringAt(one, 'filterPrefix') ? ` in ${stringAt(one, 'filterPrefix')}` : ''}`,
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

/** The edges from outside: users call the routes and upload files. */
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

/** The graph of a claim's resources, in Graphviz's language. It depends only on the rendered resources. */
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
