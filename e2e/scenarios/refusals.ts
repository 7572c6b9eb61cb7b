/** Wrong claims: each refused at the API server, or shown as a condition that names field and fix. Nothing is made. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REFUSALS } from '../../apis/refusals/claims.ts';
import { type Refusal, unsaid } from '../../apis/refusals/refusal.ts';
import { type Json, stringAt } from '../../function/src/objects.ts';
import { conditionOf, type ObjectRef } from '../../tools/cluster.ts';
import { messageOf } from '../../tools/errors.ts';
import { type Inventory, inventory } from '../aws-inventory.ts';
import { setPlatform } from '../platform-defaults.ts';
import { expect, expectNone, type Scenario } from '../scenario.ts';
import { composedBy, type Stage, untilClaim } from '../stage.ts';

const NAMESPACE = 'default';

const namesIn = (all: Inventory) =>
  Object.entries(all).flatMap(([what, names]) => names.map((name) => `${what} ${name}`));

const refOf = (claim: Json): ObjectRef => ({
  name: stringAt(claim, 'metadata', 'name') ?? '',
  namespace: stringAt(claim, 'metadata', 'namespace') ?? NAMESPACE,
});

/** Applies with kubectl, as a user would. Resolves to the refusal's message, or undefined when it was taken. */
async function apply(stage: Stage, folder: string, claim: Json): Promise<string | undefined> {
  // JSON, in which no reader takes a text such as yes for something else.
  const file = join(folder, 'claim.json');
  writeFileSync(file, JSON.stringify(claim));
  return stage.kubectl('apply', '-n', NAMESPACE, '-f', file).then(() => undefined, messageOf);
}

/** Waits until the claim's condition says all that it should. */
async function untilShown(stage: Stage, refusal: Refusal): Promise<void> {
  let message = '';
  const isShown = (claim: Json | undefined) => {
    message = conditionOf(claim, 'Synced').message;
    return message !== '' && unsaid(refusal, message).length === 0 ? true : undefined;
  };
  const otherwise = () =>
    `${refusal.title}: the condition Synced says "${message}", and lacks: ${unsaid(refusal, message).join(' | ')}`;
  await untilClaim(stage, refOf(refusal.claim), isShown, otherwise);
}

async function check(stage: Stage, folder: string, refusal: Refusal): Promise<void> {
  const { title, claim, before, platform, by } = refusal;
  if (platform !== undefined) await setPlatform(stage, platform);
  if (before !== undefined) {
    const wrong = await apply(stage, folder, before);
    expect(wrong === undefined, `${title}: the valid claim before it was refused: ${wrong}`);
  }
  const refused = await apply(stage, folder, claim);
  if (by === 'function') {
    expect(
      refused === undefined,
      `${title}: the API server refused what only the function should: ${refused}`,
    );
    await untilShown(stage, refusal);
    const made = stage.pipelines.get(refOf(claim));
    const resources = made ? composedBy(stage, made) : [];
    expectNone(
      resources.map(({ kind }) => kind),
      `${title}: made`,
    );
  } else {
    expect(refused !== undefined, `${title}: the claim was taken`);
    const missing = unsaid(refusal, refused);
    expect(missing.length === 0, `${title}: the message lacks ${missing.join(' | ')}:\n${refused}`);
  }
  if (by === 'function' || before !== undefined)
    await stage.kubectl('delete', 'fip', refOf(claim).name, '-n', NAMESPACE);
  if (platform !== undefined) await setPlatform(stage, undefined);
}

export const scenario: Scenario = {
  name: 'refusals',
  title: 'wrong claims are refused with field and fix, and make nothing',
  needs: [],
  run: async (stage) => {
    const folder = mkdtempSync(join(tmpdir(), 'fileingest-refusals-'));
    const before = namesIn(await inventory(stage.clients));
    try {
      for (const refusal of REFUSALS) await check(stage, folder, refusal);
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await setPlatform(stage, undefined);
    }
    // Other scenarios' claims may be on their way out.
    const made = namesIn(await inventory(stage.clients)).filter((name) => !before.includes(name));
    expectNone(made, 'a wrong claim made in AWS');
    const count = (by: Refusal['by']) => REFUSALS.filter((refusal) => refusal.by === by).length;
    return [
      `${REFUSALS.length} wrong claims: ${count('kubectl')} refused by kubectl, ${count('schema')} by the schema, ${count('rule')} by a rule, ${count('function')} shown as a condition; nothing made`,
    ];
  },
};
