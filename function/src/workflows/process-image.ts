/**
 * ProcessImage: each uploaded image is copied to the destination, resized and recorded as one item in the table. Then it is deleted from
 * the source. Files that are not images are deleted, kept, or moved to a prefix in the destination.
 */
import { REJECTED, ROW_ATTRIBUTES } from '../../../lambda/shared/row.ts';
import type { Context } from '../context.ts';
import { allow, type Statement, useBucketKey } from '../iam.ts';
import { KEYS } from '../keys.ts';
import { type Arns, bucketArn } from '../names.ts';
import { functionName } from '../resources/lambdas.ts';
import { type SharpLayer, sharpLayer } from '../resources/sharp-layer.ts';
import { storage } from '../resources/storage.ts';
import type { FunctionPlan, Workflow } from '../workflow.ts';
import { executionType, startWorkflow } from './parts.ts';
import { definition, GET_FILE_TYPE, isQuarantined, RESIZE_IMAGE } from './process-image-states.ts';
import { writeTable } from './table-use.ts';

/** The ARN of all objects in a bucket. */
const objectsOf = ({ spec }: Context, bucket: string): string => `${bucketArn(spec.region, bucket)}/*`;

/** Allows reading the version of an uploaded file that the event is about. */
const readUploads = (context: Context): Statement =>
  allow('ReadUploads', ['s3:GetObjectVersion'], [objectsOf(context, context.names.bucket)]);

/** Allows the use of the KMS key, which source and destination share. */
function useKey({ spec }: Context, use?: 'read'): Statement[] {
  const { kmsKeyArn } = spec.source;
  return kmsKeyArn === undefined ? [] : [useBucketKey(kmsKeyArn, spec.region, use)];
}

function getFileType(context: Context): FunctionPlan {
  const {
    formats = [],
    suffix = '',
    quarantinePrefix = 'quarantine/',
  } = context.spec.workflow.processImage ?? {};
  return {
    key: GET_FILE_TYPE,
    code: { handler: GET_FILE_TYPE },
    invocation: 'Call',
    description: 'Tells whether an uploaded object is an image',
    environment: () => ({
      FORMATS: formats.join(','),
      SUFFIX: suffix,
      ...(isQuarantined(context) && { QUARANTINE_PREFIX: quarantinePrefix }),
    }),
    statements: () => [readUploads(context), ...useKey(context, 'read')],
  };
}

function resizeImage(context: Context, layer: SharpLayer['layer']): FunctionPlan {
  const { names, spec } = context;
  return {
    key: RESIZE_IMAGE,
    code: { handler: RESIZE_IMAGE },
    invocation: 'Call',
    description: 'Makes a small version of each uploaded image',
    memoryMB: 1024,
    timeoutSeconds: 60,
    environment: () => ({
      DESTINATION_BUCKET: names.destinationBucket,
      WIDTH: String(spec.workflow.processImage?.width ?? ''),
    }),
    statements: () => [
      readUploads(context),
      allow('WriteImages', ['s3:PutObject'], [objectsOf(context, names.destinationBucket)]),
      ...useKey(context),
    ],
    layer,
  };
}

/** The permissions for the states' own calls. A copy also copies the object's tags. */
function statements(context: Context, arns: Arns): Statement[] {
  const { names } = context;
  const uploads = objectsOf(context, names.bucket);
  const handlers = [GET_FILE_TYPE, RESIZE_IMAGE].map((key) => arns.function(functionName(context, key)));
  return [
    allow('InvokeFunctions', ['lambda:InvokeFunction'], handlers),
    allow('ReadUploads', ['s3:GetObjectVersion', 's3:GetObjectVersionTagging'], [uploads]),
    allow(
      'WriteImages',
      ['s3:PutObject', 's3:PutObjectTagging'],
      [objectsOf(context, names.destinationBucket)],
    ),
    allow('DeleteUploads', ['s3:DeleteObject'], [uploads]),
    ...useKey(context),
    ...writeTable(context, arns),
  ];
}

export const processImage = {
  type: 'ProcessImage',
  holds: 'images',
  partitionKey: 'Filename',
  attributes: [
    ...ROW_ATTRIBUTES,
    ...['contentType', 'width', 'height', 'destinationBucket', 'destinationKey'],
    ...['resizedKey', 'resizedSize', 'resizedWidth', 'resizedHeight', REJECTED],
  ],
  executions: ['Express', 'Standard'],
  deletesUploads: true,
  optionalSettings: 'processImage',
  plan(context: Context) {
    const { layer, resources } = sharpLayer(context, RESIZE_IMAGE);
    return {
      functions: [startWorkflow(context), getFileType(context), resizeImage(context, layer)],
      stateMachine: {
        type: executionType(context),
        definition: (arns) => definition(context, arns),
        statements: (arns) => statements(context, arns),
      },
      upload: { function: KEYS.startWorkflow, after: [KEYS.destinationBucket] },
      resources: [
        ...storage(context, {
          key: KEYS.destinationBucket,
          name: context.names.destinationBucket,
          isNamed: context.spec.workflow.processImage?.destination.bucketName !== undefined,
        }),
        ...resources,
      ],
    };
  },
} satisfies Workflow;
