/** Buckets, and objects that are put into one, such as the code of a function. */
import { createHash } from 'node:crypto';
import { BucketLocationConstraint } from '@aws-sdk/client-s3';
import { answerUnless, type Clients } from '../aws.ts';
import { choice, dictionary, flag, needText, text } from '../fields.ts';
import { GROUPS, type Kind, reference, type Subject, tagList, tagMap } from './kind.ts';

async function setBucketTags({ clients, name, spec }: Subject): Promise<void> {
  const TagSet = tagList(dictionary(spec, 'tags'));
  if (TagSet.length === 0) await clients.s3.deleteBucketTagging({ Bucket: name });
  else await clients.s3.putBucketTagging({ Bucket: name, Tagging: { TagSet } });
}

/** The region of `us-east-1` is the one that S3 takes no constraint for. */
function locationOf(spec: Subject['spec']): { LocationConstraint: BucketLocationConstraint } | undefined {
  if (text(spec, 'region') === 'us-east-1') return undefined;
  const LocationConstraint = choice(BucketLocationConstraint, spec, 'region');
  return LocationConstraint && { LocationConstraint };
}

/** Settings that the provider reports of a bucket, whoever made them: the function looks at those of an adopted one. */
async function settingsOf({ clients, name }: Subject) {
  const versioning = await clients.s3.getBucketVersioning({ Bucket: name });
  const cors = await answerUnless(clients.s3.getBucketCors({ Bucket: name }), 'NoSuchCORSConfiguration');
  return {
    versioning: { enabled: versioning.Status === 'Enabled' },
    corsRule: cors?.CORSRules?.map(({ AllowedMethods = [], AllowedOrigins = [] }) => ({
      allowedMethods: AllowedMethods,
      allowedOrigins: AllowedOrigins,
    })),
  };
}

/** Deletes every version and delete marker under a prefix; with `only`, of that very key. */
export async function deleteVersions(
  { s3 }: Pick<Clients, 's3'>,
  Bucket: string,
  only?: string,
): Promise<void> {
  let page: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (let more = true; more; ) {
    const listed = await s3.listObjectVersions({ Bucket, Prefix: only, ...page });
    for (const { Key, VersionId } of [...(listed.Versions ?? []), ...(listed.DeleteMarkers ?? [])]) {
      if (only !== undefined && Key !== only) continue;
      await s3.deleteObject({ Bucket, Key, VersionId });
    }
    page = { KeyMarker: listed.NextKeyMarker, VersionIdMarker: listed.NextVersionIdMarker };
    more = listed.IsTruncated === true;
  }
}

const bucket: Kind = {
  group: GROUPS.s3,
  kind: 'Bucket',
  fields: ['region', 'forceDestroy', 'tags'],
  namedBy: 'manifest',
  steering: ['forceDestroy'],
  defaults: { tags: {} },
  absent: ['NoSuchBucket'],

  async observe(subject) {
    const { clients, name } = subject;
    const location = await clients.s3.getBucketLocation({ Bucket: name });
    const region = location.LocationConstraint || 'us-east-1';
    const tagging = await answerUnless(clients.s3.getBucketTagging({ Bucket: name }), 'NoSuchTagSet');
    return {
      state: { region, tags: tagMap(tagging?.TagSet) },
      atProvider: {
        arn: `arn:aws:s3:::${name}`,
        id: name,
        bucketRegion: region,
        ...(await settingsOf(subject)),
      },
    };
  },

  async create(subject) {
    const { clients, name, spec } = subject;
    await clients.s3.createBucket({ Bucket: name, CreateBucketConfiguration: locationOf(spec) });
    if (Object.keys(dictionary(spec, 'tags')).length > 0) await setBucketTags(subject);
  },

  tags: { put: setBucketTags },

  async remove({ clients, name, spec }) {
    if (flag(spec, 'forceDestroy')) await deleteVersions(clients, name);
    await clients.s3.deleteBucket({ Bucket: name });
  },
};

function bodyOf({ spec }: Subject): Buffer {
  const encoded = text(spec, 'contentBase64');
  return encoded === undefined ? Buffer.from(text(spec, 'content') ?? '') : Buffer.from(encoded, 'base64');
}

async function putObject(subject: Subject): Promise<string> {
  const { clients, spec } = subject;
  const [Bucket, Key] = [needText(spec, 'bucket'), needText(spec, 'key')];
  const ContentType = text(spec, 'contentType');
  await clients.s3.putObject({ Bucket, Key, Body: bodyOf(subject), ContentType });
  return `${Bucket}/${Key}`;
}

/** S3 gives no content back cheaply: the MD5 in the ETag tells, or the length where a KMS key makes the ETag opaque. */
function hasContent(subject: Subject, etag: string, length: number | undefined): boolean {
  const body = bodyOf(subject);
  if (length !== body.length) return false;
  return !/^[0-9a-f]{32}$/.test(etag) || createHash('md5').update(body).digest('hex') === etag;
}

const object: Kind = {
  group: GROUPS.s3,
  kind: 'Object',
  fields: ['region', 'bucket', 'key', 'contentBase64', 'content', 'contentType'],
  references: [reference('bucket', 's3', 'Bucket', 'status.id')],
  namedBy: 'provider',
  immutable: ['bucket', 'key'],
  absent: ['NotFound', 'NoSuchKey', 'NoSuchBucket'],

  async observe(subject) {
    const { clients, spec, applied } = subject;
    const Bucket = text(applied, 'bucket') ?? needText(spec, 'bucket');
    const Key = text(applied, 'key') ?? needText(spec, 'key');
    const head = await clients.s3.headObject({ Bucket, Key });
    const etag = (head.ETag ?? '').replaceAll('"', '');
    const field = text(spec, 'contentBase64') === undefined ? 'content' : 'contentBase64';
    const content = hasContent(subject, etag, head.ContentLength) ? spec[field] : undefined;
    return {
      state: { bucket: Bucket, key: Key, [field]: content, contentType: head.ContentType },
      atProvider: { arn: `arn:aws:s3:::${Bucket}/${Key}`, id: `${Bucket}/${Key}` },
    };
  },

  create: putObject,
  update: putObject,

  remove: ({ clients, spec }) => deleteVersions(clients, needText(spec, 'bucket'), needText(spec, 'key')),
};

export const bucketKinds = [bucket, object];
