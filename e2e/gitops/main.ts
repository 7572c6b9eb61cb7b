/**
 * `make e2e-gitops`: Argo CD carries claims from git to dev, staging and prod, on a real control plane. Options come from the
 * environment: SUBSTRATE=kind|host, EMULATOR=localstack|ministack, KEEP=1, SCENARIOS=one,two,
 * PICTURES=folder.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../tools/errors.ts';
import { ensureBinaries } from '../../tools/programs/binaries.ts';
import { ensureTools } from '../../tools/programs/command-line-tools.ts';
import { createRepository } from '../../tools/repository.ts';
import { bold, green, INTERRUPTED, say, untilStopped } from '../../tools/terminal.ts';
import { attempt } from '../attempt.ts';
import { currentRelease } from '../releases.ts';
import { createHostGitOps } from '../substrates/host/gitops.ts';
import { createKindGitOps } from '../substrates/kind/gitops.ts';
import { type Outcome, summaryOf } from '../summary.ts';
import { saveGitOpsFailure } from './failure.ts';
import { fillFork } from './fork.ts';
import { type GitOpsOptions, readGitOpsOptions } from './options.ts';
import type { GitOpsScenario } from './scenario.ts';
import { FIRST, SCENARIOS } from './scenarios/index.ts';
import { createGitOpsStage, type GitOpsStage } from './stage.ts';
import type { GitOpsSubstrate } from './substrate.ts';

const FOLDER = join(import.meta.dirname, '../../.cache/e2e-gitops');
const FAILURE = join(FOLDER, 'failure');
/** The region of dev, and the provider's own default. */
const REGION = 'eu-west-1';
const POLL_INTERVAL = '30s';

function substrateOf({ substrate, emulator, keep }: GitOpsOptions): GitOpsSubstrate {
  if (substrate === 'kind') return createKindGitOps({ emulator, keep });
  return createHostGitOps({ logs: join(FOLDER, 'host'), region: REGION, pollInterval: POLL_INTERVAL });
}

async function kubectlOf({ substrate }: GitOpsOptions): Promise<string> {
  if (substrate === 'kind') return (await ensureTools(say)).kubectl;
  return (await ensureBinaries(['kubectl'], say)).kubectl;
}

const runOne = (scenario: GitOpsScenario, stage: GitOpsStage): Promise<Outcome> =>
  attempt(scenario, () => scenario.run(stage), {
    folder: join(FAILURE, scenario.name),
    what: 'logs, Applications, claims and resources',
    save: (folder) => saveGitOpsFailure(stage, folder),
  });

/** Runs those that are wanted. The first is always run, since it installs all; nothing can follow when it fails. */
async function runAll(stage: GitOpsStage, only: readonly string[]): Promise<Outcome[]> {
  const outcomes = [await runOne(FIRST, stage)];
  const isStanding = outcomes[0]?.result === 'passed';
  for (const scenario of SCENARIOS) {
    const { name, title } = scenario;
    if (only.length > 0 && !only.includes(name)) continue;
    if (isStanding) outcomes.push(await runOne(scenario, stage));
    else outcomes.push({ name, title, result: 'skipped', seconds: 0, lines: [`since ${FIRST.name} failed`] });
  }
  return outcomes;
}

async function main(): Promise<void> {
  const options = readGitOpsOptions(
    process.env,
    [FIRST, ...SCENARIOS].map(({ name }) => name),
  );
  rmSync(FAILURE, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'fileingest-fork-'));
  const substrate = substrateOf(options);
  let stage: GitOpsStage | undefined;
  let isStopping = false;
  const interrupted = () => {
    if (isStopping) return;
    isStopping = true;
    substrate.stop().finally(() => {
      rmSync(folder, { recursive: true, force: true });
      process.exit(INTERRUPTED);
    });
  };
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', interrupted);
  try {
    const kubectl = await kubectlOf(options);
    const repository = await createRepository(folder);
    await substrate.start(repository, say);
    await substrate.publish(currentRelease());
    fillFork(repository, substrate.surroundings);
    await repository.commit('The platform and three environments');
    stage = await createGitOpsStage({
      ...{ substrate, repository, kubectl, say },
      ...(options.pictures !== undefined && { pictures: options.pictures }),
    });
    const outcomes = await runAll(stage, options.only);
    const summary = summaryOf(outcomes);
    writeFileSync(join(FOLDER, 'summary.txt'), `${summary}\n`);
    console.log(`\n${bold(`Summary: ${options.substrate}`)}\n${summary}`);
    if (outcomes.some(({ result }) => result !== 'passed')) process.exitCode = 1;
    else console.log(green('\nGit is what runs.'));
    if (options.keep && options.substrate === 'host')
      await untilStopped(
        `export KUBECONFIG=${substrate.kubeconfig}`,
        `cd ${repository.work}   # the repository that Argo CD reads; push to origin main`,
      );
  } catch (error) {
    if (stage === undefined) await substrate.saveLogs(join(FAILURE, 'start')).catch(() => undefined);
    throw error;
  } finally {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    stage?.close();
    await substrate.stop();
    // A cluster that is kept goes on reading the repository.
    if (!(options.keep && options.substrate === 'kind')) rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(`\nmake e2e-gitops: ${messageOf(error)}`);
  process.exitCode = 1;
});
