/** The kinds of S3. */
import type { KindAccess } from './access.ts';

/** A setting of a bucket that is written as a whole. AWS checks most deletions as the same action. */
const setting = (source: string, get: string, put: string, remove: string = put): KindAccess => ({
  source: [`s3/${source}.go`],
  needs: { bucket: { create: [put], observe: [get], update: [put], delete: [remove] } },
});

export const s3: Record<string, KindAccess> = {
  Bucket: {
    // The provider reads every setting, even those that the resource does not set. It reads and writes tags with S3 Control.
    source: ['s3/bucket.go', 's3/delete.go', 's3/tags.go', 's3control/tags_gen.go'],
    needs: {
      newBucket: {
        create: ['s3:CreateBucket', 's3:TagResource'],
        observe: ['s3:ListTagsForResource'],
        update: ['s3:TagResource', 's3:UntagResource'],
      },
      bucket: {
        observe: [
          's3:GetAccelerateConfiguration',
          's3:GetBucketAcl',
          's3:GetBucketCORS',
          's3:GetBucketLogging',
          's3:GetBucketObjectLockConfiguration',
          's3:GetBucketPolicy',
          's3:GetBucketRequestPayment',
          's3:GetBucketVersioning',
          's3:GetBucketWebsite',
          's3:GetEncryptionConfiguration',
          's3:GetLifecycleConfiguration',
          's3:GetReplicationConfiguration',
          's3:ListBucket',
        ],
        delete: ['s3:DeleteBucket', 's3:ListBucketVersions'],
      },
      // forceDestroy empties the bucket first: always the bucket of the code, and the bucket of the files with dataRetention Delete.
      anyObject: { delete: ['s3:DeleteObject', 's3:DeleteObjectVersion'] },
    },
  },
  BucketCorsConfiguration: setting('bucket_cors_configuration', 's3:GetBucketCORS', 's3:PutBucketCORS'),
  BucketLifecycleConfiguration: setting(
    'bucket_lifecycle_configuration',
    's3:GetLifecycleConfiguration',
    's3:PutLifecycleConfiguration',
  ),
  BucketNotification: setting('bucket_notification', 's3:GetBucketNotification', 's3:PutBucketNotification'),
  BucketOwnershipControls: setting(
    'bucket_ownership_controls',
    's3:GetBucketOwnershipControls',
    's3:PutBucketOwnershipControls',
  ),
  BucketPolicy: setting('bucket_policy', 's3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'),
  BucketPublicAccessBlock: setting(
    'bucket_public_access_block',
    's3:GetBucketPublicAccessBlock',
    's3:PutBucketPublicAccessBlock',
  ),
  BucketServerSideEncryptionConfiguration: setting(
    'bucket_server_side_encryption_configuration',
    's3:GetEncryptionConfiguration',
    's3:PutEncryptionConfiguration',
  ),
  BucketVersioning: setting('bucket_versioning', 's3:GetBucketVersioning', 's3:PutBucketVersioning'),
  Object: {
    source: ['s3/object.go', 's3/delete.go', 's3/tags.go'],
    needs: {
      codeObject: {
        // The provider sends `x-amz-acl: private` with each object (its config/namespaced/s3/config.go).
        create: ['s3:PutObject', 's3:PutObjectAcl', 's3:PutObjectTagging'],
        observe: ['s3:GetObject', 's3:GetObjectTagging'],
        update: ['s3:PutObject', 's3:PutObjectAcl', 's3:PutObjectTagging', 's3:DeleteObjectTagging'],
      },
      anyObject: { delete: ['s3:DeleteObject'] },
    },
  },
};
