/** Time to load a handler in a fresh process: as it ships, and as separate files with its packages in node_modules. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { unzipSync } from 'fflate';
import { compared, type Section } from './report.ts';
import { DIST, WORK } from './stage.ts';
import { interleave, median, summarise } from './stats.ts';

const LAMBDA = join(import.meta.dirname, '..', 'lambda');
const run = promisify(execFile);

/** What Lambda and the function set, for any handler. */
const ENVIRONMENT = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  STATE_MACHINE_ARN: 'arn:aws:states:eu-west-1:111122223333:stateMachine:files',
  EXECUTION: 'Standard',
  TABLE_NAME: 'files',
  PARTITION_KEY: 'Filename',
  BUCKET: 'files',
  MAX_SIZE_BYTES: '1048576',
  EXPIRES_SECONDS: '300',
  AUTHORIZATION: 'None',
};

const IMPORT_AND_TIME = `
const start = performance.now();
const { handler } = await import(process.argv[1]);
const elapsed = performance.now() - start;
if (typeof handler !== 'function') throw new Error(process.argv[1] + ' exports no handler');
console.log(elapsed);
`;

/** Milliseconds that the import of a module takes in a Node process of its own, whose own start is not counted. */
async function initTime(module: string): Promise<number> {
  const args = ['--input-type=module', '--eval', IMPORT_AND_TIME, pathToFileURL(module).href];
  const { stdout } = await run(process.execPath, args, { env: ENVIRONMENT });
  return Number(stdout);
}

/** Every import stays an import; those of our own files name what is written beside them. */
const keepImports: Plugin = {
  name: 'keep-imports',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/^(\..*)\.ts$/, '$1.js'), external: true },
    );
  },
};

/** Writes each source file of the handlers as JavaScript, so that stripping types is not part of what is measured. */
async function transpileHandlers(outdir: string): Promise<void> {
  const files = readdirSync(LAMBDA, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => /[\\/].*\.ts$/.test(file) && !/test(ing)?\.ts$/.test(file));
  await build({
    entryPoints: sources.map((file) => join(LAMBDA, file)),
    outbase: LAMBDA,
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    plugins: [keepImports],
    logLevel: 'warning',
  });
}

function unzip(zip: string, folder: string): void {
  for (const [name, content] of Object.entries(unzipSync(readFileSync(zip)))) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/** The median import of each handler's zip. */
export async function benchInit(quick: boolean): Promise<Section> {
  const section: Section = { name: 'init', against: 'unbundled', rows: [], samples: {} };
  const folder = join(WORK, 'handlers');
  rmSync(folder, { recursive: true, force: true });
  await transpileHandlers(join(folder, 'unbundled'));
  for (const zip of readdirSync(join(DIST, 'handlers')).filter((file) => file.endsWith('.zip'))) {
    const name = zip.replace(/\.zip$/, '');
    unzip(join(DIST, 'handlers', zip), join(folder, 'bundled', name));
    const bundled = join(folder, 'bundled', name, 'index.mjs');
    const unbundled = join(folder, 'unbundled', name, 'handler.js');
    const ours: number[] = [];
    const theirs: number[] = [];
    // Once each beforehand: the first read of a file comes from the disk.
    await Promise.all([initTime(bundled), initTime(unbundled)]);
    await interleave(
      quick ? 4 : 20,
      async () => void ours.push(await initTime(bundled)),
      async () => void theirs.push(await initTime(unbundled)),
    );
    section.rows.push(compared(name, 'ms', median(ours), median(theirs), 1));
    section.samples[`${name}: bundled, ms`] = summarise(ours);
    section.samples[`${name}: unbundled, ms`] = summarise(theirs);
  }
  return section;
}
