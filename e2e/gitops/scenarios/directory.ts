/** The folder of an environment that is deleted by accident. */
import { setTimeout as delay } from 'node:timers/promises';
import { at } from '../../../function/src/objects.ts';
import { expect } from '../../scenario.ts';
import { expectKept, identities } from '../../scenarios/claims.ts';
import { environment, folderOf } from '../environments.ts';
import { type GitOpsScenario, type GitOpsStage, revertLast, untilApplication } from '../stage.ts';
import { claimIn, recordOne, untilLive } from './claims.ts';

/** In git from the start. */
const CLAIM = 'invoices';
const GONE_MS = 30_000;

async function run(stage: GitOpsStage): Promise<string[]> {
  const lines: string[] = [];
  for (const env of [environment('dev'), environment('prod')]) {
    const claim = await untilLive(stage, env, CLAIM);
    const before = identities(await stage.claims(), claim);
    stage.repository.remove(folderOf(env.name));
    await stage.push(`${env.name} is gone`);
    await untilApplication(stage, env.application, 'told that its folder is gone', (application) =>
      JSON.stringify(at(application, 'status', 'conditions') ?? []).includes('does not exist'),
    );
    await delay(GONE_MS);
    const now = await claimIn(stage, env, CLAIM);
    expect(
      now?.metadata['uid'] === claim.metadata['uid'] && now?.metadata['deletionTimestamp'] === undefined,
      `the claim ${CLAIM} of ${env.name} went with the folder`,
    );
    const after = identities(await stage.claims(), claim);
    expectKept(before, after, undefined, `${env.name} lost resources with the folder`);
    await recordOne(stage, claim, `while ${env.name} is gone.pdf`);
    await revertLast(stage, env.application, `${env.name} is back`);
    expect(
      (await claimIn(stage, env, CLAIM))?.metadata['uid'] === claim.metadata['uid'],
      `the claim ${CLAIM} of ${env.name} was made anew when the folder came back`,
    );
    lines.push(
      `${env.name}: ${before.size} resources of ${CLAIM} stayed and recorded a file; taken up again when the folder was back`,
    );
  }
  return lines;
}

export const directory: GitOpsScenario = {
  name: 'directory',
  title: 'the folder of an environment deleted by accident deletes nothing',
  run,
};
