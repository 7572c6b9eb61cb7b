/** The Lambda layer with sharp, which is too large for a handler's zip: an existing version, or a new one from a zip in S3. */
import { createHash } from 'node:crypto';
import type { ILayerVersion } from '@crossplane-models/provider-upjet-aws/lambda.aws.m.upbound.io/v1beta1/LayerVersion';
import type { Context } from '../context.ts';
import { at, stringAt } from '../objects.ts';
import { type ComposedResource, define, isReady, reemit } from '../plan.ts';
import type { FunctionPlan } from '../workflow.ts';

/** The layer for the function, and the resources that create it. */
export interface SharpLayer {
  readonly layer: NonNullable<FunctionPlan['layer']>;
  readonly resources: ComposedResource[];
}

const KEY = 'sharp-layer';

const LACKS = {
  reason: 'WaitingForLayer',
  message:
    'a Lambda layer with sharp. Build one with `make layer`, and give its ARN as spec.workflow.processImage.layerArn or, ' +
    'once it is uploaded, its bucket and key as .layer; for all claims, as data.sharpLayerArn or data.sharpLayer of the ' +
    'EnvironmentConfig fileingest',
};

/** The source of sharp. The claim's settings win as a whole. */
function source({ spec, platform }: Context): { arn?: string; zip?: { bucket: string; key: string } } {
  const { layerArn, layer } = spec.workflow.processImage ?? {};
  const [arn, zip] = layerArn || layer ? [layerArn, layer] : [platform.sharpLayerArn, platform.sharpLayer];
  // The platform can have both. Then no layer is created.
  return arn !== undefined ? { arn } : zip !== undefined ? { zip } : {};
}

/** The ARN of the layer version of a function: AWS's value, or the value in its observed spec. */
function runningLayer(context: Context, functionKey: string): string | undefined {
  const observed = context.observed[functionKey];
  const layers =
    at(observed, 'status', 'atProvider', 'layers') ?? at(observed, 'spec', 'forProvider', 'layers');
  const [first]: unknown[] = Array.isArray(layers) ? layers : [];
  return typeof first === 'string' ? first : undefined;
}

/** The earlier versions. They are kept until the function was observed with the newest: Lambda rejects an update with a missing version. */
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
 * A layer version. It cannot be changed, not even its description. So its key is derived from all its inputs, and other inputs give
 * another resource.
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
 * The layer for a function. While a new version is created, the function keeps its current version. It also keeps it when the claim and
 * the platform no longer name a layer.
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
