/** Lambda functions. Their code must be an object in a bucket: the provider takes no file. */
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  type FunctionConfiguration,
  GetFunctionCommand,
  PackageType,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { choice, defined, dictionary, type Fields, needText, number, text } from '../fields.ts';
import { GROUPS, ifFound, type Kind, type Observation, type Subject, staleTags } from './kind.ts';
import { architectures, codeOf, configurationOf, invokeArn, stateOf } from './lambdaMapping.ts';

const CODE = ['s3Bucket', 's3Key', 's3ObjectVersion', 'sourceCodeHash', 'architectures'];
const ABSENT = 'ResourceNotFoundException';

/** Bytes of the code object. Lambda refuses a missing one; the emulator would run a mock in its place. */
async function codeSize({ clients, spec }: Subject): Promise<number> {
  const { S3Bucket: Bucket, S3Key: Key, S3ObjectVersion: VersionId } = codeOf(spec);
  const command = new HeadObjectCommand({ Bucket, Key, VersionId });
  const head = await ifFound(clients.s3.send(command), 'NotFound', 'NoSuchKey', 'NoSuchBucket');
  if (head?.ContentLength === undefined) {
    throw new Error(
      `Error occurred while GetObject. S3 Error Code: NoSuchKey. There is no s3://${Bucket}/${Key}`,
    );
  }
  return head.ContentLength;
}

function assertCode(spec: Fields, size: number, made: FunctionConfiguration): void {
  const from = `s3://${text(spec, 's3Bucket')}/${text(spec, 's3Key')}`;
  if (made.CodeSize !== size) throw new Error(`CodeSize is ${made.CodeSize}, but ${from} has ${size} bytes`);
  const wanted = text(spec, 'sourceCodeHash');
  if (wanted === undefined || wanted === made.CodeSha256) return;
  throw new Error(
    `CodeSha256 of ${from} is ${made.CodeSha256}, not the sourceCodeHash ${wanted}: give the base64 SHA-256 of the object`,
  );
}

async function setConcurrency({ clients, name, spec }: Subject): Promise<void> {
  const reserved = number(spec, 'reservedConcurrentExecutions') ?? -1;
  if (reserved < 0) await clients.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: name }));
  else {
    const limits = { FunctionName: name, ReservedConcurrentExecutions: reserved };
    await clients.lambda.send(new PutFunctionConcurrencyCommand(limits));
  }
}

async function setTags({ clients, spec }: Subject, seen: Observation): Promise<void> {
  const Tags = dictionary(spec, 'tags');
  const Resource = text(seen.atProvider, 'arn');
  const TagKeys = staleTags(seen, Tags);
  if (TagKeys.length > 0) await clients.lambda.send(new UntagResourceCommand({ Resource, TagKeys }));
  if (Object.keys(Tags).length > 0) await clients.lambda.send(new TagResourceCommand({ Resource, Tags }));
}

const lambdaFunction: Kind = {
  group: GROUPS.lambda,
  kind: 'Function',
  fields: [
    ...[
      'region',
      'role',
      'runtime',
      'handler',
      'description',
      'memorySize',
      'timeout',
      'layers',
      'packageType',
    ],
    ...['environment.variables', 'ephemeralStorage.size', 'kmsKeyArn', 'tracingConfig.mode', 'tags', ...CODE],
    ...['logFormat', 'logGroup', 'applicationLogLevel', 'systemLogLevel'].map(
      (field) => `loggingConfig.${field}`,
    ),
    'reservedConcurrentExecutions',
  ],
  references: [
    { from: 'roleRef', to: 'role', group: GROUPS.iam, kind: 'Role', take: 'status.arn' },
    { from: 's3BucketRef', to: 's3Bucket', group: GROUPS.s3, kind: 'Bucket', take: 'externalName' },
    {
      from: 'loggingConfig.logGroupRef',
      to: 'loggingConfig.logGroup',
      group: GROUPS.logs,
      kind: 'Group',
      take: 'externalName',
    },
  ],
  namedBy: 'manifest',
  immutable: ['packageType'],
  defaults: {
    description: '',
    environment: { variables: {} },
    kmsKeyArn: '',
    layers: [],
    memorySize: 128,
    packageType: 'Zip',
    reservedConcurrentExecutions: -1,
    tags: {},
    timeout: 3,
  },

  async observe({ clients, name, spec, applied }) {
    const answer = await ifFound(clients.lambda.send(new GetFunctionCommand({ FunctionName: name })), ABSENT);
    const found = answer?.Configuration;
    if (!found) return undefined;
    const reserved = answer.Concurrency?.ReservedConcurrentExecutions ?? -1;
    return {
      state: defined({
        ...stateOf(found, applied),
        reservedConcurrentExecutions: reserved,
        tags: answer.Tags ?? {},
      }),
      atProvider: defined({
        arn: found.FunctionArn,
        id: name,
        codeSha256: found.CodeSha256,
        invokeArn: invokeArn(needText(spec, 'region'), found.FunctionArn),
        lastModified: found.LastModified,
        qualifiedArn: `${found.FunctionArn}:${found.Version}`,
        sourceCodeSize: found.CodeSize,
        version: found.Version,
      }),
      ready: (found.State ?? 'Active') === 'Active' && found.LastUpdateStatus !== 'InProgress',
    };
  },

  async create(subject) {
    const { clients, name, spec } = subject;
    const size = await codeSize(subject);
    const made = await clients.lambda.send(
      new CreateFunctionCommand({
        ...configurationOf(subject),
        KMSKeyArn: text(spec, 'kmsKeyArn') || undefined,
        PackageType: choice(PackageType, spec, 'packageType'),
        Architectures: architectures(spec),
        Tags: dictionary(spec, 'tags'),
        Code: codeOf(spec),
        FunctionName: name,
      }),
    );
    assertCode(spec, size, made);
    if ((number(spec, 'reservedConcurrentExecutions') ?? -1) >= 0) await setConcurrency(subject);
    return undefined;
  },

  async update(subject, changed, seen) {
    const { clients, name, spec } = subject;
    const others = [...changed].filter(
      (field) => ![...CODE, 'tags', 'reservedConcurrentExecutions'].includes(field),
    );
    if (changed.has('tags')) await setTags(subject, seen);
    if (changed.has('reservedConcurrentExecutions')) await setConcurrency(subject);
    if (others.length > 0)
      await clients.lambda.send(new UpdateFunctionConfigurationCommand(configurationOf(subject)));
    if (!CODE.some((field) => changed.has(field))) return;
    const size = await codeSize(subject);
    const code = { FunctionName: name, Architectures: architectures(spec), ...codeOf(spec) };
    assertCode(spec, size, await clients.lambda.send(new UpdateFunctionCodeCommand(code)));
  },

  async remove({ clients, name }) {
    await ifFound(clients.lambda.send(new DeleteFunctionCommand({ FunctionName: name })), ABSENT);
  },
};

export const lambdaFunctionKinds = [lambdaFunction];
