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
import { json, type Section, tableOf } from './report.ts';
import { benchResize } from './resize.ts';
import { benchSizes } from './sizes.ts';
import { benchStart } from './start.ts';
import { DIST, WORK } from './subjects.ts';
import { benchUpload } from './upload.ts';

const RESULT = join(WORK, '..', 'bench.json');

type Bench = (quick: boolean) => Section | Promise<Section>;

const BENCHES = new Map<string, Bench>([
  ['function', benchRenders],
  ['start', benchStart],
  ['memory', benchMemory],
  ['sizes', benchSizes],
  ['image', benchImage],
  ['init', benchInit],
  ['resize', benchResize],
  ['upload', benchUpload],
]);

const HELP = `Usage: node bench/main.ts [--quick] [--only <name>]...

  --quick        fewer rounds: to see that it works, not to compare
  --only <name>  one of ${[...BENCHES.keys()].join(', ')}; may be given several times
`;

function options() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  for (const name of values.only) oneOf('--only', name, [...BENCHES.keys()]);
  return values;
}

function fail(message: string): void {
  console.error(`make bench: ${message}`);
  process.exitCode = 1;
}

/** What one benchmark lacks, such as Python for the emulator, must not cost the others their result. */
async function main(): Promise<void> {
  const { quick, only, help } = options();
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  if (!existsSync(join(DIST, 'main.js')))
    throw new Error('dist/function is missing: run `make build` first.');
  const sections: Section[] = [];
  for (const [name, bench] of BENCHES) {
    if (only.length > 0 && !only.includes(name)) continue;
    console.error(`measuring ${name}`);
    try {
      sections.push(await bench(quick));
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
