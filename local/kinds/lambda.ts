/** Lambda: functions, who may invoke one, where a failed invocation goes, layers, and the streams that Lambda polls. */
import { randomUUID } from 'node:crypto';
import {
  Architecture,
  EventSourcePosition,
  type FunctionConfiguration,
  FunctionResponseType,
  type Layer,
  LogFormat,
  PackageType,
  Runtime,
  TracingMode,
} from '@aws-sdk/client-lambda';
import { answerUnless } from '../aws.ts';
import { at, dictionary, type Fields, isFields, needText, number, text, texts } from '../fields.ts';
import { GROUPS, type Kind, reference, type Subject, type Tagging } from './kind.ts';
import * as is from './mapping.ts';

const absent = ['ResourceNotFoundException'];

const tags: Tagging = {
  put: ({ clients }, Tags, Resource) => clients.lambda.tagResource({ Resource, Tags }),
  take: ({ clients }, TagKeys, Resource) => clients.lambda.untagResource({ Resource, TagKeys }),
};

/** Where code comes from: an object in a bucket of anyone's, since the provider takes no file. */
const CODE = is.mapping({ S3Bucket: is.needText('s3Bucket'), S3Key: is.needText('s3Key') });

/** Bytes of the code object. Lambda refuses a missing one; the emulator would run a mock in its place. */
async function codeSize({ clients, spec }: Subject): Promise<number> {
  const { S3Bucket: Bucket, S3Key: Key } = CODE.to(spec);
  const head = await answerUnless(
    clients.s3.headObject({ Bucket, Key }),
    'NotFound',
    'NoSuchKey',
    'NoSuchBucket',
  );
  if (head?.ContentLength === undefined) {
    throw new Error(
      `Error occurred while GetObject. S3 Error Code: NoSuchKey. There is no s3://${Bucket}/${Key}`,
    );
  }
  return head.ContentLength;
}

/** Throws where what Lambda has made is not the code that the manifest means. */
function assertCode(spec: Fields, size: number, made: FunctionConfiguration): void {
  const from = `s3://${text(spec, 's3Bucket')}/${text(spec, 's3Key')}`;
  if (made.CodeSize !== size) throw new Error(`CodeSize is ${made.CodeSize}, but ${from} has ${size} bytes`);
  const wanted = text(spec, 'sourceCodeHash');
  if (wanted === undefined || wanted === made.CodeSha256) return;
  throw new Error(
    `CodeSha256 of ${from} is ${made.CodeSha256}, not the sourceCodeHash ${wanted}: give the base64 SHA-256 of the object`,
  );
}

/** Is the code a container image, rather than a zip? */
const isImage = (spec: Fields) => text(spec, 'packageType') === 'Image';

/** Where a function's code is, and how to tell that Lambda took it. An image has no size or hash of ours to compare. */
async function codeFrom(subject: Subject) {
  const { spec } = subject;
  if (isImage(spec)) return { Code: { ImageUri: needText(spec, 'imageUri') }, check: () => {} };
  const size = await codeSize(subject);
  const check = (made: FunctionConfiguration): void => assertCode(spec, size, made);
  return { Code: CODE.to(spec), check };
}

const LAYERS: is.Field<string[], Layer[]> = {
  name: 'layers',
  paths: ['layers'],
  // An image has its code within, and Lambda refuses even an empty list for it.
  to: (spec) => (isImage(spec) ? undefined : texts(spec, 'layers')),
  from: (layers) => (layers ?? []).map(({ Arn }) => Arn),
};

/** All that CreateFunction and UpdateFunctionConfiguration both take. */
const FUNCTION = is.mapping({
  Role: is.needText('role'),
  Runtime: is.choice(Runtime, 'runtime'),
  Handler: is.text('handler'),
  Description: is.text('description', ''),
  MemorySize: is.number('memorySize'),
  Timeout: is.number('timeout'),
  Layers: LAYERS,
  Environment: is.block('environment', { Variables: is.dictionary('variables') }),
  TracingConfig: is.block('tracingConfig', { Mode: is.choice(TracingMode, 'mode') }),
  LoggingConfig: is.block('loggingConfig', {
    LogFormat: is.choice(LogFormat, 'logFormat'),
    LogGroup: is.text('logGroup'),
  }),
});
const ARCHITECTURES = is.mapping({ Architectures: is.choices(Architecture, 'architectures') });
const PACKAGE = is.mapping({ PackageType: is.choice(PackageType, 'packageType') });
const CODE_FIELDS = [...CODE.fields, 'sourceCodeHash', 'imageUri', ...ARCHITECTURES.fields];

/** How many may run at once; any number where it is less than none. */
const reserved = (spec: Fields) => number(spec, 'reservedConcurrentExecutions') ?? -1;

async function setConcurrency({ clients, name, spec }: Subject): Promise<void> {
  const limit = { FunctionName: name, ReservedConcurrentExecutions: reserved(spec) };
  if (reserved(spec) >= 0) await clients.lambda.putFunctionConcurrency(limit);
  else await clients.lambda.deleteFunctionConcurrency({ FunctionName: name });
}

const lambdaFunction: Kind = {
  group: GROUPS.lambda,
  kind: 'Function',
  fields: [
    ...['region', 'tags', 'reservedConcurrentExecutions'],
    ...[...FUNCTION.fields, ...PACKAGE.fields, ...CODE_FIELDS],
  ],
  references: [
    reference('role', 'iam', 'Role', 'status.arn'),
    reference('s3Bucket', 's3', 'Bucket', 'externalName'),
  ],
  namedBy: 'manifest',
  immutable: ['packageType'],
  defaults: {
    description: '',
    environment: { variables: {} },
    layers: [],
    memorySize: 128,
    packageType: 'Zip',
    reservedConcurrentExecutions: -1,
    tags: {},
    timeout: 3,
  },
  absent,
  tags,

  async observe({ clients, name, applied }) {
    const answer = await clients.lambda.getFunction({ FunctionName: name });
    const found = answer.Configuration;
    if (!found) return undefined;
    const { Environment = {}, FunctionArn: arn, CodeSha256 } = found;
    return {
      state: {
        ...FUNCTION.from({ ...found, Environment }),
        ...PACKAGE.from(found),
        ...ARCHITECTURES.from(found),
        // Lambda forgets where its code came from.
        s3Bucket: applied['s3Bucket'],
        s3Key: applied['s3Key'],
        sourceCodeHash: CodeSha256,
        imageUri: answer.Code?.ImageUri,
        reservedConcurrentExecutions: answer.Concurrency?.ReservedConcurrentExecutions ?? -1,
        tags: answer.Tags ?? {},
      },
      atProvider: {
        arn,
        id: name,
        codeSha256: CodeSha256,
        invokeArn: `arn:aws:apigateway:${clients.region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
      },
      ready: (found.State ?? 'Active') === 'Active' && found.LastUpdateStatus !== 'InProgress',
    };
  },

  async create(subject) {
    const { clients, name, spec } = subject;
    const { Code, check } = await codeFrom(subject);
    const { Environment, ...others } = FUNCTION.to(spec);
    const made = await clients.lambda.createFunction({
      ...others,
      // What is not there yet needs no emptying.
      ...(Object.keys(Environment?.Variables ?? {}).length > 0 && { Environment }),
      ...PACKAGE.to(spec),
      ...ARCHITECTURES.to(spec),
      Tags: dictionary(spec, 'tags'),
      Code,
      FunctionName: name,
    });
    check(made);
    if (reserved(spec) >= 0) await setConcurrency(subject);
  },

  async update(subject, changed) {
    const { clients, name, spec } = subject;
    const FunctionName = name;
    if (changed.has('reservedConcurrentExecutions')) await setConcurrency(subject);
    if ([...changed].some((field) => FUNCTION.fields.some((path) => path.split('.')[0] === field))) {
      const configuration = { FunctionName, ...FUNCTION.to(spec) };
      await clients.lambda.updateFunctionConfiguration(configuration);
    }
    if (!CODE_FIELDS.some((field) => changed.has(field))) return;
    const { Code, check } = await codeFrom(subject);
    const code = { FunctionName, ...ARCHITECTURES.to(spec), ...Code };
    check(await clients.lambda.updateFunctionCode(code));
  },

  remove: ({ clients, name }) => clients.lambda.deleteFunction({ FunctionName: name }),
};

function findStatement(policy: string | undefined, sid: string): Fields | undefined {
  const document: unknown = JSON.parse(policy ?? '{}');
  const statements = isFields(document) ? document['Statement'] : [];
  return Array.isArray(statements)
    ? statements.find((item) => isFields(item) && item['Sid'] === sid)
    : undefined;
}

/** IAM writes `{"Service": "s3.amazonaws.com"}` or `{"AWS": …}` for what AddPermission takes as one text. */
function principalOf({ Principal: principal }: Fields): unknown {
  return isFields(principal) ? (principal['Service'] ?? principal['AWS']) : principal;
}

/** Condition keys have no case; AWS and the emulator spell these two differently. */
function conditionOf(statement: Fields, operator: string, key: string): unknown {
  const condition = at(statement, `Condition.${operator}`);
  if (!isFields(condition)) return undefined;
  return Object.entries(condition).find(([name]) => name.toLowerCase() === key)?.[1];
}

const PERMISSION = is.mapping({
  FunctionName: is.needText('functionName'),
  Action: is.needText('action'),
  Principal: is.needText('principal'),
  SourceArn: is.text('sourceArn'),
  SourceAccount: is.text('sourceAccount'),
});

const permission: Kind = {
  group: GROUPS.lambda,
  kind: 'Permission',
  fields: ['region', 'statementId', ...PERMISSION.fields],
  references: [reference('functionName', 'lambda', 'Function', 'externalName')],
  namedBy: 'provider',
  immutable: ['statementId', ...PERMISSION.fields],
  absent,

  async observe({ clients, name, spec, applied }) {
    const FunctionName = text(applied, 'functionName') ?? needText(spec, 'functionName');
    const { Policy } = await clients.lambda.getPolicy({ FunctionName });
    const statement = findStatement(Policy, name);
    if (!statement) return undefined;
    return {
      state: {
        action: statement['Action'],
        functionName: FunctionName,
        principal: principalOf(statement),
        sourceArn: conditionOf(statement, 'ArnLike', 'aws:sourcearn'),
        sourceAccount: conditionOf(statement, 'StringEquals', 'aws:sourceaccount'),
        statementId: name,
      },
      atProvider: { id: name },
    };
  },

  async create({ clients, spec }) {
    const StatementId = text(spec, 'statementId') ?? `permission-${randomUUID()}`;
    await clients.lambda.addPermission({ StatementId, ...PERMISSION.to(spec) });
    return StatementId;
  },

  remove({ clients, name, spec }) {
    const FunctionName = needText(spec, 'functionName');
    return clients.lambda.removePermission({ FunctionName, StatementId: name });
  },
};

const INVOCATION = is.mapping({
  MaximumEventAgeInSeconds: is.number('maximumEventAgeInSeconds'),
  MaximumRetryAttempts: is.number('maximumRetryAttempts', 2),
  DestinationConfig: is.block('destinationConfig', {
    OnFailure: is.block('onFailure', { Destination: is.text('destination') }),
  }),
});

async function putInvokeConfig({ clients, spec }: Subject): Promise<string> {
  const FunctionName = needText(spec, 'functionName');
  await clients.lambda.putFunctionEventInvokeConfig({ FunctionName, ...INVOCATION.to(spec) });
  return FunctionName;
}

const eventInvokeConfig: Kind = {
  group: GROUPS.lambda,
  kind: 'FunctionEventInvokeConfig',
  fields: ['region', 'functionName', ...INVOCATION.fields],
  namedBy: 'provider',
  immutable: ['functionName'],
  defaults: { maximumRetryAttempts: 2 },
  absent,

  async observe({ clients, name }) {
    const found = await clients.lambda.getFunctionEventInvokeConfig({ FunctionName: name });
    return { state: { ...INVOCATION.from(found), functionName: name }, atProvider: { id: name } };
  },

  create: putInvokeConfig,
  update: putInvokeConfig,

  remove: ({ clients, name }) => clients.lambda.deleteFunctionEventInvokeConfig({ FunctionName: name }),
};

/** The external name is the ARN of the version, `…:layer:NAME:VERSION`. */
function versionOf(arn: string): { LayerName: string; VersionNumber: number } {
  const [, LayerName, version] = /:layer:([^:]+):(\d+)$/.exec(arn) ?? [];
  if (LayerName === undefined) throw new Error(`${arn} is not the ARN of a layer's version`);
  return { LayerName, VersionNumber: Number(version) };
}

const LAYER = is.mapping({
  Description: is.text('description', ''),
  CompatibleArchitectures: is.choices(Architecture, 'compatibleArchitectures'),
  CompatibleRuntimes: is.choices(Runtime, 'compatibleRuntimes'),
});

/** A version never changes; other code is another version. */
const layerVersion: Kind = {
  group: GROUPS.lambda,
  kind: 'LayerVersion',
  fields: ['region', 'layerName', ...LAYER.fields, ...CODE.fields],
  namedBy: 'provider',
  immutable: ['layerName', ...LAYER.fields, ...CODE.fields],
  defaults: { description: '' },
  absent,

  async observe({ clients, name, spec, applied }) {
    const found = await clients.lambda.getLayerVersion(versionOf(name));
    // Lambda forgets where the code came from.
    const code = CODE.fields.map((field) => [field, applied[field] ?? spec[field]]);
    return {
      state: { ...Object.fromEntries(code), layerName: versionOf(name).LayerName, ...LAYER.from(found) },
      atProvider: { arn: found.LayerVersionArn, id: found.LayerVersionArn },
    };
  },

  async create(subject) {
    const { clients, spec } = subject;
    await codeSize(subject);
    const LayerName = needText(spec, 'layerName');
    const version = { LayerName, ...LAYER.to(spec), Content: CODE.to(spec) };
    return (await clients.lambda.publishLayerVersion(version)).LayerVersionArn;
  },

  remove: ({ clients, name }) => clients.lambda.deleteLayerVersion(versionOf(name)),
};

/** All that making and changing a mapping both take. Absent filters and response types must be said, or Lambda keeps them. */
const SOURCE = is.mapping({
  BatchSize: is.number('batchSize'),
  BisectBatchOnFunctionError: is.flag('bisectBatchOnFunctionError', false),
  DestinationConfig: is.block('destinationConfig', {
    OnFailure: is.block('onFailure', { Destination: is.text('destinationArn') }),
  }),
  FilterCriteria: is.block('filterCriteria', {
    Filters: is.blocks('filter', { Pattern: is.text('pattern') }),
  }),
  FunctionResponseTypes: is.choices(FunctionResponseType, 'functionResponseTypes', []),
  MaximumRecordAgeInSeconds: is.number('maximumRecordAgeInSeconds'),
  ParallelizationFactor: is.number('parallelizationFactor'),
});
const STREAM = is.mapping({
  EventSourceArn: is.needText('eventSourceArn'),
  StartingPosition: is.choice(EventSourcePosition, 'startingPosition'),
});

/** Lambda answers the ARN, also where the manifest has the name. */
function functionName(spec: Fields, arn: string | undefined): string | undefined {
  const wanted = text(spec, 'functionName');
  return wanted !== undefined && arn?.endsWith(`:function:${wanted}`) ? wanted : arn;
}

const eventSourceMapping: Kind = {
  group: GROUPS.lambda,
  kind: 'EventSourceMapping',
  fields: ['region', 'functionName', 'tags', ...SOURCE.fields, ...STREAM.fields],
  references: [
    reference('functionName', 'lambda', 'Function', 'status.arn'),
    reference('destinationConfig.onFailure.destinationArn', 'sqs', 'Queue', 'status.arn'),
  ],
  namedBy: 'provider',
  immutable: STREAM.fields,
  defaults: {
    bisectBatchOnFunctionError: false,
    filterCriteria: { filter: [] },
    functionResponseTypes: [],
    tags: {},
  },
  absent: [...absent, 'ResourceInUseException'],
  waits: true,
  tags,

  async observe({ clients, name, spec }) {
    const found = await clients.lambda.getEventSourceMapping({ UUID: name });
    const { EventSourceMappingArn: arn, FunctionArn, FilterCriteria = {}, State } = found;
    const { Tags } = await clients.lambda.listTags({ Resource: arn });
    return {
      state: {
        ...SOURCE.from({ ...found, FilterCriteria }),
        ...STREAM.from(found),
        functionName: functionName(spec, FunctionArn),
        tags: Tags ?? {},
      },
      atProvider: { arn, id: found.UUID },
      ready: State === 'Enabled' || State === 'Disabled',
    };
  },

  async create({ clients, spec }) {
    const { UUID } = await clients.lambda.createEventSourceMapping({
      FunctionName: needText(spec, 'functionName'),
      ...SOURCE.to(spec),
      ...STREAM.to(spec),
      Tags: dictionary(spec, 'tags'),
    });
    return UUID;
  },

  update({ clients, name, spec }) {
    const FunctionName = needText(spec, 'functionName');
    return clients.lambda.updateEventSourceMapping({ UUID: name, FunctionName, ...SOURCE.to(spec) });
  },

  remove: ({ clients, name }) => clients.lambda.deleteEventSourceMapping({ UUID: name }),
};

export const lambdaKinds = [lambdaFunction, permission, eventInvokeConfig, layerVersion, eventSourceMapping];
