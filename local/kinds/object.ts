/** Objects that are put into a bucket, such as the code of a function. */
import { createHash } from 'node:crypto';
import {
  ChecksumAlgorithm,
  DeleteObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  ServerSideEncryption,
} from '@aws-sdk/client-s3';
import type { Clients } from '../aws.ts';
import { choice, defined, dictionary, flag, needText, text } from '../fields.ts';
import { GROUPS, ifFound, type Kind, type Subject, tagList, tagMap } from './kind.ts';

/** Deletes every version and delete marker under a prefix; with `only`, of that very key. */
export async function deleteVersions(
  { s3 }: Clients,
  Bucket: string,
  Prefix?: string,
  only?: string,
): Promise<void> {
  let page: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (let more = true; more; ) {
    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix, ...page }));
    for (const { Key, VersionId } of [...(listed.Versions ?? []), ...(listed.DeleteMarkers ?? [])]) {
      if (only !== undefined && Key !== only) continue;
      await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    }
    page = { KeyMarker: listed.NextKeyMarker, VersionIdMarker: listed.NextVersionIdMarker };
    more = listed.IsTruncated === true;
  }
}

function bodyOf({ spec }: Subject): Buffer {
  const encoded = text(spec, 'contentBase64');
  return encoded === undefined ? Buffer.from(text(spec, 'content') ?? '') : Buffer.from(encoded, 'base64');
}

async function putObject(subject: Subject): Promise<string> {
  const { clients, spec } = subject;
  const Bucket = needText(spec, 'bucket');
  const Key = needText(spec, 'key');
  await clients.s3.send(
    new PutObjectCommand({
      Bucket,
      Key,
      Body: bodyOf(subject),
      ContentType: text(spec, 'contentType'),
      ChecksumAlgorithm: choice(ChecksumAlgorithm, spec, 'checksumAlgorithm'),
      ServerSideEncryption: choice(ServerSideEncryption, spec, 'serverSideEncryption'),
      SSEKMSKeyId: text(spec, 'kmsKeyId'),
      BucketKeyEnabled: flag(spec, 'bucketKeyEnabled'),
      Metadata: dictionary(spec, 'metadata'),
    }),
  );
  if (Object.keys(dictionary(spec, 'tags')).length > 0) await setObjectTags(subject);
  return `${Bucket}/${Key}`;
}

async function setObjectTags({ clients, spec }: Subject): Promise<void> {
  const where = { Bucket: needText(spec, 'bucket'), Key: needText(spec, 'key') };
  const TagSet = tagList(dictionary(spec, 'tags'));
  await clients.s3.send(new PutObjectTaggingCommand({ ...where, Tagging: { TagSet } }));
}

/** S3 gives no content back cheaply: the MD5 in the ETag tells, or the length where a KMS key makes the ETag opaque. */
function hasContent(subject: Subject, etag: string, length: number | undefined): boolean {
  const body = bodyOf(subject);
  if (length !== body.length) return false;
  if (text(subject.spec, 'kmsKeyId') !== undefined || !/^[0-9a-f]{32}$/.test(etag)) return true;
  return createHash('md5').update(body).digest('hex') === etag;
}

const object: Kind = {
  group: GROUPS.s3,
  kind: 'Object',
  fields: [
    'region',
    'bucket',
    'key',
    'contentBase64',
    'content',
    'contentType',
    'checksumAlgorithm',
    'forceDestroy',
    'serverSideEncryption',
    'kmsKeyId',
    'bucketKeyEnabled',
    'metadata',
    'tags',
  ],
  references: [{ from: 'bucketRef', to: 'bucket', group: GROUPS.s3, kind: 'Bucket', take: 'status.id' }],
  namedBy: 'provider',
  immutable: ['bucket', 'key'],
  steering: ['forceDestroy', 'checksumAlgorithm'],
  defaults: { tags: {}, metadata: {} },

  async observe(subject) {
    const { clients, spec, applied } = subject;
    const Bucket = text(applied, 'bucket') ?? needText(spec, 'bucket');
    const Key = text(applied, 'key') ?? needText(spec, 'key');
    const head = await ifFound(
      clients.s3.send(new HeadObjectCommand({ Bucket, Key })),
      'NotFound',
      'NoSuchKey',
    );
    if (!head) return undefined;
    const { TagSet } = await clients.s3.send(new GetObjectTaggingCommand({ Bucket, Key }));
    const etag = (head.ETag ?? '').replaceAll('"', '');
    const field = text(spec, 'contentBase64') === undefined ? 'content' : 'contentBase64';
    const same = hasContent(subject, etag, head.ContentLength);
    return {
      state: defined({
        bucket: Bucket,
        key: Key,
        [field]: same ? spec[field] : undefined,
        contentType: head.ContentType,
        serverSideEncryption: head.ServerSideEncryption ?? text(applied, 'serverSideEncryption'),
        kmsKeyId: head.SSEKMSKeyId,
        bucketKeyEnabled: head.BucketKeyEnabled ?? flag(applied, 'bucketKeyEnabled'),
        metadata: head.Metadata ?? {},
        tags: tagMap(TagSet),
      }),
      atProvider: defined({
        arn: `arn:aws:s3:::${Bucket}/${Key}`,
        id: `${Bucket}/${Key}`,
        etag,
        versionId: head.VersionId,
      }),
      ready: true,
    };
  },

  create: putObject,

  async update(subject, changed) {
    if ([...changed].some((field) => field !== 'tags')) await putObject(subject);
    else await setObjectTags(subject);
  },

  async remove({ clients, spec }) {
    const key = needText(spec, 'key');
    await ifFound(deleteVersions(clients, needText(spec, 'bucket'), key, key), 'NoSuchBucket');
  },
};

export const objectKinds = [object];
