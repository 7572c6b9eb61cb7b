/**
 * Every change of a claim that takes a field away from something that stays: what was said is said no more, and has to be
 * gone. `withdrawals.test.ts` finds fields that are missing here; `e2e/field-ownership.engine.test.ts` tries each on an API
 * server, where another owner may keep a field.
 */

import { claimOf } from '../render.ts';
import { at, isObject, type Json } from '../src/objects.ts';

export interface Withdrawal {
  readonly why: string;
  readonly before: Json;
  readonly after: Json;
  /** Kind and path of what is emitted no more, lists and variables as one. */
  readonly gone: readonly string[];
}

const region = 'eu-west-1';
const key = `arn:aws:kms:${region}:111122223333:key/a`;
const topicArn = `arn:aws:sns:${region}:111122223333:oncall`;
const JWT = { type: 'JWT', issuer: 'https://login.example.com', audience: ['web'] };
const NONE = { type: 'None' };
const IAM = { type: 'IAM' };
const own = {
  name: 'parse',
  runtime: 'nodejs24.x',
  handler: 'index.handler',
  code: { bucket: 'orders-code', key: 'parse.zip', sha256: 'a'.repeat(64) },
};

const billing = { mode: 'Provisioned', read: { min: 1, max: 10 }, write: { min: 5, max: 50 } };
const scaledAndWatched = {
  source: { trigger: 'EventBridge' },
  table: { billing },
  observability: { alarms: { enabled: true } },
};

const recordFile = (spec: Json): Json => claimOf({ region, workflow: { type: 'RecordFile' }, ...spec });
const processImage = (settings: Json): Json =>
  claimOf({ region, workflow: { type: 'ProcessImage', processImage: settings } });
const runScript = (upload: Json, spec: Json = {}): Json =>
  claimOf({
    region,
    source: { upload },
    workflow: { type: 'RunScript', runScript: { network: { publicAddress: true } } },
    ...spec,
  });
const custom = (fields: Json): Json => {
  const definition = { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } };
  const functions = [{ ...own, ...fields }];
  return claimOf({ region, workflow: { type: 'Custom', custom: { definition, functions } } });
};

/** Paths of what a manifest says, lists and maps of names that people choose as one. */
function paths(value: unknown, path: string): string[] {
  if (Array.isArray(value)) {
    const inner = value.filter(isObject).flatMap((item) => paths(item, `${path}[]`));
    return inner.length > 0 ? inner : [path];
  }
  if (!isObject(value)) return [path];
  return Object.entries(value).flatMap(([name, inner]) =>
    paths(inner, path === '' ? name : `${path}.${name}`),
  );
}

/** Kind and path of all that a manifest says in its spec. */
export function said(manifest: Json | undefined): string[] {
  const forProvider = paths(at(manifest, 'spec', 'forProvider') ?? {}, '');
  const others = ['initProvider', 'managementPolicies'].flatMap((name) => {
    const value = at(manifest, 'spec', name);
    return value === undefined ? [] : paths(value, `spec.${name}`);
  });
  return [...new Set([...forProvider, ...others])].map((path) => `${manifest?.['kind']} ${path}`);
}

/** Kind and path of what is said before and not after, of resources that stay. */
export function taken(before: Record<string, Json>, after: Record<string, Json>): string[] {
  const found = Object.entries(before).flatMap(([key, manifest]) => {
    const now = after[key];
    if (!now) return [];
    const kept = new Set(said(now));
    return said(manifest).filter((path) => !kept.has(path));
  });
  return [...new Set(found)].sort();
}

export const WITHDRAWALS: readonly Withdrawal[] = [
  {
    why: 'a permissions boundary',
    before: recordFile({ permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/b' }),
    after: recordFile({}),
    gone: ['Role permissionsBoundary'],
  },
  {
    why: 'prefix and suffixes',
    before: recordFile({ source: { prefix: 'in/', suffixes: ['.csv', '.json'] } }),
    after: recordFile({}),
    gone: [
      'BucketNotification lambdaFunction[].filterPrefix',
      'BucketNotification lambdaFunction[].filterSuffix',
    ],
  },
  {
    why: 'the notification, for EventBridge',
    before: recordFile({ source: { prefix: 'in/' } }),
    after: recordFile({ source: { prefix: 'in/', trigger: 'EventBridge' } }),
    gone: [
      'BucketNotification lambdaFunction[].events',
      'BucketNotification lambdaFunction[].filterPrefix',
      'BucketNotification lambdaFunction[].id',
      'BucketNotification lambdaFunction[].lambdaFunctionArn',
    ],
  },
  {
    why: 'a key of the bucket',
    before: recordFile({ source: { kmsKeyArn: key } }),
    after: recordFile({}),
    gone: [
      'BucketServerSideEncryptionConfiguration rule[].applyServerSideEncryptionByDefault.kmsMasterKeyId',
      'BucketServerSideEncryptionConfiguration rule[].bucketKeyEnabled',
    ],
  },
  {
    why: 'an expiry',
    before: recordFile({ source: { expireAfterDays: 30 }, table: { timeToLiveAttribute: 'expiresAt' } }),
    after: recordFile({ table: { timeToLiveAttribute: 'expiresAt' } }),
    gone: [
      'BucketLifecycleConfiguration rule[].expiration[].days',
      'BucketLifecycleConfiguration rule[].noncurrentVersionExpiration[].noncurrentDays',
      'Function environment.variables.EXPIRE_AFTER_DAYS',
    ],
  },
  {
    why: 'reserved concurrency',
    before: recordFile({ functions: { reservedConcurrency: 5 } }),
    after: recordFile({}),
    gone: ['Function reservedConcurrentExecutions'],
  },
  {
    why: 'the topic of the alarms',
    before: recordFile({ observability: { alarms: { enabled: true, topicArn } } }),
    after: recordFile({ observability: { alarms: { enabled: true } } }),
    gone: ['MetricAlarm alarmActions', 'MetricAlarm okActions'],
  },
  {
    why: 'logs and traces of the state machine',
    before: recordFile({ observability: { logLevel: 'ALL', includeExecutionData: true, tracing: true } }),
    after: recordFile({ observability: { logLevel: 'OFF' } }),
    gone: ['StateMachine loggingConfiguration.logDestination'],
  },
  {
    why: 'provisioned capacity',
    before: recordFile({ table: { billing } }),
    after: recordFile({}),
    gone: ['Table spec.initProvider.readCapacity', 'Table spec.initProvider.writeCapacity'],
  },
  {
    why: 'retention, so that the data goes with the claim',
    before: recordFile({}),
    after: recordFile({ dataRetention: 'Delete' }),
    gone: [
      'BucketLifecycleConfiguration spec.managementPolicies',
      'BucketOwnershipControls spec.managementPolicies',
      'BucketPolicy spec.managementPolicies',
      'BucketPublicAccessBlock spec.managementPolicies',
      'BucketServerSideEncryptionConfiguration spec.managementPolicies',
      'BucketVersioning spec.managementPolicies',
    ],
  },
  {
    why: 'a tag',
    before: runScript({ authorization: JWT }, { tags: { team: 'orders', cost: '7' } }),
    after: runScript({ authorization: JWT }, { tags: { team: 'orders' } }),
    gone: [
      'API tags.cost',
      'Bucket tags.cost',
      'EventSourceMapping tags.cost',
      'Function tags.cost',
      'Group tags.cost',
      'InstanceProfile tags.cost',
      'LaunchTemplate tagSpecifications[].tags.cost',
      'LaunchTemplate tags.cost',
      'Queue tags.cost',
      'Role tags.cost',
      'SecurityGroup tags.cost',
      'SecurityGroupEgressRule tags.cost',
      'Stage tags.cost',
      'Table tags.cost',
    ],
  },
  {
    why: 'a tag of what else takes tags',
    before: recordFile({ ...scaledAndWatched, tags: { team: 'orders', cost: '7' } }),
    after: recordFile({ ...scaledAndWatched, tags: { team: 'orders' } }),
    gone: [
      'Bucket tags.cost',
      'Function tags.cost',
      'Group tags.cost',
      'MetricAlarm tags.cost',
      'Queue tags.cost',
      'Role tags.cost',
      'Rule tags.cost',
      'StateMachine tags.cost',
      'Table tags.cost',
      'Target tags.cost',
    ],
  },
  {
    why: 'all origins of other pages',
    before: runScript({ authorization: NONE, allowedOrigins: ['https://a.example', 'https://b.example'] }),
    after: runScript({ authorization: NONE }),
    gone: [
      'API corsConfiguration.allowHeaders',
      'API corsConfiguration.allowMethods',
      'API corsConfiguration.allowOrigins',
      'API corsConfiguration.maxAge',
    ],
  },
  {
    why: 'one origin of two',
    before: runScript({ authorization: NONE, allowedOrigins: ['https://a.example', 'https://b.example'] }),
    after: runScript({ authorization: NONE, allowedOrigins: ['https://b.example'] }),
    gone: [],
  },
  {
    why: 'content types',
    before: runScript({ authorization: NONE, contentTypes: ['text/csv'] }),
    after: runScript({ authorization: NONE }),
    gone: ['Function environment.variables.CONTENT_TYPES'],
  },
  {
    why: 'tokens, for signed requests',
    before: runScript({ authorization: JWT, allowedOrigins: ['https://a.example'] }),
    after: runScript({ authorization: IAM, allowedOrigins: ['https://a.example'] }),
    gone: ['Route authorizerId'],
  },
  {
    why: 'tokens, for anyone',
    before: runScript({ authorization: JWT }),
    after: runScript({ authorization: NONE }),
    gone: ['Route authorizerId'],
  },
  {
    why: 'a prefix for files that are no images',
    before: processImage({ otherFiles: 'Quarantine' }),
    after: processImage({ otherFiles: 'Keep' }),
    gone: ['Function environment.variables.QUARANTINE_PREFIX'],
  },
  {
    why: 'all variables of a function of one’s own',
    before: custom({ environment: { TABLE: 'x', LEVEL: 'debug' } }),
    after: custom({}),
    gone: ['Function environment.variables.LEVEL', 'Function environment.variables.TABLE'],
  },
  {
    why: 'one variable of a function of one’s own',
    before: custom({ environment: { TABLE: 'x', LEVEL: 'debug' } }),
    after: custom({ environment: { LEVEL: 'debug' } }),
    gone: ['Function environment.variables.TABLE'],
  },
];
