/**
 * The permissions that calls of S3 need: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
import { literal } from '../iam.ts';
import type { Known } from './arguments.ts';
import { bucketArn, objectArn } from './arns.ts';
import { type Call, type Grant, type Grants, on, read } from './call.ts';

const bucket = (...actions: string[]) => on('Bucket', bucketArn, ...actions);

/** The permissions of object actions, which have another name for a version of the object. */
const object =
  (action: string, versioned?: string, ...others: string[]): Grants =>
  (call) => {
    const name = read(call, 'Bucket');
    const withVersion = versioned !== undefined && read(call, 'VersionId').is !== 'absent';
    return [
      {
        actions: [withVersion ? versioned : action, ...others],
        resources: name.is === 'constant' ? [objectArn(name.text, read(call, 'Key'), call.place)] : undefined,
        from: 'Bucket',
      },
    ];
  };

/** The additional actions for arguments. */
const BESIDES: readonly [argument: string, action: string][] = [
  ['Tagging', 's3:PutObjectTagging'],
  ['ACL', 's3:PutObjectAcl'],
  ['ObjectLockMode', 's3:PutObjectRetention'],
  ['ObjectLockLegalHoldStatus', 's3:PutObjectLegalHold'],
];

const put: Grants = (call) =>
  object(
    's3:PutObject',
    undefined,
    ...BESIDES.flatMap(([name, action]) => (read(call, name).is === 'absent' ? [] : [action])),
  )(call);

/** Whether the tags are copied too, which is S3's default. If the object has tags, this needs more permissions on both sides. */
const copiesTags = (call: Call) => call.given['TaggingDirective'] !== 'REPLACE';

/** The permissions for the source of a copy: `bucket/key` or `/bucket/key`, URL-encoded, with `?versionId=` for a version. */
function copySource(call: Call, tags: boolean): Grant {
  const source = read(call, 'CopySource');
  const text = source.is === 'constant' ? source.text : source.is === 'dynamic' ? source.head : '';
  const [, from = '', rest] = /^\/?([^/]+)\/(.*)$/s.exec(text) ?? [];
  const key = decode(rest?.split('?')[0] ?? '');
  // The unknown end can contain a version, and that needs the other action.
  const whole = String(call.given['CopySource.$'] ?? call.given['CopySource']);
  const action = whole.includes('?versionId=') ? 's3:GetObjectVersion' : 's3:GetObject';
  const object: Known =
    source.is === 'constant' ? { is: 'constant', text: key } : { is: 'dynamic', head: key };
  const isKnown = rest !== undefined && !from.startsWith('arn:');
  return {
    // Only copies of objects with tags need the second action, so it is not required.
    actions: [action, ...(tags && isKnown ? [`${action}Tagging`] : [])],
    resources: isKnown ? [objectArn(from, object, call.place)] : undefined,
    from: 'CopySource',
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const copy: Grants = (call) => [
  copySource(call, copiesTags(call)),
  ...put(call).map((grant) =>
    copiesTags(call) ? { ...grant, actions: [...grant.actions, 's3:PutObjectTagging'] } : grant,
  ),
];

const copyPart: Grants = (call) => [copySource(call, false), ...object('s3:PutObject')(call)];

/** The permission to list a bucket, limited by the known part of the prefix. */
const list =
  (action: string): Grants =>
  (call) => {
    const prefix = read(call, 'Prefix');
    const condition =
      prefix.is === 'constant'
        ? { StringEquals: { 's3:prefix': prefix.text } }
        : prefix.is === 'dynamic' && prefix.head !== ''
          ? { StringLike: { 's3:prefix': `${literal(prefix.head)}*` } }
          : undefined;
    return bucket(action)(call).map((grant) => ({ ...grant, ...(condition && { condition }) }));
  };

export const S3_CALLS: Readonly<Record<string, Grants>> = {
  getObject: object('s3:GetObject', 's3:GetObjectVersion'),
  headObject: object('s3:GetObject', 's3:GetObjectVersion'),
  getObjectAttributes: object('s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectAttributes'),
  getObjectTagging: object('s3:GetObjectTagging', 's3:GetObjectVersionTagging'),
  putObjectTagging: object('s3:PutObjectTagging', 's3:PutObjectVersionTagging'),
  deleteObjectTagging: object('s3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging'),
  putObject: put,
  copyObject: copy,
  deleteObject: object('s3:DeleteObject', 's3:DeleteObjectVersion'),
  deleteObjects: object('s3:DeleteObject'),
  restoreObject: object('s3:RestoreObject'),
  createMultipartUpload: put,
  uploadPart: object('s3:PutObject'),
  uploadPartCopy: copyPart,
  selectObjectContent: object('s3:GetObject'),
  completeMultipartUpload: object('s3:PutObject'),
  abortMultipartUpload: object('s3:AbortMultipartUpload'),
  listParts: object('s3:ListMultipartUploadParts'),
  listObjects: list('s3:ListBucket'),
  listObjectsV2: list('s3:ListBucket'),
  listObjectVersions: list('s3:ListBucketVersions'),
  listMultipartUploads: bucket('s3:ListBucketMultipartUploads'),
  headBucket: bucket('s3:ListBucket'),
  getBucketLocation: bucket('s3:GetBucketLocation'),
  getBucketTagging: bucket('s3:GetBucketTagging'),
};
