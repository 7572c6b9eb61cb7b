/** The default claim with the settings that Crossplane's chart has, where its circuit breaker opens early. */
import { conditionOf } from '../../tools/cluster.ts';
import { examples } from '../examples.ts';
import { DATA_PATH, expect, type Scenario } from '../scenario.ts';
import { discard, refOf, type Stage, untilClaim, untilGone } from '../stage.ts';
import { seconds } from '../waves.ts';
import { claimOf } from './claims.ts';
import { applyExample, FIRST_FILE_MS, READY_AFTER_SLOWEST_MS, reportTiming } from './examples.ts';

/** A Crossplane that has just been started takes a while for its first claim: one that is refused, and makes nothing. */
async function untilAtWork(stage: Stage): Promise<void> {
  const kmsKeyArn = 'arn:aws:kms:eu-central-1:000000000000:key/elsewhere';
  const claim = claimOf(stage, 'stock-first', { source: { kmsKeyArn } });
  await stage.cluster.apply(claim);
  await untilClaim(
    stage,
    refOf(claim),
    (one) => (conditionOf(one, 'Synced').status === 'False' ? true : undefined),
    () => 'Crossplane was started again, and looks at no claim',
  );
  await stage.kubectl('delete', 'fip', claim.metadata.name, '-n', 'default');
}

export const scenario: Scenario = {
  name: 'stock',
  title: 'with stock settings the default claim takes at most twice as long',
  needs: DATA_PATH,
  run: async (stage) => {
    const [smallest] = examples();
    expect(smallest !== undefined, 'there is no example');
    const before = stage.pipelines.get(refOf(smallest.claim));
    if (before) await untilGone(stage, before);
    await stage.substrate.setCrossplane('stock');
    try {
      await untilAtWork(stage);
      const { ready, firstFileMs, timing } = await applyExample(stage, smallest);
      const lines = reportTiming(stage, `${smallest.path}, stock settings`, firstFileMs, timing);
      for (const line of lines) stage.say(line);
      discard(stage, ready);
      const limit = 2 * ((timing.slowest?.readyMs ?? 0) + READY_AFTER_SLOWEST_MS);
      const met = firstFileMs <= 2 * FIRST_FILE_MS && (timing.readyMs ?? Infinity) <= limit;
      return [
        ...lines,
        `targets ${met ? 'met' : 'missed'}: first file within ${seconds(2 * FIRST_FILE_MS)}, ready within ${seconds(limit)}`,
      ];
    } finally {
      await stage.substrate.setCrossplane('guide');
    }
  },
};
