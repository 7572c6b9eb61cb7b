import sharp from 'sharp';
import { expect, test } from 'vitest';
import { readFiles } from '../files.ts';
import { EXAMPLE_IMAGES, exampleImages } from './example-images.ts';

test('the files of the example are what the script makes', async () => {
  const committed = Object.fromEntries(readFiles(EXAMPLE_IMAGES).map(({ key, body }) => [key, body]));

  expect(committed, 'run `node local/testing/example-images.ts`').toEqual(await exampleImages());
});

test('there are photographs, one of them on its side', async () => {
  const { 'incoming/beach.jpg': beach, 'incoming/portrait.JPEG': portrait } = await exampleImages();

  expect(await sharp(beach).metadata()).toMatchObject({ format: 'jpeg', width: 480, height: 320 });
  expect(await sharp(portrait).metadata()).toMatchObject({ width: 320, height: 240, orientation: 6 });
});
