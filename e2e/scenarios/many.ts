/** Many claims at once, two of the same name: no collision, all ready, and time that grows no worse than linearly. */
import { DATA_PATH, expect, type Scenario } from '../scenario.ts';
import { composedBy, discard, ensureNamespace, refOf, type Stage, untilReady } from '../stage.ts';
import { MANY_READY_MS } from '../waits.ts';
import { seconds } from '../waves.ts';
import { claimOf, recordFiles } from './claims.ts';

const NAMESPACES = ['many-a', 'many-b', 'many-c', 'many-d', 'many-e'];
const COUNTS = [1, 5, 25];

/** Claims spread over the namespaces. Each namespace has a claim of each name, so names meet in all of them. */
const claims = (stage: Stage, count: number) =>
  Array.from({ length: count }, (_, index) => {
    const name = `n${count}-${Math.floor(index / NAMESPACES.length)}`;
    return claimOf(stage, name, {}, NAMESPACES[index % NAMESPACES.length]);
  });

/** Makes that many claims ready, and discards them. Resolves to the milliseconds until all were ready, and a line to report. */
async function batch(stage: Stage, count: number): Promise<{ ms: number; line: string }> {
  const start = performance.now();
  const wanted = claims(stage, count);
  await Promise.all(wanted.map((claim) => stage.cluster.apply(claim)));
  const ready = await Promise.all(wanted.map((claim) => untilReady(stage, refOf(claim), MANY_READY_MS)));
  const ms = performance.now() - start;
  const resources = ready.flatMap((claim) => composedBy(stage, claim)).length;
  const line = `${count} at once: all ready after ${seconds(ms)}, ${resources} managed resources`;
  stage.say(line);
  await Promise.all(ready.map((claim) => recordFiles(stage, claim, [`${claim.metadata.namespace}.txt`])));
  const states = new Set(ready.map(({ status }) => JSON.stringify(status)));
  expect(states.size === count, 'two claims share something in AWS');
  for (const claim of ready) discard(stage, claim);
  return { ms, line };
}

export const scenario: Scenario = {
  name: 'many',
  title: '25 claims at once in 5 namespaces, with equal names, do not meet',
  needs: DATA_PATH,
  run: async (stage) => {
    for (const namespace of NAMESPACES) await ensureNamespace(stage, namespace);
    const lines: string[] = [];
    const times: number[] = [];
    for (const count of COUNTS) {
      const { ms, line } = await batch(stage, count);
      times.push(ms);
      lines.push(line);
    }
    for (const [index, count] of COUNTS.entries()) {
      const before = COUNTS[index - 1];
      if (before === undefined) continue;
      const [more, growth] = [count / before, (times[index] ?? 0) / (times[index - 1] ?? 1)];
      expect(growth <= more, `${more} times the claims took ${growth.toFixed(1)} times as long`);
      lines.push(`${more} times as many took ${growth.toFixed(2)} times as long`);
    }
    return lines;
  },
};
