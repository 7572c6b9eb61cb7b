/** The states of ProcessImage. What they find out is collected at `$.results`, which is the execution's output. */
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
 * The same again gives the same again: an object that is gone, a function without sharp, and an image that took all of the
 * time or memory. Of these, five more attempts could outlast the execution, which would then end without a word. A file that
 * is refused is an answer, and no error.
 */
const FINAL: Json = {
  ErrorEquals: [
    ...['ObjectGoneError', 'MalformedInputError', 'SharpLayerError'],
    // Not Lambda.Unknown: the embedded emulator says so of a function that is throttled.
    ...['Sandbox.Timedout', 'Runtime.ExitError', 'Runtime.OutOfMemory'],
  ],
  MaxAttempts: 0,
};

/**
 * Many files at once meet the account's limit of functions that run at the same time, ten in a new account. Lambda tries an
 * event again for hours, but here it says so at once: a minute and a half at most, so that both handlers may wait.
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

/** Whether files that are no images are moved to a prefix of the destination. */
export const isQuarantined = ({ spec }: Context): boolean =>
  spec.workflow.processImage?.otherFiles === 'Quarantine';

/** Copies the object, in its version, under the key at a path to the destination. */
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

/** What an item says of its image, in DynamoDB's JSON. */
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

/** Names of the states that record a refusal. */
const RECORD_OTHER_FILE = 'RecordOtherFile';
const RECORD_REFUSED_FILE = 'RecordRefusedFile';

/** An image's item also takes the place of its refusal. */
const TAKEN: Condition = { expression: TAKEN_ROW_CONDITION, names: { '#rejected': REJECTED } };

/** Whatever a handler has put at `path` is a refusal of the file. */
const isRefused = (path: string, Next: string): Json => ({
  Variable: `${path}.refused`,
  IsPresent: true,
  Next,
});

/** Takes a handler's refusal for the execution's error. */
const refuse = (path: string): Json => ({
  Type: 'Pass',
  InputPath: `${path}.refused`,
  ResultPath: ERROR_PATH,
  Next: RECORD_REFUSED_FILE,
});

/** Puts an item, and goes on to `Next` also when one as late or later is there. */
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

/** What an item says of a file that is refused: that, and why. */
const refusedItem = (context: Context, whyPath: string): Json => ({
  ...fileItem(context),
  [REJECTED]: { 'S.$': whyPath },
});

/** Where a file that is no image goes once it is recorded, what its item says of that, and the states on its way. */
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
 * The state machine. A file that is no image, or an image that nothing can be made of, has its item before anything else is
 * done with it; the image is a dead letter too, and stays. An image's event that comes again finds its item as new or newer, and goes on: the deletion may be what
 * failed before. The source is deleted without naming its version, which leaves a delete marker: what was uploaded stays
 * behind it.
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
