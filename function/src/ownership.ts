/**
 * Decides whether a claim can change a resource in AWS that it names. The resource is observed before anything is done to it, and its
 * ownership tag decides. https://docs.crossplane.io/latest/managed-resources/managed-resources/#managementpolicies
 */
import { getCondition } from '@crossplane-org/function-sdk-typescript';
import { PIPELINE_TAG } from '../../lambda/vm/tags.ts';
import { invalid, lineOf } from './errors.ts';
import { KEYS } from './keys.ts';
import { at, isObject, type Json, type Observed, stringAt } from './objects.ts';
import type { Spec } from './spec.ts';

/** The management policies to only observe a resource. */
export const OBSERVE_ONLY: readonly string[] = ['Observe'];

/**
 * The management policies to create a missing resource and change nothing that exists. If two claims find a name unused at the same
 * time, only one of them can create the resource in AWS. The other one then sees its tag.
 */
export const CREATE_ONLY: readonly string[] = ['Observe', 'Create'];

/** Why a resource, and everything that depends on it, is not changed for now. */
export interface Hold {
  readonly reason: 'LookingUp' | 'NotOurs' | 'NotFound' | 'NotUsable';
  readonly message: string;
}

/** The relation of a resource to the claim. */
export interface Ownership {
  /** `ours`: can be changed and deleted; `new`: will be created; `adopted`: is used and not changed; `open`: not decided, see `hold`. */
  readonly is: 'ours' | 'new' | 'adopted' | 'open';
  readonly hold?: Hold;
}

/** A thing that the claim may name. */
interface Subject {
  /** Composition resource name. */
  key: string;
  /** What it is, for people: `bucket`. */
  noun: string;
  /** Path of the field that names it. */
  field: string;
  /** Its name, where the claim gives it. */
  name: string | undefined;
  /** Path of the field that adopts, where it can be. */
  adoptField?: string;
  adopt?: boolean;
  /** What an adopted thing must be besides, from what the provider reports; undefined when all is well. */
  lacks?(atProvider: Json): string | undefined;
}

const OURS: Ownership = { is: 'ours' };

/** The provider's message about a missing resource that it can only observe. */
const ABSENT = 'external resource does not exist';
/** The error of S3 for a bucket in another account. https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
const FORBIDDEN = /\b(403|Forbidden|AccessDenied)\b/;

/** Whether a resource has exactly these management policies. */
function mayOnly(resource: Json | undefined, only: readonly string[]): boolean {
  const policies = at(resource, 'spec', 'managementPolicies');
  return (
    Array.isArray(policies) && policies.length === only.length && only.every((one) => policies.includes(one))
  );
}

/** Whether the provider reports that the resource does not exist. It does so only when it cannot create it. */
export function isAbsent(resource: Json): boolean {
  const { status, message } = getCondition(resource, 'Synced');
  return status === 'False' && message?.includes(ABSENT) === true;
}

/** Whether a composed resource was only observed so far, and never changed. */
export const wasLookedAt = (resource: Json | undefined) => mayOnly(resource, OBSERVE_ONLY);

const open = (reason: Hold['reason'], message: string): Ownership => ({
  is: 'open',
  hold: { reason, message },
});

function notOurs(subject: Subject, owner: string): Ownership {
  const { noun, field, name, adoptField } = subject;
  const adopt = adoptField === undefined ? '' : `, or set ${adoptField} to use it as it is`;
  const detail = `is a ${noun} that ${owner}, so it is left alone. Give another name${adopt}.`;
  return open('NotOurs', lineOf(invalid(field, name, detail)));
}

/** The ownership of an existing resource. */
function ofExisting(subject: Subject, atProvider: Json, own: string): Ownership {
  const { adopt, noun, field, name, lacks } = subject;
  const owner = stringAt(atProvider, 'tagsAll', PIPELINE_TAG) ?? stringAt(atProvider, 'tags', PIPELINE_TAG);
  if (owner === own) return OURS;
  if (!adopt) {
    const said = owner === undefined ? 'no FileIngestPipeline made' : `FileIngestPipeline ${owner} made`;
    return notOurs(subject, said);
  }
  const lacking = lacks?.(atProvider);
  return lacking === undefined
    ? { is: 'adopted' }
    : open('NotUsable', lineOf(invalid(field, name, `the ${noun} ${lacking}`)));
}

/**
 * The ownership of the resource with a key. A resource that the claim does not name has a generated name and is ours.
 *
 * @param own - the value of the ownership tag of this claim
 */
function ownershipOf(observed: Observed, subject: Subject, own: string): Ownership {
  const { key, noun, field, name, adopt, adoptField } = subject;
  if (name === undefined) return OURS;
  const lookingUp = open(
    'LookingUp',
    `${field}: looking up whether there is a ${noun} ${JSON.stringify(name)}.`,
  );
  const seen = observed[key];
  if (seen === undefined) return lookingUp;
  const synced = getCondition(seen, 'Synced');
  const said = synced.status === 'False' ? (synced.message ?? '') : undefined;
  const atProvider = at(seen, 'status', 'atProvider');
  const exists = stringAt(atProvider, 'arn') !== undefined || getCondition(seen, 'Ready').status === 'True';
  const reported = isObject(atProvider) ? atProvider : {};
  if (mayOnly(seen, CREATE_ONLY))
    return exists && !isAbsent(seen) ? ofExisting(subject, reported, own) : { is: 'new' };
  // It was ours before.
  if (!mayOnly(seen, OBSERVE_ONLY)) return OURS;
  if (said !== undefined) {
    if (FORBIDDEN.test(said)) return notOurs(subject, 'these credentials may not look at');
    if (!isAbsent(seen)) return lookingUp;
    if (!adopt) return { is: 'new' };
    const detail = `there is no such ${noun} to adopt. Create it, or remove ${adoptField} to have it made.`;
    return open('NotFound', lineOf(invalid(field, name, detail)));
  }
  return exists ? ofExisting(subject, reported, own) : lookingUp;
}

/** The problem of a bucket in another region: S3 sends events, and Lambda reads code, only in the bucket's own region. */
function elsewhere(spec: Spec, atProvider: Json): string | undefined {
  const region = stringAt(atProvider, 'bucketRegion') ?? stringAt(atProvider, 'region');
  if (region === undefined || region === spec.region) return undefined;
  return `is in ${region}, and the pipeline in ${spec.region}. Name a bucket in ${spec.region}.`;
}

/** What a workflow type needs of what a claim adopts. */
interface Needs {
  /** It deletes what was uploaded, so the bucket has to have versions. */
  readonly deletesUploads?: boolean;
  /** The table has to have a stream with the new item. */
  readonly stream?: boolean;
}

/** A type that deletes a file once it is done: only versions keep it from deleting a newer one. */
function unversioned({ deletesUploads }: Needs, atProvider: Json): string | undefined {
  if (!deletesUploads || at(atProvider, 'versioning', 'enabled') === true) return undefined;
  return 'keeps no versions, and type ProcessImage needs them. Enable versioning on the bucket.';
}

/** The one key, and the stream of a type that needs one. */
function wrongTable(spec: Spec, { stream }: Needs, atProvider: Json): string | undefined {
  const { partitionKey } = spec.table;
  const key = stringAt(atProvider, 'hashKey');
  const sort = stringAt(atProvider, 'rangeKey');
  if (sort !== undefined) return `has the sort key ${sort}. Name a table that has a partition key alone.`;
  if (key !== partitionKey)
    return `has the partition key ${key}, and table.partitionKey is ${partitionKey}. Set that to ${key}.`;
  const view = at(atProvider, 'streamEnabled') === true ? stringAt(atProvider, 'streamViewType') : undefined;
  if (stream && view !== 'NEW_IMAGE' && view !== 'NEW_AND_OLD_IMAGES')
    return 'has no stream of new images, which starts the machines of type RunScript. Turn its stream on with NEW_IMAGE.';
  return undefined;
}

/** All that a claim can name, whether it does or not. */
function subjects(spec: Spec, type: Needs): Subject[] {
  const { source, table, workflow } = spec;
  const destination = workflow.processImage?.destination;
  return [
    {
      ...{ key: KEYS.bucket, noun: 'bucket', field: 'spec.source.bucketName', name: source.bucketName },
      ...{ adoptField: 'spec.source.adopt', adopt: source.adopt },
      lacks: (atProvider) => elsewhere(spec, atProvider) ?? unversioned(type, atProvider),
    },
    {
      ...{ key: KEYS.destinationBucket, noun: 'bucket', name: destination?.bucketName },
      field: 'spec.workflow.processImage.destination.bucketName',
      adoptField: 'spec.workflow.processImage.destination.adopt',
      ...(destination && { adopt: destination.adopt }),
      lacks: (atProvider) => elsewhere(spec, atProvider),
    },
    {
      ...{ key: KEYS.table, noun: 'table', field: 'spec.table.name', name: table.name },
      ...{ adoptField: 'spec.table.adopt', adopt: table.adopt },
      lacks: (atProvider) => wrongTable(spec, type, atProvider),
    },
    { key: KEYS.stateMachine, noun: 'state machine', field: 'spec.workflow.name', name: workflow.name },
  ];
}

/** The ownership of each resource that a claim can name, by composition resource name. */
export function ownershipsOf(
  observed: Observed,
  spec: Spec,
  type: Needs,
  own: string,
): Readonly<Record<string, Ownership>> {
  return Object.fromEntries(
    subjects(spec, type).map((subject) => [subject.key, ownershipOf(observed, subject, own)]),
  );
}
