/** Builds the states of ProcessImage. Their results are collected at `$.results`, which is the execution's output. */
import { REJECTED, TAKEN_ROW_CONDITION } from '../../../lambda/shared/row.ts';
import type { Context } from '../context.ts';
import { ERROR_PATH } from '../dead-letters.ts';
import type { Arns } from '../names.ts';
import type { Json } from '../objects.ts';
import { functionName } from '../resources/lambdas.ts';
import {
  type Condition,
  catchAll,
  fileItem,
  integration,
  putNewerItem,
  QUIT,
  RETRY,
  SEND_DEAD_LETTER,
  sendDeadLetter,
  TIMEOUT_SECONDS,
} from './parts.ts';

/** The handlers' names. */
export const GET_FILE_TYPE = 'get-file-type';
export const RESIZE_IMAGE = 'resize-image';

/**
 * Errors that a retry cannot change: a missing object, a function without sharp, an image that needs too much time or memory. Five more
 * attempts could take longer than the execution, which would then time out without recording the error. A rejected file is a result,
 * not an error.
 */
const FINAL: Json = {
  ErrorEquals: [
    ...['ObjectGoneError', 'MalformedInputError', 'SharpLayerError'],
    // Not Lambda.Unknown: the embedded emulator reports this for a throttled function.
    ...['Sandbox.Timedout', 'Runtime.ExitError', 'Runtime.OutOfMemory'],
  ],
  MaxAttempts: 0,
};

/**
 * The retrier for throttling. Many parallel files reach the account's limit of concurrent executions, which is ten in a new account.
 * Lambda retries asynchronous events for hours, but a call from Step Functions fails immediately. The retries take at most a minute and
 * a half, so that both handlers can wait within the execution's timeout.
 * https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
 */
const BUSY: Json = {
  ErrorEquals: ['Lambda.TooManyRequestsException'],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 7,
  MaxDelaySeconds: 20,
  JitterStrategy: 'FULL',
};

/** Whether files that are not images are moved to a prefix in the destination. */
export const isQuarantined = ({ spec }: Context): boolean =>
  spec.workflow.processImage?.otherFiles === 'Quarantine';

/** Copies the object's version to the destination. The new key is at `keyPath`. */
function copyTo(context: Context, keyPath: string): Json {
  return {
    Type: 'Task',
    Resource: integration(context, 'aws-sdk:s3:copyObject'),
    Parameters: {
      Bucket: context.names.destinationBucket,
      'Key.$': keyPath,
      'CopySource.$': '$.results.fileType.copySource',
    },
    Retry: [RETRY],
  };
}

function copyBranch(context: Context): Json {
  return {
    StartAt: 'CopyFile',
    States: {
      CopyFile: { ...copyTo(context, '$.key'), Catch: [catchAll('QuitCopy')], End: true },
      QuitCopy: QUIT,
    },
  };
}

function resizeBranch(context: Context, arns: Arns): Json {
  const object = ['bucket', 'key', 'size', 'eTag', 'versionId'];
  return {
    StartAt: 'ResizeFile',
    States: {
      ResizeFile: {
        Type: 'Task',
        Resource: integration(context, 'lambda:invoke'),
        Parameters: {
          FunctionName: arns.function(functionName(context, RESIZE_IMAGE)),
          Payload: {
            ...Object.fromEntries(object.map((field) => [`${field}.$`, `$.${field}`])),
            'format.$': '$.results.fileType.format',
            'resizedKey.$': '$.results.fileType.resizedKey',
          },
        },
        Retry: [FINAL, BUSY, RETRY],
        Catch: [catchAll('QuitResize')],
        OutputPath: '$.Payload',
        End: true,
      },
      QuitResize: QUIT,
    },
  };
}

/** The item of an image, in DynamoDB's JSON. */
function imageItem(context: Context): Json {
  const number = (path: string) => ({ 'N.$': `States.Format('{}', $.results.images.${path})` });
  return {
    ...fileItem(context),
    contentType: { 'S.$': '$.results.fileType.contentType' },
    width: number('resized.original.width'),
    height: number('resized.original.height'),
    destinationBucket: { S: context.names.destinationBucket },
    destinationKey: { 'S.$': '$.key' },
    resizedKey: { 'S.$': '$.results.images.resized.key' },
    resizedSize: number('resized.size'),
    resizedWidth: number('resized.width'),
    resizedHeight: number('resized.height'),
  };
}

/** The names of the states that record a rejected file. */
const RECORD_OTHER_FILE = 'RecordOtherFile';
const RECORD_REFUSED_FILE = 'RecordRefusedFile';

/** The condition for an image's item, which also replaces its rejection. */
const TAKEN: Condition = { expression: TAKEN_ROW_CONDITION, names: { '#rejected': REJECTED } };

/** The choice rule for a handler's result at `path` that rejects the file. */
const isRefused = (path: string, Next: string): Json => ({
  Variable: `${path}.refused`,
  IsPresent: true,
  Next,
});

/** Uses a handler's rejection as the execution's error. */
const refuse = (path: string): Json => ({
  Type: 'Pass',
  InputPath: `${path}.refused`,
  ResultPath: ERROR_PATH,
  Next: RECORD_REFUSED_FILE,
});

/** Puts an item, and goes to `Next`, even when the same or a later event is recorded already. */
function putAndGoOn(context: Context, item: Json, Next: string, condition?: Condition): Json {
  const recorded = ['DynamoDB.ConditionalCheckFailedException'];
  const ResultPath = '$.results.writeStatus';
  return {
    ...putNewerItem(context, item, condition),
    Catch: [{ ErrorEquals: recorded, ResultPath, Next }, catchAll(SEND_DEAD_LETTER)],
    ResultPath,
    Next,
  };
}

/** The item of a rejected file, with the reason. */
const refusedItem = (context: Context, whyPath: string): Json => ({
  ...fileItem(context),
  [REJECTED]: { 'S.$': whyPath },
});

/** How a file that is not an image is handled after it is recorded: the next state, the attributes in its item, and the states. */
function otherFiles(context: Context): { next: string; item: Json; states: Json } {
  switch (context.spec.workflow.processImage?.otherFiles) {
    case 'Keep':
      return {
        next: 'KeepSourceFile',
        item: {},
        states: { KeepSourceFile: { Type: 'Succeed', OutputPath: '$.results' } },
      };
    case 'Quarantine':
      return {
        next: 'CopyToQuarantine',
        item: {
          destinationBucket: { S: context.names.destinationBucket },
          destinationKey: { 'S.$': '$.results.fileType.quarantineKey' },
        },
        states: {
          CopyToQuarantine: {
            ...copyTo(context, '$.results.fileType.quarantineKey'),
            Catch: [catchAll(SEND_DEAD_LETTER)],
            ResultPath: '$.results.quarantine',
            Next: 'DeleteSourceFile',
          },
        },
      };
    default:
      return { next: 'DeleteSourceFile', item: {}, states: {} };
  }
}

/**
 * The state machine. A file that is not an image, and an image that cannot be processed, is recorded before anything else happens to it.
 * Such an image is also a dead letter and stays in the source. When an image's event is repeated, its item exists already, and the
 * execution continues, since the deletion may have failed before. The source is deleted without a version, which adds a delete marker
 * and keeps the uploaded version.
 */
export function definition(context: Context, arns: Arns): Json {
  const { next, item, states } = otherFiles(context);
  return {
    Comment: 'Copies, resizes and records an uploaded image',
    StartAt: 'GetFileType',
    TimeoutSeconds: TIMEOUT_SECONDS,
    States: {
      GetFileType: {
        Type: 'Task',
        Resource: integration(context, 'lambda:invoke'),
        Parameters: {
          FunctionName: arns.function(functionName(context, GET_FILE_TYPE)),
          'Payload.$': '$',
        },
        Retry: [FINAL, BUSY, RETRY],
        Catch: [catchAll(SEND_DEAD_LETTER)],
        ResultSelector: { 'fileType.$': '$.Payload' },
        ResultPath: '$.results',
        Next: 'CheckFileType',
      },
      CheckFileType: {
        Type: 'Choice',
        Choices: [
          isRefused('$.results.fileType', 'RefuseFile'),
          { Variable: '$.results.fileType.isImage', BooleanEquals: true, Next: 'ProcessFile' },
        ],
        Default: RECORD_OTHER_FILE,
      },
      ProcessFile: {
        Type: 'Parallel',
        Branches: [copyBranch(context), resizeBranch(context, arns)],
        ResultSelector: { 'copied.$': '$[0]', 'resized.$': '$[1]' },
        ResultPath: '$.results.images',
        Catch: [catchAll(SEND_DEAD_LETTER)],
        Next: 'CheckImages',
      },
      CheckImages: {
        Type: 'Choice',
        Choices: [isRefused('$.results.images.resized', 'RefuseImage')],
        Default: 'WriteToDynamoDB',
      },
      WriteToDynamoDB: putAndGoOn(context, imageItem(context), 'DeleteSourceFile', TAKEN),
      [RECORD_OTHER_FILE]: putAndGoOn(
        context,
        { ...refusedItem(context, '$.results.fileType.reason'), ...item },
        next,
      ),
      ...states,
      DeleteSourceFile: {
        Type: 'Task',
        Resource: integration(context, 'aws-sdk:s3:deleteObject'),
        Parameters: { Bucket: context.names.bucket, 'Key.$': '$.key' },
        Retry: [RETRY],
        Catch: [catchAll(SEND_DEAD_LETTER)],
        ResultPath: '$.results.deletionStatus',
        OutputPath: '$.results',
        End: true,
      },
      RefuseFile: refuse('$.results.fileType'),
      RefuseImage: refuse('$.results.images.resized'),
      [RECORD_REFUSED_FILE]: putAndGoOn(
        context,
        refusedItem(context, `${ERROR_PATH}.Cause`),
        SEND_DEAD_LETTER,
      ),
      [SEND_DEAD_LETTER]: sendDeadLetter(context, arns, 'QuitMain'),
      QuitMain: QUIT,
    },
  };
}
