/** What a bundle contains besides our own code, and under which licences. */
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';

/** A package of npm of which a bundle contains code. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX licence expression, as its package.json says it. */
  readonly licence: string;
  /** The texts of its licence and notice files. */
  readonly text: string;
}

/** The texts of packages that bring none, by the package's name or its scope. */
const TEXTS = join(import.meta.dirname, 'licences');
const LICENCE_FILE = /^(licen[cs]e|copying|notice)(\.|-|$)/i;

/** The packages' folders of which the outputs contain code. A path is relative to the working directory of the build. */
function foldersOf({ outputs }: Metafile, workingDir: string): string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const folders = inputs.flatMap(([path, { bytesInOutput }]) => {
    const [folder] = /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [];
    return folder && bytesInOutput > 0 ? resolve(workingDir, folder) : [];
  });
  return [...new Set(folders)];
}

const trimmed = async (path: string) => (await readFile(path, 'utf8')).replaceAll('\r\n', '\n').trim();

/** The licence texts in a package's folder, else the one in `licences`. */
async function textOf(folder: string, name: string): Promise<string> {
  const own = (await readdir(folder)).filter((file) => LICENCE_FILE.test(file)).toSorted();
  if (own.length > 0) return (await Promise.all(own.map((file) => trimmed(join(folder, file))))).join('\n\n');
  for (const key of [name, name.split('/')[0]]) {
    const text = await trimmed(join(TEXTS, `${key}.txt`)).catch(() => undefined);
    if (text !== undefined) return text;
  }
  throw new Error(`${name} brings no licence text. Write it into lambda/licences/${name}.txt.`);
}

async function describe(folder: string): Promise<BundledPackage> {
  const { name, version, license }: Record<string, unknown> = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  );
  if (typeof name !== 'string' || typeof version !== 'string' || typeof license !== 'string')
    throw new Error(`${folder}/package.json: name, version and license must be texts. Do not bundle it.`);
  return { name, version, licence: license, text: await textOf(folder, name) };
}

/**
 * The packages of which a bundle contains code, sorted. A package of which nothing is left after tree shaking is not among them.
 *
 * @param metafile - what esbuild says of the bundle
 * @param workingDir - `absWorkingDir` of the build
 * @throws Error with the fix when a package has no licence text
 */
export async function bundledPackages(metafile: Metafile, workingDir: string): Promise<BundledPackage[]> {
  const packages = await Promise.all(foldersOf(metafile, workingDir).map(describe));
  return sorted(packages);
}

const keyOf = ({ name, version }: BundledPackage) => `${name} ${version}`;

/** Packages by name and version, each once. */
export function sorted(packages: readonly BundledPackage[]): BundledPackage[] {
  const byKey = new Map(packages.map((one) => [keyOf(one), one]));
  return [...byKey.keys()].toSorted().flatMap((key) => byKey.get(key) ?? []);
}

/** The text of `LICENSES.txt`: each licence text once, under the packages that have it. Empty without packages. */
export function licenceTexts(packages: readonly BundledPackage[]): string {
  const byText = Map.groupBy(sorted(packages), ({ text }) => text);
  const sections = [...byText].map(([text, those]) =>
    [...those.map((one) => `${keyOf(one)}: ${one.licence}`), '', text].join('\n'),
  );
  return sections.map((section) => `${section}\n`).join(`\n${'-'.repeat(80)}\n\n`);
}
