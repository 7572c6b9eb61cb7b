/**
 * `make e2e-gitops`: Argo CD carries claims from git to dev, staging and prod, on a real control plane. Options come from the
 * environment: SUBSTRATE=kind|host, EMULATOR=localstack|ministack, KEEP=1, SCENARIOS=one,two,
 * PICTURES=folder.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { createRepository } from '../../tools/repository.ts';
import { say } from '../../tools/terminal.ts';
import { saveFailure } from '../failure.ts';
import { currentRelease } from '../releases.ts';
import { versionsOf } from '../report/versions.ts';
import { POLL_INTERVAL, REGION, runEndToEnd, toolsOf } from '../run.ts';
import { createHostGitOps } from '../substrates/host/gitops.ts';
import { createKindGitOps } from '../substrates/kind/gitops.ts';
import { fillFork } from './fork.ts';
import { readGitOpsOptions } from './options.ts';
import { FIRST, SCENARIOS } from './scenarios/index.ts';
import { createGitOpsStage } from './stage.ts';

const FOLDER = join(import.meta.dirname, '../../.cache/e2e-gitops');

await runEndToEnd('make e2e-gitops', FOLDER, () => {
  const names = [FIRST, ...SCENARIOS].map(({ name }) => name);
  const options = readGitOpsOptions(process.env, names);
  const { emulator, keep, only, pictures } = options;
  const substrate =
    options.substrate === 'kind'
      ? createKindGitOps({ emulator, region: REGION, keep })
      : createHostGitOps({ logs: join(FOLDER, 'host'), region: REGION, pollInterval: POLL_INTERVAL });
  const folder = mkdtempSync(join(tmpdir(), 'fileingest-fork-'));
  return {
    ...{ options, substrate },
    // The first is always run, since it installs all.
    scenarios: [FIRST, ...SCENARIOS.filter(({ name }) => only.length === 0 || only.includes(name))],
    heading: options.substrate,
    success: 'Git is what runs.',
    async bringUp() {
      const { kubectl } = await toolsOf(options);
      const repository = await createRepository(folder);
      await substrate.start(repository, say);
      await substrate.publish(currentRelease());
      fillFork(repository, substrate.surroundings);
      await repository.commit('The platform and three environments');
      const stage = await createGitOpsStage(substrate, repository, kubectl, pictures, say);
      return {
        stage,
        versions: () => versionsOf(substrate, kubectl, emulator),
        save: (failure) =>
          saveFailure(stage, failure, {
            'applications.yaml': () => stringify(stage.applications.all()),
            'git.txt': () => repository.git('log', '--patch', '--max-count=5'),
          }),
        usage: [
          `export KUBECONFIG=${substrate.kubeconfig}`,
          `cd ${repository.work}   # the repository that Argo CD reads; push to origin main`,
        ],
      };
    },
    whyNot: (_scenario, _stage, [first]) =>
      first === undefined || first.result === 'passed' ? [] : [`${FIRST.name} failed`],
    // A cluster that is kept goes on reading the repository.
    cleanUp: () => {
      if (!(keep && options.substrate === 'kind')) rmSync(folder, { recursive: true, force: true });
    },
  };
});
