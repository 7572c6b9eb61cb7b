/** Bundles the front with all its dependencies into `dist/front/main.js`, for an image that runs beside an emulator. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from '../../function/build.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export async function buildFront(outDir = here('../../dist/front')): Promise<void> {
  await build({ ...BUNDLE_OPTIONS, entryPoints: [here('main.ts')], outfile: `${outDir}/main.js` });
}

if (import.meta.main) {
  await buildFront();
  console.log('built dist/front/main.js');
}
