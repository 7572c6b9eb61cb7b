/** A claim that is removed from git: what goes, what stays, and who has to say so. */
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf } from '../../../function/src/names.ts';
import { partsOf } from '../../../local/parts.ts';
import { readItems } from '../../../local/upload.ts';
import { inventory, ofClaim } from '../../awsInventory.ts';
import { conditionOf, type KubeObject } from '../../cluster.ts';
import { expect } from '../../scenario.ts';
import { isQuick, objectKeys } from '../../scenarios/deletion.ts';
import { untilGone } from '../../stage.ts';
import { dropClaim, type Environment, environment } from '../environments.ts';
import { carry } from '../promotion.ts';
import { type GitOpsScenario, LIVE_MS } from '../scenario.ts';
import { type GitOpsStage, resourcesOf, stateOf, untilApplication, untilHealthy } from '../stage.ts';
import { awsOf, claimIn, untilLive } from './claims.ts';
import { RECEIPTS } from './live.ts';

/** Long enough for a sync that should not be, since each commit is looked at when it is pushed. */
const STAYS_MS = 20_000;

async function leftOf(stage: GitOpsStage, claim: KubeObject): Promise<string[]> {
  const found = ofClaim(await inventory(awsOf(stage, claim)), identityOf(claim).suffix);
  // The provider takes minutes to believe that a queue is gone.
  return found.filter((name) => !name.startsWith('queue ')).sort();
}

async function expectData(stage: GitOpsStage, claim: KubeObject): Promise<void> {
  const { bucket, table } = partsOf(claim);
  const left = await leftOf(stage, claim);
  const expected = [`bucket ${bucket}`, `table ${table}`];
  expect(left.join() === expected.join(), `dataRetention Retain left:\n  ${left.join('\n  ')}`);
  const clients = awsOf(stage, claim);
  expect((await objectKeys({ clients }, bucket)).length > 0, `the bucket ${bucket} lost its objects`);
  expect((await readItems(clients, table)).length > 0, `the table ${table} lost its items`);
}

async function removedFrom(stage: GitOpsStage, env: Environment): Promise<KubeObject> {
  const claim = await untilLive(stage, env, RECEIPTS);
  const commit = await stage.push(`No receipts in ${env.name}`);
  if (env.name !== 'prod') {
    await untilGone(await stage.claims(), claim, isQuick);
    await untilHealthy(stage, env.application, commit, LIVE_MS);
  }
  return claim;
}

/** In prod nothing goes before a person has said so, twice: asked for a prune, and confirmed it. */
async function prodAsks(stage: GitOpsStage, claim: KubeObject): Promise<void> {
  const prod = environment('prod');
  const isOutOfSync = (application: KubeObject) =>
    resourcesOf(application).some(({ name, sync }) => name === RECEIPTS && sync === 'OutOfSync');
  await untilApplication(stage, prod.application, 'OutOfSync by the removed claim', isOutOfSync, LIVE_MS);
  const expectThere = async (when: string) => {
    await delay(STAYS_MS);
    const now = await claimIn(stage, prod, RECEIPTS);
    expect(now !== undefined, `prod's claim was deleted ${when}`);
    expect(now.metadata['deletionTimestamp'] === undefined, `prod's claim is being deleted ${when}`);
    expect(conditionOf(now, 'Ready').status === 'True', `prod's claim is not ready ${when}`);
  };
  await expectThere('with no word of a person');
  const sync = stage.substrate.argocd('app', 'sync', prod.application, '--prune', '--async');
  await sync;
  await untilApplication(
    stage,
    prod.application,
    'waiting for a confirmation',
    (application) => stateOf(application).message.includes('confirm'),
    LIVE_MS,
  );
  await expectThere('before the prune was confirmed');
  await stage.substrate.argocd('app', 'confirm-deletion', prod.application);
  await untilGone(await stage.claims(), claim, isQuick);
}

async function run(stage: GitOpsStage): Promise<string[]> {
  dropClaim(stage.repository, 'dev', RECEIPTS);
  const dev = await removedFrom(stage, environment('dev'));
  const left = await leftOf(stage, dev);
  expect(left.length === 0, `dataRetention Delete left:\n  ${left.join('\n  ')}`);
  await carry(stage.repository, 'dev', 'staging');
  const staging = await removedFrom(stage, environment('staging'));
  await expectData(stage, staging);
  await carry(stage.repository, 'staging', 'prod');
  const prod = await removedFrom(stage, environment('prod'));
  await prodAsks(stage, prod);
  await expectData(stage, prod);
  return [
    'dev: the claim went, and with it bucket, objects and table, as its dataRetention Delete asks',
    'staging: the claim went; the bucket with its object and the table with its item stayed',
    'prod: nothing went until a person asked for the prune and confirmed it; bucket and table stayed then',
  ];
}

export const removal: GitOpsScenario = {
  name: 'removal',
  title: 'a claim removed from git goes as dataRetention says, in prod only when a person confirms',
  run,
};
