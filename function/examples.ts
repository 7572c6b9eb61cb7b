/** Finds the example claims by their content, so that every test includes a new example automatically. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { at } from './src/objects.ts';

const EXAMPLES = join(import.meta.dirname, '../examples');

/** The paths of all claims, relative to `examples`, such as `record-file/direct.yaml`. */
export const exampleClaims = (): string[] =>
  // `files` is what `make run` uploads. It has no manifests.
  globSync('{*,!(files)/*}.yaml', { cwd: EXAMPLES })
    .filter((path) => at(parse(readFileSync(join(EXAMPLES, path), 'utf8')), 'kind') === 'FileIngestPipeline')
    .sort();
