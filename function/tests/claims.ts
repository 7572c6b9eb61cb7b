/** Claims that between them make every resource in every form. */
import { exampleClaims } from '../examples.ts';
import { claimOf, readClaim } from '../render.ts';
import type { Json } from '../src/objects.ts';

const examples = exampleClaims();

const base = { region: 'eu-west-1', workflow: { type: 'RecordFile' } };
const billing = { mode: 'Provisioned', read: { min: 1, max: 10 }, write: { min: 5, max: 500 } };
const key = 'arn:aws:kms:eu-west-1:111122223333:key/a';

const everything: Json = {
  dataRetention: 'Delete',
  permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/b',
  tags: { team: 'orders' },
  source: { prefix: 'in/', suffixes: ['.csv', '.txt'], expireAfterDays: 30, kmsKeyArn: key },
  table: { billing, kmsKeyArn: key, timeToLiveAttribute: 'expiresAt', deletionProtection: true },
  functions: { reservedConcurrency: 5 },
  observability: {
    logLevel: 'ALL',
    includeExecutionData: true,
    tracing: true,
    alarms: { enabled: true, topicArn: 'arn:aws:sns:eu-west-1:111122223333:oncall' },
  },
};

const variants: Record<string, Json> = {
  'all settings, Standard': { ...base, ...everything },
  'all settings, Express': { ...base, ...everything, workflow: { type: 'RecordFile', execution: 'Express' } },
  'all settings, Direct': {
    ...base,
    ...everything,
    observability: { tracing: true, alarms: { enabled: true } },
    workflow: { type: 'RecordFile', execution: 'Direct' },
  },
  'no state machine logs': { ...base, observability: { logLevel: 'OFF' } },
  'uploads by EventBridge': {
    ...base,
    source: { trigger: 'EventBridge', prefix: 'in/', suffixes: ['.csv'] },
  },
  'named things': {
    ...base,
    source: { bucketName: 'my-bucket' },
    table: { name: 'My.Table' },
    workflow: { type: 'RecordFile', name: 'my-machine' },
  },
  'gov cloud': { ...base, region: 'us-gov-west-1' },
  china: { ...base, region: 'cn-north-1' },
};

/** Every example and variant by its name. */
export const CLAIMS: Readonly<Record<string, Json>> = {
  ...Object.fromEntries(examples.map((path) => [path, readClaim(path)])),
  ...Object.fromEntries(Object.entries(variants).map(([name, spec]) => [name, claimOf(spec)])),
};
