/** The default claim with the settings that Crossplane's chart has, where its circuit breaker opens early. */
import { expect, type Scenario } from '../scenario.ts';
import { discard, untilGone } from '../stage.ts';
import { seconds } from '../timing.ts';
import {
  applyExample,
  examples,
  FIRST_FILE_MS,
  READY_AFTER_SLOWEST_MS,
  refOf,
  reportTiming,
} from './examples.ts';

export const scenario: Scenario = {
  name: 'stock',
  title: 'with stock settings the default claim takes at most twice as long',
  needs: ['lambda'],
  run: async (stage) => {
    const [smallest] = examples();
    expect(smallest !== undefined, 'there is no example');
    const before = stage.pipelines.get(refOf(smallest.claim));
    if (before) await untilGone(stage, before);
    await stage.substrate.setCrossplane('stock');
    try {
      const { ready, firstFileMs, timing } = await applyExample(stage, smallest);
      const lines = reportTiming(`${smallest.path}, stock settings`, firstFileMs, timing);
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
