/** Bundles the plugin into one file, `dist/kubectl-fip`. */
import { chmodSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from '../function/build.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * A file without an extension is CommonJS or an ES module, as the nearest package.json says: here a module, on a PATH mostly none.
 * This makes it run as both.
 */
const BOTH = {
  banner: '((require) => {',
  footer:
    "})(typeof require === 'function' ? require : process.getBuiltinModule('node:module').createRequire(process.argv[1]));",
};

/**
 * Builds the plugin and makes it executable.
 *
 * @returns the paths of the sources in it
 */
export async function buildPlugin(outfile = here('../dist/kubectl-fip')): Promise<readonly string[]> {
  const { metafile } = await build({
    ...BUNDLE_OPTIONS,
    target: 'node20',
    format: 'cjs',
    banner: { js: BOTH.banner },
    footer: { js: BOTH.footer },
    legalComments: 'none',
    metafile: true,
    entryPoints: [here('main.ts')],
    outfile,
  });
  chmodSync(outfile, 0o755);
  return Object.keys(metafile.inputs);
}

if (import.meta.main) {
  await buildPlugin();
  console.log('built dist/kubectl-fip: put dist on your PATH, and call kubectl fip');
}
