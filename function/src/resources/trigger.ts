/** The trigger: how an upload invokes the workflow's function. */
import type { IRule } from '@crossplane-models/provider-upjet-aws/cloudwatchevents.aws.m.upbound.io/v1beta1/Rule';
import type { ITarget } from '@crossplane-models/provider-upjet-aws/cloudwatchevents.aws.m.upbound.io/v1beta1/Target';
import type { IPermission } from '@crossplane-models/provider-upjet-aws/lambda.aws.m.upbound.io/v1beta1/Permission';
import type { IBucketNotification } from '@crossplane-models/provider-upjet-aws/s3.aws.m.upbound.io/v1beta1/BucketNotification';
import { getCondition } from '@crossplane-org/function-sdk-typescript';
import type { Context } from '../context.ts';
import { invalid, lineOf } from '../errors.ts';
import { uploadPattern } from '../event-pattern.ts';
import { asInEvents } from '../filters.ts';
import { KEYS } from '../keys.ts';
import { bucketArn } from '../names.ts';
import { at } from '../objects.ts';
import { type Ownership, wasLookedAt } from '../ownership.ts';
import { type ComposedResource, define, isReady } from '../plan.ts';
import type { Spec } from '../spec.ts';
import type { UploadPlan } from '../workflow.ts';
import { functionName } from './lambdas.ts';
import { versioningOf } from './storage.ts';

/** The composition resource names. */
const NOTIFICATION = 'notification';
const RULE = 'upload-rule';
const TARGET = 'upload-target';
const bucketPermission = (upload: UploadPlan) => `${upload.function}-permission`;
const rulePermission = (upload: UploadPlan) => `${upload.function}-rule-permission`;

const lambda = { apiVersion: 'lambda.aws.m.upbound.io/v1beta1', area: 'Trigger' } as const;
const events = { apiVersion: 'cloudwatchevents.aws.m.upbound.io/v1beta1', area: 'Trigger' } as const;
/** The bus that receives the events of AWS services. The provider uses it in the rule's id. */
const BUS = 'default';

/** The filter for files. */
function filterOf(
  { spec }: Context,
  { prefix }: UploadPlan,
): { prefix?: string | undefined; suffixes?: readonly string[] | undefined } {
  return prefix === undefined ? spec.source : { prefix };
}

/** The filters, one for each suffix. They share one notification configuration, as a bucket can have only one. */
function filters(context: Context, upload: UploadPlan, lambdaFunctionArn: string) {
  const { prefix, suffixes } = filterOf(context, upload);
  return (suffixes ?? [undefined]).map((suffix, index) => ({
    id: `ingest-${index}`,
    events: ['s3:ObjectCreated:*'],
    lambdaFunctionArn,
    ...(prefix !== undefined && { filterPrefix: asInEvents(prefix) }),
    ...(suffix !== undefined && { filterSuffix: asInEvents(suffix) }),
  }));
}

const hasItems = (value: unknown) => Array.isArray(value) && value.length > 0;

/** The bucket's notification configuration: its observed spec, and its observed state in AWS. */
function notified({ observed }: Context) {
  const told = (field: string) => at(observed[NOTIFICATION], 'spec', 'forProvider', field);
  const seen = (field: string) => at(observed[NOTIFICATION], 'status', 'atProvider', field);
  return {
    isThere: observed[NOTIFICATION] !== undefined,
    toldFunction: hasItems(told('lambdaFunction')),
    toldEvents: told('eventbridge'),
    seenFunction: hasItems(seen('lambdaFunction')),
    seenEvents: seen('eventbridge') === true,
  };
}

/** The ownership of an adopted bucket's events. Only the bucket's owner can enable EventBridge. */
function eventsOwnership(context: Context): Ownership {
  const { names, observed } = context;
  const { seenEvents } = notified(context);
  if (seenEvents) return { is: 'adopted' };
  const looked = getCondition(observed[NOTIFICATION], 'Synced').status !== 'Unknown';
  const message = looked
    ? lineOf(
        invalid(
          'spec.source.bucketName',
          names.bucket,
          'the bucket does not tell Amazon EventBridge of uploads. In the bucket\'s properties, set "Send notifications to Amazon EventBridge" to on; where a FileIngestPipeline made it, set that one\'s spec.source.trigger to EventBridge.',
        ),
      )
    : `spec.source.bucketName: looking up whether bucket ${JSON.stringify(names.bucket)} tells EventBridge of uploads.`;
  return { is: 'open', hold: { reason: looked ? 'NotUsable' : 'LookingUp', message } };
}

/** The bucket's permission to invoke the function. */
function allowBucket(context: Context, upload: UploadPlan): ComposedResource {
  const { names, spec } = context;
  return define<IPermission>(context, {
    ...lambda,
    key: bucketPermission(upload),
    // No gate: the provider itself retries until the function exists.
    kind: 'Permission',
    forProvider: (arns) => ({
      region: spec.region,
      action: 'lambda:InvokeFunction',
      principal: 's3.amazonaws.com',
      statementId: 'AllowUploads',
      functionNameRef: { name: names.composed(upload.function) },
      sourceArn: bucketArn(spec.region, names.bucket),
      // The ARN of a bucket has no account, and the name of a deleted bucket is free for everyone.
      sourceAccount: arns.accountId,
    }),
  });
}

/** The rule, its permission to invoke the function, and the function as its target. With the target, uploads are accepted. */
function rule(context: Context, upload: UploadPlan, after: readonly string[]): ComposedResource[] {
  const { names, spec, tags } = context;
  const { region } = spec;
  const name = names.of('rule', 'uploads');
  return [
    define<IRule>(context, {
      ...events,
      key: RULE,
      kind: 'Rule',
      externalName: name,
      forProvider: {
        region,
        description: `Uploads to ${names.bucket}`,
        eventBusName: BUS,
        eventPattern: uploadPattern(names.bucket, filterOf(context, upload)),
        tags,
      },
    }),
    define<IPermission>(context, {
      ...lambda,
      key: rulePermission(upload),
      kind: 'Permission',
      forProvider: (arns) => ({
        region,
        action: 'lambda:InvokeFunction',
        principal: 'events.amazonaws.com',
        statementId: 'AllowUploadEvents',
        functionNameRef: { name: names.composed(upload.function) },
        sourceArn: arns.rule(name),
      }),
    }),
    define<ITarget>(context, {
      ...events,
      key: TARGET,
      kind: 'Target',
      // EventBridge drops events that it has no permission to deliver.
      needs: [rulePermission(upload), ...after],
      forProvider: (arns) => ({
        region,
        eventBusName: BUS,
        ruleRef: { name: names.composed(RULE) },
        targetId: 'ingest',
        arn: arns.function(functionName(context, upload.function)),
      }),
    }),
  ];
}

/** The bucket's notification configuration. While the trigger changes, both ways are active, since a repeated event does no harm. */
function notification(context: Context, upload: UploadPlan, needs: readonly string[]): ComposedResource {
  const { names, spec, observed } = context;
  const { isThere, toldFunction, toldEvents, seenFunction } = notified(context);
  const byEvents = spec.source.trigger === 'EventBridge';
  const toFunction = byEvents
    ? toldFunction && !isReady(observed[TARGET])
    : !isThere || toldFunction || isReady(observed[bucketPermission(upload)]);
  const toEvents = byEvents || (toldEvents === true && !(toldFunction && seenFunction));
  return define<IBucketNotification>(context, {
    apiVersion: 's3.aws.m.upbound.io/v1beta1',
    area: 'Trigger',
    key: NOTIFICATION,
    kind: 'BucketNotification',
    withdrawable: true,
    // lambdaFunctionArn has no reference field, and S3 tests the permission before it accepts a notification.
    needs,
    forProvider: (arns) => ({
      region: spec.region,
      bucketRef: { name: names.composed(KEYS.bucket) },
      ...(toFunction && {
        lambdaFunction: filters(context, upload, arns.function(functionName(context, upload.function))),
      }),
      // Set even when it is off, if it was on before: an absent value may stay unchanged in AWS.
      ...((toEvents || toldEvents !== undefined) && { eventbridge: toEvents }),
    }),
  });
}

/** The notification configuration of an adopted bucket. It is only observed. */
function adoptedNotification(context: Context): ComposedResource {
  return define<IBucketNotification>(context, {
    apiVersion: 's3.aws.m.upbound.io/v1beta1',
    area: 'Trigger',
    key: NOTIFICATION,
    kind: 'BucketNotification',
    externalName: context.names.bucket,
    ownership: eventsOwnership(context),
    forProvider: { region: context.spec.region },
  });
}

/** The composition resource names of the resources that are ready when uploads are accepted. */
export function takesUploads({ source }: Pick<Spec, 'source'>): string[] {
  return source.trigger === 'EventBridge' ? [NOTIFICATION, TARGET] : [NOTIFICATION];
}

/**
 * The trigger of the function: the bucket itself, or EventBridge.
 *
 * @param after - keys that must be ready before uploads are accepted, so that the first file finds the complete workflow
 */
export function uploadTrigger(
  context: Context,
  upload: UploadPlan,
  after: readonly string[],
): ComposedResource[] {
  const { spec, observed, ownership } = context;
  const bucket = ownership[KEYS.bucket]?.is;
  // A bucket that was adopted stays as it is, also once the claim does not say so any more.
  if (bucket === 'adopted' || (bucket === 'open' && wasLookedAt(observed[NOTIFICATION])))
    return [...rule(context, upload, after), adoptedNotification(context)];
  const { seenFunction } = notified(context);
  // A file that came before would have no version: a later one of its key would replace it, and its event could not name it.
  const versioned = versioningOf(KEYS.bucket);
  if (spec.source.trigger === 'EventBridge') {
    const keepsPermission = seenFunction && observed[bucketPermission(upload)] !== undefined;
    return [
      ...rule(context, upload, after),
      ...(keepsPermission ? [allowBucket(context, upload)] : []),
      notification(context, upload, [TARGET, versioned, ...after]),
    ];
  }
  const keepsRule = !seenFunction && observed[TARGET] !== undefined;
  return [
    allowBucket(context, upload),
    ...(keepsRule ? rule(context, upload, after) : []),
    notification(context, upload, [bucketPermission(upload), versioned, ...after]),
  ];
}
