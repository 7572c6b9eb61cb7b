/** A commit that adds a claim is live in each environment; one that changes it rolls out. Promotion carries both. */
import { untilAws } from '../../stage.ts';
import { LIVE_MS } from '../../waits.ts';
import { seconds } from '../../waves.ts';
import { ALL, bareClaim, carry, type Environment, environment, putClaim } from '../environments.ts';
import type { GitOpsScenario, GitOpsStage } from '../stage.ts';
import { claimIn, lambdaOf, recordOne, untilLive, untilTaking } from './claims.ts';

/** The claim that the scenarios add. */
export const RECEIPTS = 'receipts';
const CHANGED_MB = 384;

/** Brings what is in dev, or what was changed there last, into all environments, one after the other. */
async function everywhere(
  stage: GitOpsStage,
  message: string,
  seen: (env: Environment) => Promise<void>,
): Promise<string[]> {
  const lines: string[] = [];
  for (const [index, env] of ALL.entries()) {
    const from = ALL[index - 1];
    if (from !== undefined) await carry(stage.repository, from.name, env.name);
    const begin = performance.now();
    await stage.push(`${message} in ${env.name}`);
    await seen(env);
    lines.push(`${env.name}: ${seconds(performance.now() - begin)}`);
  }
  return lines;
}

async function untilMemory(stage: GitOpsStage, env: Environment, memoryMB: number): Promise<void> {
  let size: number | undefined;
  const hasMemory = async () => {
    const claim = await claimIn(stage, env, RECEIPTS);
    size = claim && (await lambdaOf(stage, claim)).MemorySize;
    return size === memoryMB;
  };
  const what = `${memoryMB} MB of ${RECEIPTS} in ${env.name}`;
  await untilAws(what, hasMemory, () => `It has ${size} MB`, LIVE_MS);
}

async function run(stage: GitOpsStage): Promise<string[]> {
  const put = (spec = {}) => putClaim(stage.repository, environment('dev').name, bareClaim(RECEIPTS, spec));
  put();
  const added = await everywhere(stage, 'Receipts', async (env) => {
    await recordOne(stage, await untilTaking(stage, env, RECEIPTS), 'first.txt');
  });
  for (const env of ALL) await untilLive(stage, env, RECEIPTS);
  put({ functions: { memoryMB: CHANGED_MB } });
  const changed = await everywhere(stage, 'More memory for receipts', (env) =>
    untilMemory(stage, env, CHANGED_MB),
  );
  return [
    `from a commit with a claim to the item of an uploaded file: ${added.join(', ')}`,
    `from a commit that changes the claim to AWS: ${changed.join(', ')}`,
  ];
}

export const live: GitOpsScenario = {
  name: 'live',
  title: 'a commit with a claim is live in each environment, one that changes it rolls out',
  run,
};
