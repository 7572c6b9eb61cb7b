/** Mistakes in what goes with which workflow type, which the rules of the XRD know. */
import type { Json } from '../../function/src/objects.ts';
import {
  creation,
  custom,
  customFunction,
  processImage,
  type Refusal,
  type Row,
  runScript,
  SMALLEST_OF,
  upload,
} from './refusal.ts';

const source = (type: keyof typeof SMALLEST_OF, fields: Json): Json => ({
  ...SMALLEST_OF[type],
  source: fields,
});
const scripted = (fields: Json): Json => ({
  ...SMALLEST_OF.RunScript,
  source: { ...SMALLEST_OF.RunScript.source, ...fields },
});
const table = (type: keyof typeof SMALLEST_OF, fields: Json): Json => ({
  ...SMALLEST_OF[type],
  table: fields,
});
const FUNCTION = 'spec.workflow.custom.functions[0]';
const code = { bucket: 'orders-code', key: 'parse.zip', sha256: 'a'.repeat(64) };
const image = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/parse:1';

const noFiles =
  'source must not be set with type RecordMessage, nor with type Custom and trigger None, since they take no files. Remove all that is set in source.';
const noUpload =
  'source.upload must be set with type RunScript, and with no other type. Add source.upload with authorization, or remove it.';
const noFilter =
  'source.prefix and source.suffixes must not be set with type RunScript, which names its files itself. Remove them, and limit what is taken with source.upload.contentTypes.';
const noData =
  'observability.includeExecutionData must be false with execution Direct and with type RunScript, which make no state machine. Remove it.';
const direct =
  'execution must not be Direct with another type than RecordFile. Set Standard or Express, or remove it.';
const noMachine =
  'execution and name must not be set with type RunScript, which makes no state machine. Remove them.';
const jwt =
  'issuer and audience must both be set with type JWT, and neither with another type. Add the missing one, or remove them.';
const keyTaken =
  'table.partitionKey must not be the name of an attribute that each item has anyway. Choose another name, or remove it.';
const timeTaken =
  'table.timeToLiveAttribute must not be the name of an attribute that each item has anyway. Choose another name, such as expiresAt.';
const sameAttribute =
  'table.timeToLiveAttribute must differ from table.partitionKey. Name another attribute for the time to live.';
const bucketName =
  'the destination must not have a bucketName that starts or ends with what S3 keeps for itself (xn--, sthree-, amzn-s3-demo-, -s3alias, --ol-s3, --x-s3, --table-s3). Choose another name.';
const oneCode = 'a function must have either code or imageUri. Set one of them.';
const withCode =
  'runtime and handler must both be set with code, and neither with imageUri. Add the missing one, or remove them beside imageUri.';
const kept =
  'a function must not have a name that the pipeline gives to something of its own, such as start-workflow, bucket, table or notification, nor one that ends in -role, -policy, -logs or -alarm. Rename the function.';
const variable =
  'the name of a variable must have at least two letters, digits and underscores, must start with a letter, and must not start with AWS_ or LAMBDA_. Rename the variable.';

const rows: Row[] = [
  [
    'an upload API for files that S3 takes',
    source('RecordFile', SMALLEST_OF.RunScript.source),
    'spec:',
    noUpload,
  ],
  ['a script without an upload API', { workflow: SMALLEST_OF.RunScript.workflow }, 'spec:', noUpload],
  ['a bucket for messages', source('RecordMessage', { bucketName: 'orders' }), 'spec:', noFiles],
  ['a prefix for messages', source('RecordMessage', { prefix: 'incoming/' }), 'spec:', noFiles],
  ['versions of messages', source('RecordMessage', { versioning: false }), 'spec:', noFiles],
  [
    'files for a workflow that takes none',
    { ...custom({ trigger: 'None' }), source: { suffixes: ['.csv'] } },
    'spec:',
    noFiles,
  ],
  [
    'files that expire for a workflow that takes none',
    { ...custom({ trigger: 'None' }), source: { expireAfterDays: 30 } },
    'spec:',
    noFiles,
  ],
  [
    'a key for the files of a workflow that takes none',
    {
      ...custom({ trigger: 'None' }),
      source: { kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/files' },
    },
    'spec:',
    noFiles,
  ],
  ['a prefix for uploads by browsers', scripted({ prefix: 'incoming/' }), 'spec:', noFilter],
  ['suffixes for uploads by browsers', scripted({ suffixes: ['.csv'] }), 'spec:', noFilter],
  [
    'images without versions',
    source('ProcessImage', { versioning: false }),
    'spec:',
    'source.versioning must be true with type ProcessImage, which deletes each file once it is done, and without versions could delete a newer one. Remove source.versioning, or set it to true.',
  ],
  [
    'one bucket for images in and out',
    { ...processImage({ destination: { bucketName: 'my-images' } }), source: { bucketName: 'my-images' } },
    'spec:',
    'workflow.processImage.destination.bucketName must differ from source.bucketName, or each small image would be taken for a new file. Name another bucket.',
  ],
  [
    'too little memory for images',
    { ...SMALLEST_OF.ProcessImage, functions: { memoryMB: 256 } },
    'spec:',
    'functions.memoryMB must be 512 or more with type ProcessImage, which resizes large images. Set 512 or more, or remove it.',
  ],
  [
    'execution data of a script',
    { ...SMALLEST_OF.RunScript, observability: { includeExecutionData: true } },
    'spec:',
    noData,
  ],
  [
    'messages without a state machine',
    { workflow: { type: 'RecordMessage', execution: 'Direct' } },
    'spec.workflow:',
    direct,
  ],
  [
    'images without a state machine',
    { workflow: { type: 'ProcessImage', execution: 'Direct' } },
    'spec.workflow:',
    direct,
  ],
  [
    'an execution for a script',
    {
      ...SMALLEST_OF.RunScript,
      workflow: { ...SMALLEST_OF.RunScript.workflow, execution: 'Standard' },
    },
    'spec.workflow:',
    noMachine,
  ],
  [
    'a state machine name for a script',
    { ...SMALLEST_OF.RunScript, workflow: { ...SMALLEST_OF.RunScript.workflow, name: 'append' } },
    'spec.workflow:',
    noMachine,
  ],
  [
    'image settings for files',
    { workflow: { type: 'RecordFile', processImage: { width: 200 } } },
    'spec.workflow:',
    'processImage must not be set with another type than ProcessImage. Remove it, or set type to ProcessImage.',
  ],
  [
    'a script type without its settings',
    { source: SMALLEST_OF.RunScript.source, workflow: { type: 'RunScript' } },
    'spec.workflow:',
    'runScript must be set with type RunScript, and with no other type. Add runScript with network, or remove it.',
  ],
  [
    'script settings for files',
    { workflow: { ...SMALLEST_OF.RunScript.workflow, type: 'RecordFile' } },
    'spec.workflow:',
    'runScript must be set with type RunScript, and with no other type. Add runScript with network, or remove it.',
  ],
  [
    'a custom type without its settings',
    { workflow: { type: 'Custom' } },
    'spec.workflow:',
    'custom must be set with type Custom, and with no other type. Add custom with definition, or remove it.',
  ],
  [
    'custom settings for messages',
    { workflow: { ...SMALLEST_OF.Custom.workflow, type: 'RecordMessage' } },
    'spec.workflow:',
    'custom must be set with type Custom, and with no other type. Add custom with definition, or remove it.',
  ],
  [
    'a token without its audience',
    upload({ authorization: { type: 'JWT', issuer: 'https://login.example.com' } }),
    'spec.source.upload.authorization:',
    jwt,
  ],
  [
    'a token without its issuer',
    upload({ authorization: { type: 'JWT', audience: ['uploads'] } }),
    'spec.source.upload.authorization:',
    jwt,
  ],
  [
    'an issuer for signed requests',
    upload({ authorization: { type: 'IAM', issuer: 'https://login.example.com' } }),
    'spec.source.upload.authorization:',
    jwt,
  ],
  ['a partition key of messages', table('RecordMessage', { partitionKey: 'Timestamp' }), 'spec:', keyTaken],
  ['a partition key of images', table('ProcessImage', { partitionKey: 'resizedKey' }), 'spec:', keyTaken],
  ['a partition key of refusals', table('ProcessImage', { partitionKey: 'rejected' }), 'spec:', keyTaken],
  ['a partition key of uploads', table('RunScript', { partitionKey: 'status' }), 'spec:', keyTaken],
  [
    'a time to live of messages',
    table('RecordMessage', { timeToLiveAttribute: 'Message' }),
    'spec:',
    timeTaken,
  ],
  ['a time to live of images', table('ProcessImage', { timeToLiveAttribute: 'width' }), 'spec:', timeTaken],
  [
    'a time to live of refusals',
    table('ProcessImage', { timeToLiveAttribute: 'rejected' }),
    'spec:',
    timeTaken,
  ],
  ['a time to live of uploads', table('RunScript', { timeToLiveAttribute: 'deadline' }), 'spec:', timeTaken],
  [
    'the default partition key for the time to live of messages',
    table('RecordMessage', { timeToLiveAttribute: 'id' }),
    'spec:',
    sameAttribute,
  ],
  [
    'the default partition key for the time to live of images',
    table('ProcessImage', { timeToLiveAttribute: 'Filename' }),
    'spec:',
    sameAttribute,
  ],
  [
    'two layers',
    processImage({
      layerArn: 'arn:aws:lambda:eu-west-1:111122223333:layer:sharp:1',
      layer: { bucket: 'platform-layers', key: 'sharp-arm64.zip' },
    }),
    'spec.workflow.processImage:',
    'layerArn and layer must not both be set, since each says where sharp is. Remove one of them.',
  ],
  [
    'a quarantine that is never used',
    processImage({ quarantinePrefix: 'other/' }),
    'spec.workflow.processImage:',
    'quarantinePrefix must not be set without otherFiles Quarantine. Set otherFiles to Quarantine, or remove quarantinePrefix.',
  ],
  [
    'a destination bucket in punycode',
    processImage({ destination: { bucketName: 'xn--bcher-kva' } }),
    'spec.workflow.processImage.destination.bucketName:',
    bucketName,
  ],
  [
    'two scripts',
    runScript({ script: 'true', scriptLocation: { bucket: 'my-scripts', key: 'append.sh' } }),
    'spec.workflow.runScript:',
    'script and scriptLocation must not both be set, since one script is run. Remove one of them.',
  ],
  [
    'a VPC without a subnet',
    runScript({ network: { vpcId: 'vpc-0a1b2c3d', publicAddress: true } }),
    'spec.workflow.runScript.network:',
    'vpcId and subnetId must be set together. Add the missing one, or remove both for the default VPC.',
  ],
  [
    'a subnet without its VPC',
    runScript({ network: { subnetId: 'subnet-0a1b2c3d' } }),
    'spec.workflow.runScript.network:',
    'vpcId and subnetId must be set together. Add the missing one, or remove both for the default VPC.',
  ],
  [
    'a virtual machine without a way out',
    runScript({ network: {} }),
    'spec.workflow.runScript.network:',
    'a virtual machine must have a subnet or a public address, or it would not reach S3 from the default VPC. Set vpcId and subnetId, or set publicAddress to true.',
  ],
  ['a function without code', custom({ functions: [{ name: 'parse' }] }), `${FUNCTION}:`, oneCode],
  ['a function with a zip and an image', customFunction({ imageUri: image }), `${FUNCTION}:`, oneCode],
  [
    'a zip without its runtime',
    custom({ functions: [{ name: 'parse', handler: 'index.handler', code }] }),
    `${FUNCTION}:`,
    withCode,
  ],
  [
    'a zip without its handler',
    custom({ functions: [{ name: 'parse', runtime: 'nodejs24.x', code }] }),
    `${FUNCTION}:`,
    withCode,
  ],
  [
    'a handler for an image',
    custom({ functions: [{ name: 'parse', imageUri: image, handler: 'index.handler' }] }),
    `${FUNCTION}:`,
    withCode,
  ],
  [
    'a function with the name of another',
    customFunction({ name: 'start-workflow' }),
    `${FUNCTION}.name:`,
    kept,
  ],
  ['a function named notification', customFunction({ name: 'notification' }), `${FUNCTION}.name:`, kept],
  // The state machine's role has this name.
  ['a function named workflow', customFunction({ name: 'workflow' }), `${FUNCTION}.name:`, kept],
  ['a function named after a role', customFunction({ name: 'parse-role' }), `${FUNCTION}.name:`, kept],
  [
    'an environment variable of Lambda',
    customFunction({ environment: { AWS_REGION: 'eu-west-1' } }),
    `${FUNCTION}.environment:`,
    variable,
  ],
  [
    "an environment variable of Lambda's runtime",
    customFunction({ environment: { LAMBDA_TASK_ROOT: '/opt' } }),
    `${FUNCTION}.environment:`,
    variable,
  ],
  [
    'an environment variable with a dash',
    customFunction({ environment: { 'TABLE-NAME': 'orders' } }),
    `${FUNCTION}.environment:`,
    variable,
  ],
  [
    'an environment variable of one letter',
    customFunction({ environment: { N: '1' } }),
    `${FUNCTION}.environment:`,
    variable,
  ],
];

export const TYPE_RULES: readonly Refusal[] = rows.map((row) => creation('rule', row));
