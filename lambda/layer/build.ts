/**
 * Builds the Lambda layer with sharp: `node lambda/layer/build.ts [outDir=dist/layer] [arm64] [x86_64]` writes
 * `sharp-<version>-<architecture>.zip` for each named architecture, or for both.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipFiles } from '../zip.ts';
import { layerFiles } from './contents.ts';
import { type Architecture, installSharp, type Platform, sharpVersion } from './install.ts';

/** A layer's zip: its path, its size in bytes, and its SHA-256 in hex. */
export interface LayerZip {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const CACHE = join(import.meta.dirname, '../../.cache/layer');
const ARCHITECTURES = ['arm64', 'x86_64'] as const;

/**
 * The platform of this machine. The emulator runs functions on this machine and needs its layer.
 *
 * @throws Error when sharp does not support this platform
 */
export function hostPlatform(os: string = process.platform, cpu: string = process.arch): Platform {
  const architecture = cpu === 'x64' ? 'x86_64' : cpu;
  if ((os !== 'linux' && os !== 'darwin') || !isArchitecture(architecture)) {
    throw new Error(
      `No sharp layer runs on ${os} ${cpu}: run the emulator on Linux or macOS, on arm64 or x86_64`,
    );
  }
  return { os, architecture };
}

/**
 * The layer's zip for a platform (this machine's by default), from the cache or newly built. The same lock file gives the
 * same bytes on every machine. Packages are downloaded again only when the lock file changes.
 *
 * @throws Error when npm cannot install what the lock file pins
 */
export async function ensureLayer(platform = hostPlatform(), cache = CACHE): Promise<LayerZip> {
  const { os, architecture } = platform;
  const name = `sharp-${await sharpVersion()}-${architecture}.zip`;
  const folder = join(cache, `${os}-${await sourcesDigest()}`);
  const path = join(folder, name);
  if (!existsSync(path)) {
    await mkdir(folder, { recursive: true });
    const work = await mkdtemp(join(cache, 'build-'));
    try {
      await installSharp(work, platform);
      const zip = join(work, name);
      await writeFile(zip, zipFiles(await layerFiles(join(work, 'node_modules'))));
      // Renaming is atomic, so that a parallel build never reads an incomplete zip.
      await rename(zip, path);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  return describeZip(path);
}

/**
 * Writes the layer's zips for Lambda's architectures into `outDir`, which is created if it does not exist.
 *
 * @throws Error when npm cannot install what the lock file pins
 */
export async function buildLayers(
  outDir: string,
  architectures: readonly Architecture[] = ARCHITECTURES,
): Promise<LayerZip[]> {
  await mkdir(outDir, { recursive: true });
  const zips: LayerZip[] = [];
  for (const architecture of architectures) {
    const zip = await ensureLayer({ os: 'linux', architecture });
    const path = join(outDir, `sharp-${await sharpVersion()}-${architecture}.zip`);
    await cp(zip.path, path);
    zips.push({ ...zip, path });
  }
  return zips;
}

// A digest of everything that determines the zip's bytes: the packages, and the code that packs them.
async function sourcesDigest(): Promise<string> {
  const own = await readdir(import.meta.dirname);
  const sources = own.filter((name) => !name.endsWith('.test.ts')).toSorted();
  const digest = createHash('sha256');
  for (const name of [...sources, '../zip.ts'])
    digest.update(await readFile(join(import.meta.dirname, name)));
  return digest.digest('hex').slice(0, 16);
}

async function describeZip(path: string): Promise<LayerZip> {
  const zip = await readFile(path);
  return { path, bytes: zip.length, sha256: createHash('sha256').update(zip).digest('hex') };
}

function isArchitecture(word: string): word is Architecture {
  return ARCHITECTURES.some((architecture) => architecture === word);
}

function architectureOf(word: string): Architecture {
  if (isArchitecture(word)) return word;
  throw new Error(`${word} is no architecture of Lambda: name ${ARCHITECTURES.join(' or ')}`);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [outDir = 'dist/layer', ...words] = process.argv.slice(2);
  try {
    const named = words.map(architectureOf);
    for (const { path, bytes, sha256 } of await buildLayers(outDir, named.length > 0 ? named : undefined)) {
      console.log(`${path}  ${bytes} bytes  sha256 ${sha256}`);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
