import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** Folders that are not loaded at run time: C++ sources, headers, build scripts, command-line programs. */
const UNUSED_FOLDERS = /(^|\/)(sharp\/(src|install|lib)|glib-2\.0|semver\/bin|include)\//;
const LICENSE = /(^|\/)licen[cs]e(\.md)?$/i;
/** The only file with the licences and copyrights of libvips and its libraries. */
const LIBVIPS_NOTICE = /^@img\/sharp-libvips-[^/]+\/README\.md$/;
const LOADED = /\.(js|cjs|mjs|json|node|dylib)$|\.so(\.[0-9]+)*$/;
const NPM_STATE = '.package-lock.json';

/** Whether the layer contains a file, by its path in `node_modules`: run-time files and licences. */
export function isKept(path: string): boolean {
  if (path === NPM_STATE || UNUSED_FOLDERS.test(path)) return false;
  return LICENSE.test(path) || LIBVIPS_NOTICE.test(path) || LOADED.test(path);
}

/**
 * The layer's files by path, from an installed `node_modules`. Lambda unpacks a layer into `/opt` and looks for
 * packages in `/opt/nodejs/node_modules`: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-layers.html
 *
 * @throws Error when there is a link, since not every unpacker supports links
 */
export async function layerFiles(nodeModules: string): Promise<Record<string, Uint8Array>> {
  const found = await readdir(nodeModules, { recursive: true, withFileTypes: true });
  const files: Record<string, Uint8Array> = {};
  for (const entry of found) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(nodeModules, file).split(sep).join('/');
    if (entry.isSymbolicLink()) throw new Error(`${file} is a link: a layer has files only`);
    if (entry.isFile() && isKept(path)) files[`nodejs/node_modules/${path}`] = await readFile(file);
  }
  return files;
}
