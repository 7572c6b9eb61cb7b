/** Lambda functions. Their code is an object in a bucket, or a container image: the provider takes no file. */
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
import { choice, defined, dictionary, needText, number, text } from '../fields.ts';
import { GROUPS, ifFound, type Kind, type Observation, type Subject, staleTags } from './kind.ts';
import { assertCode, codeOf, codeSize } from './lambda-code.ts';
import { architectures, configurationOf, invokeArn, isImage, stateOf } from './lambda-mapping.ts';

const CODE = ['s3Bucket', 's3Key', 's3ObjectVersion', 'sourceCodeHash', 'imageUri', 'architectures'];
const ABSENT = 'ResourceNotFoundException';

/** Where a function's code is, and how to tell that Lambda took it. An image has no size or hash of ours to compare. */
async function codeFrom(subject: Subject) {
  const { spec } = subject;
  if (isImage(spec)) return { Code: { ImageUri: needText(spec, 'imageUri') }, check: () => {} };
  const size = await codeSize(subject);
  const check = (made: FunctionConfiguration): void => assertCode(spec, size, made);
  return { Code: codeOf(spec), check };
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
    {
      from: 'layersRefs[]',
      to: 'layers',
      group: GROUPS.lambda,
      kind: 'LayerVersion',
      take: 'status.arn',
    },
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
        imageUri: answer.Code?.ImageUri,
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
    const { Code, check } = await codeFrom(subject);
    const { Environment, ...others } = configurationOf(subject);
    const made = await clients.lambda.send(
      new CreateFunctionCommand({
        ...others,
        // What is not there yet needs no emptying.
        ...(Object.keys(Environment.Variables).length > 0 ? { Environment } : {}),
        KMSKeyArn: text(spec, 'kmsKeyArn') || undefined,
        PackageType: choice(PackageType, spec, 'packageType'),
        Architectures: architectures(spec),
        Tags: dictionary(spec, 'tags'),
        Code,
        FunctionName: name,
      }),
    );
    check(made);
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
    const { Code, check } = await codeFrom(subject);
    const code = { FunctionName: name, Architectures: architectures(spec), ...Code };
    check(await clients.lambda.send(new UpdateFunctionCodeCommand(code)));
  },

  async remove({ clients, name }) {
    await ifFound(clients.lambda.send(new DeleteFunctionCommand({ FunctionName: name })), ABSENT);
  },
};

export const lambdaFunctionKinds = [lambdaFunction];
