/** Lifecycle rules, from the provider's words to S3's and back. The provider writes single blocks as lists of one. */
import { ExpirationStatus, type LifecycleRule, type LifecycleRuleFilter } from '@aws-sdk/client-s3';
import { blocks, choice, defined, dictionary, type Fields, flag, number, text } from '../fields.ts';
import { tagList, tagMap } from './kind.ts';

const SIZES = ['objectSizeGreaterThan', 'objectSizeLessThan'];

export const LIFECYCLE_FIELDS = [
  ...['id', 'status', 'expiration[].days', 'expiration[].expiredObjectDeleteMarker'],
  ...[
    'filter[].prefix',
    ...SIZES.map((size) => `filter[].${size}`),
    'filter[].tag[].key',
    'filter[].tag[].value',
  ],
  ...['filter[].and[].prefix', 'filter[].and[].tags', ...SIZES.map((size) => `filter[].and[].${size}`)],
  'abortIncompleteMultipartUpload[].daysAfterInitiation',
  ...[
    'noncurrentVersionExpiration[].noncurrentDays',
    'noncurrentVersionExpiration[].newerNoncurrentVersions',
  ],
].map((field) => `rule[].${field}`);

function single(fields: Fields, path: string): Fields | undefined {
  return blocks(fields, path)[0];
}

function toFilter(filter: Fields): LifecycleRuleFilter {
  const tag = single(filter, 'tag');
  const and = single(filter, 'and');
  const sizes = (from: Fields) => ({
    ObjectSizeGreaterThan: number(from, 'objectSizeGreaterThan'),
    ObjectSizeLessThan: number(from, 'objectSizeLessThan'),
  });
  return {
    Prefix: text(filter, 'prefix'),
    ...sizes(filter),
    Tag: tag && { Key: text(tag, 'key'), Value: text(tag, 'value') },
    And: and && { Prefix: text(and, 'prefix'), ...sizes(and), Tags: tagList(dictionary(and, 'tags')) },
  };
}

/** One `rule` of a BucketLifecycleConfiguration as S3 takes it. A rule without a filter is for all objects. */
export function toLifecycleRule(rule: Fields): LifecycleRule {
  const expiration = single(rule, 'expiration');
  const noncurrent = single(rule, 'noncurrentVersionExpiration');
  const abort = single(rule, 'abortIncompleteMultipartUpload');
  return {
    ID: text(rule, 'id'),
    Status: choice(ExpirationStatus, rule, 'status'),
    Filter: toFilter(single(rule, 'filter') ?? { prefix: '' }),
    Expiration: expiration && {
      Days: number(expiration, 'days'),
      ExpiredObjectDeleteMarker: flag(expiration, 'expiredObjectDeleteMarker'),
    },
    NoncurrentVersionExpiration: noncurrent && {
      NoncurrentDays: number(noncurrent, 'noncurrentDays'),
      NewerNoncurrentVersions: number(noncurrent, 'newerNoncurrentVersions'),
    },
    AbortIncompleteMultipartUpload: abort && { DaysAfterInitiation: number(abort, 'daysAfterInitiation') },
  };
}

function fromFilter({
  Prefix,
  ObjectSizeGreaterThan,
  ObjectSizeLessThan,
  Tag,
  And,
}: LifecycleRuleFilter): Fields {
  const and = And && {
    prefix: And.Prefix,
    objectSizeGreaterThan: And.ObjectSizeGreaterThan,
    objectSizeLessThan: And.ObjectSizeLessThan,
    tags: tagMap(And.Tags),
  };
  return defined({
    // S3 answers no prefix at all where an empty one was put.
    prefix: Prefix ?? (Tag || And ? undefined : ''),
    objectSizeGreaterThan: ObjectSizeGreaterThan,
    objectSizeLessThan: ObjectSizeLessThan,
    tag: Tag && [{ key: Tag.Key, value: Tag.Value }],
    and: and && [defined(and)],
  });
}

/** One rule of S3's as the provider reports it. */
export function fromLifecycleRule(rule: LifecycleRule): Fields {
  const { Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } = rule;
  return defined({
    id: rule.ID,
    status: rule.Status,
    filter: [fromFilter(rule.Filter ?? {})],
    expiration: Expiration && [
      defined({ days: Expiration.Days, expiredObjectDeleteMarker: Expiration.ExpiredObjectDeleteMarker }),
    ],
    noncurrentVersionExpiration: NoncurrentVersionExpiration && [
      defined({
        noncurrentDays: NoncurrentVersionExpiration.NoncurrentDays,
        newerNoncurrentVersions: NoncurrentVersionExpiration.NewerNoncurrentVersions,
      }),
    ],
    abortIncompleteMultipartUpload: AbortIncompleteMultipartUpload && [
      { daysAfterInitiation: AbortIncompleteMultipartUpload.DaysAfterInitiation },
    ],
  });
}
