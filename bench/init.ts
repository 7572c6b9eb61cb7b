/** Time to load a handler in a fresh process: as it ships, and as separate files with its packages in node_modules. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { HANDLERS } from '../function/src/catalogue.ts';
import { inlinePages } from '../lambda/upload-api/inline-page.ts';
import { runCommand } from '../tools/command.ts';
import {
  handlerSettings,
  linkPackages,
  temporaryFolder,
  unpackLayer,
  unzip,
  type Variables,
} from './handlers.ts';
import { type Row, sampled } from './report.ts';
import { interleave } from './stats.ts';
import { DIST } from './subjects.ts';

const LAMBDA = join(import.meta.dirname, '..', 'lambda');

const IMPORT_AND_TIME = `
const start = performance.now();
const { handler } = await import(process.argv[1]);
const elapsed = performance.now() - start;
if (typeof handler !== 'function') throw new Error(process.argv[1] + ' exports no handler');
console.log(elapsed);
`;

/** Milliseconds that the import of a module takes in a Node process of its own, whose own start is not counted. */
async function initTime(module: string, variables: Variables): Promise<number> {
  const args = ['--input-type=module', '--eval', IMPORT_AND_TIME, pathToFileURL(module).href];
  const stdout = await runCommand(process.execPath, args, { env: variables });
  return Number(stdout);
}

/** Keeps every import except the page's, which is inlined. An import of one of our own files names the JavaScript beside it. */
const keepImports: Plugin = {
  name: 'keep-imports',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'entry-point' || path.endsWith('.html')
        ? undefined
        : { path: path.replace(/^(\..*)\.ts$/, '$1.js'), external: true },
    );
  },
};

const OPTIONS = {
  absWorkingDir: LAMBDA,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  logLevel: 'warning',
} satisfies BuildOptions;

/** The source files that the handlers are made of: what they import, and what that imports. */
async function sourcesOfHandlers(): Promise<string[]> {
  const { metafile } = await build({
    ...OPTIONS,
    entryPoints: HANDLERS.map((name) => `${name}/handler.ts`),
    outdir: 'out',
    write: false,
    metafile: true,
    packages: 'external',
    plugins: [inlinePages],
  });
  return Object.keys(metafile.inputs).filter((path) => path.endsWith('.ts'));
}

/** Writes each source file of the handlers as JavaScript, so that stripping types is not part of what is measured. */
async function transpileHandlers(outdir: string): Promise<void> {
  await build({
    ...OPTIONS,
    entryPoints: (await sourcesOfHandlers()).map((path) => resolve(LAMBDA, path)),
    outbase: LAMBDA,
    outdir,
    plugins: [keepImports, inlinePages],
  });
  writeFileSync(join(outdir, 'package.json'), '{"type":"module"}');
  await linkPackages(outdir);
}

async function measure(folder: string, rounds: number): Promise<Row[]> {
  const rows: Row[] = [];
  const nodePath = await unpackLayer(join(folder, 'layer'));
  await transpileHandlers(join(folder, 'unbundled'));
  for (const [name, { variables, layer }] of await handlerSettings()) {
    const environment = layer ? { ...variables, NODE_PATH: nodePath } : variables;
    unzip(join(DIST, 'handlers', `${name}.zip`), join(folder, 'bundled', name));
    const bundled = () => initTime(join(folder, 'bundled', name, 'index.mjs'), environment);
    const unbundled = () => initTime(join(folder, 'unbundled', name, 'handler.js'), environment);
    // Once each beforehand: the first read of a file comes from the disk.
    await Promise.all([bundled(), unbundled()]);
    rows.push(sampled(name, 'ms', ...(await interleave(rounds, bundled, unbundled)), { atMost: 1 }));
  }
  return rows;
}

/**
 * The median import of each handler's zip, with the environment that the function gives it. Both forms of resize-image have sharp
 * from the layer: they are in a folder where no other is found.
 */
export async function benchInit(quick: boolean): Promise<Row[]> {
  await using folder = await temporaryFolder();
  return await measure(folder.path, quick ? 4 : 20);
}
