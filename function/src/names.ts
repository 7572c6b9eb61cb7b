/** External names and ARNs. All follow from the claim, so everything can be named before it exists. */
import { createHash } from 'node:crypto';
import type { Observed } from './context.ts';
import { at, stringAt } from './objects.ts';
import type { Spec } from './spec.ts';

/** The annotation that holds a resource's name in AWS. */
export const EXTERNAL_NAME = 'crossplane.io/external-name';

/** Who the claim is. */
export interface Identity {
  readonly name: string;
  readonly namespace: string;
  /** Eight hexadecimal digits: of the uid that the claim had when its things were made. */
  readonly suffix: string;
}

/** What people and tags call a pipeline. */
export const pipelineName = ({ namespace, name }: Identity) => `${namespace}/${name}`;

const SUFFIX = /-([0-9a-f]{8})$/;

/** The name of the thing in AWS that a composed resource stands for. */
export const externalNameOf = (resource: unknown) =>
  stringAt(resource, 'metadata', 'annotations', EXTERNAL_NAME);

/** What the names of composed resources end with, or, where there are none, those in the claim's status. */
function suffixInUse(composite: unknown, observed: Observed): string | undefined {
  const functions = at(composite, 'status', 'functions');
  const told = [
    ...(Array.isArray(functions) ? functions.map((one) => stringAt(one, 'name')) : []),
    ...['bucket', 'table'].map((field) => stringAt(composite, 'status', field)),
  ];
  const seen = Object.entries(observed)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, resource]) => stringAt(resource, 'metadata', 'name'));
  return [...seen, ...told]
    .map((name) => SUFFIX.exec(name ?? '')?.[1])
    .find((suffix) => suffix !== undefined);
}

/**
 * The identity of a composite resource. A claim that was restored from a backup, or moved to another cluster, has another
 * uid, and keeps the suffix that its things have. Without a uid, as in an offline render, namespace and name stand in for it.
 */
export function identityOf(composite: unknown, observed: Observed = {}): Identity {
  const name = stringAt(composite, 'metadata', 'name') ?? 'unnamed';
  const namespace = stringAt(composite, 'metadata', 'namespace') ?? 'default';
  const inUse = suffixInUse(composite, observed);
  if (inUse !== undefined) return { name, namespace, suffix: inUse };
  const uid = stringAt(composite, 'metadata', 'uid')?.replaceAll('-', '').slice(0, 8);
  const suffix = uid ?? createHash('sha256').update(`${namespace}/${name}`).digest('hex').slice(0, 8);
  return { name, namespace, suffix };
}

/** `<stem>-<part>-<suffix>`, the stem cut so that the whole has at most `limit` characters. */
function fit(stem: string, part: string, suffix: string, limit: number): string {
  const room = limit - part.length - suffix.length - 2;
  return `${stem.slice(0, room).replace(/[-.]+$/, '')}-${part}-${suffix}`;
}

/** Most characters in a name, by service. https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html */
const LIMITS = {
  bucket: 63,
  function: 64,
  role: 64,
  policy: 128,
  queue: 80,
  stateMachine: 80,
  table: 255,
  alarm: 255,
  rule: 64,
  launchTemplate: 128,
  securityGroup: 255,
  instanceProfile: 128,
  api: 128,
  schedule: 64,
  layer: 64,
};

export type Named = keyof typeof LIMITS;

/** Names in AWS. */
export interface Names {
  readonly bucket: string;
  readonly destinationBucket: string;
  readonly codeBucket: string;
  readonly table: string;
  readonly stateMachine: string;
  readonly deadLetterQueue: string;
  /** The name of anything else, such as `of('role', 'start-workflow')`. */
  of(kind: Named, part: string): string;
  /** The Kubernetes name of a composed resource: the one that it has, else one that is made. */
  composed(key: string): string;
  /** The name in AWS that a composed resource has. */
  external(key: string): string | undefined;
}

/**
 * S3 keeps some beginnings to itself, and namespaces may have them.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
const bucketStem = (stem: string) => (/^(xn--|sthree-|amzn-s3-demo-)/.test(stem) ? `n-${stem}` : stem);

/** EC2 keeps `sg-` to itself. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
const groupStem = (stem: string) => (stem.startsWith('sg-') ? `n-${stem}` : stem);

const STEMS: Partial<Record<Named, (stem: string) => string>> = {
  bucket: bucketStem,
  securityGroup: groupStem,
};

/** What a table holds, for its name. */
const TABLE_PARTS: Record<Spec['workflow']['type'], string> = {
  RecordFile: 'files',
  RecordMessage: 'messages',
  ProcessImage: 'images',
  RunScript: 'uploads',
  Custom: 'items',
};

/** All names of a claim. What exists keeps its name; else a name that the claim gives wins over one that is made. */
export function namesOf(identity: Identity, spec: Spec, observed: Observed = {}): Names {
  // Dots are legal in a claim's name and in few AWS names.
  const stem = `${identity.namespace}-${identity.name}`.replaceAll('.', '-');
  const of = (kind: Named, part: string) =>
    fit(STEMS[kind]?.(stem) ?? stem, part, identity.suffix, LIMITS[kind]);
  const external = (key: string) => externalNameOf(observed[key]);
  const destination = spec.workflow.processImage?.destination.bucketName;
  return {
    bucket: external('bucket') ?? spec.source.bucketName ?? of('bucket', 'files'),
    destinationBucket: external('destination-bucket') ?? destination ?? of('bucket', 'images'),
    codeBucket: external('code-bucket') ?? of('bucket', 'code'),
    table: external('table') ?? spec.table.name ?? of('table', TABLE_PARTS[spec.workflow.type]),
    stateMachine: external('state-machine') ?? spec.workflow.name ?? of('stateMachine', 'workflow'),
    deadLetterQueue: of('queue', 'dead-letters'),
    of,
    composed: (key) =>
      stringAt(observed[key], 'metadata', 'name') ?? fit(identity.name, key, identity.suffix, 253),
    external,
  };
}

/** Log group of a Lambda function. */
export const functionLogGroup = (functionName: string) => `/aws/lambda/${functionName}`;

/** Log group of a state machine. The prefix spares the account's log resource policy, whose size is limited. */
export const stateMachineLogGroup = (name: string) => `/aws/vendedlogs/states/${name}`;

/**
 * The domain of each of AWS's partitions. A region's name says which it is in; tests compare this with the AWS SDK.
 * https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
 */
export const DNS_SUFFIXES = {
  aws: 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
  'aws-us-gov': 'amazonaws.com',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
  'aws-eusc': 'amazonaws.eu',
} as const;

export type Partition = keyof typeof DNS_SUFFIXES;

/** What the regions of a partition begin with, but for those of `aws`. */
const PARTITIONS: Readonly<Record<string, Partition>> = {
  'cn-': 'aws-cn',
  'us-gov-': 'aws-us-gov',
  'us-iso-': 'aws-iso',
  'us-isob-': 'aws-iso-b',
  'eu-isoe-': 'aws-iso-e',
  'us-isof-': 'aws-iso-f',
  'eusc-': 'aws-eusc',
};

/** A region's name, in any partition; the XRD has the same. */
export const REGION = /^(eusc|[a-z]{2})(-[a-z]+)+-\d$/;

/** The partition of a region. */
export function partitionOf(region: string): Partition {
  const found = Object.entries(PARTITIONS).find(([start]) => region.startsWith(start));
  return found?.[1] ?? 'aws';
}

/** The domain that a region's services are below. */
export const dnsSuffixOf = (region: string): string => DNS_SUFFIXES[partitionOf(region)];

/** ARNs that take the account id. */
export interface Arns {
  readonly accountId: string;
  function(name: string): string;
  rule(name: string): string;
  readonly stateMachine: string;
  readonly table: string;
  readonly deadLetterQueue: string;
  readonly deadLetterQueueUrl: string;
  logGroup(name: string): string;
}

/** ARN of a bucket, which has neither region nor account. */
export const bucketArn = (region: string, bucket: string) => `arn:${partitionOf(region)}:s3:::${bucket}`;

/** The ARNs of a claim's resources in an account. */
export function arnsOf(region: string, accountId: string, names: Names): Arns {
  const arn = (service: string, resource: string) =>
    `arn:${partitionOf(region)}:${service}:${region}:${accountId}:${resource}`;
  return {
    accountId,
    function: (name) => arn('lambda', `function:${name}`),
    rule: (name) => arn('events', `rule/${name}`),
    stateMachine: arn('states', `stateMachine:${names.stateMachine}`),
    table: arn('dynamodb', `table/${names.table}`),
    deadLetterQueue: arn('sqs', names.deadLetterQueue),
    deadLetterQueueUrl: `https://sqs.${region}.${dnsSuffixOf(region)}/${accountId}/${names.deadLetterQueue}`,
    logGroup: (name) => arn('logs', `log-group:${name}`),
  };
}
