/** One scenario of an end-to-end run: said, timed, and what is left of it where it fails. */
import { join, relative } from 'node:path';
import { messageOf } from '../tools/errors.ts';
import { bold, say } from '../tools/terminal.ts';
import type { Outcome } from './summary.ts';

const ROOT = join(import.meta.dirname, '..');

/** Where a failure goes, and how. */
export interface OnFailure {
  folder: string;
  /** What is in the folder then, such as `logs, events and claims`. */
  what: string;
  save(folder: string): Promise<void>;
}

/** Runs a scenario to its outcome; never throws because the scenario does. */
export async function attempt(
  { name, title }: Pick<Outcome, 'name' | 'title'>,
  run: () => Promise<readonly string[]>,
  { folder, what, save }: OnFailure,
): Promise<Outcome> {
  say(`${bold(name)}: ${title}`);
  const begin = performance.now();
  const seconds = () => (performance.now() - begin) / 1000;
  try {
    const lines = await run();
    return { name, title, result: 'passed', seconds: seconds(), lines };
  } catch (error) {
    await save(folder);
    say(`${bold(name)}: FAILED. ${messageOf(error)}`);
    const lines = [messageOf(error), `${what} are in ${relative(ROOT, folder)}`];
    return { name, title, result: 'failed', seconds: seconds(), lines };
  }
}
