/** Buckets, objects, versioning and notifications: what their table does not say. */
import { createHash } from 'node:crypto';
import * as sdk from '@aws-sdk/client-s3';
import { answerUnless, type Clients } from '../aws.ts';
import { blocks, choice, dictionary, type Fields, flag, needText, text } from '../fields.ts';
import type { Subject } from './kind.ts';
import { valueAt, withValue } from './mapping.ts';
import { kindsOf } from './table.ts';

async function setBucketTags({ clients, name: Bucket, spec }: Subject): Promise<void> {
  const TagSet = Object.entries(dictionary(spec, 'tags')).map(([Key, Value]) => ({ Key, Value }));
  if (TagSet.length === 0) await clients.s3.deleteBucketTagging({ Bucket });
  else await clients.s3.putBucketTagging({ Bucket, Tagging: { TagSet } });
}

/** The region of `us-east-1` is the one that S3 takes no constraint for. */
function locationOf(spec: Fields): sdk.CreateBucketConfiguration | undefined {
  if (text(spec, 'region') === 'us-east-1') return undefined;
  const LocationConstraint = choice(sdk.BucketLocationConstraint, spec, 'region');
  return LocationConstraint && { LocationConstraint };
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

function bodyOf(spec: Fields): Buffer {
  const encoded = text(spec, 'contentBase64');
  return encoded === undefined ? Buffer.from(text(spec, 'content') ?? '') : Buffer.from(encoded, 'base64');
}

/** S3 gives no content back cheaply: the MD5 in the ETag tells, or the length where a KMS key makes the ETag opaque. */
function hasContent(spec: Fields, { ETag = '', ContentLength }: sdk.HeadObjectOutput): boolean {
  const body = bodyOf(spec);
  const etag = ETag.replaceAll('"', '');
  if (ContentLength !== body.length) return false;
  return !/^[0-9a-f]{32}$/.test(etag) || createHash('md5').update(body).digest('hex') === etag;
}

const FILTERS = [
  ['Prefix', 'prefix'],
  ['Suffix', 'suffix'],
] as const;

/** What calls a function. S3 has a list of rules for what the provider has as two fields. */
function withRules({ Prefix, Suffix, ...call }: Fields): Fields {
  const values: Fields = { Prefix, Suffix };
  const FilterRules = FILTERS.flatMap(([field, Name]) =>
    values[field] ? [{ Name, Value: values[field] }] : [],
  );
  return FilterRules.length > 0 ? { ...call, Filter: { Key: { FilterRules } } } : call;
}

/** The same of S3's answer, which spells the names with a capital. */
function withoutRules(call: sdk.LambdaFunctionConfiguration): Fields {
  const rules = call.Filter?.Key?.FilterRules ?? [];
  const values = FILTERS.map(([field, name]) => [
    field,
    rules.find(({ Name }) => Name?.toLowerCase() === name)?.Value,
  ]);
  return { ...call, ...Object.fromEntries(values) };
}

export const s3Kinds = kindsOf('s3.yaml', sdk, {
  Bucket: () => ({
    tags: { put: setBucketTags },
    /** With the settings that the provider reports, whoever made them: the function looks at those of an adopted bucket. */
    async find({ clients: { s3 }, name: Bucket }) {
      const location = await s3.getBucketLocation({ Bucket });
      const tagging = await answerUnless(s3.getBucketTagging({ Bucket }), 'NoSuchTagSet');
      const versioning = await s3.getBucketVersioning({ Bucket });
      const cors = await answerUnless(s3.getBucketCors({ Bucket }), 'NoSuchCORSConfiguration');
      return {
        Region: location.LocationConstraint || 'us-east-1',
        Tags: tagging?.TagSet,
        Versioning: { enabled: versioning.Status === 'Enabled' },
        CorsRule: cors?.CORSRules?.map(({ AllowedMethods = [], AllowedOrigins = [] }) => ({
          allowedMethods: AllowedMethods,
          allowedOrigins: AllowedOrigins,
        })),
      };
    },
    async create(subject) {
      const { clients, name: Bucket, spec } = subject;
      await clients.s3.createBucket({ Bucket, CreateBucketConfiguration: locationOf(spec) });
      if (Object.keys(dictionary(spec, 'tags')).length > 0) await setBucketTags(subject);
    },
    async remove({ clients, name, spec }) {
      if (flag(spec, 'forceDestroy')) await deleteVersions(clients, name);
      await clients.s3.deleteBucket({ Bucket: name });
    },
  }),

  Object({ address, send, whole }) {
    const put = async (subject: Subject): Promise<string> => {
      const object = whole(subject);
      await send(subject, 'putObject', { ...object, Body: bodyOf(subject.spec) });
      return `${object['Bucket']}/${object['Key']}`;
    };
    return {
      async find(subject) {
        const { spec } = subject;
        const { Bucket, Key } = address(subject);
        const head = await subject.clients.s3.headObject({ Bucket: String(Bucket), Key: String(Key) });
        const same = hasContent(spec, head);
        const encoded = text(spec, 'contentBase64');
        return {
          ContentType: head.ContentType,
          ...(same && {
            ContentBase64: encoded,
            Content: encoded === undefined ? spec['content'] : undefined,
          }),
        };
      },
      create: put,
      update: put,
      remove: ({ clients, spec }) => deleteVersions(clients, needText(spec, 'bucket'), needText(spec, 'key')),
    };
  },

  BucketVersioning: () => ({
    async remove({ clients: { s3 }, name: Bucket }) {
      const { Status } = await s3.getBucketVersioning({ Bucket });
      if (Status !== 'Enabled') return;
      await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Suspended' } });
    },
  }),

  BucketNotification({ send, whole }) {
    const member = 'NotificationConfiguration.LambdaFunctionConfigurations';
    const put = async (subject: Subject): Promise<string> => {
      const { spec } = subject;
      const calls = blocks({ calls: valueAt(whole(subject), member) }, 'calls').map(withRules);
      const configuration = withValue(whole(subject), member, calls);
      const events = flag(spec, 'eventbridge') ? {} : undefined;
      await send(
        subject,
        'putBucketNotificationConfiguration',
        withValue(configuration, 'NotificationConfiguration.EventBridgeConfiguration', events),
      );
      return needText(spec, 'bucket');
    };
    return {
      async find({ clients, name: Bucket }) {
        const found = await clients.s3.getBucketNotificationConfiguration({ Bucket });
        const calls = (found.LambdaFunctionConfigurations ?? []).map(withoutRules);
        const EventBridge = found.EventBridgeConfiguration !== undefined;
        // Every bucket answers: one that notifies nobody has no notification.
        if (calls.length === 0 && !EventBridge) return undefined;
        return { LambdaFunctionConfigurations: calls, EventBridge };
      },
      create: put,
      update: put,
      remove: ({ clients, name: Bucket }) =>
        clients.s3.putBucketNotificationConfiguration({ Bucket, NotificationConfiguration: {} }),
    };
  },
});
