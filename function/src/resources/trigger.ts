/** What makes an upload invoke the workflow's function. */
import type { IPermission } from '@crossplane-models/provider-upjet-aws/lambda.aws.m.upbound.io/v1beta1/Permission';
import type { IBucketNotification } from '@crossplane-models/provider-upjet-aws/s3.aws.m.upbound.io/v1beta1/BucketNotification';
import type { Context } from '../context.ts';
import { asInEvents } from '../filters.ts';
import { bucketArn } from '../names.ts';
import { type ComposedResource, define } from '../plan.ts';
import type { UploadPlan } from '../workflow.ts';
import { functionName } from './lambdas.ts';

/** One filter for each suffix; a bucket takes one notification configuration, so they share it. */
function filters(context: Context, upload: UploadPlan, lambdaFunctionArn: string) {
  const { prefix, suffixes } = upload.prefix === undefined ? context.spec.source : { prefix: upload.prefix };
  return (suffixes ?? [undefined]).map((suffix, index) => ({
    id: `ingest-${index}`,
    events: ['s3:ObjectCreated:*'],
    lambdaFunctionArn,
    ...(prefix !== undefined && { filterPrefix: asInEvents(prefix) }),
    ...(suffix !== undefined && { filterSuffix: asInEvents(suffix) }),
  }));
}

/**
 * The bucket's permission to invoke a function, and its notification.
 *
 * @param after - keys that are ready before files are taken, so that the first file finds all of the workflow.
 */
export function uploadTrigger(
  context: Context,
  upload: UploadPlan,
  after: readonly string[],
): ComposedResource[] {
  const { names, spec } = context;
  const permission = `${upload.function}-permission`;
  return [
    define<IPermission>(context, {
      apiVersion: 'lambda.aws.m.upbound.io/v1beta1',
      area: 'Trigger',
      key: permission,
      // No gate: the provider itself tries again until the function is there.
      kind: 'Permission',
      forProvider: (arns) => ({
        region: spec.region,
        action: 'lambda:InvokeFunction',
        principal: 's3.amazonaws.com',
        statementId: 'AllowUploads',
        functionNameRef: { name: names.composed(upload.function) },
        sourceArn: bucketArn(spec.region, names.bucket),
        // A bucket's ARN names no account, and a deleted bucket's name is free for anyone.
        sourceAccount: arns.accountId,
      }),
    }),
    define<IBucketNotification>(context, {
      apiVersion: 's3.aws.m.upbound.io/v1beta1',
      area: 'Trigger',
      key: 'notification',
      kind: 'BucketNotification',
      // lambdaFunctionArn has no reference, and S3 tries the permission out before it takes a notification.
      needs: [permission, ...after],
      forProvider: (arns) => ({
        region: spec.region,
        bucketRef: { name: names.composed('bucket') },
        lambdaFunction: filters(context, upload, arns.function(functionName(context, upload.function))),
      }),
    }),
  ];
}
