/**
 * RunScript: a browser announces a file to the upload API, which writes a row, and uploads the file to the bucket. By the table's stream,
 * the row then starts a virtual machine, which runs a script on the file and terminates itself.
 */
import { INPUT_PREFIX, OUTPUT_PREFIX } from '../../../lambda/shared/upload-row.ts';
import type { Context } from '../context.ts';
import { specError } from '../errors.ts';
import type { PipelineSpec } from '../generated/api.ts';
import { allow, literal, type Statement, useBucketKey, useTableKey } from '../iam.ts';
import { type Arns, bucketArn, pipelineName } from '../names.ts';
import { schedule } from '../resources/schedule.ts';
import { SCRIPT_OBJECT, script, scriptOf } from '../resources/script.ts';
import { readStream, stream } from '../resources/stream.ts';
import { UPLOAD_API, uploadApi } from '../resources/upload-api.ts';
import { machine, type RunScript, VM_TEMPLATE } from '../resources/vm.ts';
import { launchMachines, terminateMachines } from '../resources/vm-permissions.ts';
import type { FunctionPlan, Workflow } from '../workflow.ts';
import { expiry } from './parts.ts';

type Upload = NonNullable<PipelineSpec['source']['upload']>;

/** The pattern of instance types with AWS's own processors: they have a g after the generation, such as t4g, c7gn, im4gn. */
const ARM = /^[a-z]+\d+g[a-z]*[.]/;

/** The two blocks that the type needs. The schema requires them. */
function settings({ spec }: Context): { upload: Upload; runScript: RunScript } {
  const { upload } = spec.source;
  const { runScript } = spec.workflow;
  if (!upload) {
    throw specError('spec.source.upload', null, 'is what type RunScript needs. Add it with authorization.');
  }
  if (!runScript) {
    throw specError('spec.workflow.runScript', null, 'is what type RunScript needs. Add it with network.');
  }
  const { architecture, instanceType } = runScript;
  const found = instanceType === undefined ? architecture : ARM.test(instanceType) ? 'arm64' : 'x86_64';
  if (found !== architecture) {
    throw specError(
      'spec.workflow.runScript.instanceType',
      instanceType,
      `is of architecture ${found}, and the machine image of ${architecture}. Change one of them.`,
    );
  }
  return { upload, runScript };
}

const tableEnvironment = ({ names, spec }: Context) => ({
  TABLE_NAME: names.table,
  PARTITION_KEY: spec.table.partitionKey,
});

/** The environment variables for the expiry of rows. */
function expiryEnvironment(context: Context): Record<string, string> {
  const expires = expiry(context);
  return expires ? { TTL_ATTRIBUTE: expires.attribute, EXPIRE_AFTER_DAYS: String(expires.days) } : {};
}

/** Allows calls on the table, and the use of its KMS key if it has one. */
function useTable({ spec }: Context, arns: Arns, ...calls: string[]): Statement[] {
  const { kmsKeyArn } = spec.table;
  return [
    allow(
      'UseTable',
      calls.map((call) => `dynamodb:${call}`),
      [arns.table],
    ),
    ...(kmsKeyArn !== undefined ? [useTableKey(kmsKeyArn, spec.region)] : []),
  ];
}

/** Allows reading and writing the bucket, each with its prefix, and the use of its KMS key if it has one. */
function useBucket({ names, spec }: Context, read: string, write: string): Statement[] {
  const objects = (prefix: string) => [`${bucketArn(spec.region, names.bucket)}/${prefix}*`];
  const { kmsKeyArn } = spec.source;
  return [
    allow('ReadFiles', ['s3:GetObject'], objects(read)),
    allow('WriteFiles', ['s3:PutObject'], objects(write)),
    ...(kmsKeyArn !== undefined ? [useBucketKey(kmsKeyArn, spec.region)] : []),
  ];
}

/** The function of the upload API. S3 allows a request that it signed only if its own role has the permission. */
function uploadFunction(context: Context, upload: Upload): FunctionPlan {
  const { contentTypes } = upload;
  return {
    key: UPLOAD_API,
    code: { handler: 'upload-api' },
    invocation: 'Call',
    description: 'Announces uploads and tells their state',
    environment: () => ({
      ...tableEnvironment(context),
      BUCKET: context.names.bucket,
      MAX_SIZE_BYTES: String(upload.maxSizeMB * 1024 * 1024),
      EXPIRES_SECONDS: String(upload.expiresSeconds),
      AUTHORIZATION: upload.authorization.type,
      ...(contentTypes && { CONTENT_TYPES: contentTypes.join(',') }),
      ...expiryEnvironment(context),
    }),
    statements: (arns) => [
      ...useTable(context, arns, 'PutItem', 'GetItem'),
      ...useBucket(context, OUTPUT_PREFIX, INPUT_PREFIX),
    ],
  };
}

function markFunction(context: Context): FunctionPlan {
  return {
    key: 'mark-uploaded',
    code: { handler: 'mark-uploaded' },
    invocation: 'Event',
    description: 'Marks the row of each uploaded file',
    environment: () => ({
      ...tableEnvironment(context),
      PREFIX: INPUT_PREFIX,
      ...expiryEnvironment(context),
    }),
    statements: (arns) => useTable(context, arns, 'UpdateItem'),
  };
}

function launchFunction(context: Context, runScript: RunScript): FunctionPlan {
  const { bucket, key } = scriptOf(context, runScript);
  return {
    key: 'launch-instance',
    code: { handler: 'launch-instance' },
    invocation: 'Stream',
    description: 'Starts a virtual machine for each uploaded file',
    // A batch has several launches, and each can wait for services that do not answer: see ec2ClientConfig.
    timeoutSeconds: 240,
    environment: () => ({
      ...tableEnvironment(context),
      LAUNCH_TEMPLATE: context.names.of('launchTemplate', 'vm'),
      PIPELINE: pipelineName(context.identity),
      BUCKET: context.names.bucket,
      SCRIPT_BUCKET: bucket,
      SCRIPT_KEY: key,
      TIMEOUT_MINUTES: String(runScript.timeoutMinutes),
    }),
    statements: (arns) => [
      ...useTable(context, arns, 'GetItem', 'UpdateItem'),
      ...readStream(arns),
      ...launchMachines(context, runScript, arns),
    ],
  };
}

function sweepFunction(context: Context, runScript: RunScript): FunctionPlan {
  return {
    key: 'sweep-instances',
    code: { handler: 'sweep-instances' },
    invocation: 'Event',
    description: 'Ends what ran out of time',
    // It reads the whole table, and runs again after the same time.
    timeoutSeconds: 300,
    environment: () => ({
      ...tableEnvironment(context),
      PIPELINE: pipelineName(context.identity),
      TIMEOUT_MINUTES: String(runScript.timeoutMinutes),
    }),
    statements: (arns) => [
      ...useTable(context, arns, 'Scan', 'GetItem', 'UpdateItem'),
      ...terminateMachines(context, arns),
    ],
  };
}

/** The permissions of a virtual machine: only what its script and user data need. */
function machineStatements(context: Context, runScript: RunScript, arns: Arns): Statement[] {
  const { bucket, key } = scriptOf(context, runScript);
  return [
    ...useTable(context, arns, 'UpdateItem'),
    ...useBucket(context, INPUT_PREFIX, OUTPUT_PREFIX),
    allow(
      'ReadScript',
      ['s3:GetObject'],
      [`${bucketArn(context.spec.region, literal(bucket))}/${literal(key)}`],
    ),
  ];
}

export const runScript: Workflow = {
  type: 'RunScript',
  plan: (context) => {
    const { upload, runScript } = settings(context);
    const ownScript = script(context, runScript);
    return {
      functions: [
        uploadFunction(context, upload),
        markFunction(context),
        launchFunction(context, runScript),
        sweepFunction(context, runScript),
      ],
      stream: true,
      upload: {
        function: 'mark-uploaded',
        prefix: INPUT_PREFIX,
        // Not the event source mapping, which waits for the queue: it reads the stream from its beginning.
        after: [
          VM_TEMPLATE,
          'vm-profile',
          'vm-policy',
          'vm-egress',
          ...(ownScript.length > 0 ? [SCRIPT_OBJECT] : []),
        ],
      },
      resources: [
        ...ownScript,
        ...machine(context, runScript, (arns) => machineStatements(context, runScript, arns)),
        ...stream(context, 'launch-instance'),
        ...schedule(context, 'sweep-instances'),
        ...uploadApi(context, upload),
      ],
    };
  },
};
