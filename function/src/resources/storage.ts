/**
 * The bucket for the files: private, encrypted, TLS only, with all objects owned by the account.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
 */
import type { IBucket } from '@crossplane-models/provider-upjet-aws/s3.aws.m.upbound.io/v1beta1/Bucket';
import type { IBucketLifecycleConfiguration } from '@crossplane-models/provider-upjet-aws/s3.aws.m.upbound.io/v1beta1/BucketLifecycleConfiguration';
import type { IBucketOwnershipControls } from '@crossplane-models/provider-upjet-aws/s3.aws.m.upbound.io/v1beta1/BucketOwnershipControls';
import type { IBucketPolicy } from '@crossplane-models/provider-upjet-aws/s3.aws.m.upbound.io/v1beta1/BucketPolicy';
import type { IBucketPublicAccessBlock } from '@crossplane-models/provider-upjet-aws/s3.aws.m.upbound.io/v1beta1/BucketPublicAccessBlock';
import type { IBucketServerSideEncryptionConfiguration } from '@crossplane-models/provider-upjet-aws/s3.aws.m.upbound.io/v1beta1/BucketServerSideEncryptionConfiguration';
import type { IBucketVersioning } from '@crossplane-models/provider-upjet-aws/s3.aws.m.upbound.io/v1beta1/BucketVersioning';
import type { Context } from '../context.ts';
import { policy } from '../iam.ts';
import { bucketArn } from '../names.ts';
import { type ComposedResource, define } from '../plan.ts';

/** The type with a field that is newer than the provider's types. */
type IEncryption = IBucketServerSideEncryptionConfiguration & {
  spec: { forProvider: { rule: { blockedEncryptionTypes: string[] }[] } };
};

const api = { apiVersion: 's3.aws.m.upbound.io/v1beta1', area: 'Storage', retained: true } as const;

/** The key of a bucket's versioning. */
export const versioningOf = (bucket: string) => `${bucket}-versioning`;

/** The days after which the parts of an incomplete multipart upload are deleted. */
const ABANDONED_UPLOAD_DAYS = 7;

function lifecycleRule(expireAfterDays: number | undefined) {
  const abortIncompleteMultipartUpload = [{ daysAfterInitiation: ABANDONED_UPLOAD_DAYS }];
  const abandoned = {
    id: 'abandoned-uploads',
    status: 'Enabled',
    filter: [{ prefix: '' }],
    abortIncompleteMultipartUpload,
  };
  if (expireAfterDays === undefined) return [abandoned];
  const expire = {
    id: 'expire',
    status: 'Enabled',
    filter: [{ prefix: '' }],
    expiration: [{ days: expireAfterDays }],
    noncurrentVersionExpiration: [{ noncurrentDays: expireAfterDays }],
  };
  return [abandoned, expire];
}

/** A policy that denies all access without TLS, for everyone. */
function tlsOnly(arn: string): string {
  return policy([
    {
      Sid: 'DenyWithoutTLS',
      Effect: 'Deny',
      Principal: '*',
      Action: ['s3:*'],
      Resource: [arn, `${arn}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ]);
}

interface Storage {
  /** The key of the bucket. The keys of its settings begin with it. */
  readonly key: string;
  readonly name: string;
  /** Whether the claim sets the name. Then the bucket can belong to somebody else, and nothing is changed before its owner is known. */
  readonly isNamed: boolean;
  /** The days after which its objects are deleted. Never when absent. */
  readonly expireAfterDays?: number | undefined;
}

/**
 * A bucket and its settings. With Retain they all stay, so that the bucket keeps its protection. An adopted bucket keeps its own
 * settings.
 */
export function storage(
  context: Context,
  { key, name, isNamed, expireAfterDays }: Storage,
): ComposedResource[] {
  const { names, spec, tags } = context;
  const { region, source } = spec;
  const bucketRef = { name: names.composed(key) };
  const needs = isNamed ? [key] : [];
  const bucket = define<IBucket>(context, {
    ...api,
    key,
    kind: 'Bucket',
    externalName: name,
    forProvider: { region, forceDestroy: spec.dataRetention === 'Delete', tags },
  });
  if (context.ownership[key]?.is === 'adopted') return [bucket];
  return [
    bucket,
    define<IBucketPublicAccessBlock>(context, {
      ...api,
      needs,
      key: `${key}-public-access-block`,
      kind: 'BucketPublicAccessBlock',
      forProvider: {
        region,
        bucketRef,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    }),
    define<IBucketOwnershipControls>(context, {
      ...api,
      needs,
      key: `${key}-ownership-controls`,
      kind: 'BucketOwnershipControls',
      forProvider: { region, bucketRef, rule: { objectOwnership: 'BucketOwnerEnforced' } },
    }),
    define<IEncryption>(context, {
      ...api,
      needs,
      key: `${key}-encryption`,
      kind: 'BucketServerSideEncryptionConfiguration',
      forProvider: {
        region,
        bucketRef,
        rule: [
          {
            applyServerSideEncryptionByDefault: source.kmsKeyArn
              ? { sseAlgorithm: 'aws:kms', kmsMasterKeyId: source.kmsKeyArn }
              : { sseAlgorithm: 'AES256' },
            ...(source.kmsKeyArn && { bucketKeyEnabled: true }),
            // AWS sets this on new buckets. Without it here, providers up to 2.7 write the whole rule again and again:
            // https://github.com/crossplane-contrib/provider-upjet-aws/issues/2055
            blockedEncryptionTypes: ['SSE-C'],
          },
        ],
      },
    }),
    define<IBucketVersioning>(context, {
      ...api,
      needs,
      key: versioningOf(key),
      kind: 'BucketVersioning',
      forProvider: {
        region,
        bucketRef,
        // S3 cannot disable versioning again, only suspend it.
        versioningConfiguration: { status: source.versioning ? 'Enabled' : 'Suspended' },
      },
    }),
    define<IBucketLifecycleConfiguration>(context, {
      ...api,
      needs,
      key: `${key}-lifecycle`,
      kind: 'BucketLifecycleConfiguration',
      forProvider: { region, bucketRef, rule: lifecycleRule(expireAfterDays) },
    }),
    define<IBucketPolicy>(context, {
      ...api,
      needs,
      key: `${key}-policy`,
      kind: 'BucketPolicy',
      forProvider: { region, bucketRef, policy: tlsOnly(bucketArn(region, name)) },
    }),
  ];
}
