/** Creates a bucket that belongs to no claim. */
import type { Clients } from '../aws.ts';
import { makeBucket } from '../platform.ts';

/** The key of the object in the bucket. */
export const FOREIGN_KEY = 'theirs.txt';

/** Creates a bucket with an object, a policy and a lifecycle, like somebody else would. */
export async function makeForeignBucket(clients: Clients, Bucket: string): Promise<void> {
  const { s3 } = clients;
  await makeBucket(clients, Bucket);
  const Resource = `arn:aws:s3:::${Bucket}`;
  const Statement = [{ Sid: 'Keep', Effect: 'Deny', Principal: '*', Action: 's3:DeleteBucket', Resource }];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await s3.putBucketPolicy({ Bucket, Policy });
  const Rules = [
    { ID: 'theirs', Status: 'Enabled' as const, Filter: { Prefix: 'old/' }, Expiration: { Days: 90 } },
  ];
  await s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules } });
  await s3.putObject({ Bucket, Key: FOREIGN_KEY, Body: 'of somebody else' });
}
