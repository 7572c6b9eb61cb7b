/** One end-to-end run, from the start of what it stands on to its summary and exit code. */
import { mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runCommand } from '../tools/command.ts';
import { computer } from '../tools/computer.ts';
import { messageOf } from '../tools/errors.ts';
import { ensureBinaries } from '../tools/programs/binaries.ts';
import { ensureTools } from '../tools/programs/command-line-tools.ts';
import { bold, green, INTERRUPTED, say, untilStopped } from '../tools/terminal.ts';
import { isWhole, type RunOptions, settingsOf } from './options.ts';
import { writeReport } from './report/report.ts';
import { type Outcome, summaryOf } from './report/summary.ts';
import type { Versions } from './report/versions.ts';
import type { ScenarioOn } from './scenario.ts';
import type { SubstrateBase } from './substrate.ts';
import type { Timed } from './waves.ts';

const ROOT = join(import.meta.dirname, '..');

/** The region of the examples and of dev, and the provider's own default. */
export const REGION = 'eu-west-1';
/** Ten minutes by default, which is long for a test. */
export const POLL_INTERVAL = '30s';

/** kubectl and the Crossplane CLI. */
export async function toolsOf({ substrate }: RunOptions): Promise<{ kubectl: string; crossplane: string }> {
  if (substrate === 'kind') return ensureTools(say);
  const { kubectl, 'crossplane-cli': crossplane } = await ensureBinaries(['kubectl', 'crossplane-cli'], say);
  return { kubectl, crossplane };
}

/** What is there once all is up. */
interface Standing<T> {
  readonly stage: T;
  /** Saves what there is to know of a scenario that failed. */
  save(folder: string): Promise<void>;
  /** What all ran on, asked at the end. */
  versions(): Promise<Versions>;
  /** What was timed, for the report. */
  readonly timed?: readonly Timed[];
  /** How to use the plain processes that KEEP=1 leaves up. */
  readonly usage: readonly string[];
}

export interface EndToEnd<T, S extends ScenarioOn<T>> {
  readonly options: RunOptions;
  readonly substrate: SubstrateBase;
  /** In the order in which they run. */
  readonly scenarios: readonly S[];
  /** Starts the substrate and puts on it what the scenarios need. */
  bringUp(): Promise<Standing<T>>;
  /** Why a scenario is skipped; empty when it is run. */
  whyNot(scenario: S, stage: T, before: readonly Outcome[]): readonly string[];
  /** What is on the substrate, for the heading of the summary. */
  readonly heading: string;
  /** Said when nothing failed. */
  readonly success: string;
  /** Called once the substrate has stopped. */
  cleanUp?(): void;
}

/** Runs a scenario to its outcome; never throws because the scenario does. */
async function attempt<T>(
  { name, title, run }: ScenarioOn<T>,
  { stage, save }: Standing<T>,
  folder: string,
): Promise<Outcome> {
  say(`${bold(name)}: ${title}`);
  const begin = performance.now();
  const ended = (result: Outcome['result'], lines: readonly string[]): Outcome => ({
    ...{ name, title, result, lines },
    seconds: (performance.now() - begin) / 1000,
  });
  try {
    return ended('passed', await run(stage));
  } catch (error) {
    await save(folder);
    say(`${bold(name)}: FAILED. ${messageOf(error)}`);
    const where = `logs, events, claims and resources are in ${relative(ROOT, folder)}`;
    return ended('failed', [messageOf(error), where]);
  }
}

async function runAll<T, S extends ScenarioOn<T>>(
  { scenarios, whyNot }: EndToEnd<T, S>,
  standing: Standing<T>,
  failures: string,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const scenario of scenarios) {
    const { name, title } = scenario;
    const lines = whyNot(scenario, standing.stage, outcomes);
    if (lines.length === 0) outcomes.push(await attempt(scenario, standing, join(failures, name)));
    else {
      say(`${bold(name)}: skipped, since ${lines.join(', ')}`);
      outcomes.push({ name, title, result: 'skipped', seconds: 0, lines });
    }
  }
  return outcomes;
}

/** Writes what there is to tell of a run, and says where. */
async function report<T, S extends ScenarioOn<T>>(
  folder: string,
  command: string,
  { options }: EndToEnd<T, S>,
  outcomes: readonly Outcome[],
  standing: Standing<T>,
): Promise<void> {
  const written = writeReport(folder, {
    command: [command, ...settingsOf(options)].join(' '),
    whole: isWhole(options),
    commit: (await runCommand('git', ['-C', ROOT, 'describe', '--always', '--dirty', '--exclude=*'])).trim(),
    machine: computer(),
    versions: await standing.versions(),
    ...{ outcomes, timed: standing.timed ?? [] },
  });
  say(`report: ${relative(ROOT, written)}`);
}

async function run<T extends { close(): void }, S extends ScenarioOn<T>>(
  command: string,
  folder: string,
  endToEnd: EndToEnd<T, S>,
): Promise<void> {
  const { options, substrate, heading, success } = endToEnd;
  const failures = join(folder, 'failure');
  rmSync(failures, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  let standing: Standing<T> | undefined;
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= substrate.stop().finally(() => endToEnd.cleanUp?.());
    return stopping;
  };
  // It stays to the end: without a listener a second signal, or what else listens, would end this before all is stopped.
  let isDone = false;
  const interrupted = () => {
    if (stopping) return;
    stop().finally(() => process.exit(isDone ? undefined : INTERRUPTED));
  };
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', interrupted);
  try {
    standing = await endToEnd.bringUp();
    const outcomes = await runAll(endToEnd, standing, failures);
    console.log(`\n${bold(`Summary: ${heading}`)}\n${summaryOf(outcomes)}`);
    await report(folder, command, endToEnd, outcomes, standing);
    if (outcomes.some(({ result }) => result === 'failed')) process.exitCode = 1;
    else console.log(green(`\n${success}`));
    isDone = true;
    // A cluster of kind stays by itself.
    if (options.keep && options.substrate === 'host') await untilStopped(standing.usage);
  } catch (error) {
    if (standing === undefined) await substrate.saveLogs(join(failures, 'start')).catch(() => undefined);
    throw error;
  } finally {
    standing?.stage.close();
    await stop();
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
  }
}

/**
 * Runs all from the start to the end, and sets the exit code.
 *
 * @param command - what a person typed, such as `make e2e`.
 * @param folder - for the summary, and for what failures leave.
 * @param describe - what is run; an option that it refuses ends the run.
 */
export async function runEndToEnd<T extends { close(): void }, S extends ScenarioOn<T>>(
  command: string,
  folder: string,
  describe: () => EndToEnd<T, S>,
): Promise<void> {
  try {
    await run(command, folder, describe());
  } catch (error) {
    console.error(`\n${command}: ${messageOf(error)}`);
    process.exitCode = 1;
  }
}
