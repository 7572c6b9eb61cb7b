/** Creates the files that `make run` uploads for ProcessImage. `node local/testing/example-images.ts` writes examples/process-image/files. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { animation, beach, photograph } from '../../lambda/testing/images.ts';

/** The folder of the files. */
export const EXAMPLE_IMAGES = join(import.meta.dirname, '../../examples/process-image/files');

/** The files by key: photographs, images of other formats, and two files that are not images. */
export async function exampleImages(): Promise<Record<string, Buffer>> {
  return {
    'incoming/Grüße 東京.jpg': await beach(320, 180, 3).jpeg({ quality: 70, progressive: true }).toBuffer(),
    'incoming/beach.jpg': await photograph(480, 320),
    // The name is from a browser on Windows. The download was truncated before the end marker.
    'incoming/harbour.jfif': (await photograph(320, 200, 1, 6)).subarray(0, -2),
    'incoming/lights.gif': await animation('gif', 200, 3),
    'incoming/map.png': await beach(240, 120, 4).png({ palette: true, colours: 64 }).toBuffer(),
    'incoming/not-an-image.jpg': Buffer.from('This is a text. Its name says that it is a photograph.\n'),
    'incoming/notes.txt': Buffer.from('Remember to pick up the photographs.\n'),
    // Stored rotated, like from a camera. Displayed upright, it has 240 x 320 pixels.
    'incoming/portrait.JPEG': await photograph(320, 240, 6, 2),
  };
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  for (const [key, body] of Object.entries(await exampleImages())) {
    const path = join(EXAMPLE_IMAGES, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, body);
    console.log(`${key}  ${body.length} bytes`);
  }
}
