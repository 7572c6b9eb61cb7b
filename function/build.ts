/**
 * Bundles the function into `dist/function/main.js`, with the handlers' zips beside it in `handlers/`. The image contains this folder,
 * and `make run` starts it.
 */
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { buildHandlers } from '../lambda/build.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Some dependencies are CommonJS and call `require` for Node's own modules, which an ES module does not have. Tree shaking removes
 * the unused Protobuf code of kubernetes-models.
 */
const BANNER = "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);";

/** The esbuild options for a server of the SDK. */
export const BUNDLE_OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minify: true,
  legalComments: 'linked',
  banner: { js: BANNER },
  logLevel: 'warning',
} satisfies BuildOptions;

/** Builds everything into a folder. */
export async function buildFunction(outDir = here('../dist/function')): Promise<void> {
  await buildHandlers(`${outDir}/handlers`);
  await build({ ...BUNDLE_OPTIONS, entryPoints: [here('src/main.ts')], outfile: `${outDir}/main.js` });
}

if (import.meta.main) {
  await buildFunction();
  console.log('built dist/function/main.js and its handlers');
}
