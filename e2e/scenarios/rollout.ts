/** New handler code, a changed state machine, changed settings, under a steady stream of files. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { KEYS } from '../../function/src/keys.ts';
import { runningDigest } from '../../function/src/resources/code.ts';
import { PIPELINE } from '../../local/managed-kinds.ts';
import { partsOf } from '../../local/parts.ts';
import { allMessages } from '../../local/redrive.ts';
import { readItems, upload } from '../../local/upload.ts';
import type { KubeObject } from '../../tools/cluster.ts';
import { currentRelease, laterRelease } from '../releases.ts';
import { expect, type Scenario } from '../scenario.ts';
import { composedBy, discard, keyOf, refOf, type Stage, untilAws } from '../stage.ts';
import { seconds } from '../timing.ts';
import { claimOf, expectKept, identities, makeReady } from './claims.ts';

const BETWEEN_FILES_MS = 250;
const LATE_MS = 120_000;

/** Uploads files one after the other and looks whether the notification is there, until it is told to end. */
function streamFiles(stage: Stage, bucket: string) {
  const keys: string[] = [];
  let absent = 0;
  let looks = 0;
  let on = true;
  const uploads = (async () => {
    while (on) {
      const key = `stream/${String(keys.length).padStart(5, '0')}.txt`;
      await upload(stage.clients, bucket, [{ key, body: Buffer.from(key) }]);
      keys.push(key);
      await delay(BETWEEN_FILES_MS);
    }
  })();
  const watch = (async () => {
    while (on) {
      const found = await stage.clients.s3.getBucketNotificationConfiguration({ Bucket: bucket });
      looks += 1;
      if ((found.LambdaFunctionConfigurations ?? []).length === 0) absent += 1;
      await delay(100);
    }
  })();
  return async () => {
    on = false;
    await Promise.all([uploads, watch]);
    return { keys, absent, looks };
  };
}

/** Every file has an item, or its event is a dead letter: none is lost. */
async function expectNoneLost(stage: Stage, claim: KubeObject, keys: readonly string[]) {
  const { table, partitionKey, deadLetterQueue } = partsOf(claim);
  const end = Date.now() + LATE_MS;
  for (;;) {
    const recorded = new Set((await readItems(stage.clients, table)).map((item) => item[partitionKey]));
    const missing = keys.filter((key) => !recorded.has(key));
    if (missing.length === 0) return { recorded: keys.length, letters: 0 };
    if (Date.now() > end) {
      const bodies = (await allMessages(stage.clients, deadLetterQueue, 1)).map(({ Body = '' }) => Body);
      const lost = missing.filter((key) => !bodies.some((body) => body.includes(key)));
      expect(lost.length === 0, `lost: ${lost.join(', ')}`);
      return { recorded: keys.length - missing.length, letters: missing.length };
    }
    await delay(500);
  }
}

/** Notes whether an object with earlier code went before the function ran the later one. */
function watchCode(stage: Stage, claim: KubeObject) {
  const early: string[] = [];
  const codeOf = () =>
    composedBy(stage, claim).filter((one) => keyOf(one).startsWith('code-start-workflow-'));
  const old = new Set(codeOf().map(({ metadata }) => metadata['uid']));
  const before = runningDigest(composedBy(stage, claim).find((one) => keyOf(one) === KEYS.startWorkflow));
  const offs = stage.managed.map((followed) =>
    followed.onChange((resource) => {
      if (!old.has(resource.metadata['uid']) || resource.metadata['deletionTimestamp'] === undefined) return;
      const running = composedBy(stage, claim).find((one) => keyOf(one) === KEYS.startWorkflow);
      if (runningDigest(running) === before) early.push(keyOf(resource));
    }),
  );
  return {
    oldLeft: () => codeOf().filter(({ metadata }) => old.has(metadata['uid'])).length,
    stop: () => {
      for (const off of offs) off();
      return early;
    },
  };
}

export const scenario: Scenario = {
  name: 'rollout',
  title: 'new code, a changed state machine and changed settings lose no file',
  needs: ['lambda'],
  run: async (stage) => {
    const table = { timeToLiveAttribute: 'expiresAt' };
    const claim = await makeReady(stage, claimOf('rollout', 'default', stage.region, { table }));
    const before = identities(stage, claim);
    const { bucket, functionName, stateMachine = '' } = partsOf(claim);
    const configuration = () => stage.clients.lambda.getFunctionConfiguration({ FunctionName: functionName });
    const definition = async () =>
      (await stage.clients.sfn.describeStateMachine({ stateMachineArn: stateMachine })).definition;
    const folder = mkdtempSync(join(tmpdir(), 'fileingest-release-'));
    const endStream = streamFiles(stage, bucket);
    const code = watchCode(stage, claim);
    const lines: string[] = [];
    try {
      const oldDigest = (await configuration()).CodeSha256;
      await stage.substrate.installFunction(laterRelease(folder, 'v99.0.0'));
      const switched = await untilAws(
        'the new code',
        async () => (await configuration()).CodeSha256 !== oldDigest,
      );
      lines.push(`new handler code runs ${seconds(switched)} after the release was installed`);
      const cleaned = await untilAws('removal of the old code', async () => code.oldLeft() === 0);
      lines.push(`the object with the old code went ${seconds(cleaned)} later`);

      const oldDefinition = await definition();
      const ref = refOf(claim);
      await stage.cluster.merge(PIPELINE, ref, {
        spec: { source: { expireAfterDays: 30 }, functions: { memoryMB: 512 } },
      });
      const changed = await untilAws(
        'the new state machine',
        async () => (await definition()) !== oldDefinition,
      );
      lines.push(`a changed state machine is in AWS after ${seconds(changed)}`);
      const resized = await untilAws(
        'the new memory',
        async () => (await configuration()).MemorySize === 512,
      );
      lines.push(`changed settings are in AWS ${seconds(resized)} after that`);
    } finally {
      const { keys, absent, looks } = await endStream();
      const early = code.stop();
      expect(early.length === 0, `the old code went while the function still ran it: ${early.join(', ')}`);
      expect(absent === 0, `the notification was absent in ${absent} of ${looks} looks`);
      const { recorded, letters } = await expectNoneLost(stage, claim, keys);
      lines.push(
        `${keys.length} files meanwhile: ${recorded} recorded, ${letters} dead letters, none lost; notification there in all ${looks} looks`,
      );
      await stage.substrate.installFunction(currentRelease());
      rmSync(folder, { recursive: true, force: true });
    }
    expectKept(before, identities(stage, claim), (key) => key.startsWith('code-'));
    discard(stage, claim);
    return lines;
  },
};
