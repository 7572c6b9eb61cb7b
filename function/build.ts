/**
 * Bundles the function into `dist/function/main.js`, with the handlers' zips beside it in `handlers/`, the licences of what `main.js`
 * contains in `LICENSES.txt`, and the SBOM of all of it in `sbom.cdx.json`. The image contains this folder, and `make run` starts it.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { buildHandlers } from '../lambda/build.ts';
import { bundledPackages, licenceTexts } from '../lambda/bundled.ts';
import { sbom } from './sbom.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
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
  const handlers = await buildHandlers(`${outDir}/handlers`);
  const outfile = `${outDir}/main.js`;
  const { metafile } = await build({
    ...BUNDLE_OPTIONS,
    absWorkingDir: ROOT,
    entryPoints: [here('src/main.ts')],
    outfile,
    metafile: true,
  });
  const packages = await bundledPackages(metafile, ROOT);
  await writeFile(`${outDir}/LICENSES.txt`, licenceTexts(packages));
  const { version }: { version: string } = JSON.parse(await readFile(here('../package.json'), 'utf8'));
  const zips = Object.entries(handlers).map(([name, built]) => ({ path: `handlers/${name}.zip`, ...built }));
  const bundles = [{ path: 'main.js', content: await readFile(outfile), packages }, ...zips];
  await writeFile(`${outDir}/sbom.cdx.json`, sbom(version, bundles));
}

if (import.meta.main) {
  await buildFunction();
  console.log('built dist/function/main.js and its handlers');
}
