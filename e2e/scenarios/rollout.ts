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
import { DATA_PATH, expect, expectNone, type Scenario } from '../scenario.ts';
import { composedBy, discard, findComposed, keyOf, refOf, type Stage, untilAws, watchAll } from '../stage.ts';
import { seconds } from '../waves.ts';
import { claimOf, expectKept, identities, makeReady } from './claims.ts';

const BETWEEN_FILES_MS = 250;

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

/** Waits until every file has an item, or its event is a dead letter: none is lost. Resolves to how many are letters. */
async function untilNoneLost(stage: Stage, claim: KubeObject, keys: readonly string[]): Promise<number> {
  const { table, partitionKey, deadLetterQueue } = partsOf(claim);
  // A letter that one look has read is hidden from the next.
  const letters = new Set<string>();
  let missing: string[] = [];
  const lost = () => missing.filter((key) => ![...letters].some((body) => body.includes(key)));
  const isNoneLost = async () => {
    const recorded = new Set((await readItems(stage.clients, table)).map((item) => item[partitionKey]));
    missing = keys.filter((key) => !recorded.has(key));
    if (missing.length > 0)
      for (const { Body = '' } of await allMessages(stage.clients, deadLetterQueue, 1)) letters.add(Body);
    return lost().length === 0;
  };
  await untilAws('an item or a dead letter of every file', isNoneLost, () => `Lost: ${lost().join(', ')}`);
  return missing.length;
}

/** Notes whether an object with earlier code went before the function ran the later one. */
function watchCode(stage: Stage, claim: KubeObject) {
  const early: string[] = [];
  const codeOf = () =>
    composedBy(stage, claim).filter((one) => keyOf(one).startsWith('code-start-workflow-'));
  const running = () => runningDigest(findComposed(stage, claim, KEYS.startWorkflow));
  const old = new Set(codeOf().map(({ metadata }) => metadata['uid']));
  const before = running();
  const off = watchAll(stage.managed, (resource) => {
    if (!old.has(resource.metadata['uid']) || resource.metadata['deletionTimestamp'] === undefined) return;
    if (running() === before) early.push(keyOf(resource));
  });
  return {
    oldLeft: () => codeOf().filter(({ metadata }) => old.has(metadata['uid'])).length,
    stop: () => {
      off();
      return early;
    },
  };
}

export const scenario: Scenario = {
  name: 'rollout',
  title: 'new code, a changed state machine and changed settings lose no file',
  needs: DATA_PATH,
  run: async (stage) => {
    const table = { timeToLiveAttribute: 'expiresAt' };
    const claim = await makeReady(stage, claimOf(stage, 'rollout', { table }));
    const before = identities(stage, claim);
    const { bucket, functionName: FunctionName, stateMachine: stateMachineArn } = partsOf(claim);
    const configuration = () => stage.clients.lambda.getFunctionConfiguration({ FunctionName });
    const definition = async () =>
      (await stage.clients.sfn.describeStateMachine({ stateMachineArn })).definition;
    const folder = mkdtempSync(join(tmpdir(), 'fileingest-release-'));
    const endStream = streamFiles(stage, bucket);
    const code = watchCode(stage, claim);
    const lines: string[] = [];
    const until = async (what: string, holds: () => Promise<boolean>) => seconds(await untilAws(what, holds));
    try {
      const { CodeSha256 } = await configuration();
      await stage.substrate.installFunction(laterRelease(folder, 'v99.0.0'));
      const isSwitched = async () => (await configuration()).CodeSha256 !== CodeSha256;
      const switched = await until('the new code', isSwitched);
      lines.push(`new handler code runs ${switched} after the release was installed`);
      const cleaned = await until('removal of the old code', async () => code.oldLeft() === 0);
      lines.push(`the object with the old code went ${cleaned} later`);

      const oldDefinition = await definition();
      await stage.cluster.merge(PIPELINE, refOf(claim), {
        spec: { source: { expireAfterDays: 30 }, functions: { memoryMB: 512 } },
      });
      const changed = await until(
        'the new state machine',
        async () => (await definition()) !== oldDefinition,
      );
      lines.push(`a changed state machine is in AWS after ${changed}`);
      const isResized = async () => (await configuration()).MemorySize === 512;
      lines.push(`changed settings are in AWS ${await until('the new memory', isResized)} after that`);
    } finally {
      const { keys, absent, looks } = await endStream();
      expectNone(code.stop(), 'the old code went while the function still ran it');
      expect(absent === 0, `the notification was absent in ${absent} of ${looks} looks`);
      const letters = await untilNoneLost(stage, claim, keys);
      lines.push(
        `${keys.length} files meanwhile: ${keys.length - letters} recorded, ${letters} dead letters, none lost; notification there in all ${looks} looks`,
      );
      await stage.substrate.installFunction(currentRelease());
      rmSync(folder, { recursive: true, force: true });
    }
    expectKept(before, identities(stage, claim), (key) => key.startsWith('code-'));
    discard(stage, claim);
    return lines;
  },
};
