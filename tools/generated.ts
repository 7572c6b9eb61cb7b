/** Files that are written from others, and are in git: to write them, and to check that they are as they must be. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Generated {
  /** Relative to the root of the repository. */
  readonly file: string;
  readonly text: string;
  /** What the text follows from, such as `argocd/install/health`. */
  readonly source: string;
}

/**
 * Writes the files that are not as they must be. With `--check` on the command line it writes nothing, and names them; then the
 * program fails.
 */
export function writeGenerated(files: readonly Generated[]): void {
  for (const { file, text, source } of files) {
    const path = join(import.meta.dirname, '..', file);
    if (readFileSync(path, 'utf8') === text) console.log(`${file} is what ${source} says`);
    else if (process.argv.includes('--check')) {
      console.error(`${file} is not what ${source} says. Run \`make generate\` and commit it.`);
      process.exitCode = 1;
    } else {
      writeFileSync(path, text);
      console.log(`wrote ${file}`);
    }
  }
}
