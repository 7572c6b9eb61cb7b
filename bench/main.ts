/**
 * `make bench`: measures what ships, prints a table and writes `.cache/bench.json`. A missed target is shown, and is no error: the
 * exit code is 1 only when something did not work.
 */

import { existsSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../tools/errors.ts';
import { oneOf } from '../tools/options.ts';
import { benchImage } from './image.ts';
import { benchInit } from './init.ts';
import { benchMemory } from './memory.ts';
import { benchRenders } from './renders.ts';
import { json, type Row, type Section, tableOf } from './report.ts';
import { benchResize } from './resize.ts';
import { benchSizes } from './sizes.ts';
import { benchStart } from './start.ts';
import { DIST, WORK } from './subjects.ts';
import { benchUpload } from './upload.ts';

const RESULT = join(WORK, '..', 'bench.json');

/** What each measures, by the name that `--only` takes, and what it is compared with, if with anything. */
const BENCHES: Readonly<
  Record<string, { against: string; measure(quick: boolean): Row[] | Promise<Row[]> }>
> = {
  function: { against: 'echo', measure: benchRenders },
  start: { against: 'echo', measure: benchStart },
  memory: { against: 'echo', measure: benchMemory },
  sizes: { against: '', measure: benchSizes },
  image: { against: '', measure: benchImage },
  init: { against: 'unbundled', measure: benchInit },
  resize: { against: 'plain sharp', measure: benchResize },
  upload: { against: '', measure: benchUpload },
};
const NAMES = Object.keys(BENCHES);

const HELP = `Usage: node bench/main.ts [--quick] [--only <name>]...

  --quick        fewer rounds: to see that it works, not to compare
  --only <name>  one of ${NAMES.join(', ')}; may be given several times
`;

function options() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  for (const name of values.only) oneOf('--only', name, NAMES);
  return values;
}

function fail(message: string): void {
  console.error(`make bench: ${message}`);
  process.exitCode = 1;
}

/** A benchmark that fails, such as for want of Python, must not cost the others their results. */
async function main(): Promise<void> {
  const { quick, only, help } = options();
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  if (!existsSync(join(DIST, 'main.js')))
    throw new Error('dist/function is missing: run `make build` first.');
  const sections: Section[] = [];
  for (const [name, { against, measure }] of Object.entries(BENCHES)) {
    if (only.length > 0 && !only.includes(name)) continue;
    console.error(`measuring ${name}`);
    try {
      sections.push({ name, against, rows: await measure(quick) });
    } catch (error) {
      fail(`${name}: ${messageOf(error)}`);
    }
  }
  if (sections.length === 0) return;
  writeFileSync(RESULT, json(sections, quick));
  console.log(tableOf(sections));
  console.log(
    `\nwritten to ${relative(process.cwd(), RESULT)}${quick ? ' (--quick: too few rounds to compare)' : ''}`,
  );
}

try {
  await main();
} catch (error) {
  fail(messageOf(error));
}
