/** What the reconciler must know about a kind of managed resource. One entry a kind, in the files beside this one. */

import { hasName } from '../../tools/errors.ts';
import type { Clients } from '../aws.ts';
import type { Written } from '../field-ownership.ts';
import type { Fields } from '../fields.ts';
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

/** A field that names another composed resource by `metadata.name`, as the provider's generated resolvers do. */
export interface Reference {
  /** Dotted path of the `…Ref` field, `[]` for the items of a list; a `…Refs` field ends with it. */
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
  /** Dotted paths under `forProvider` that are handled, `[]` for the items of a list; any other is refused. */
  readonly fields: readonly string[];
  readonly references?: readonly Reference[];
  /** Who gives the external name: the manifest (default `metadata.name`) or AWS, once it is made. */
  readonly namedBy: 'manifest' | 'provider';
  /** Top-level fields that AWS cannot change in place; the provider refuses to, and so do we. */
  readonly immutable?: readonly string[];
  /** Top-level fields that steer the provider and have no counterpart in AWS, such as `forceDestroy`. */
  readonly steering?: readonly string[];
  /** Top-level texts that are JSON, compared by meaning. */
  readonly documents?: Readonly<Record<string, 'policy' | 'json'>>;
  /** What an absent top-level field means; without an entry here, AWS decides and nothing is compared. */
  readonly defaults?: Fields;
  observe(subject: Subject): Promise<Observation | undefined>;
  /** Makes it. Returns the external name where AWS gives it. */
  create(subject: Subject): Promise<string | undefined>;
  /** Mends the top-level fields that differ. */
  update(subject: Subject, changed: ReadonlySet<string>, seen: Observation): Promise<void>;
  remove(subject: Subject): Promise<void>;
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

/** The answer, or undefined when AWS says by one of these error names that there is nothing. */
export async function ifFound<T>(answer: Promise<T>, ...absent: readonly string[]): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (hasName(error, ...absent)) return undefined;
    throw error;
  }
}

/** Tags without those that AWS itself sets, from the list that most services answer. */
export function tagMap(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] = [],
): Fields {
  const own = tags.filter(({ Key }) => Key !== undefined && !Key.startsWith('aws:'));
  return Object.fromEntries(own.map(({ Key, Value }) => [Key, Value ?? '']));
}

/** The list that most services take. */
export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** The tags that AWS has and the manifest has not. */
export function staleTags(seen: Observation, tags: Readonly<Record<string, string>>): string[] {
  const present = seen.state['tags'];
  return Object.keys(typeof present === 'object' && present !== null ? present : {}).filter(
    (key) => !(key in tags),
  );
}
