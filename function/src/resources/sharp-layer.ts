/** The Lambda layer with sharp, which does not fit into a handler's zip: a version that is there, or one made of a zip in S3. */
import { createHash } from 'node:crypto';
import type { ILayerVersion } from '@crossplane-models/provider-upjet-aws/lambda.aws.m.upbound.io/v1beta1/LayerVersion';
import type { Context } from '../context.ts';
import { at, stringAt } from '../objects.ts';
import { type ComposedResource, define, isReady, reemit } from '../plan.ts';
import type { FunctionPlan } from '../workflow.ts';

/** What the function takes its modules from, and the resources that make it. */
export interface SharpLayer {
  layer: NonNullable<FunctionPlan['layer']>;
  resources: ComposedResource[];
}

const KEY = 'sharp-layer';

const LACKS = {
  reason: 'WaitingForLayer',
  message:
    'a Lambda layer with sharp. Build one with `make layer`, and give its ARN as spec.workflow.processImage.layerArn or, ' +
    'once it is uploaded, its bucket and key as .layer; for all claims, as data.sharpLayerArn or data.sharpLayer of the ' +
    'EnvironmentConfig fileingest',
};

/** Where sharp is. What the claim says wins as a whole. */
function source({ spec, platform }: Context): { arn?: string; zip?: { bucket: string; key: string } } {
  const { layerArn, layer } = spec.workflow.processImage ?? {};
  const [arn, zip] = layerArn || layer ? [layerArn, layer] : [platform.sharpLayerArn, platform.sharpLayer];
  // The platform may have both; then nothing needs to be made.
  return arn !== undefined ? { arn } : zip !== undefined ? { zip } : {};
}

/** ARN of the layer version that a function runs with, as AWS says, or as it was last told. */
function runningLayer(context: Context, functionKey: string): string | undefined {
  const observed = context.observed[functionKey];
  const layers =
    at(observed, 'status', 'atProvider', 'layers') ?? at(observed, 'spec', 'forProvider', 'layers');
  const [first]: unknown[] = Array.isArray(layers) ? layers : [];
  return typeof first === 'string' ? first : undefined;
}

/** Earlier versions, kept until the function is seen on the newest: Lambda takes no update that names one that is gone. */
function earlier(context: Context, newest: string | undefined): ComposedResource[] {
  return Object.entries(context.observed)
    .filter(([key]) => key.startsWith(`${KEY}-`) && key !== newest)
    .map(([key, resource]) => ({
      key,
      kind: 'LayerVersion',
      area: 'Code',
      needs: [],
      first: 'alone',
      build: () => reemit(resource),
    }));
}

/**
 * A layer version cannot be changed, not even its description: its key tells all that it is made of, and what is made of
 * something else is another one.
 */
function version(context: Context, zip: { bucket: string; key: string }): ComposedResource {
  const { names, spec } = context;
  const forProvider = {
    region: spec.region,
    layerName: names.of('layer', 'sharp'),
    description: 'sharp, which resizes images',
    s3Bucket: zip.bucket,
    s3Key: zip.key,
    compatibleArchitectures: [spec.functions.architecture],
    compatibleRuntimes: ['nodejs24.x'],
  };
  const digest = createHash('sha256').update(JSON.stringify(forProvider)).digest('hex');
  return define<ILayerVersion>(context, {
    apiVersion: 'lambda.aws.m.upbound.io/v1beta1',
    area: 'Code',
    key: `${KEY}-${digest.slice(0, 12)}`,
    kind: 'LayerVersion',
    forProvider,
  });
}

/**
 * The layer for a function. While a new version is made, the function keeps the one it runs with; and so it does when the
 * claim and the platform no longer name one.
 */
export function sharpLayer(context: Context, functionKey: string): SharpLayer {
  const running = runningLayer(context, functionKey);
  const { arn, zip } = source(context);
  const made = zip && version(context, zip);
  const observed = made && context.observed[made.key];
  const newest = made
    ? (isReady(observed) && stringAt(observed, 'status', 'atProvider', 'arn')) || undefined
    : arn;
  const isDone = newest !== undefined && running === newest && isReady(context.observed[functionKey]);
  return {
    layer: {
      arn: newest ?? running,
      needs: made ? [made.key] : [],
      ...(arn === undefined && !zip && { lacks: LACKS }),
    },
    resources: [...(made ? [made] : []), ...(isDone ? [] : earlier(context, made?.key))],
  };
}
