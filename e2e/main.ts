/**
 * `make e2e`: the scenarios on a real control plane. Options come from the environment: SUBSTRATE=kind|host,
 * EMULATOR=localstack|ministack, KEEP=1, SCENARIOS=one,two.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { releaseVersion } from '../function/package.ts';
import { emulatorProviderConfig } from '../local/provider-config/emulator.ts';
import { messageOf } from '../tools/errors.ts';
import { ensureBinaries } from '../tools/programs/binaries.ts';
import { ensureTools } from '../tools/programs/command-line-tools.ts';
import { bold, green, INTERRUPTED, say, untilStopped } from '../tools/terminal.ts';
import { attempt } from './attempt.ts';
import { type Ability, lacks } from './capabilities.ts';
import { saveFailure } from './failure.ts';
import { type Options, readOptions } from './options.ts';
import { currentRelease } from './releases.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { createStage, type Stage } from './stage.ts';
import type { Substrate } from './substrate.ts';
import { createHostSubstrate } from './substrates/host/substrate.ts';
import { createKindSubstrate } from './substrates/kind/substrate.ts';
import { type Outcome, summaryOf } from './summary.ts';

const FOLDER = join(import.meta.dirname, '../.cache/e2e');
const FAILURE = join(FOLDER, 'failure');
/** The region of the examples. */
const REGION = 'eu-west-1';
/** Ten minutes by default, which is long for a test. */
const POLL_INTERVAL = '30s';

function substrateOf({ substrate, emulator, keep }: Options): Substrate {
  if (substrate === 'kind') return createKindSubstrate({ emulator, keep });
  return createHostSubstrate({ logs: join(FOLDER, 'host'), region: REGION, pollInterval: POLL_INTERVAL });
}

/** kubectl and the Crossplane CLI. */
async function toolsOf({ substrate }: Options): Promise<{ kubectl: string; crossplane: string }> {
  if (substrate === 'kind') return ensureTools(say);
  const { kubectl, 'crossplane-cli': crossplane } = await ensureBinaries(['kubectl', 'crossplane-cli'], say);
  return { kubectl, crossplane };
}

async function runOne(
  scenario: Scenario,
  stage: Stage,
  options: Options,
  crossplane: string,
): Promise<Outcome> {
  const { name, title, needs } = scenario;
  const reasons = [
    ...needs.map((ability) => lacks(options.emulator, ability)),
    scenario.lacksOn?.(stage.substrate),
  ].filter((why) => why !== undefined);
  if (reasons.length > 0) {
    say(`${bold(name)}: skipped, since ${reasons.join(', ')}`);
    return { name, title, result: 'skipped', seconds: 0, lines: reasons };
  }
  return attempt(scenario, () => scenario.run(stage), {
    folder: join(FAILURE, name),
    what: 'logs, events, claims and resources',
    save: (folder) => saveFailure(stage, crossplane, folder),
  });
}

async function main(): Promise<void> {
  const options = readOptions(
    process.env,
    SCENARIOS.map(({ name }) => name),
  );
  rmSync(FAILURE, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const substrate = substrateOf(options);
  const outcomes: Outcome[] = [];
  let stage: Stage | undefined;
  // It stays to the end: without a listener a second signal, or what else listens, would end this before all is stopped.
  let isStopping = false;
  let isDone = false;
  const interrupted = () => {
    if (isStopping) return;
    isStopping = true;
    substrate.stop().finally(() => process.exit(isDone ? undefined : INTERRUPTED));
  };
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', interrupted);
  try {
    const { kubectl, crossplane } = await toolsOf(options);
    await substrate.start(say);
    await substrate.installFunction(currentRelease());
    await substrate.installConfiguration(releaseVersion());
    say('our Function and Configuration packages');
    const { examples, emulator } = options;
    const settings = {
      region: REGION,
      examples,
      lacks: (ability: Ability) => lacks(emulator, ability),
    };
    stage = await createStage(substrate, kubectl, settings, say);
    for (const object of emulatorProviderConfig(substrate.providerEndpoint))
      await stage.cluster.apply(object);
    const chosen = SCENARIOS.filter(
      ({ name }) => options.only.length === 0 || options.only.includes(name) || name === 'cleanup',
    );
    for (const scenario of chosen) outcomes.push(await runOne(scenario, stage, options, crossplane));
    const summary = summaryOf(outcomes);
    writeFileSync(join(FOLDER, 'summary.txt'), `${summary}\n`);
    console.log(`\n${bold(`Summary: ${options.substrate}, ${options.emulator}`)}\n${summary}`);
    const failed = outcomes.filter(({ result }) => result === 'failed');
    if (failed.length > 0) process.exitCode = 1;
    else console.log(green('\nAll that could be proved here was.'));
    isDone = true;
    // A cluster of kind stays by itself.
    if (options.keep && options.substrate === 'host')
      await untilStopped(
        `export KUBECONFIG=${substrate.kubeconfig} AWS_ENDPOINT_URL=${substrate.emulatorEndpoint}`,
      );
  } catch (error) {
    if (stage === undefined) await substrate.saveLogs(join(FAILURE, 'start')).catch(() => undefined);
    throw error;
  } finally {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    stage?.close();
    await substrate.stop();
  }
}

main().catch((error: unknown) => {
  console.error(`\nmake e2e: ${messageOf(error)}`);
  process.exitCode = 1;
});
