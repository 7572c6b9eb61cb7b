/** The embedded default and the real provider leave the same in AWS, compared service by service. */

import { identityOf } from '../../function/src/names.ts';
import { type Json, stringAt } from '../../function/src/objects.ts';
import { answerUnless } from '../../local/aws.ts';
import { untilReady as untilLocallyReady, withUid } from '../../local/composite.ts';
import { deleteVersions } from '../../local/kinds/s3.ts';
import { partsOf } from '../../local/parts.ts';
import { startStage } from '../../local/pipeline.ts';
import { platformFor } from '../../local/platform.ts';
import type { KubeObject } from '../../tools/cluster.ts';
import { type AwsState, differences, stateOf, VOLATILE } from '../aws-state.ts';
import { type Example, examplesFor } from '../examples.ts';
import { withPlatform } from '../platform-defaults.ts';
import { DATA_PATH, expect, expectNone, type Scenario } from '../scenario.ts';
import { discard, refOf, type Stage, untilGone, untilReady } from '../stage.ts';
import { READY_MS } from '../waits.ts';

/** The embedded default makes the same claim, with the same uid, on an emulator of its own. */
async function madeLocally(claim: KubeObject, region: string): Promise<AwsState> {
  const stage = await startStage(region);
  try {
    const { apiVersion, kind, spec } = claim;
    const { name, namespace, uid, labels } = claim.metadata;
    const metadata = { name, namespace, ...(labels !== undefined && { labels }) };
    const same = withUid({ apiVersion, kind, metadata, spec }, String(uid));
    const environment = await platformFor(same, stage.clients);
    const composite = await untilLocallyReady({ claim: same, ...stage, environment, timeoutMs: READY_MS });
    return await read(stage.clients, composite);
  } finally {
    await stage.stop();
  }
}

async function read(clients: Stage['clients'], composite: Json): Promise<AwsState> {
  const { table, functionNames, stateMachine } = partsOf(composite);
  const buckets = ['bucket', 'destinationBucket'].flatMap(
    (field) => stringAt(composite, 'status', field) ?? [],
  );
  const names = [...buckets, table, ...functionNames, ...(stateMachine?.split(':').slice(-1) ?? [])];
  return stateOf(clients, identityOf(composite).suffix, names);
}

/** A bucket whose name the claim gives may be left from another scenario, with what was uploaded there. */
async function emptyNamedBuckets({ clients }: Stage, { spec }: KubeObject): Promise<void> {
  const names = [
    stringAt(spec, 'source', 'bucketName'),
    stringAt(spec, 'workflow', 'processImage', 'destination', 'bucketName'),
  ];
  for (const name of names)
    if (name !== undefined) await answerUnless(deleteVersions(clients, name), 'NoSuchBucket');
}

async function compare(stage: Stage, example: Example): Promise<{ things: number; differs: string[] }> {
  const claim = await untilReady(stage, refOf(example.claim));
  const real = await read(stage.clients, claim);
  const local = await madeLocally(claim, stage.region);
  expect(Object.keys(real).length > 0, `${example.path}: nothing of it was found in AWS`);
  return { things: Object.keys(real).length, differs: differences(local, real) };
}

export const scenario: Scenario = {
  name: 'parity',
  title: 'make run and the real provider leave the same in AWS',
  needs: [...DATA_PATH, 'parity'],
  run: async (stage) => {
    const { runnable: all, skipped } = examplesFor(stage);
    const lines: string[] = [...skipped];
    const wrong: string[] = [];
    const compareAll = async () => {
      for (const { claim } of all) {
        // Another scenario may have had a claim of this name, which is still on its way out.
        const before = stage.pipelines.get(refOf(claim));
        if (before) await untilGone(stage, before);
        await emptyNamedBuckets(stage, claim);
        await stage.cluster.apply(claim);
      }
      for (const example of all) {
        const { things, differs } = await compare(stage, example);
        lines.push(`${example.path}: ${things} things in AWS, ${differs.length} differences`);
        wrong.push(...differs.map((line) => `${example.path}: ${line}`));
      }
      for (const { claim } of all) {
        const made = stage.pipelines.get(refOf(claim));
        if (made) discard(stage, made);
      }
    };
    await withPlatform(stage, all, compareAll);
    expectNone(wrong, 'made by make run, and by the provider');
    lines.push(`not compared, since they differ in any two makings: ${VOLATILE.join(', ')}`);
    return lines;
  },
};
