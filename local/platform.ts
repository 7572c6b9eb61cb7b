/** What a platform team brings along: here, the layer with sharp for ProcessImage. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { BucketLocationConstraint, CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Json } from '../function/src/objects.ts';
import { PLATFORM_SELECTOR } from '../function/src/platform.ts';
import { completeSpec } from '../function/src/spec.ts';
import { ensureLayer } from '../lambda/layer/build.ts';
import type { Clients } from './aws.ts';

const BUCKET = 'fileingest-platform-layers';

/** An own bucket that is there already is as good as a new one. */
const isOwned = (error: unknown): boolean =>
  error instanceof Error && error.name === 'BucketAlreadyOwnedByYou';

/** Puts the layer's zip, for this machine's processor, which the emulator runs functions on, into a bucket. */
async function uploadLayer({ s3, region }: Clients): Promise<{ bucket: string; key: string }> {
  const { path } = await ensureLayer();
  const LocationConstraint = Object.values(BucketLocationConstraint).find((known) => known === region);
  await s3
    .send(
      new CreateBucketCommand({
        Bucket: BUCKET,
        ...(LocationConstraint && { CreateBucketConfiguration: { LocationConstraint } }),
      }),
    )
    .catch((error: unknown) => {
      if (!isOwned(error)) throw error;
    });
  const key = basename(path);
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: await readFile(path) }));
  return { bucket: BUCKET, key };
}

/** The EnvironmentConfig for a claim: one with a layer where the claim needs one and names none; else undefined. */
export async function platformFor(claim: Json, clients: Clients): Promise<Json | undefined> {
  const { type, processImage } = completeSpec(claim).workflow;
  if (type !== 'ProcessImage' || processImage?.layerArn || processImage?.layer) return undefined;
  const { apiVersion, kind, matchName } = PLATFORM_SELECTOR;
  return {
    apiVersion,
    kind,
    metadata: { name: matchName },
    data: { sharpLayer: await uploadLayer(clients) },
  };
}
