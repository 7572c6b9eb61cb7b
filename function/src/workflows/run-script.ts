/**
 * RunScript: a browser announces a file to the upload API, which writes a row, and uploads the file to the bucket. By the table's stream,
 * the row then starts a virtual machine, which runs a script on the file and terminates itself.
 */
import { INPUT_PREFIX, OUTPUT_PREFIX, ROW_ATTRIBUTES } from '../../../lambda/shared/upload-row.ts';
import type { Context } from '../context.ts';
import { invalid, required, specError } from '../errors.ts';
import type { PipelineSpec } from '../generated/api.ts';
import { allow, literal, type Statement, useBucketKey } from '../iam.ts';
import { KEYS, policyKey } from '../keys.ts';
import { type Arns, bucketArn, pipelineName } from '../names.ts';
import { schedule } from '../resources/schedule.ts';
import { script, scriptOf } from '../resources/script.ts';
import { readStream, stream } from '../resources/stream.ts';
import { uploadApi } from '../resources/upload-api.ts';
import { machine, type RunScript } from '../resources/vm.ts';
import { launchMachines, terminateMachines } from '../resources/vm-permissions.ts';
import type { FunctionPlan, Workflow } from '../workflow.ts';
import { expiryEnvironment, tableEnvironment, useTable } from './table-use.ts';

type Upload = NonNullable<PipelineSpec['source']['upload']>;

/** The pattern of instance types with AWS's own processors: they have a g after the generation, such as t4g, c7gn, im4gn. */
const ARM = /^[a-z]+\d+g[a-z]*[.]/;

/** The two blocks that the type needs. The schema requires them. */
function settings({ spec }: Context): { upload: Upload; runScript: RunScript } {
  const { upload } = spec.source;
  const { runScript } = spec.workflow;
  if (!upload) {
    throw specError(
      required(
        'spec.source.upload',
        'type RunScript needs an upload API. Add source.upload with authorization.',
      ),
    );
  }
  if (!runScript) {
    throw specError(
      required(
        'spec.workflow.runScript',
        'type RunScript needs to know where its virtual machines are. Add workflow.runScript with network.',
      ),
    );
  }
  const { architecture, instanceType } = runScript;
  const found = instanceType === undefined ? architecture : ARM.test(instanceType) ? 'arm64' : 'x86_64';
  if (found !== architecture) {
    throw specError(
      invalid(
        'spec.workflow.runScript.instanceType',
        instanceType,
        `must be of architecture ${architecture}, as the machine image is, but is of ${found}. Change one of them.`,
      ),
    );
  }
  return { upload, runScript };
}

/** Reading and writing the bucket, each below its prefix, and use of its own key where it has one. */
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
    key: KEYS.uploadApi,
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
    key: KEYS.launchInstance,
    code: { handler: KEYS.launchInstance },
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

export const runScript = {
  type: 'RunScript',
  holds: 'uploads',
  partitionKey: 'id',
  attributes: ROW_ATTRIBUTES,
  executions: [],
  stream: true,
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
      upload: {
        function: 'mark-uploaded',
        prefix: INPUT_PREFIX,
        // Not the event source mapping, which waits for the queue: it reads the stream from its beginning.
        after: [
          ...[KEYS.vmTemplate, KEYS.vmProfile, policyKey(KEYS.vm), KEYS.vmEgress],
          ...(ownScript.length > 0 ? [KEYS.script] : []),
        ],
      },
      resources: [
        ...ownScript,
        ...machine(context, runScript, (arns) => machineStatements(context, runScript, arns)),
        ...stream(context, KEYS.launchInstance),
        ...schedule(context, 'sweep-instances'),
        ...uploadApi(context, upload),
      ],
    };
  },
} satisfies Workflow;
