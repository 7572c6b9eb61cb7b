/**
 * Builds the function's image and package for each architecture, and the Configuration's package, into `dist/packages`:
 * `make package`. The image needs a container engine. The packages need the Crossplane CLI: `make package` finds or builds it, and
 * sets CROSSPLANE to its path.
 */

import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { ARCHITECTURES, buildImage, saveImage, whyNoEngine } from './package/image.ts';
import { messageOf } from './src/errors.ts';

const ROOT = resolve(import.meta.dirname, '..');
const PACKAGES = join(ROOT, 'dist', 'packages');
export const FUNCTION = 'function-fileingest';
export const CONFIGURATION = 'configuration-fileingest';

/**
 * Where the packages are pushed to and pulled from. `xpkg.crossplane.io` only serves pulls of what others push elsewhere. A pull by the
 * name that was pushed has the name that the signatures are found under, and a fork's packages need no one's alias.
 */
export const REGISTRY = 'ghcr.io/fileingest';

/** Where the source is. */
export const SOURCE = 'https://github.com/fileingest/fileingest';

/** The part of a package's metadata that is changed here. */
interface Meta {
  readonly metadata: { name: string; annotations: Record<string, string> };
  readonly spec: { dependsOn?: { package: string; version: string }[] };
}

/** The part of the Composition that is changed here. */
interface Composition {
  readonly metadata: { name: string; labels: Record<string, string> };
  readonly spec: { pipeline: { functionRef: { name: string } }[] };
}

interface PackageOptions {
  /** The path of the Crossplane CLI. */
  readonly crossplane: string;
  /** A semantic version with a leading v. */
  readonly version: string;
  /** The path of the .xpkg file. An existing file is replaced. */
  readonly outFile: string;
}

const run = promisify(execFile);
const shown = (path: string) => relative(ROOT, path);

/** The version of the release, with a leading v, from `package.json`. */
export function releaseVersion(): string {
  const { version }: { version: string } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return `v${version}`;
}

/** The name of a version's Function object, such as `fileingest-function-v1-2-3`: the Composition of that version calls it. */
export function functionName(version: string): string {
  return `fileingest-function-${version.replaceAll('.', '-')}`;
}

/** The Composition of a version: it has the version as a label and calls the function of that version. */
export function compositionOf(version: string): Composition {
  const composition: Composition = parse(readFileSync(join(ROOT, 'compositions/composition.yaml'), 'utf8'));
  composition.metadata.labels['fileingest.dev/version'] = version;
  for (const step of composition.spec.pipeline) step.functionRef.name = functionName(version);
  return composition;
}

function readMeta(file: string, version: string): Meta {
  const meta: Meta = parse(readFileSync(join(ROOT, file), 'utf8'));
  // The annotation makes two versions different packages, even when nothing else differs.
  meta.metadata.annotations['org.opencontainers.image.version'] = version;
  return meta;
}

/** Creates an empty folder for the content of a package. */
function stage(outFile: string, meta: Meta): string {
  const folder = join(ROOT, 'dist', 'stage', basename(outFile));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'crossplane.yaml'), stringify(meta, { version: '1.1' }));
  return folder;
}

async function buildPackage(
  crossplane: string,
  folder: string,
  outFile: string,
  flags: readonly string[] = [],
) {
  mkdirSync(resolve(outFile, '..'), { recursive: true });
  try {
    await run(crossplane, ['xpkg', 'build', '--package-root', folder, '--package-file', outFile, ...flags]);
  } catch (error) {
    const fix = 'Name the Crossplane CLI with CROSSPLANE, or run `make package`, which builds it.';
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new Error(
      `${outFile} was not built: ${missing ? `${crossplane} was not found. ${fix}` : messageOf(error)}`,
    );
  }
}

/**
 * Creates the content of the Configuration's package: its metadata, the XRD and the Composition, and nothing else. It depends on the
 * function with the same version.
 *
 * @param dependencies - false removes all dependencies, for a control plane that installs them itself
 * @returns the folder
 */
export function stageConfiguration(version: string, outFile: string, dependencies = true): string {
  const meta = readMeta('apis/crossplane.yaml', version);
  if (!dependencies) delete meta.spec.dependsOn;
  for (const dependency of meta.spec.dependsOn ?? []) {
    if (dependency.package.endsWith(`/${FUNCTION}`)) dependency.version = version;
  }
  const folder = stage(outFile, meta);
  cpSync(join(ROOT, 'apis/definition.yaml'), join(folder, 'definition.yaml'));
  writeFileSync(join(folder, 'composition.yaml'), stringify(compositionOf(version), { version: '1.1' }));
  return folder;
}

/**
 * Builds the Configuration's package.
 *
 * @throws Error with the output of the Crossplane CLI
 */
export async function buildConfigurationPackage({
  crossplane,
  version,
  outFile,
  dependencies = true,
}: PackageOptions & { dependencies?: boolean }): Promise<void> {
  await buildPackage(crossplane, stageConfiguration(version, outFile, dependencies), outFile);
}

/**
 * Builds the function's package.
 *
 * @param image - the image that the package runs; without it, Crossplane can install the package but not run it
 * @throws Error with the output of the Crossplane CLI
 */
export async function buildFunctionPackage({
  crossplane,
  version,
  outFile,
  image,
}: PackageOptions & { image?: { tarball: string } }): Promise<void> {
  const folder = stage(outFile, readMeta('function/package/crossplane.yaml', version));
  await buildPackage(crossplane, folder, outFile, image && ['--embed-runtime-image-tarball', image.tarball]);
}

async function packageFunction(crossplane: string, version: string): Promise<void> {
  for (const architecture of ARCHITECTURES) {
    const outFile = join(PACKAGES, `${FUNCTION}-${version}-${architecture}.xpkg`);
    const tarball = join(ROOT, 'dist', 'stage', `${FUNCTION}-${version}-${architecture}.tar`);
    const tag = await buildImage(architecture, version);
    console.log(`built the image ${tag}`);
    mkdirSync(resolve(tarball, '..'), { recursive: true });
    await saveImage(tag, tarball);
    await buildFunctionPackage({ crossplane, version, outFile, image: { tarball } });
    rmSync(tarball);
    console.log(`built ${shown(outFile)}`);
  }
}

const HELP = `Usage: node function/package.ts [--no-runtime]

  --no-runtime  the function's package without an image, for a control plane that runs the function itself

CROSSPLANE names the Crossplane CLI; \`crossplane\` on the PATH by default.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { 'no-runtime': { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return void process.stdout.write(HELP);
  const version = releaseVersion();
  const crossplane = process.env['CROSSPLANE'] || 'crossplane';
  rmSync(PACKAGES, { recursive: true, force: true });
  const configuration = join(PACKAGES, `${CONFIGURATION}-${version}.xpkg`);
  await buildConfigurationPackage({ crossplane, version, outFile: configuration });
  console.log(`built ${shown(configuration)}`);
  if (values['no-runtime']) {
    const outFile = join(PACKAGES, `${FUNCTION}-${version}-no-runtime.xpkg`);
    await buildFunctionPackage({ crossplane, version, outFile });
    return console.log(`built ${shown(outFile)}, which has no image: Crossplane cannot run it by itself`);
  }
  const why = await whyNoEngine();
  if (why !== undefined) {
    throw new Error(
      `the function's image and package were not built, as no container engine answers (${why}). ` +
        'Start Docker, or build the package without an image by `node function/package.ts --no-runtime`.',
    );
  }
  await packageFunction(crossplane, version);
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    console.error(`package: ${messageOf(error)}`);
    process.exitCode = 1;
  });
}
