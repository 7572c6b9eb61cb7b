/** A new version: dev follows it at once; staging and prod stay with theirs until git says otherwise. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withFunction } from '../../../argocd/bump.ts';
import { releaseVersion } from '../../../function/package.ts';
import { stringAt } from '../../../function/src/objects.ts';
import { PIPELINE } from '../../../local/managed-kinds.ts';
import type { KubeObject } from '../../../tools/cluster.ts';
import { COMPOSITION_REVISION } from '../../../tools/kinds.ts';
import { laterRelease } from '../../releases.ts';
import { expect } from '../../scenario.ts';
import { claimOf } from '../../scenarios/claims.ts';
import { refOf, untilAws } from '../../stage.ts';
import { LIVE_MS } from '../../waits.ts';
import { seconds } from '../../waves.ts';
import { ALL, carry, type Environment, environment } from '../environments.ts';
import { edit } from '../fork.ts';
import { type GitOpsScenario, type GitOpsStage, untilHealthy } from '../stage.ts';
import { claimIn, lambdaOf, recordOne, untilIn, untilLive } from './claims.ts';

const NEXT = 'v99.0.0';
const CLAIM = 'invoices';
const LABEL = 'fileingest.dev/version';

/** The version of the revision that a claim runs under. */
async function versionOf(stage: GitOpsStage, claim: KubeObject | undefined): Promise<string | undefined> {
  const name = stringAt(claim, 'spec', 'crossplane', 'compositionRevisionRef', 'name');
  if (name === undefined) return undefined;
  const revision = await stage.cluster.read(COMPOSITION_REVISION, { name });
  return stringAt(revision, 'metadata', 'labels', LABEL);
}

/** Digest of the code of a claim's function, as AWS has it. */
const digestOf = async (stage: GitOpsStage, env: Environment) =>
  (await lambdaOf(stage, await untilLive(stage, env, CLAIM))).CodeSha256 ?? '';

async function untilVersion(stage: GitOpsStage, env: Environment, old: string): Promise<void> {
  let version: string | undefined;
  const isNext = async () => {
    version = await versionOf(stage, await claimIn(stage, env, CLAIM));
    return version === NEXT && (await digestOf(stage, env)) !== old;
  };
  await untilAws(`${CLAIM} in ${env.name} at ${NEXT}`, isNext, () => `It is at ${version}`, LIVE_MS);
}

/** The release as a platform team takes it: one more Function, and the Configuration of that version. */
async function install(stage: GitOpsStage): Promise<void> {
  edit(stage.repository, 'argocd/platform/function.yaml', (text) =>
    withFunction(text, releaseVersion(), NEXT),
  );
  edit(stage.repository, 'argocd/platform/configuration.yaml', (text) =>
    text.replace(/(package: \S+):v\S+/, `$1:${NEXT}`),
  );
  edit(stage.repository, 'compositions/composition.yaml', (text) =>
    text.replace(/(fileingest\.dev\/version:) \S+/, `$1 ${NEXT}`),
  );
  const commit = await stage.push(`Version ${NEXT}`);
  for (const name of ['fileingest-function', 'fileingest-configuration'])
    await untilHealthy(stage, name, commit);
}

/** Under Manual Crossplane does not look at the label: why the pins are under Automatic. */
async function manualIgnoresLabel(stage: GitOpsStage, version: string): Promise<string> {
  const manual = claimOf({ region: 'eu-west-1' }, 'manual', {
    workflow: { type: 'RecordFile', execution: 'Direct' },
    crossplane: {
      compositionUpdatePolicy: 'Manual',
      compositionRevisionSelector: { matchLabels: { [LABEL]: version } },
    },
  });
  await stage.cluster.apply(manual);
  const ref = refOf(manual);
  const claim = await untilIn(stage, ref, ref.name, 'it got no revision', (one) =>
    stringAt(one, 'spec', 'crossplane', 'compositionRevisionRef', 'name') === undefined ? undefined : one,
  );
  const got = await versionOf(stage, claim);
  await stage.cluster.remove(PIPELINE, ref);
  expect(
    got === NEXT,
    `under Manual the label ${version} was looked at (revision ${got}): the pins may be under Manual`,
  );
  return `a claim under Manual with the label ${version} got ${got}: Manual does not look at the label`;
}

async function run(stage: GitOpsStage): Promise<string[]> {
  const digests = new Map<string, string>();
  for (const env of ALL) digests.set(env.name, await digestOf(stage, env));
  const version = await versionOf(stage, await claimIn(stage, environment('dev'), CLAIM));
  expect(version !== undefined, `${CLAIM} in dev has a revision without the label ${LABEL}`);
  const folder = mkdtempSync(join(tmpdir(), 'fileingest-release-'));
  try {
    await stage.substrate.publish(laterRelease(folder, NEXT));
    const begin = performance.now();
    await install(stage);
    const lines: string[] = [];
    for (const [index, env] of ALL.entries()) {
      const from = ALL[index - 1];
      if (from !== undefined) {
        await carry(stage.repository, from.name, env.name);
        await stage.push(`Promote ${from.name} to ${env.name}`);
      }
      await untilVersion(stage, env, digests.get(env.name) ?? '');
      const claim = await untilLive(stage, env, CLAIM);
      await recordOne(stage, claim, `with ${NEXT}.pdf`);
      for (const later of ALL.slice(index + 1)) {
        const [now, digest] = [
          await versionOf(stage, await claimIn(stage, later, CLAIM)),
          await digestOf(stage, later),
        ];
        expect(
          now === version && digest === digests.get(later.name),
          `${later.name} went to ${now} with ${env.name}, with code ${digest}`,
        );
      }
      lines.push(`${env.name} at ${NEXT} ${seconds(performance.now() - begin)} after its release`);
    }
    return [
      `from ${version}: ${lines.join(', ')}; those after each stayed as they were, code and revision`,
      await manualIgnoresLabel(stage, version),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const revisions: GitOpsScenario = {
  name: 'revisions',
  title: 'dev follows a new version, staging and prod stay with theirs until promoted',
  run,
};
