/** A claim comes back from its export, into the same control plane and into a fresh one: nothing is made anew. */

import { partsOf } from '../../local/parts.ts';
import type { KubeObject } from '../../tools/cluster.ts';
import { differences, stateOf } from '../aws-state.ts';
import { during } from '../outage.ts';
import { DATA_PATH, expect, expectNone, type Scenario } from '../scenario.ts';
import {
  composedBy,
  deleteClaim,
  discard,
  externalNameOf,
  keyOf,
  kindOf,
  refOf,
  type Stage,
  startStage,
  untilGone,
  untilWell,
} from '../stage.ts';
import { claimOf, makeReady, recordFiles } from './claims.ts';
import { isQuick } from './deletion.ts';

/** What a cluster gives an object itself, as `docs/backup.md` leaves it out. */
const GIVEN = [
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'managedFields',
  'ownerReferences',
  'finalizers',
];

/** An object as a backup has it: without what the cluster gave it. */
function exported(object: KubeObject): KubeObject {
  const { status: _, ...rest } = object;
  const kept = Object.entries(object.metadata).filter(([field]) => !GIVEN.includes(field));
  const { name, namespace } = refOf(object);
  return { ...rest, metadata: { ...Object.fromEntries(kept), name, namespace } };
}

const liveOf = (stage: Stage, claim: KubeObject): KubeObject => {
  const live = stage.pipelines.get(refOf(claim));
  expect(live !== undefined, `${claim.metadata.name} is not there`);
  return live;
};

/** A claim and what it is made of, as `kubectl get fip,managed` answers, the claim last. */
const backUp = (stage: Stage, claim: KubeObject): KubeObject[] =>
  [...composedBy(stage, claim), liveOf(stage, claim)].map(exported);

/** The control plane loses a claim and all it is made of, and AWS none of it. */
async function lose(stage: Stage, claim: KubeObject): Promise<void> {
  const { cluster, substrate } = stage;
  await during(substrate.providerOutage, async () => {
    const composed = composedBy(stage, claim);
    await deleteClaim(stage, claim);
    for (const object of [claim, ...composed]) {
      const kind = kindOf(object);
      if (!kind) continue;
      await cluster.remove(kind, refOf(object));
      // Without its finalizer the provider is not asked.
      await cluster.merge(kind, refOf(object), { metadata: { finalizers: null } }).catch(() => undefined);
    }
    await untilGone(stage, claim);
  });
}

/** Applies a backup: the managed resources first, so that the claim finds them. */
async function bringBack(stage: Stage, backup: readonly KubeObject[]): Promise<KubeObject> {
  for (const object of backup) await stage.cluster.apply(object);
  const claim = backup.at(-1);
  expect(claim !== undefined, 'the backup is empty');
  await untilWell(stage, refOf(claim));
  return liveOf(stage, claim);
}

/** Names in Kubernetes and in AWS, by composition resource name. */
const namesOf = (stage: Stage, claim: KubeObject) =>
  Object.fromEntries(
    composedBy(stage, claim)
      .map((one): [string, string] => [keyOf(one), `${one.metadata.name} ${externalNameOf(one)}`])
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

/** What must be the same after a restore. */
async function lookAt(stage: Stage, claim: KubeObject, file: string) {
  const items = await recordFiles(stage, claim, [file]);
  const { bucket, table, functionName } = partsOf(claim);
  // Whatever the uid: all of its names in AWS end with this.
  const suffix = functionName.slice(-8);
  const state = () => stateOf(stage.clients, suffix, [bucket, table]);
  return { names: namesOf(stage, claim), state, aws: await state(), items: items.length };
}

type Before = Awaited<ReturnType<typeof lookAt>>;

async function expectSame(stage: Stage, claim: KubeObject, before: Before, where: string, file: string) {
  expectNone(differences(before.names, namesOf(stage, claim)), `${where}, these have other names`);
  expectNone(differences(before.aws, await before.state()), `${where}, AWS was changed`);
  const { length } = await recordFiles(stage, claim, [file]);
  expect(length === before.items + 1, `${where}, the table has ${length} items, not ${before.items + 1}`);
}

/** The claim moves to a control plane of its own, which knows nothing but the backup. */
async function moves(stage: Stage, backup: readonly KubeObject[], before: Before): Promise<string> {
  const { substrate, say } = stage;
  const fresh = substrate.another?.();
  if (!fresh) return `a fresh control plane: skipped, since ${substrate.name} has one cluster a run`;
  let other: Stage | undefined;
  try {
    const { region, examples, emulator, kubectlPath } = stage;
    other = await startStage(fresh, kubectlPath, { region, examples, emulator }, (line) =>
      say(`fresh control plane: ${line}`),
    );
    const claim = await bringBack(other, backup);
    expect(
      stage.pipelines.get(refOf(claim)) === undefined,
      'the first control plane has the restored claim, too: the fresh one is not a control plane of its own',
    );
    await expectSame(other, claim, before, 'in a fresh control plane', 'moved.txt');
    await deleteClaim(other, claim);
    await untilGone(other, claim, isQuick);
    return 'in a fresh control plane: the same names, AWS unchanged, files recorded on; then deleted from there';
  } finally {
    other?.close();
    await fresh.stop();
  }
}

export const scenario: Scenario = {
  name: 'restore',
  title: 'a claim restored from its export keeps what it had, in the same control plane and in a fresh one',
  needs: DATA_PATH,
  run: async (stage) => {
    const claim = await makeReady(stage, claimOf(stage, 'restore'));
    await untilWell(stage, refOf(claim));
    const before = await lookAt(stage, claim, 'before.txt');
    const backup = backUp(stage, claim);

    await lose(stage, claim);
    const restored = await bringBack(stage, backup);
    expect(
      restored.metadata['uid'] !== claim.metadata['uid'],
      'the restored claim has the uid of the lost one',
    );
    await expectSame(stage, restored, before, 'after the restore', 'after.txt');
    const lines = [
      `${backup.length - 1} managed resources and the claim, with another uid: the same names, AWS unchanged, files recorded on`,
    ];

    const again = backUp(stage, restored);
    const aws = await before.state();
    const hasAnother = stage.substrate.another !== undefined;
    if (hasAnother) await lose(stage, restored);
    lines.push(await moves(stage, again, { ...before, aws, items: before.items + 1 }));
    if (!hasAnother) discard(stage, restored);
    return lines;
  },
};
