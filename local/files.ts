/** Reads the files to upload, and checks them against a claim's filter. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export interface LocalFile {
  /** The object's key: the path relative to the folder, with slashes. */
  readonly key: string;
  readonly body: Buffer;
}

/**
 * Reads all files in a folder and its subfolders, sorted by key.
 *
 * @throws Error when the path does not exist, is not a folder, or has no files
 */
export function readFiles(folder: string): LocalFile[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`FILES=${folder} is not a folder. Name a folder with the files to upload.`);
  }
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ key: relative(folder, path).split(sep).join('/'), body: readFileSync(path) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  if (files.length === 0)
    throw new Error(`FILES=${folder} has no files. Put some into it, or name another folder.`);
  return files;
}

/** Whether S3 sends an event for a key: it has the prefix, and one of the suffixes if there are any. */
export function matches(key: string, prefix = '', suffixes: readonly string[] = ['']): boolean {
  return key.startsWith(prefix) && suffixes.some((suffix) => key.endsWith(suffix));
}
