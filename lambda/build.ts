import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type BundledPackage, bundledPackages, licenceTexts } from './bundled.ts';
import { trimDebug } from './trim-debug.ts';
import { trimSdk } from './trim-sdk.ts';
import { inlinePages } from './upload-api/inline-page.ts';
import { zipFiles } from './zip.ts';

/** A handler's zip: its SHA-256, as hex and as Lambda's `CodeSha256` (base64), and its size in bytes. */
export interface HandlerZip {
  readonly sha256: string;
  readonly sha256Base64: string;
  readonly bytes: number;
}

/** A handler as it was built. */
export interface BuiltHandler {
  readonly content: Uint8Array;
  /** Those of which its bundle contains code. */
  readonly packages: readonly BundledPackage[];
}

const LAMBDA_DIR = import.meta.dirname;

/**
 * Bundles every handler (a folder beside this file with a `handler.ts`) into `<outDir>/<name>.zip`. A zip holds one
 * `index.mjs` for the Lambda setting `index.handler`, and `LICENSES.txt`, the licences of what is bundled. Describes the zips, by
 * name, in `<outDir>/handlers.json`, and returns them. The same sources give the same bytes on every machine.
 *
 * @param outDir - relative to the working directory; created if it does not exist
 * @throws Error of esbuild when it cannot bundle a handler
 */
export async function buildHandlers(outDir: string): Promise<Record<string, BuiltHandler>> {
  await mkdir(outDir, { recursive: true });
  const names = await handlerNames();
  const built = await Promise.all(names.map(async (name) => [name, await buildHandler(name)] as const));
  const manifest = Object.fromEntries(built.map(([name, { content }]) => [name, describeZip(content)]));
  await Promise.all(built.map(([name, { content }]) => writeFile(join(outDir, `${name}.zip`), content)));
  await writeFile(join(outDir, 'handlers.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return Object.fromEntries(built);
}

/**
 * The text of a handler's `index.mjs`: a minified ES module for Node 24 with all its imports.
 *
 * @param name - the handler's folder
 */
export async function bundleHandler(name: string): Promise<Uint8Array> {
  return (await bundle(name)).content;
}

async function bundle(name: string): Promise<BuiltHandler> {
  const { outputFiles, metafile } = await build({
    // Relative paths, so that the output contains no path of this machine.
    absWorkingDir: LAMBDA_DIR,
    entryPoints: [`./${name}/handler.ts`],
    outfile: 'index.mjs',
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The SDK's ES modules have half the size of its CommonJS modules, which Node would load.
    mainFields: ['module', 'main'],
    conditions: ['module'],
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    tsconfigRaw: { compilerOptions: { target: 'es2024' } },
    plugins: [trimSdk, trimDebug, inlinePages],
  });
  const [output] = outputFiles;
  if (!output) throw new Error(`${name}: esbuild wrote no output`);
  return { content: output.contents, packages: await bundledPackages(metafile, LAMBDA_DIR) };
}

async function handlerNames(): Promise<string[]> {
  const found = await readdir(LAMBDA_DIR, { recursive: true });
  const names = found.flatMap((path) => /^([^\\/]+)[\\/]handler\.ts$/.exec(path)?.[1] ?? []);
  return names.filter((name) => name !== 'shared').toSorted();
}

async function buildHandler(name: string): Promise<BuiltHandler> {
  const { content, packages } = await bundle(name);
  const licences = Buffer.from(licenceTexts(packages));
  return { content: zipFiles({ 'index.mjs': content, 'LICENSES.txt': licences }), packages };
}

function describeZip(zip: Uint8Array): HandlerZip {
  const digest = createHash('sha256').update(zip).digest();
  return { sha256: digest.toString('hex'), sha256Base64: digest.toString('base64'), bytes: zip.length };
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const outDir = process.argv[2] ?? 'dist/handlers';
  for (const [name, { content }] of Object.entries(await buildHandlers(outDir))) {
    console.log(`${join(outDir, `${name}.zip`)}  ${content.length} bytes`);
  }
}
