/** Changes of what cannot be changed. */
import type { Json } from '../../function/src/objects.ts';
import {
  type ChangeRow,
  change,
  custom,
  processImage,
  type Refusal,
  runScript,
  SMALLEST_OF,
} from './refusal.ts';

const workflow = (fields: Json): Json => ({ workflow: { type: 'RecordFile', ...fields } });
const credentials = (name: string): Json => ({ providerConfigRef: { name } });
const bucket = (bucketName: string): Json => ({ source: { bucketName } });
const table = (name: string): Json => ({ table: { name } });
const key = (partitionKey: string): Json => ({ table: { partitionKey } });
const timeToLive = (timeToLiveAttribute: string): Json => ({ table: { timeToLiveAttribute } });

const destination = (bucketName: string): Json => processImage({ destination: { bucketName } });
const network = (vpcId: string): Json => runScript({ network: { vpcId, subnetId: 'subnet-0a1b2c3d' } });
const imageUri = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/parse:1';
const zip = {
  runtime: 'nodejs24.x',
  handler: 'index.handler',
  code: { bucket: 'orders-code', key: 'parse.zip', sha256: 'a'.repeat(64) },
};
const parse = (fields: Json): Json => custom({ functions: [{ name: 'parse', ...fields }] });

const noCredentials =
  'providerConfigRef must not be changed, since what was made stays in the old account. Create another FileIngestPipeline.';
const noBucket =
  'bucketName must not be changed, added or removed. Create another FileIngestPipeline for another bucket.';
const noExecution =
  'execution must not be changed, since what is in flight would be lost. Create another FileIngestPipeline.';
const noMachine = 'name must not be changed, added or removed. Create another FileIngestPipeline.';
const noTable =
  'name must not be changed, added or removed. Create another FileIngestPipeline for another table.';
const noKey = 'table.partitionKey must not be changed. Create another FileIngestPipeline for another table.';
const noType = 'type must not be changed. Create another FileIngestPipeline.';
const noDestination =
  'processImage.destination.bucketName must not be changed, added or removed. Create another FileIngestPipeline for another bucket.';
const noNetwork = 'network.vpcId must not be changed, added or removed. Create another FileIngestPipeline.';
const noTrigger = 'trigger must not be changed. Create another FileIngestPipeline.';
const noOtherCode = 'a function must not change between code and imageUri. Add a function of another name.';
const noTimeToLive = 'timeToLiveAttribute must not be changed or removed once it is set. Set it back.';

const rows: ChangeRow[] = [
  [
    'another region',
    {},
    { region: 'eu-central-1' },
    'spec.region:',
    'region must not be changed. Create another FileIngestPipeline in the new region.',
  ],
  ['other credentials', {}, credentials('other'), 'spec.providerConfigRef:', noCredentials],
  ['the default credentials again', credentials('other'), {}, 'spec.providerConfigRef:', noCredentials],
  ['another bucket', bucket('orders-one'), bucket('orders-two'), 'spec.source:', noBucket],
  ['a bucket name given later', {}, bucket('orders-two'), 'spec.source:', noBucket],
  ['a bucket name taken away', bucket('orders-one'), {}, 'spec.source:', noBucket],
  ['Standard to Express', {}, workflow({ execution: 'Express' }), 'spec.workflow:', noExecution],
  [
    'Express to Direct',
    workflow({ execution: 'Express' }),
    workflow({ execution: 'Direct' }),
    'spec.workflow:',
    noExecution,
  ],
  ['Direct to the default', workflow({ execution: 'Direct' }), {}, 'spec.workflow:', noExecution],
  [
    'another state machine',
    workflow({ name: 'one' }),
    workflow({ name: 'two' }),
    'spec.workflow:',
    noMachine,
  ],
  ['a state machine name given later', {}, workflow({ name: 'two' }), 'spec.workflow:', noMachine],
  ['a state machine name taken away', workflow({ name: 'one' }), {}, 'spec.workflow:', noMachine],
  ['another table', table('one'), table('two'), 'spec.table:', noTable],
  ['a table name given later', {}, table('two'), 'spec.table:', noTable],
  ['a table name taken away', table('one'), {}, 'spec.table:', noTable],
  ['another partition key', key('one'), key('two'), 'spec:', noKey],
  ['a partition key other than the default', {}, key('two'), 'spec:', noKey],
  ['the default partition key again', key('one'), {}, 'spec:', noKey],
  ['another time to live', timeToLive('one'), timeToLive('two'), 'spec.table:', noTimeToLive],
  ['a time to live taken away', timeToLive('one'), {}, 'spec.table:', noTimeToLive],
  [
    'a table key taken away',
    { table: { kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/files' } },
    {},
    'spec.table:',
    'kmsKeyArn must not be removed once it is set, only changed. Set it back, or to another key.',
  ],
  ['files to images', {}, SMALLEST_OF.ProcessImage, 'spec.workflow.type:', noType],
  [
    'messages to a workflow of your own',
    SMALLEST_OF.RecordMessage,
    SMALLEST_OF.Custom,
    'spec.workflow.type:',
    noType,
  ],
  [
    'images from Express, the default, to Standard',
    SMALLEST_OF.ProcessImage,
    { workflow: { type: 'ProcessImage', execution: 'Standard' } },
    'spec.workflow:',
    noExecution,
  ],
  [
    'another partition key for messages than the default',
    SMALLEST_OF.RecordMessage,
    { ...SMALLEST_OF.RecordMessage, ...key('two') },
    'spec:',
    noKey,
  ],
  [
    'another destination bucket',
    destination('images-one'),
    destination('images-two'),
    'spec.workflow:',
    noDestination,
  ],
  [
    'a destination bucket given later',
    processImage({ width: 200 }),
    destination('images-two'),
    'spec.workflow:',
    noDestination,
  ],
  [
    'a destination bucket given later, with the first image settings',
    SMALLEST_OF.ProcessImage,
    destination('images-two'),
    'spec.workflow:',
    noDestination,
  ],
  [
    'a destination bucket taken away',
    destination('images-one'),
    processImage({}),
    'spec.workflow:',
    noDestination,
  ],
  [
    'a destination bucket taken away, with all image settings',
    destination('images-one'),
    SMALLEST_OF.ProcessImage,
    'spec.workflow:',
    noDestination,
  ],
  ['another VPC', network('vpc-0a1b2c3d'), network('vpc-4e5f6a7b'), 'spec.workflow.runScript:', noNetwork],
  [
    'a VPC given later',
    SMALLEST_OF.RunScript,
    network('vpc-0a1b2c3d'),
    'spec.workflow.runScript:',
    noNetwork,
  ],
  ['a VPC taken away', network('vpc-0a1b2c3d'), SMALLEST_OF.RunScript, 'spec.workflow.runScript:', noNetwork],
  [
    'uploads no longer taken',
    custom({}),
    custom({ trigger: 'None' }),
    'spec.workflow.custom.trigger:',
    noTrigger,
  ],
  [
    'uploads taken later',
    custom({ trigger: 'None' }),
    custom({ trigger: 'Upload' }),
    'spec.workflow.custom.trigger:',
    noTrigger,
  ],
  [
    'a function from zip to image',
    parse(zip),
    custom({
      functions: [
        { name: 'first', imageUri },
        { name: 'parse', imageUri },
      ],
    }),
    'spec.workflow.custom.functions[1]:',
    noOtherCode,
  ],
  [
    'a function from image to zip',
    parse({ imageUri }),
    parse(zip),
    'spec.workflow.custom.functions[0]:',
    noOtherCode,
  ],
];

export const CHANGES: readonly Refusal[] = rows.map(change);
