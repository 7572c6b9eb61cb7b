/** What `make run` uploads for ProcessImage. `node local/testing/example-images.ts` writes examples/process-image/files. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { animation, beach, photograph } from '../../lambda/testing/images.ts';

/** The folder that holds them. */
export const EXAMPLE_IMAGES = join(import.meta.dirname, '../../examples/process-image/files');

/** The files by key: photographs, pictures of other formats, and two files that are none. */
export async function exampleImages(): Promise<Record<string, Buffer>> {
  return {
    'incoming/Grüße 東京.jpg': await beach(320, 180, 3).jpeg({ quality: 70, progressive: true }).toBuffer(),
    'incoming/beach.jpg': await photograph(480, 320),
    // As a browser on Windows saves a JPEG of the web; the download was cut off before the end marker.
    'incoming/harbour.jfif': (await photograph(320, 200, 1, 6)).subarray(0, -2),
    'incoming/lights.gif': await animation('gif', 200, 3),
    'incoming/map.png': await beach(240, 120, 4).png({ palette: true, colours: 64 }).toBuffer(),
    'incoming/not-an-image.jpg': Buffer.from('This is a text. Its name says that it is a photograph.\n'),
    'incoming/notes.txt': Buffer.from('Remember to pick up the photographs.\n'),
    // As the camera saw it, on its side; held upright, it is 240 x 320.
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
