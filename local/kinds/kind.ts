/** What the reconciler must know about a kind of managed resource. One entry a kind, in the files beside this one. */
import { answerUnless, type Clients } from '../aws.ts';
import type { Written } from '../field-ownership.ts';
import { block, defined, dictionary, type Fields, text } from '../fields.ts';
import type { Manifest } from '../manifest.ts';

/** One managed resource at work, its references resolved. */
export interface Subject {
  clients: Clients;
  accountId: string;
  /** `crossplane.io/external-name`; empty for a kind that AWS names, until it has. */
  name: string;
  /** `spec.forProvider` with references resolved and defaults filled in. */
  spec: Fields;
  /** What `spec` was when it last reached AWS: the only witness of a field that AWS does not report. */
  applied: Fields;
}

/** What AWS has, in the words of `spec.forProvider`. */
export interface Observation {
  /** Fields of `forProvider` as AWS reports them; compared with the manifest's. */
  state: Fields;
  /** What the provider reports besides, such as `arn` and `id`. */
  atProvider: Fields;
  /** Can it be used now? A table that is still being made cannot. */
  ready: boolean;
}

/** An observation as a kind gives it: ready unless it says otherwise. */
type Found = Omit<Observation, 'ready'> & { ready?: boolean };

/** How the tags of a resource change. `arn` is the observed one, empty where the kind has none. */
export interface Tagging {
  put(subject: Subject, tags: Readonly<Record<string, string>>, arn: string): Promise<unknown>;
  /** Takes away what the manifest has no more. Without it, `put` takes the whole. */
  take?(subject: Subject, keys: string[], arn: string): Promise<unknown>;
}

/** A field that names another composed resource by `metadata.name`, as the provider's generated resolvers do. */
export interface Reference {
  /** Dotted path of the `…Ref` field; none stands in a list. */
  from: string;
  /** Dotted path of the field beside it that it fills in; a value already there wins. */
  to: string;
  group: string;
  kind: string;
  /** What is taken from the other: its external name, a field of its `status.atProvider`, or one of its `forProvider`. */
  take: 'externalName' | `status.${string}` | `spec.${string}`;
  /** What stands before it, such as `integrations/`. */
  prefix?: string;
}

export interface Kind {
  readonly group: string;
  readonly kind: string;
  /** Who gives the external name: the manifest (default `metadata.name`) or AWS, once it is made. */
  readonly namedBy: 'manifest' | 'provider';
  /** Dotted paths under `forProvider` that are handled, `[]` for the items of a list; any other is refused. */
  readonly fields: readonly string[];
  readonly references?: readonly Reference[];
  /** Top-level fields that AWS cannot change in place; the provider refuses to, and so do we. */
  readonly immutable?: readonly string[];
  /** Top-level fields that steer the provider and have no counterpart in AWS, such as `forceDestroy`. */
  readonly steering?: readonly string[];
  /** Top-level texts that are JSON, compared by meaning. */
  readonly documents?: Readonly<Record<string, 'policy' | 'json'>>;
  /** What an absent top-level field means; without an entry here, AWS decides and nothing is compared. */
  readonly defaults?: Fields;
  /** The names of the errors by which AWS says that there is nothing. */
  readonly absent: readonly string[];
  /** AWS refuses a change while the one before is under way: it waits for a pass that finds the resource ready. */
  readonly waits?: boolean;
  /** Where the kind has `tags`. */
  readonly tags?: Tagging;
  observe(subject: Subject): Promise<Found | undefined>;
  /** Returns the external name where AWS gives it. */
  create(subject: Subject): Promise<unknown>;
  /** Mends the top-level fields that differ, tags apart. Absent where all are immutable. */
  update?(subject: Subject, changed: ReadonlySet<string>, seen: Observation): Promise<unknown>;
  remove(subject: Subject): Promise<unknown>;
}

/** One managed resource in the reconciler's store. */
export interface Resource {
  kind: Kind;
  /** What the function wants, as it was applied. */
  desired: Manifest;
  /** What Kubernetes would answer: with identity, resolved references, annotations and status. */
  live: Manifest;
  /** What of the live `forProvider` the provider wrote, and so owns. */
  written: Written;
  /** `forProvider` when it last reached AWS. */
  applied: Fields;
  /** `forProvider` when it was last tried with, references resolved; undefined until then. */
  attempted?: Fields;
  deleting: boolean;
  gone: boolean;
}

export const GROUPS = {
  s3: 's3.aws.m.upbound.io',
  iam: 'iam.aws.m.upbound.io',
  ec2: 'ec2.aws.m.upbound.io',
  lambda: 'lambda.aws.m.upbound.io',
  sfn: 'sfn.aws.m.upbound.io',
  dynamodb: 'dynamodb.aws.m.upbound.io',
  sqs: 'sqs.aws.m.upbound.io',
  logs: 'cloudwatchlogs.aws.m.upbound.io',
  cloudwatch: 'cloudwatch.aws.m.upbound.io',
  autoscaling: 'appautoscaling.aws.m.upbound.io',
  apigateway: 'apigatewayv2.aws.m.upbound.io',
  scheduler: 'scheduler.aws.m.upbound.io',
  events: 'cloudwatchevents.aws.m.upbound.io',
} as const;

/** What AWS has of a resource, undefined where there is none. */
export async function observe(kind: Kind, subject: Subject): Promise<Observation | undefined> {
  const found = await answerUnless(kind.observe(subject), ...kind.absent);
  if (!found) return undefined;
  const { state, atProvider, ready = true } = found;
  return { state: defined(state), atProvider: defined(atProvider), ready };
}

/** Makes a resource. Returns its external name. */
export async function create(kind: Kind, subject: Subject): Promise<string> {
  const made = await kind.create(subject);
  return kind.namedBy === 'provider' && typeof made === 'string' ? made : subject.name;
}

async function retag(tagging: Tagging, subject: Subject, seen: Observation): Promise<void> {
  const tags = dictionary(subject.spec, 'tags');
  const arn = text(seen.atProvider, 'arn') ?? '';
  const stale = Object.keys(block(seen.state, 'tags') ?? {}).filter((key) => !(key in tags));
  if (tagging.take && stale.length > 0) await tagging.take(subject, stale, arn);
  if (!tagging.take || Object.keys(tags).length > 0) await tagging.put(subject, tags, arn);
}

/** Mends the top-level fields that differ. */
export async function update(
  kind: Kind,
  subject: Subject,
  changed: readonly string[],
  seen: Observation,
): Promise<void> {
  if (kind.waits && !seen.ready) return;
  if (kind.tags && changed.includes('tags')) await retag(kind.tags, subject, seen);
  const others = new Set(changed.filter((field) => field !== 'tags'));
  if (others.size === 0) return;
  if (!kind.update) throw new Error(`a ${kind.kind} cannot be changed in place`);
  await kind.update(subject, others, seen);
}

/** Takes a resource away, if it is there. */
export async function remove(kind: Kind, subject: Subject): Promise<void> {
  await answerUnless(kind.remove(subject), ...kind.absent);
}
