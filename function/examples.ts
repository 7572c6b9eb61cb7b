/** Finds the example claims by their content, so that every test includes a new example automatically. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { at } from './src/objects.ts';

const EXAMPLES = join(import.meta.dirname, '../examples');
/** The folder with files that `make run` uploads. It has no manifests. */
const UPLOADS = 'files';

/** The paths of all claims, relative to `examples`, such as `record-file/direct.yaml`. */
export function exampleClaims(): string[] {
  const folders = readdirSync(EXAMPLES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== UPLOADS)
    .map(({ name }) => name);
  return ['', ...folders]
    .flatMap((folder) => readdirSync(join(EXAMPLES, folder)).map((file) => join(folder, file)))
    .filter((path) => path.endsWith('.yaml'))
    .filter((path) => at(parse(readFileSync(join(EXAMPLES, path), 'utf8')), 'kind') === 'FileIngestPipeline')
    .sort();
}
