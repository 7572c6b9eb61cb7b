/**
 * `make e2e`: the scenarios on a real control plane. Options come from the environment: SUBSTRATE=kind|host,
 * EMULATOR=localstack|ministack, KEEP=1, SCENARIOS=one,two.
 */
import { join } from 'node:path';
import { say } from '../tools/terminal.ts';
import { saveFailure, tracesOf } from './failure.ts';
import { readOptions } from './options.ts';
import { versionsOf } from './report/versions.ts';
import { POLL_INTERVAL, REGION, runEndToEnd, toolsOf } from './run.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { startStage } from './stage.ts';
import { createHostSubstrate } from './substrates/host/substrate.ts';
import { createKindSubstrate } from './substrates/kind/substrate.ts';

const FOLDER = join(import.meta.dirname, '../.cache/e2e');

await runEndToEnd('make e2e', FOLDER, () => {
  const names = SCENARIOS.map(({ name }) => name);
  const options = readOptions(process.env, names);
  const { emulator, examples, keep, only } = options;
  const substrate =
    options.substrate === 'kind'
      ? createKindSubstrate({ emulator, region: REGION, keep })
      : createHostSubstrate({ logs: join(FOLDER, 'host'), region: REGION, pollInterval: POLL_INTERVAL });
  return {
    ...{ options, substrate },
    scenarios: SCENARIOS.filter(({ name }) => only.length === 0 || only.includes(name) || name === 'cleanup'),
    heading: `${options.substrate}, ${emulator}`,
    success: 'All that could be proved here was.',
    async bringUp() {
      const { kubectl, crossplane } = await toolsOf(options);
      const settings = { region: REGION, examples, emulator };
      const stage = await startStage(substrate, kubectl, settings, say);
      return {
        stage,
        timed: stage.timed,
        versions: () => versionsOf(substrate, kubectl, emulator),
        save: (folder) =>
          saveFailure({ ...stage, claims: async () => stage }, folder, tracesOf(stage, crossplane)),
        usage: [`export KUBECONFIG=${substrate.kubeconfig} AWS_ENDPOINT_URL=${substrate.emulatorEndpoint}`],
      };
    },
    whyNot: ({ needs, lacksOn }, stage) =>
      [...needs.map((ability) => stage.lacks[ability]), lacksOn?.(stage)].filter((why) => why !== undefined),
  };
});
