/** Buckets. */
import {
  BucketLocationConstraint,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  GetBucketCorsCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  PutBucketTaggingCommand,
} from '@aws-sdk/client-s3';
import { choice, defined, dictionary, flag, text } from '../fields.ts';
import { GROUPS, ifFound, type Kind, type Subject, tagList, tagMap } from './kind.ts';
import { deleteVersions } from './object.ts';

async function setBucketTags({ clients, name, spec }: Subject): Promise<void> {
  const TagSet = tagList(dictionary(spec, 'tags'));
  if (TagSet.length === 0) await clients.s3.send(new DeleteBucketTaggingCommand({ Bucket: name }));
  else await clients.s3.send(new PutBucketTaggingCommand({ Bucket: name, Tagging: { TagSet } }));
}

/** The region of `us-east-1` is the one that S3 takes no constraint for. */
function locationOf(spec: Subject['spec']): { LocationConstraint: BucketLocationConstraint } | undefined {
  if (text(spec, 'region') === 'us-east-1') return undefined;
  const LocationConstraint = choice(BucketLocationConstraint, spec, 'region');
  return LocationConstraint && { LocationConstraint };
}

/** Settings that the provider reports of a bucket, whoever made them: the function looks at those of an adopted one. */
async function settingsOf({ clients, name }: Subject) {
  const versioning = await clients.s3.send(new GetBucketVersioningCommand({ Bucket: name }));
  const cors = await ifFound(
    clients.s3.send(new GetBucketCorsCommand({ Bucket: name })),
    'NoSuchCORSConfiguration',
  );
  return defined({
    versioning: { enabled: versioning.Status === 'Enabled' },
    corsRule: cors?.CORSRules?.map(({ AllowedMethods = [], AllowedOrigins = [] }) => ({
      allowedMethods: AllowedMethods,
      allowedOrigins: AllowedOrigins,
    })),
  });
}

const bucket: Kind = {
  group: GROUPS.s3,
  kind: 'Bucket',
  fields: ['region', 'forceDestroy', 'tags', 'objectLockEnabled'],
  namedBy: 'manifest',
  immutable: ['objectLockEnabled'],
  steering: ['forceDestroy', 'objectLockEnabled'],
  defaults: { tags: {} },

  async observe(subject) {
    const { clients, name } = subject;
    const absent = 'NoSuchBucket';
    const location = await ifFound(clients.s3.send(new GetBucketLocationCommand({ Bucket: name })), absent);
    if (!location) return undefined;
    const region = location.LocationConstraint || 'us-east-1';
    const tagging = await ifFound(
      clients.s3.send(new GetBucketTaggingCommand({ Bucket: name })),
      'NoSuchTagSet',
    );
    return {
      state: { region, tags: tagMap(tagging?.TagSet) },
      atProvider: {
        arn: `arn:aws:s3:::${name}`,
        id: name,
        bucketRegion: region,
        bucketDomainName: `${name}.s3.amazonaws.com`,
        bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
        ...(await settingsOf(subject)),
      },
      ready: true,
    };
  },

  async create(subject) {
    const { clients, name, spec } = subject;
    await clients.s3.send(
      new CreateBucketCommand({
        Bucket: name,
        CreateBucketConfiguration: locationOf(spec),
        ObjectLockEnabledForBucket: flag(spec, 'objectLockEnabled'),
      }),
    );
    if (Object.keys(dictionary(spec, 'tags')).length > 0) await setBucketTags(subject);
    return undefined;
  },

  update: setBucketTags,

  async remove({ clients, name, spec }) {
    if (flag(spec, 'forceDestroy')) await deleteVersions(clients, name);
    await ifFound(clients.s3.send(new DeleteBucketCommand({ Bucket: name })), 'NoSuchBucket');
  },
};

export const bucketKinds = [bucket];
