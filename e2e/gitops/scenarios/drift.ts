/** What a hand changes in the cluster is set right from git. */
import { at } from '../../../function/src/objects.ts';
import { PIPELINE } from '../../../local/managed-kinds.ts';
import { seconds } from '../../waves.ts';
import { ALL } from '../environments.ts';
import type { GitOpsScenario, GitOpsStage } from '../stage.ts';
import { untilIn } from './claims.ts';
import { RECEIPTS } from './live.ts';

const BY_HAND = 1024;

async function run(stage: GitOpsStage): Promise<string[]> {
  const lines: string[] = [];
  for (const env of ALL) {
    const memory = (claim: unknown) => at(claim, 'spec', 'functions', 'memoryMB');
    const before = await untilIn(stage, env, RECEIPTS, 'it sets no memory', memory);
    const begin = performance.now();
    const patch = { spec: { functions: { memoryMB: BY_HAND } } };
    await stage.cluster.merge(PIPELINE, { name: RECEIPTS, namespace: env.namespace }, patch);
    const otherwise = `the hand-made ${BY_HAND} MB was not set back to ${before}`;
    await untilIn(stage, env, RECEIPTS, otherwise, (claim) => (memory(claim) === before ? true : undefined));
    lines.push(`${env.name}: ${seconds(performance.now() - begin)}`);
  }
  return [`a claim changed by hand is as in git again: ${lines.join(', ')}`];
}

export const drift: GitOpsScenario = {
  name: 'drift',
  title: 'what is changed by hand in the cluster is healed from git',
  run,
};
