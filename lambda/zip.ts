import { zipSync } from 'fflate';

// fflate writes the date's local fields: made from local fields, it is the same in every time zone.
const MTIME = new Date(1980, 0, 1, 12);
const UNIX = 3;
// Lambda must be able to read the file: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html
const FILE_MODE_644 = (0o100644 << 16) >>> 0;

/**
 * A zip of files by path, sorted by path, each with the same date and mode 644: the same files give the same bytes,
 * wherever and whenever it is made.
 */
export function zipFiles(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const paths = Object.keys(files).toSorted();
  const entries = paths.map((path) => [path, files[path] ?? new Uint8Array()] as const);
  return zipSync(Object.fromEntries(entries), { level: 9, mtime: MTIME, os: UNIX, attrs: FILE_MODE_644 });
}
