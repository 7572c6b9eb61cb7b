/** Parts that go and come back: nothing is deleted, everything recovers. */
import { setTimeout as delay } from 'node:timers/promises';
import { PIPELINE } from '../../local/managed-kinds.ts';
import { partsOf } from '../../local/parts.ts';
import { conditionOf, type KubeObject } from '../../tools/cluster.ts';
import { definitionOf } from '../../tools/kinds.ts';
import { during } from '../outage.ts';
import { DATA_PATH, expect, expectNone, type Scenario } from '../scenario.ts';
import {
  composedBy,
  discard,
  findComposed,
  isTrue,
  kindOf,
  refOf,
  type Stage,
  untilAws,
  untilClaim,
  untilWell,
  whyNotReady,
} from '../stage.ts';
import { seconds } from '../waves.ts';
import { claimOf, expectKept, identities, makeReady, recordFiles, watchDeletions } from './claims.ts';

const SETTLE_MS = 10_000;

async function setMemory(stage: Stage, claim: KubeObject, memoryMB: number): Promise<void> {
  await stage.cluster.merge(PIPELINE, refOf(claim), { spec: { functions: { memoryMB } } });
}

/** Waits until AWS has the memory that the claim asks for, and the claim and all that it owns are well. */
async function untilSettled(stage: Stage, claim: KubeObject, memoryMB: number): Promise<void> {
  const { functionName: FunctionName } = partsOf(claim);
  const hasMemory = async () =>
    (await stage.clients.lambda.getFunctionConfiguration({ FunctionName })).MemorySize === memoryMB;
  await untilAws(`the function has ${memoryMB} MB`, hasMemory, () => whyNotReady(stage, refOf(claim)));
  await untilWell(stage, refOf(claim));
}

interface Flap {
  readonly what: string;
  /** Takes something away and gives it back; may change the claim meanwhile. */
  run(stage: Stage, claim: KubeObject, memoryMB: number): Promise<void>;
}

/** Tells the API server that a resource is not ready, as a provider would. The provider must be away. */
async function setNotReady(stage: Stage, resource: KubeObject): Promise<void> {
  const kind = kindOf(resource);
  expect(kind !== undefined, `${resource.kind} is no managed resource`);
  const { name, namespace = 'default' } = resource.metadata;
  const now = new Date().toISOString();
  const conditions = [
    { type: 'Synced', status: 'True', reason: 'ReconcileSuccess', lastTransitionTime: now },
    { type: 'Ready', status: 'False', reason: 'Unavailable', lastTransitionTime: now },
  ];
  const patch = JSON.stringify({ status: { conditions } });
  await stage.kubectl(
    ...['patch', definitionOf(kind), name, '-n', namespace],
    ...['--subresource=status', '--type=merge', '-p', patch],
  );
}

const FLAPS: readonly Flap[] = [
  {
    what: 'the provider stopped and started',
    run: (stage, claim, memoryMB) =>
      during(stage.substrate.providerOutage, async () => {
        await setMemory(stage, claim, memoryMB);
        // What is in AWS works without it.
        await recordFiles(stage, claim, ['without-provider.txt']);
      }),
  },
  {
    what: 'AWS unreachable and back',
    run: (stage, claim, memoryMB) =>
      during(stage.substrate.emulatorOutage, async () => {
        await setMemory(stage, claim, memoryMB);
        await untilClaim(
          stage,
          refOf(claim),
          () =>
            composedBy(stage, claim).some((one) => conditionOf(one, 'Synced').status === 'False') ||
            undefined,
          () => 'no managed resource noticed that AWS was unreachable',
        );
      }),
  },
  {
    what: 'the function killed in the middle of reconciles',
    run: async (stage, claim, memoryMB) => {
      // Each change makes Crossplane ask the function; the kills fall among these.
      for (let round = 0; round < 5; round += 1) {
        const changes = Array.from({ length: 10 }, (_, index) =>
          setMemory(stage, claim, 512 + 10 * round + index).catch(() => undefined),
        );
        await delay(50 * round);
        await stage.substrate.killFunction();
        await Promise.all(changes);
      }
      await setMemory(stage, claim, memoryMB);
    },
  },
  {
    what: 'an observed resource gone not ready',
    run: (stage, claim, memoryMB) =>
      during(stage.substrate.providerOutage, async () => {
        const permission = findComposed(stage, claim, 'start-workflow-permission');
        expect(permission !== undefined, 'the claim has no permission');
        await setNotReady(stage, permission);
        await untilClaim(
          stage,
          refOf(claim),
          (one) => (isTrue(one, 'Ready') ? undefined : true),
          () => 'the permission is not ready, and the claim says that it is',
        );
        await setMemory(stage, claim, memoryMB);
        await delay(SETTLE_MS);
      }),
  },
];

export const scenario: Scenario = {
  name: 'flaps',
  title: 'parts go and come back: nothing is deleted, all recovers',
  needs: DATA_PATH,
  run: async (stage) => {
    const claim = await makeReady(stage, claimOf(stage, 'flaps'));
    const before = identities(stage, claim);
    const lines: string[] = [];
    for (const [index, { what, run }] of FLAPS.entries()) {
      const endDeletions = watchDeletions(stage, claim);
      const start = performance.now();
      const memoryMB = 256 + 64 * (index + 1);
      await run(stage, claim, memoryMB);
      const back = performance.now();
      await untilSettled(stage, claim, memoryMB);
      expectNone(endDeletions(), `${what}: deleted`);
      expectKept(before, identities(stage, claim));
      await recordFiles(stage, claim, [`after-flap-${index}.txt`]);
      const line = `${what}: ${seconds(back - start)} away, well again ${seconds(performance.now() - back)} after; nothing deleted`;
      stage.say(line);
      lines.push(line);
    }
    discard(stage, claim);
    return lines;
  },
};
