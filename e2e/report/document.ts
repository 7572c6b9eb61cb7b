/**
 * `make e2e-docs`: writes what runs reported into docs, so that no figure there is of another run. `REPORTS=a,b` names the folders; by
 * default those of the last `make e2e` and `make e2e-gitops` here.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../tools/errors.ts';
import { words } from '../../tools/options.ts';
import { drawWaves } from './picture.ts';
import { FILES, markdownOf, REPORT, type Report } from './report.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The page that has a command's runs. */
const pageOf = (command: string): string =>
  `docs/${command.startsWith('make e2e-gitops') ? 'gitops' : 'control-plane'}.md`;

/**
 * A page with the report between its markers, `<!-- COMMAND: begin -->` and `<!-- COMMAND: end -->`.
 *
 * @throws when the page has no such markers.
 */
export function withReport(page: string, command: string, text: string): string {
  const [begin, end] = [`<!-- ${command}: begin -->`, `<!-- ${command}: end -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`has no place for it. Add the lines "${begin}" and "${end}".`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}

/** @throws when a report is not fit for docs: of a part, failed, or of code that nobody else has. */
export function checkFit({ command, whole, commit, outcomes }: Report): void {
  const failed = outcomes.filter(({ result }) => result === 'failed').map(({ name }) => name);
  if (!whole) throw new Error(`${command} ran in part. Run all of it, without SCENARIOS and EXAMPLES.`);
  if (failed.length > 0) throw new Error(`${command} failed: ${failed.join(', ')}. Mend that first.`);
  if (commit.endsWith('-dirty'))
    throw new Error(`${command} ran on uncommitted changes of ${commit}. Commit them and run it again.`);
}

function document(folder: string): string {
  const report: Report = JSON.parse(readFileSync(join(folder, FILES.data), 'utf8'));
  checkFit(report);
  const { command, timed } = report;
  const page = pageOf(command);
  const picture = `pictures/${command
    .replace(/^make /, '')
    .replaceAll(/[^a-z0-9]+/gi, '-')
    .toLowerCase()}.svg`;
  const path = join(ROOT, page);
  const isTimed = timed.length > 0;
  try {
    const text = markdownOf(report, isTimed ? picture : undefined);
    writeFileSync(path, withReport(readFileSync(path, 'utf8'), command, text));
  } catch (error) {
    throw new Error(`${page} ${messageOf(error)}`, { cause: error });
  }
  if (isTimed) writeFileSync(join(ROOT, 'docs', picture), drawWaves(timed));
  return `${page}: ${command}`;
}

if (import.meta.main) {
  const named = words(process.env['REPORTS']);
  const last = ['.cache/e2e', '.cache/e2e-gitops']
    .map((folder) => join(ROOT, folder, REPORT))
    .filter(existsSync);
  const folders = named.length > 0 ? named : last;
  try {
    if (folders.length === 0) throw new Error('there is no report. Run make e2e or make e2e-gitops first.');
    for (const folder of folders) console.log(document(folder));
  } catch (error) {
    console.error(`make e2e-docs: ${messageOf(error)}`);
    process.exitCode = 1;
  }
}
