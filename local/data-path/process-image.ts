/**
 * The data path of ProcessImage. Each image gets a copy, a resized image and an item. Each other file gets an item with the reason. In
 * the end, the source bucket has only files that are kept.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import sharp from 'sharp';
import type { Json } from '../../function/src/objects.ts';
import { completeSpec } from '../../function/src/read-spec.ts';
import { takesUploads } from '../../function/src/resources/trigger.ts';
import { IMAGE_FORMATS } from '../../lambda/shared/image-format.ts';
import { REJECTED } from '../../lambda/shared/row.ts';
import type { Clients } from '../aws.ts';
import type { LocalFile } from '../files.ts';
import { type Item, readItems, untilRecorded, upload } from '../upload.ts';
import { type DataPath, type Given, patienceFor } from './data-path.ts';
import { filtered, filterOf } from './record-file.ts';

const settingsOf = (claim: Json) => {
  const { processImage } = completeSpec(claim).workflow;
  if (!processImage) throw new Error('the claim has no processImage settings');
  return processImage;
};

/** Whether a file is an image of a format that the claim accepts, by its extension and its bytes. */
async function isImage(claim: Json, { key, body }: LocalFile): Promise<boolean> {
  const mediaType = await sharp(body)
    .metadata()
    .then((header) => header.mediaType)
    .catch(() => undefined);
  return settingsOf(claim).formats.some((format) => {
    const { contentType, extensions } = IMAGE_FORMATS[format];
    return mediaType === contentType && extensions.some((one) => key.toLowerCase().endsWith(`.${one}`));
  });
}

/** The keys of all objects in a bucket. */
export async function keysOf({ s3 }: Pick<Clients, 's3'>, bucket: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
  }
  return keys;
}

/** The bytes of an object. */
export async function bytesOf({ s3 }: Pick<Clients, 's3'>, bucket: string, key: string): Promise<Buffer> {
  const { Body } = await s3.getObject({ Bucket: bucket, Key: key });
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** Waits until none of the keys is in the source bucket. */
async function untilGone({ parts, clients }: Given, keys: readonly string[]): Promise<void> {
  const end = Date.now() + patienceFor(keys.length);
  for (;;) {
    const present = await keysOf(clients, parts.bucket);
    const left = keys.filter((key) => present.includes(key));
    if (left.length === 0) return;
    if (Date.now() > end) throw new Error(`still in ${parts.bucket}:\n  ${left.join('\n  ')}`);
    await delay(200);
  }
}

async function assertSame(given: Given, key: string, body: Buffer): Promise<void> {
  const { parts, clients } = given;
  if (!body.equals(await bytesOf(clients, parts.destinationBucket, key)))
    throw new Error(`${key} in ${parts.destinationBucket} is not what was uploaded`);
}

/** Checks an image: the copy equals the upload, and the resized image has the dimensions in its item and at most the claim's width. */
async function checkImage(given: Given, { key, body }: LocalFile, item: Item): Promise<void> {
  const { claim, parts, clients } = given;
  await assertSame(given, key, body);
  const small = await bytesOf(clients, parts.destinationBucket, String(item['resizedKey']));
  const { width, height, pageHeight, exif } = await sharp(small, { animated: true }).metadata();
  const seen = { width, height: pageHeight ?? height, bytes: small.length };
  const told = { width: item['resizedWidth'], height: item['resizedHeight'], bytes: item['resizedSize'] };
  if (JSON.stringify(seen) !== JSON.stringify(told))
    throw new Error(
      `${key}: its item tells ${JSON.stringify(told)}, its small image has ${JSON.stringify(seen)}`,
    );
  if (width > settingsOf(claim).width) throw new Error(`${key}: its small image is ${width} pixels wide`);
  if (item[REJECTED] !== undefined) throw new Error(`${key}: its item tells ${item[REJECTED]}`);
  if (exif) throw new Error(`${key}: its small image has metadata`);
  if (item['size'] !== body.length) throw new Error(`${key}: its item tells ${item['size']} bytes`);
}

/** Checks a file that is not an image: it is deleted, kept or moved, as the claim says. Its item has the reason and the place. */
async function checkOther(given: Given, { key, body }: LocalFile, item: Item): Promise<string> {
  const { claim, parts, clients } = given;
  const { otherFiles, quarantinePrefix = 'quarantine/' } = settingsOf(claim);
  const why = item[REJECTED];
  if (!why) throw new Error(`${key} is no image, and its item does not say why: ${JSON.stringify(item)}`);
  if (item['size'] !== body.length) throw new Error(`${key}: its item tells ${item['size']} bytes`);
  if (otherFiles === 'Quarantine') {
    const moved = `${quarantinePrefix}${key}`;
    await assertSame(given, moved, body);
    if (item['destinationKey'] !== moved) throw new Error(`${key}: its item tells ${item['destinationKey']}`);
    return `no image, moved to ${parts.destinationBucket}/${quarantinePrefix}: ${key}: ${why}`;
  }
  if (otherFiles === 'Delete') return `no image, deleted: ${key}: ${why}`;
  if (!(await keysOf(clients, parts.bucket)).includes(key)) throw new Error(`${key} was not kept`);
  return `no image, kept: ${key}: ${why}`;
}

export const processImage: DataPath = {
  files: 'process-image/files',
  opens: (claim) => takesUploads(completeSpec(claim)),

  async first({ claim, parts, clients }) {
    const { prefix, suffixes } = filterOf(claim);
    const key = `${prefix}first${suffixes?.[0] ?? '.jpg'}`;
    const body = await sharp({ create: { width: 300, height: 200, channels: 3, background: 'teal' } })
      .jpeg()
      .toBuffer();
    await upload(clients, parts.bucket, [{ key, body }]);
    await untilRecorded(clients, parts.table, parts.partitionKey, [key], patienceFor(1));
  },

  async move(given, say) {
    const { claim, parts, clients, files } = given;
    const { table, partitionKey } = parts;
    const taken = filtered(claim, files);
    const kinds = await Promise.all(taken.map((file) => isImage(claim, file)));
    const images = taken.filter((_, index) => kinds[index]);
    const others = taken.filter((_, index) => !kinds[index]);
    const sent = `${files.length} files; ${images.length} are images that the claim takes`;
    say(`Uploading ${sent}`);
    await upload(clients, parts.bucket, files);
    const keys = taken.map(({ key }) => key);
    const done = async () => {
      await untilRecorded(clients, table, partitionKey, keys, patienceFor(keys.length));
      const stays = settingsOf(claim).otherFiles === 'Keep' ? others.map(({ key }) => key) : [];
      await untilGone(
        given,
        keys.filter((key) => !stays.includes(key)),
      );
    };
    await done();
    const recorded = await readItems(clients, table);
    const itemOf = ({ key }: LocalFile): Item => recorded.find((one) => one[partitionKey] === key) ?? {};
    for (const file of images) await checkImage(given, file, itemOf(file));
    const notes = await Promise.all(others.map((file) => checkOther(given, file, itemOf(file))));
    const left = files.filter((file) => !taken.includes(file));
    return {
      sent,
      recorded: images.length,
      items: images.map(itemOf),
      columns: [partitionKey, 'width', 'height', 'resizedKey', 'resizedWidth', 'resizedHeight'],
      notes: [...notes, ...left.map(({ key }) => `not looked at, as the claim asks: ${key}`)],
    };
  },
};
