/** A claim that is removed from git: what goes, what stays, and who has to say so. */
import { setTimeout as delay } from 'node:timers/promises';
import { resourcesOf, stateOf } from '../../../argocd/applications.ts';
import { partsOf } from '../../../local/parts.ts';
import { readItems } from '../../../local/upload.ts';
import { conditionOf, type KubeObject } from '../../../tools/cluster.ts';
import { expect, expectNone } from '../../scenario.ts';
import { expectDataAlone, isQuick, leftOf, objectKeys } from '../../scenarios/deletion.ts';
import { untilGone } from '../../stage.ts';
import { STAYS_MS } from '../../waits.ts';
import { carry, dropClaim, environment } from '../environments.ts';
import { type GitOpsScenario, type GitOpsStage, untilApplication } from '../stage.ts';
import { awsOf, claimIn, untilLive } from './claims.ts';
import { RECEIPTS } from './live.ts';

async function expectData(stage: GitOpsStage, claim: KubeObject): Promise<void> {
  const clients = awsOf(stage, claim);
  const { bucket, table } = partsOf(claim);
  await expectDataAlone(clients, claim);
  expect((await objectKeys(clients, bucket)).length > 0, `the bucket ${bucket} lost its objects`);
  expect((await readItems(clients, table)).length > 0, `the table ${table} lost its items`);
}

/** In prod nothing goes before a person has said so, twice: asked for a prune, and confirmed it. */
async function prodAsks(stage: GitOpsStage, claim: KubeObject): Promise<void> {
  const prod = environment('prod');
  const isOutOfSync = (application: KubeObject) =>
    resourcesOf(application).some(({ name, sync }) => name === RECEIPTS && sync === 'OutOfSync');
  await untilApplication(stage, prod.application, 'OutOfSync by the removed claim', isOutOfSync);
  const expectThere = async (when: string) => {
    await delay(STAYS_MS);
    const now = await claimIn(stage, prod, RECEIPTS);
    expect(now !== undefined, `prod's claim was deleted ${when}`);
    expect(now.metadata['deletionTimestamp'] === undefined, `prod's claim is being deleted ${when}`);
    expect(conditionOf(now, 'Ready').status === 'True', `prod's claim is not ready ${when}`);
  };
  await expectThere('with no word of a person');
  await stage.substrate.argocd('app', 'sync', prod.application, '--prune', '--async');
  await untilApplication(stage, prod.application, 'waiting for a confirmation', (application) =>
    stateOf(application).message.includes('confirm'),
  );
  await expectThere('before the prune was confirmed');
  await stage.substrate.argocd('app', 'confirm-deletion', prod.application);
  await untilGone(await stage.claims(), claim, isQuick);
}

async function run(stage: GitOpsStage): Promise<string[]> {
  const live = (name: 'dev' | 'staging' | 'prod') => untilLive(stage, environment(name), RECEIPTS);
  const [dev, staging, prod] = await Promise.all([live('dev'), live('staging'), live('prod')]);
  dropClaim(stage.repository, 'dev', RECEIPTS);
  await stage.push('No receipts in dev');
  for (const [from, to] of [['dev', 'staging'] as const, ['staging', 'prod'] as const]) {
    await carry(stage.repository, from, to);
    await stage.push(`No receipts in ${to}`);
  }
  const claims = await stage.claims();
  await Promise.all([
    untilGone(claims, dev, isQuick),
    untilGone(claims, staging, isQuick),
    prodAsks(stage, prod),
  ]);
  expectNone(await leftOf(awsOf(stage, dev), dev), 'dataRetention Delete left');
  await expectData(stage, staging);
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
