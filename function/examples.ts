/** The example claims, found by what they are, so that a new one joins every test by itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { at } from './src/objects.ts';

const EXAMPLES = join(import.meta.dirname, '../examples');
/** What `make run` uploads; no manifests. */
const UPLOADS = 'files';

/** Paths below `examples`, such as `record-file/direct.yaml`, of every file that is a claim. */
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
