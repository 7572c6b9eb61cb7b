/** Access, ownership, encryption, versioning, lifecycle and policy of a bucket: one managed resource each. */
import {
  BucketVersioningStatus,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  EncryptionType,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  ObjectOwnership,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  ServerSideEncryption,
} from '@aws-sdk/client-s3';
import { blocks, choice, type Fields, flag, needText, text, texts } from '../fields.ts';
import { bucketSetting } from './bucket-setting.ts';
import { fromLifecycleRule, LIFECYCLE_FIELDS, toLifecycleRule } from './lifecycle.ts';

const publicAccessBlock = bucketSetting({
  kind: 'BucketPublicAccessBlock',
  fields: ['blockPublicAcls', 'blockPublicPolicy', 'ignorePublicAcls', 'restrictPublicBuckets'],
  defaults: {
    blockPublicAcls: false,
    blockPublicPolicy: false,
    ignorePublicAcls: false,
    restrictPublicBuckets: false,
  },
  absent: ['NoSuchPublicAccessBlockConfiguration'],
  async get(s3, Bucket) {
    const found = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    const { BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets } =
      found.PublicAccessBlockConfiguration ?? {};
    return {
      blockPublicAcls: BlockPublicAcls,
      blockPublicPolicy: BlockPublicPolicy,
      ignorePublicAcls: IgnorePublicAcls,
      restrictPublicBuckets: RestrictPublicBuckets,
    };
  },
  put: (s3, Bucket, spec) =>
    s3.send(
      new PutPublicAccessBlockCommand({
        Bucket,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: flag(spec, 'blockPublicAcls'),
          BlockPublicPolicy: flag(spec, 'blockPublicPolicy'),
          IgnorePublicAcls: flag(spec, 'ignorePublicAcls'),
          RestrictPublicBuckets: flag(spec, 'restrictPublicBuckets'),
        },
      }),
    ),
  remove: (s3, Bucket) => s3.send(new DeletePublicAccessBlockCommand({ Bucket })),
});

const ownershipControls = bucketSetting({
  kind: 'BucketOwnershipControls',
  fields: ['rule.objectOwnership'],
  absent: ['OwnershipControlsNotFoundError'],
  async get(s3, Bucket) {
    const { OwnershipControls } = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    return { rule: { objectOwnership: OwnershipControls?.Rules?.[0]?.ObjectOwnership } };
  },
  put: (s3, Bucket, spec) =>
    s3.send(
      new PutBucketOwnershipControlsCommand({
        Bucket,
        OwnershipControls: {
          Rules: [{ ObjectOwnership: choice(ObjectOwnership, spec, 'rule.objectOwnership') }],
        },
      }),
    ),
  remove: (s3, Bucket) => s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket })),
});

function toBlockedTypes(rule: Fields) {
  const names = texts(rule, 'blockedEncryptionTypes');
  if (names === undefined) return undefined;
  const types = names.map((name) => {
    const known = Object.values(EncryptionType).find((type) => type === name);
    if (known === undefined)
      throw new Error(`forProvider.rule.blockedEncryptionTypes has no type ${JSON.stringify(name)}`);
    return known;
  });
  return { EncryptionType: types };
}

const encryption = bucketSetting({
  kind: 'BucketServerSideEncryptionConfiguration',
  fields: [
    'rule[].applyServerSideEncryptionByDefault.sseAlgorithm',
    'rule[].applyServerSideEncryptionByDefault.kmsMasterKeyId',
    'rule[].bucketKeyEnabled',
    'rule[].blockedEncryptionTypes',
  ],
  absent: ['ServerSideEncryptionConfigurationNotFoundError'],
  async get(s3, Bucket) {
    const found = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    const rule = found.ServerSideEncryptionConfiguration?.Rules?.map((item) => ({
      applyServerSideEncryptionByDefault: {
        sseAlgorithm: item.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
        kmsMasterKeyId: item.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID,
      },
      bucketKeyEnabled: item.BucketKeyEnabled ?? false,
      blockedEncryptionTypes: item.BlockedEncryptionTypes?.EncryptionType,
    }));
    return { rule };
  },
  put: (s3, Bucket, spec) =>
    s3.send(
      new PutBucketEncryptionCommand({
        Bucket,
        ServerSideEncryptionConfiguration: {
          Rules: blocks(spec, 'rule').map((rule) => ({
            ApplyServerSideEncryptionByDefault: {
              SSEAlgorithm: choice(
                ServerSideEncryption,
                rule,
                'applyServerSideEncryptionByDefault.sseAlgorithm',
              ),
              KMSMasterKeyID: text(rule, 'applyServerSideEncryptionByDefault.kmsMasterKeyId'),
            },
            BucketKeyEnabled: flag(rule, 'bucketKeyEnabled') ?? false,
            BlockedEncryptionTypes: toBlockedTypes(rule),
          })),
        },
      }),
    ),
  remove: (s3, Bucket) => s3.send(new DeleteBucketEncryptionCommand({ Bucket })),
});

const versioning = bucketSetting({
  kind: 'BucketVersioning',
  fields: ['versioningConfiguration.status'],
  absent: [],
  async get(s3, Bucket) {
    const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
    // A bucket that never had versioning has no status; the provider calls that Disabled.
    return { versioningConfiguration: { status: Status ?? 'Disabled' } };
  },
  async put(s3, Bucket, spec) {
    if (text(spec, 'versioningConfiguration.status') === 'Disabled') return;
    const Status = choice(BucketVersioningStatus, spec, 'versioningConfiguration.status');
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
  },
  async remove(s3, Bucket) {
    const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
    if (Status !== 'Enabled') return;
    const VersioningConfiguration = { Status: 'Suspended' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  },
});

const lifecycle = bucketSetting({
  kind: 'BucketLifecycleConfiguration',
  fields: LIFECYCLE_FIELDS,
  absent: ['NoSuchLifecycleConfiguration'],
  async get(s3, Bucket) {
    const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    return { rule: Rules?.map(fromLifecycleRule) };
  },
  put: (s3, Bucket, spec) =>
    s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: { Rules: blocks(spec, 'rule').map(toLifecycleRule) },
      }),
    ),
  remove: (s3, Bucket) => s3.send(new DeleteBucketLifecycleCommand({ Bucket })),
});

const policy = bucketSetting({
  kind: 'BucketPolicy',
  fields: ['policy'],
  documents: { policy: 'policy' },
  absent: ['NoSuchBucketPolicy'],
  async get(s3, Bucket) {
    const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
    return { policy: Policy };
  },
  put: (s3, Bucket, spec) =>
    s3.send(new PutBucketPolicyCommand({ Bucket, Policy: needText(spec, 'policy') })),
  remove: (s3, Bucket) => s3.send(new DeleteBucketPolicyCommand({ Bucket })),
});

export const bucketSettingKinds = [
  publicAccessBlock,
  ownershipControls,
  encryption,
  versioning,
  lifecycle,
  policy,
];
