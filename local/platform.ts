/** Creates what exists before a claim: the platform's layer with sharp for ProcessImage, and a bucket that the claim adopts. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { BucketLocationConstraint } from '@aws-sdk/client-s3';
import type { Json } from '../function/src/objects.ts';
import { PLATFORM_SELECTOR } from '../function/src/platform.ts';
import { completeSpec } from '../function/src/read-spec.ts';
import type { Spec } from '../function/src/spec.ts';
import { ensureLayer } from '../lambda/layer/build.ts';
import { answerUnless, type Clients } from './aws.ts';

const BUCKET = 'fileingest-platform-layers';

/** Makes a bucket, where there is none of the name yet. */
export async function makeBucket({ s3, region }: Clients, Bucket: string): Promise<void> {
  const LocationConstraint = Object.values(BucketLocationConstraint).find((known) => known === region);
  const CreateBucketConfiguration = LocationConstraint && { LocationConstraint };
  // An own bucket that is there already is as good as a new one.
  await answerUnless(s3.createBucket({ Bucket, CreateBucketConfiguration }), 'BucketAlreadyOwnedByYou');
}

/** Creates the bucket that a claim adopts, like its owner would: it sends upload events to EventBridge. */
async function makeAdoptedBucket(spec: Spec, clients: Clients): Promise<void> {
  const { adopt, bucketName } = spec.source;
  if (!adopt || bucketName === undefined) return;
  await makeBucket(clients, bucketName);
  const NotificationConfiguration = { EventBridgeConfiguration: {} };
  await clients.s3.putBucketNotificationConfiguration({ Bucket: bucketName, NotificationConfiguration });
}

/** Uploads the layer's zip for this machine's processor, as the emulator runs functions on this machine. */
async function uploadLayer(clients: Clients): Promise<{ bucket: string; key: string }> {
  const { path } = await ensureLayer();
  await makeBucket(clients, BUCKET);
  const key = basename(path);
  await clients.s3.putObject({ Bucket: BUCKET, Key: key, Body: await readFile(path) });
  return { bucket: BUCKET, key };
}

/**
 * Creates what exists before a claim. Returns an EnvironmentConfig with a layer if the claim needs a layer and names none, else
 * undefined.
 */
export async function platformFor(claim: Json, clients: Clients): Promise<Json | undefined> {
  const spec = completeSpec(claim);
  await makeAdoptedBucket(spec, clients);
  const { type, processImage } = spec.workflow;
  if (type !== 'ProcessImage' || processImage?.layerArn || processImage?.layer) return undefined;
  const { apiVersion, kind, matchName } = PLATFORM_SELECTOR;
  return {
    apiVersion,
    kind,
    metadata: { name: matchName },
    data: { sharpLayer: await uploadLayer(clients) },
  };
}
