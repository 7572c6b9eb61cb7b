/** Many claims at once, two of the same name: no collision, all ready, and time that grows no worse than linearly. */
import type { KubeObject } from '../../tools/cluster.ts';
import { expect, type Scenario } from '../scenario.ts';
import { composedBy, discard, ensureNamespace, type Stage, untilReady } from '../stage.ts';
import { seconds } from '../timing.ts';
import { claimOf, recordFiles } from './claims.ts';

const NAMESPACES = ['many-a', 'many-b', 'many-c', 'many-d', 'many-e'];
const COUNTS = [1, 5, 25];
const MANY_READY_MS = 900_000;

/** Claims spread over the namespaces. Each namespace has a claim of each name, so names meet in all of them. */
function claims(stage: Stage, count: number): KubeObject[] {
  return Array.from({ length: count }, (_, index) =>
    claimOf(
      `n${count}-${Math.floor(index / NAMESPACES.length)}`,
      NAMESPACES[index % NAMESPACES.length] ?? '',
      stage.region,
    ),
  );
}

async function batch(
  stage: Stage,
  count: number,
): Promise<{ ms: number; ready: KubeObject[]; resources: number }> {
  const start = performance.now();
  const wanted = claims(stage, count);
  await Promise.all(wanted.map((claim) => stage.cluster.apply(claim)));
  const ready = await Promise.all(
    wanted.map(({ metadata: { name, namespace = '' } }) =>
      untilReady(stage, { name, namespace }, MANY_READY_MS),
    ),
  );
  const ms = performance.now() - start;
  return { ms, ready, resources: ready.reduce((sum, claim) => sum + composedBy(stage, claim).length, 0) };
}

export const scenario: Scenario = {
  name: 'many',
  title: '25 claims at once in 5 namespaces, with equal names, do not meet',
  needs: ['lambda'],
  run: async (stage) => {
    for (const namespace of NAMESPACES) await ensureNamespace(stage, namespace);
    const lines: string[] = [];
    const times: number[] = [];
    for (const count of COUNTS) {
      const { ms, ready, resources } = await batch(stage, count);
      times.push(ms);
      const line = `${count} at once: all ready after ${seconds(ms)}, ${resources} managed resources`;
      stage.say(line);
      lines.push(line);
      await Promise.all(ready.map((claim) => recordFiles(stage, claim, [`${claim.metadata.namespace}.txt`])));
      const buckets = ready.map((claim) => claim['status']).map((status) => JSON.stringify(status));
      expect(new Set(buckets).size === count, 'two claims share something in AWS');
      for (const claim of ready) discard(stage, claim);
    }
    for (const [index, count] of COUNTS.entries()) {
      const [before, now] = [COUNTS[index - 1], times[index] ?? 0];
      if (before === undefined) continue;
      const growth = now / (times[index - 1] ?? 1);
      expect(
        growth <= count / before,
        `${count / before} times the claims took ${growth.toFixed(1)} times as long`,
      );
      lines.push(`${count / before} times as many took ${growth.toFixed(2)} times as long`);
    }
    return lines;
  },
};
