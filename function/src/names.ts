/** Derives external names and ARNs from the claim, so every resource has a name before it exists. */
import { createHash } from 'node:crypto';
import { KEYS } from './keys.ts';
import { at, type Observed, stringAt } from './objects.ts';
import type { Spec } from './spec.ts';

/** The annotation with a resource's name in AWS. */
export const EXTERNAL_NAME = 'crossplane.io/external-name';

/** The identity of a claim. */
export interface Identity {
  readonly name: string;
  readonly namespace: string;
  /** Eight hexadecimal digits of the uid that the claim had when its resources were created. */
  readonly suffix: string;
}

/** The name of a pipeline in messages and tags. */
export const pipelineName = ({ namespace, name }: Identity) => `${namespace}/${name}`;

const SUFFIX = /-([0-9a-f]{8})$/;

/** The external name of a composed resource: its name in AWS. */
export const externalNameOf = (resource: unknown) =>
  stringAt(resource, 'metadata', 'annotations', EXTERNAL_NAME);

/** The suffix in the names of observed composed resources or, if there are none, in the names in the claim's status. */
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
 * The identity of a composite resource. A claim that was restored from a backup or moved to another cluster has a new uid, but keeps the
 * suffix of its resources. Without a uid, as in an offline render, the suffix comes from namespace and name.
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

/** The name `<stem>-<part>-<suffix>`. The stem is shortened so that the name has at most `limit` characters. */
function fit(stem: string, part: string, suffix: string, limit: number): string {
  const room = limit - part.length - suffix.length - 2;
  return `${stem.slice(0, room).replace(/[-.]+$/, '')}-${part}-${suffix}`;
}

/** The maximum length of a name, by service. https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html */
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

type Named = keyof typeof LIMITS;

/** The names in AWS. */
export interface Names {
  readonly bucket: string;
  readonly destinationBucket: string;
  readonly codeBucket: string;
  readonly table: string;
  readonly stateMachine: string;
  readonly deadLetterQueue: string;
  /** The name of any other resource, such as `of('role', 'start-workflow')`. */
  of(kind: Named, part: string): string;
  /** The Kubernetes name of a composed resource: its current name, else a generated one. */
  composed(key: string): string;
  /** The external name of an observed composed resource. */
  external(key: string): string | undefined;
}

/**
 * The stem of a bucket name. S3 reserves some prefixes, and a namespace can begin with them.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
const bucketStem = (stem: string) => (/^(xn--|sthree-|amzn-s3-demo-)/.test(stem) ? `n-${stem}` : stem);

/** The stem of a security group's name. EC2 reserves `sg-`. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
const groupStem = (stem: string) => (stem.startsWith('sg-') ? `n-${stem}` : stem);

const STEMS: Partial<Record<Named, (stem: string) => string>> = {
  bucket: bucketStem,
  securityGroup: groupStem,
};

/** All names of a claim. What exists keeps its name; else a name that the claim gives wins over one that is made. */
export function namesOf(identity: Identity, spec: Spec, observed: Observed = {}): Names {
  // A claim's name can contain dots, but few names in AWS can.
  const stem = `${identity.namespace}-${identity.name}`.replaceAll('.', '-');
  const of = (kind: Named, part: string) =>
    fit(STEMS[kind]?.(stem) ?? stem, part, identity.suffix, LIMITS[kind]);
  const external = (key: string) => externalNameOf(observed[key]);
  const destination = spec.workflow.processImage?.destination.bucketName;
  return {
    bucket: external(KEYS.bucket) ?? spec.source.bucketName ?? of('bucket', 'files'),
    destinationBucket: external(KEYS.destinationBucket) ?? destination ?? of('bucket', 'images'),
    codeBucket: external(KEYS.codeBucket) ?? of('bucket', 'code'),
    table: external(KEYS.table) ?? spec.table.name ?? of('table', spec.table.holds),
    stateMachine: external(KEYS.stateMachine) ?? spec.workflow.name ?? of('stateMachine', 'workflow'),
    deadLetterQueue: of('queue', 'dead-letters'),
    of,
    composed: (key) =>
      stringAt(observed[key], 'metadata', 'name') ?? fit(identity.name, key, identity.suffix, 253),
    external,
  };
}

/** The log group of a Lambda function. */
export const functionLogGroup = (functionName: string) => `/aws/lambda/${functionName}`;

/** The log group of a state machine. With this prefix, it needs no entry in the account's log resource policy, which has a size limit. */
export const stateMachineLogGroup = (name: string) => `/aws/vendedlogs/states/${name}`;

/**
 * The domain of each AWS partition. The name of a region determines its partition. Tests compare this with the AWS SDK.
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

/** The prefixes of the regions in each partition, except `aws`. */
const PARTITIONS: Readonly<Record<string, Partition>> = {
  'cn-': 'aws-cn',
  'us-gov-': 'aws-us-gov',
  'us-iso-': 'aws-iso',
  'us-isob-': 'aws-iso-b',
  'eu-isoe-': 'aws-iso-e',
  'us-isof-': 'aws-iso-f',
  'eusc-': 'aws-eusc',
};

/** The partition of a region. */
export function partitionOf(region: string): Partition {
  const found = Object.entries(PARTITIONS).find(([start]) => region.startsWith(start));
  return found?.[1] ?? 'aws';
}

/** The domain of a region's services. */
export const dnsSuffixOf = (region: string): string => DNS_SUFFIXES[partitionOf(region)];

/** The ARNs that contain the account id. */
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

/** The ARN of a bucket. It has no region and no account. */
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
