/** Functions, permissions, layers and event source mappings of Lambda: what their table does not say. */
import { randomUUID } from 'node:crypto';
import * as sdk from '@aws-sdk/client-lambda';
import { answerUnless } from '../aws.ts';
import { at, type Fields, isFields, needText, number, text } from '../fields.ts';
import type { Subject } from './kind.ts';
import { kindsOf } from './table.ts';

/** Bytes of the code object. Lambda refuses a missing one; the emulator would run a mock in its place. */
async function codeSize({ clients, spec }: Subject): Promise<number> {
  const [Bucket, Key] = [needText(spec, 's3Bucket'), needText(spec, 's3Key')];
  const absent = ['NotFound', 'NoSuchKey', 'NoSuchBucket'];
  const head = await answerUnless(clients.s3.headObject({ Bucket, Key }), ...absent);
  if (head?.ContentLength !== undefined) return head.ContentLength;
  throw new Error(
    `Error occurred while GetObject. S3 Error Code: NoSuchKey. There is no s3://${Bucket}/${Key}`,
  );
}

/** Throws where what Lambda has made is not the code that the manifest means. */
function assertCode(spec: Fields, size: number, made: Fields): void {
  const from = `s3://${text(spec, 's3Bucket')}/${text(spec, 's3Key')}`;
  const { CodeSize, CodeSha256 } = made;
  if (CodeSize !== size) throw new Error(`CodeSize is ${CodeSize}, but ${from} has ${size} bytes`);
  const wanted = text(spec, 'sourceCodeHash');
  if (wanted === undefined || wanted === CodeSha256) return;
  throw new Error(
    `CodeSha256 of ${from} is ${CodeSha256}, not the sourceCodeHash ${wanted}: give the base64 SHA-256 of the object`,
  );
}

/** Is the code a container image, rather than a zip? */
const isImage = (spec: Fields) => text(spec, 'packageType') === 'Image';

/** Where a function's code is, and how to tell that Lambda took it. An image has no size or hash of ours to compare. */
async function codeFrom(subject: Subject) {
  const { spec } = subject;
  if (isImage(spec)) return { Code: { ImageUri: needText(spec, 'imageUri') }, check: () => {} };
  const size = await codeSize(subject);
  const Code = { S3Bucket: needText(spec, 's3Bucket'), S3Key: needText(spec, 's3Key') };
  return { Code, check: (made: Fields): void => assertCode(spec, size, made) };
}

/** An image has its code within, and Lambda refuses even an empty list of layers for it. */
const withoutLayers = ({ Layers, ...others }: Fields, spec: Fields): Fields =>
  isImage(spec) ? others : { ...others, Layers };

const CODE_FIELDS = ['s3Bucket', 's3Key', 'sourceCodeHash', 'imageUri', 'architectures'];

/** How many may run at once; any number where it is less than none. */
const reserved = (spec: Fields) => number(spec, 'reservedConcurrentExecutions') ?? -1;

async function setConcurrency({ clients, name: FunctionName, spec }: Subject): Promise<void> {
  const ReservedConcurrentExecutions = reserved(spec);
  if (ReservedConcurrentExecutions >= 0)
    await clients.lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions });
  else await clients.lambda.deleteFunctionConcurrency({ FunctionName });
}

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

/** The external name is the ARN of the version, `…:layer:NAME:VERSION`. */
function versionOf(arn: string): { LayerName: string; VersionNumber: number } {
  const [, LayerName, version] = /:layer:([^:]+):(\d+)$/.exec(arn) ?? [];
  if (LayerName === undefined) throw new Error(`${arn} is not the ARN of a layer's version`);
  return { LayerName, VersionNumber: Number(version) };
}

export const lambdaKinds = kindsOf('lambda.yaml', sdk, {
  Function: ({ send, to, whole, tagged }) => ({
    async find({ clients, name: FunctionName, applied }) {
      const { Configuration, Code, Concurrency, Tags } = await clients.lambda.getFunction({ FunctionName });
      if (!Configuration) return undefined;
      const { FunctionArn, State = 'Active', LastUpdateStatus } = Configuration;
      return {
        ...Configuration,
        // Lambda forgets where its code came from.
        S3Bucket: applied['s3Bucket'],
        S3Key: applied['s3Key'],
        ImageUri: Code?.ImageUri,
        InvokeArn: `arn:aws:apigateway:${clients.region}:lambda:path/2015-03-31/functions/${FunctionArn}/invocations`,
        ReservedConcurrentExecutions: Concurrency?.ReservedConcurrentExecutions,
        Ready: State === 'Active' && LastUpdateStatus !== 'InProgress',
        Tags,
      };
    },
    async create(subject) {
      const { spec } = subject;
      const { Code, check } = await codeFrom(subject);
      const { Environment, ...others } = withoutLayers(whole(subject), spec);
      const made = await send(subject, 'createFunction', {
        ...others,
        // What is not there yet needs no emptying.
        ...(Object.keys(Object(at({ Environment }, 'Environment.Variables'))).length > 0 && { Environment }),
        ...tagged(spec),
        Code,
      });
      check(made);
      if (reserved(spec) >= 0) await setConcurrency(subject);
    },
    async update(subject, changed) {
      const { name: FunctionName, spec } = subject;
      const { Architectures, PackageType: _, ...configuration } = withoutLayers(to(spec), spec);
      const apart = [...CODE_FIELDS, 'reservedConcurrentExecutions'];
      if (changed.has('reservedConcurrentExecutions')) await setConcurrency(subject);
      if ([...changed].some((field) => !apart.includes(field)))
        await send(subject, 'updateFunctionConfiguration', { FunctionName, ...configuration });
      if (!CODE_FIELDS.some((field) => changed.has(field))) return;
      const { Code, check } = await codeFrom(subject);
      check(await send(subject, 'updateFunctionCode', { FunctionName, Architectures, ...Code }));
    },
  }),

  Permission: ({ address, send, whole }) => ({
    async find(subject) {
      const { FunctionName } = address(subject);
      const { Policy } = await subject.clients.lambda.getPolicy({ FunctionName: String(FunctionName) });
      const statement = findStatement(Policy, subject.name);
      if (!statement) return undefined;
      return {
        StatementId: subject.name,
        Action: statement['Action'],
        Principal: principalOf(statement),
        SourceArn: conditionOf(statement, 'ArnLike', 'aws:sourcearn'),
        SourceAccount: conditionOf(statement, 'StringEquals', 'aws:sourceaccount'),
      };
    },
    async create(subject) {
      const StatementId = text(subject.spec, 'statementId') ?? `permission-${randomUUID()}`;
      await send(subject, 'addPermission', { ...whole(subject), StatementId });
      return StatementId;
    },
  }),

  LayerVersion: ({ create }) => ({
    async find({ clients, name, spec, applied }) {
      const found = await clients.lambda.getLayerVersion(versionOf(name));
      // Lambda forgets where the code came from.
      const { s3Bucket: S3Bucket, s3Key: S3Key } = { ...spec, ...applied };
      return { ...found, LayerName: versionOf(name).LayerName, Content: { S3Bucket, S3Key } };
    },
    async create(subject) {
      await codeSize(subject);
      return create(subject);
    },
    remove: ({ clients, name }) => clients.lambda.deleteLayerVersion(versionOf(name)),
  }),

  EventSourceMapping: ({ find }) => ({
    async find(subject) {
      const found = await find(subject);
      const wanted = text(subject.spec, 'functionName');
      const arn = found && text(found, 'FunctionArn');
      // Lambda answers the ARN, also where the manifest has the name.
      return arn?.endsWith(`:function:${wanted}`) ? { ...found, FunctionArn: wanted } : found;
    },
  }),
});
