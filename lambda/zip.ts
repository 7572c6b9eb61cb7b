import { zipSync } from 'fflate';

// fflate writes the local fields of the date. A date from local fields gives the same bytes in every time zone.
const MTIME = new Date(1980, 0, 1, 12);
const UNIX = 3;
// Lambda must be able to read the file: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html
const FILE_MODE_644 = (0o100644 << 16) >>> 0;

/**
 * A zip of files, sorted by path, each with the same date and mode 644. The same files give the same bytes on every machine.
 */
export function zipFiles(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const paths = Object.keys(files).toSorted();
  const entries = paths.map((path) => [path, files[path] ?? new Uint8Array()] as const);
  return zipSync(Object.fromEntries(entries), { level: 9, mtime: MTIME, os: UNIX, attrs: FILE_MODE_644 });
}
