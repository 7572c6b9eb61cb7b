/**
 * The bucket that takes the files: private, encrypted, TLS only, owned by the account alone.
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

/** With a field that is newer than the types. */
type IEncryption = IBucketServerSideEncryptionConfiguration & {
  spec: { forProvider: { rule: { blockedEncryptionTypes: string[] }[] } };
};

const api = { apiVersion: 's3.aws.m.upbound.io/v1beta1', area: 'Storage', retained: true } as const;

/** Days after which the parts of an upload that never finished are deleted. */
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

/** Whoever it is, and whatever they may do otherwise: not without TLS. */
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

/**
 * A bucket and its settings. With Retain they all stay together: a bucket that stays keeps its protection.
 *
 * @param key - of the bucket, which those of the settings begin with.
 * @param expireAfterDays - when its objects are deleted; never when absent.
 */
export function storage(
  context: Context,
  { key, name, expireAfterDays }: { key: string; name: string; expireAfterDays?: number | undefined },
): ComposedResource[] {
  const { names, spec, tags } = context;
  const { region, source } = spec;
  const bucketRef = { name: names.composed(key) };
  return [
    define<IBucket>(context, {
      ...api,
      key,
      kind: 'Bucket',
      externalName: name,
      forProvider: { region, forceDestroy: spec.dataRetention === 'Delete', tags },
    }),
    define<IBucketPublicAccessBlock>(context, {
      ...api,
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
      key: `${key}-ownership-controls`,
      kind: 'BucketOwnershipControls',
      forProvider: { region, bucketRef, rule: { objectOwnership: 'BucketOwnerEnforced' } },
    }),
    define<IEncryption>(context, {
      ...api,
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
            // AWS blocks it on new buckets and says so; unsaid here, providers up to 2.7 put the whole rule again without end:
            // https://github.com/crossplane-contrib/provider-upjet-aws/issues/2055
            blockedEncryptionTypes: ['SSE-C'],
          },
        ],
      },
    }),
    define<IBucketVersioning>(context, {
      ...api,
      key: `${key}-versioning`,
      kind: 'BucketVersioning',
      forProvider: {
        region,
        bucketRef,
        // S3 cannot take versioning off a bucket again, only suspend it.
        versioningConfiguration: { status: source.versioning ? 'Enabled' : 'Suspended' },
      },
    }),
    define<IBucketLifecycleConfiguration>(context, {
      ...api,
      key: `${key}-lifecycle`,
      kind: 'BucketLifecycleConfiguration',
      forProvider: { region, bucketRef, rule: lifecycleRule(expireAfterDays) },
    }),
    define<IBucketPolicy>(context, {
      ...api,
      key: `${key}-policy`,
      kind: 'BucketPolicy',
      forProvider: { region, bucketRef, policy: tlsOnly(bucketArn(region, name)) },
    }),
  ];
}
