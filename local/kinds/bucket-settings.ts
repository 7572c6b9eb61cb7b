/** Access, ownership, encryption, versioning, lifecycle, policy, CORS and notifications of a bucket: one managed resource each. */
import {
  BucketVersioningStatus,
  EncryptionType,
  Event,
  ExpirationStatus,
  type LambdaFunctionConfiguration,
  ObjectOwnership,
  type S3,
  ServerSideEncryption,
} from '@aws-sdk/client-s3';
import { blocks, choice, choices, type Fields, flag, needText, text } from '../fields.ts';
import { GROUPS, type Kind, reference } from './kind.ts';
import * as is from './mapping.ts';

interface Setting {
  kind: string;
  fields: readonly string[];
  defaults?: Fields;
  documents?: Kind['documents'];
  /** The name of the error by which S3 says that the bucket has no such setting. */
  absent?: string;
  get(s3: S3, Bucket: string): Promise<Fields | undefined>;
  put(s3: S3, Bucket: string, spec: Fields): Promise<unknown>;
  remove(s3: S3, Bucket: string): Promise<unknown>;
}

/** Each is put whole, so creating and updating are one; its external name and id are the bucket's name. */
function bucketSetting({
  kind,
  fields,
  defaults = {},
  documents = {},
  absent,
  get,
  put,
  remove,
}: Setting): Kind {
  const take = kind === 'BucketLifecycleConfiguration' ? 'externalName' : 'status.id';
  return {
    group: GROUPS.s3,
    kind,
    fields: ['region', 'bucket', ...fields],
    references: [reference('bucket', 's3', 'Bucket', take)],
    namedBy: 'provider',
    immutable: ['bucket'],
    defaults,
    documents,
    absent: ['NoSuchBucket', ...(absent ? [absent] : [])],
    async observe({ clients, name }) {
      const state = await get(clients.s3, name);
      return state && { state: { ...state, bucket: name }, atProvider: { id: name } };
    },
    async create({ clients, spec }) {
      const name = needText(spec, 'bucket');
      await put(clients.s3, name, spec);
      return name;
    },
    update: ({ clients, name, spec }) => put(clients.s3, name, spec),
    remove: ({ clients, name }) => remove(clients.s3, name),
  };
}

const ACCESS = is.mapping({
  BlockPublicAcls: is.flag('blockPublicAcls'),
  BlockPublicPolicy: is.flag('blockPublicPolicy'),
  IgnorePublicAcls: is.flag('ignorePublicAcls'),
  RestrictPublicBuckets: is.flag('restrictPublicBuckets'),
});

const publicAccessBlock = bucketSetting({
  kind: 'BucketPublicAccessBlock',
  fields: ACCESS.fields,
  defaults: Object.fromEntries(ACCESS.fields.map((field) => [field, false])),
  absent: 'NoSuchPublicAccessBlockConfiguration',
  async get(s3, Bucket) {
    const found = await s3.getPublicAccessBlock({ Bucket });
    return ACCESS.from(found.PublicAccessBlockConfiguration ?? {});
  },
  put: (s3, Bucket, spec) =>
    s3.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: ACCESS.to(spec) }),
  remove: (s3, Bucket) => s3.deletePublicAccessBlock({ Bucket }),
});

const OWNERSHIP = is.mapping({
  Rule: is.block('rule', { ObjectOwnership: is.choice(ObjectOwnership, 'objectOwnership') }),
});

const ownershipControls = bucketSetting({
  kind: 'BucketOwnershipControls',
  fields: OWNERSHIP.fields,
  absent: 'OwnershipControlsNotFoundError',
  async get(s3, Bucket) {
    const { OwnershipControls } = await s3.getBucketOwnershipControls({ Bucket });
    return OWNERSHIP.from({ Rule: OwnershipControls?.Rules?.[0] });
  },
  put(s3, Bucket, spec) {
    const { Rule } = OWNERSHIP.to(spec);
    const OwnershipControls = { Rules: Rule && [Rule] };
    return s3.putBucketOwnershipControls({ Bucket, OwnershipControls });
  },
  remove: (s3, Bucket) => s3.deleteBucketOwnershipControls({ Bucket }),
});

const BLOCKED_TYPES: is.Field<{ EncryptionType?: EncryptionType[] | undefined }> = {
  name: 'blockedEncryptionTypes',
  paths: ['blockedEncryptionTypes'],
  to(rule) {
    const types = choices(EncryptionType, rule, 'blockedEncryptionTypes');
    return types && { EncryptionType: types };
  },
  from: (types) => types?.EncryptionType,
};

const ENCRYPTION = is.mapping({
  Rules: is.blocks('rule', {
    ApplyServerSideEncryptionByDefault: is.block('applyServerSideEncryptionByDefault', {
      SSEAlgorithm: is.choice(ServerSideEncryption, 'sseAlgorithm'),
      KMSMasterKeyID: is.text('kmsMasterKeyId'),
    }),
    BucketKeyEnabled: is.flag('bucketKeyEnabled', false),
    BlockedEncryptionTypes: BLOCKED_TYPES,
  }),
});

const encryption = bucketSetting({
  kind: 'BucketServerSideEncryptionConfiguration',
  fields: ENCRYPTION.fields,
  absent: 'ServerSideEncryptionConfigurationNotFoundError',
  async get(s3, Bucket) {
    const found = await s3.getBucketEncryption({ Bucket });
    return ENCRYPTION.from(found.ServerSideEncryptionConfiguration ?? {});
  },
  put(s3, Bucket, spec) {
    const rules = ENCRYPTION.to(spec).Rules ?? [];
    const Rules = rules.map((rule) => ({ ...rule, BucketKeyEnabled: rule.BucketKeyEnabled ?? false }));
    const command = { Bucket, ServerSideEncryptionConfiguration: { Rules } };
    return s3.putBucketEncryption(command);
  },
  remove: (s3, Bucket) => s3.deleteBucketEncryption({ Bucket }),
});

const versioning = bucketSetting({
  kind: 'BucketVersioning',
  fields: ['versioningConfiguration.status'],
  async get(s3, Bucket) {
    const { Status } = await s3.getBucketVersioning({ Bucket });
    // A bucket that never had versioning has no status; the provider calls that Disabled.
    return { versioningConfiguration: { status: Status ?? 'Disabled' } };
  },
  put(s3, Bucket, spec) {
    const Status = choice(BucketVersioningStatus, spec, 'versioningConfiguration.status');
    return s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status } });
  },
  async remove(s3, Bucket) {
    const { Status } = await s3.getBucketVersioning({ Bucket });
    if (Status !== 'Enabled') return;
    const VersioningConfiguration = { Status: 'Suspended' } as const;
    await s3.putBucketVersioning({ Bucket, VersioningConfiguration });
  },
});

const LIFECYCLE = is.mapping({
  Rules: is.blocks('rule', {
    ID: is.text('id'),
    Status: is.choice(ExpirationStatus, 'status'),
    // S3 answers no prefix at all where an empty one was put.
    Filter: is.single('filter', { Prefix: is.text('prefix', '') }),
    Expiration: is.single('expiration', { Days: is.number('days') }),
    NoncurrentVersionExpiration: is.single('noncurrentVersionExpiration', {
      NoncurrentDays: is.number('noncurrentDays'),
    }),
    AbortIncompleteMultipartUpload: is.single('abortIncompleteMultipartUpload', {
      DaysAfterInitiation: is.number('daysAfterInitiation'),
    }),
  }),
});

const lifecycle = bucketSetting({
  kind: 'BucketLifecycleConfiguration',
  fields: LIFECYCLE.fields,
  absent: 'NoSuchLifecycleConfiguration',
  async get(s3, Bucket) {
    const { Rules = [] } = await s3.getBucketLifecycleConfiguration({ Bucket });
    return LIFECYCLE.from({ Rules: Rules.map(({ Filter = {}, ...rule }) => ({ ...rule, Filter })) });
  },
  put: (s3, Bucket, spec) =>
    s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: LIFECYCLE.to(spec) }),
  remove: (s3, Bucket) => s3.deleteBucketLifecycle({ Bucket }),
});

const policy = bucketSetting({
  kind: 'BucketPolicy',
  fields: ['policy'],
  documents: { policy: 'policy' },
  absent: 'NoSuchBucketPolicy',
  async get(s3, Bucket) {
    const { Policy } = await s3.getBucketPolicy({ Bucket });
    return { policy: Policy };
  },
  put: (s3, Bucket, spec) => s3.putBucketPolicy({ Bucket, Policy: needText(spec, 'policy') }),
  remove: (s3, Bucket) => s3.deleteBucketPolicy({ Bucket }),
});

const CORS = is.mapping({
  CORSRules: is.blocks('corsRule', {
    ID: is.text('id'),
    AllowedHeaders: is.texts('allowedHeaders'),
    AllowedMethods: is.texts('allowedMethods'),
    AllowedOrigins: is.texts('allowedOrigins'),
    MaxAgeSeconds: is.number('maxAgeSeconds'),
  }),
});

/** From which pages a browser may read and write a bucket. */
const cors = bucketSetting({
  kind: 'BucketCorsConfiguration',
  fields: CORS.fields,
  absent: 'NoSuchCORSConfiguration',
  get: async (s3, Bucket) => CORS.from(await s3.getBucketCors({ Bucket })),
  put: (s3, Bucket, spec) => s3.putBucketCors({ Bucket, CORSConfiguration: CORS.to(spec) }),
  remove: (s3, Bucket) => s3.deleteBucketCors({ Bucket }),
});

const CALL = is.mapping({
  Id: is.text('id'),
  LambdaFunctionArn: is.needText('lambdaFunctionArn'),
  Events: is.choices(Event, 'events'),
});

function toCall(rule: Fields): LambdaFunctionConfiguration {
  const FilterRules = (['prefix', 'suffix'] as const).flatMap((Name) => {
    const Value = text(rule, Name === 'prefix' ? 'filterPrefix' : 'filterSuffix');
    return Value ? [{ Name, Value }] : [];
  });
  return { ...CALL.to(rule), ...(FilterRules.length > 0 && { Filter: { Key: { FilterRules } } }) };
}

function fromCall(call: LambdaFunctionConfiguration): Fields {
  // S3 spells these names with a capital on the way back.
  const filter = (name: string) =>
    call.Filter?.Key?.FilterRules?.find((item) => item.Name?.toLowerCase() === name)?.Value ?? '';
  return { ...CALL.from(call), filterPrefix: filter('prefix'), filterSuffix: filter('suffix') };
}

/** What a bucket calls when objects come in. S3 keeps one configuration a bucket and takes it whole. */
const notification = bucketSetting({
  kind: 'BucketNotification',
  fields: [
    'eventbridge',
    ...[...CALL.fields, 'filterPrefix', 'filterSuffix'].map((field) => `lambdaFunction[].${field}`),
  ],
  defaults: { lambdaFunction: [], eventbridge: false },
  async get(s3, Bucket) {
    const found = await s3.getBucketNotificationConfiguration({ Bucket });
    const lambdaFunction = (found.LambdaFunctionConfigurations ?? []).map(fromCall);
    const eventbridge = found.EventBridgeConfiguration !== undefined;
    // Every bucket answers: one that notifies nobody has no notification.
    return lambdaFunction.length > 0 || eventbridge ? { lambdaFunction, eventbridge } : undefined;
  },
  put: (s3, Bucket, spec) =>
    s3.putBucketNotificationConfiguration({
      Bucket,
      NotificationConfiguration: {
        LambdaFunctionConfigurations: blocks(spec, 'lambdaFunction').map(toCall),
        ...(flag(spec, 'eventbridge') && { EventBridgeConfiguration: {} }),
      },
    }),
  remove: (s3, Bucket) => s3.putBucketNotificationConfiguration({ Bucket, NotificationConfiguration: {} }),
});

export const bucketSettingKinds = [
  publicAccessBlock,
  ownershipControls,
  encryption,
  versioning,
  lifecycle,
  policy,
  cors,
  notification,
];
