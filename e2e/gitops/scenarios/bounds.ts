/** What an environment may not do: other kinds, other namespaces, other folders, another hour. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';
import { ARGOCD, stateOf } from '../../../argocd/applications.ts';
import { at, type Json, stringAt } from '../../../function/src/objects.ts';
import { PIPELINE } from '../../../local/managed-kinds.ts';
import type { KubeObject } from '../../../tools/cluster.ts';
import { messageOf } from '../../../tools/errors.ts';
import { APPLICATION, CONFIG_MAP, NAMESPACE } from '../../../tools/kinds.ts';
import { manifestText } from '../../../tools/yaml.ts';
import { expect } from '../../scenario.ts';
import { ensureNamespace } from '../../stage.ts';
import { STAYS_MS } from '../../waits.ts';
import { bareClaim, environment, folderOf, putClaim } from '../environments.ts';
import { ALWAYS, edit, setWindow } from '../fork.ts';
import {
  type GitOpsScenario,
  type GitOpsStage,
  revertLast,
  untilApplication,
  untilHealthy,
} from '../stage.ts';
import { untilLive } from './claims.ts';

/** The name of each. */
const INTRUDER = 'intruder';
const INTRUDERS: readonly { what: string; said: string; object: Json }[] = parse(
  readFileSync(join(import.meta.dirname, 'intruders.yaml'), 'utf8'),
);

/** What is said when something is refused; nothing where it is not. */
const refusal = (attempt: Promise<unknown>): Promise<string> => attempt.then(() => '', messageOf);

/** What Argo CD says of the object that it refuses, or of the sync where the API server does. */
function wordsOf(application: KubeObject, said: string): string {
  const results = [at(application, 'status', 'operationState', 'syncResult', 'resources') ?? []].flat();
  const messages = results.map((one: unknown) => stringAt(one, 'message') ?? '');
  return messages.find((message) => message.includes(said)) ?? stateOf(application).message;
}

/** Puts an object into dev's folder, waits until it is refused, and takes it back. Resolves to what was said. */
async function refused(stage: GitOpsStage, { what, said, object }: (typeof INTRUDERS)[number]) {
  const { repository } = stage;
  const { name, namespace, application } = environment('dev');
  const folder = `${folderOf(name)}/${INTRUDER}`;
  repository.write(`${folder}/kustomization.yaml`, manifestText({ resources: ['it.yaml'] }));
  repository.write(`${folder}/it.yaml`, manifestText(object));
  // Without dev's namespace, which the overlay would give to all.
  edit(repository, `${folderOf(name)}/kustomization.yaml`, (text) =>
    text.replace('resources:\n', `resources:\n  - ${INTRUDER}\n`).replace(`namespace: ${namespace}\n`, ''),
  );
  const wrong = await stage.push(`An intruder: ${what}`);
  const found = await untilApplication(
    stage,
    application,
    `refusing ${what}`,
    // Of this commit: the refusal before it may have had the same words.
    (one) =>
      at(one, 'status', 'operationState', 'syncResult', 'revision') === wrong &&
      JSON.stringify(at(one, 'status', 'operationState')).includes(said),
  );
  await revertLast(stage, application, `Without it: ${what}`);
  return `${what}: ${wordsOf(found, said)}`;
}

/** In dev's folder: other kinds, a namespace that is not dev's, a hook that would have another's namespace deleted. */
async function refusedByProject(stage: GitOpsStage): Promise<string[]> {
  const { cluster } = stage;
  await ensureNamespace(stage, INTRUDER);
  const uid = async () => (await cluster.read(NAMESPACE, { name: INTRUDER }))?.metadata['uid'];
  const before = await uid();
  const lines: string[] = [];
  for (const intruder of INTRUDERS) lines.push(await refused(stage, intruder));
  expect((await uid()) === before, 'dev had a namespace deleted that is not its own');
  const { namespace } = environment('dev');
  const made = await cluster.read(CONFIG_MAP, { name: INTRUDER, namespace });
  expect(made === undefined, 'dev made a ConfigMap');
  return lines;
}

/** An Application of prod's project that reads dev's folder. */
async function refusedByPath(stage: GitOpsStage): Promise<string> {
  const { apiVersion, kind } = APPLICATION;
  const metadata = { name: environment('prod').application, namespace: ARGOCD };
  const application = stage.applications.get(metadata);
  const repoURL = stringAt(application, 'spec', 'source', 'repoURL') ?? '';
  const wrong = { apiVersion, kind, metadata, spec: { source: { repoURL, path: folderOf('dev') } } };
  const said = await refusal(stage.cluster.apply(wrong));
  expect(said.includes(folderOf('prod')), `the refusal does not name prod's folder: ${said}`);
  return `prod with dev's folder: ${said}`;
}

/** Outside its window prod stays as it is, and a person can sync it all the same. */
async function waitsForWindow(stage: GitOpsStage): Promise<string> {
  const prod = environment('prod');
  const name = 'at-night';
  // One minute of the year.
  setWindow(stage.repository, { schedule: '0 0 1 1 *', duration: '1m' });
  const shut = await stage.push('The window of prod is shut');
  await untilHealthy(stage, 'fileingest', shut);
  putClaim(stage.repository, prod.name, bareClaim(name));
  await stage.push('A claim for prod at night');
  await untilApplication(
    stage,
    prod.application,
    'OutOfSync outside its window',
    (one) => stateOf(one).sync === 'OutOfSync',
  );
  await delay(STAYS_MS);
  const early = await stage.cluster.read(PIPELINE, { name, namespace: prod.namespace });
  expect(early === undefined, 'prod was synced outside its window');
  await stage.substrate.argocd('app', 'sync', prod.application, '--async');
  await untilLive(stage, prod, name);
  // The claim stays: prod prunes nothing by itself, and would be out of sync from then on.
  setWindow(stage.repository, ALWAYS);
  await stage.push('The window of prod is open again');
  return 'prod outside its sync window: nothing is synced by itself; a sync by hand goes through';
}

/** A claim of dev that would sign in to AWS as prod does. */
async function refusedByAccount({ cluster }: GitOpsStage): Promise<string> {
  const { namespace } = environment('dev');
  const providerConfigRef = { kind: 'ClusterProviderConfig', name: 'fileingest-prod' };
  const claim = bareClaim(INTRUDER, { region: 'eu-west-1', providerConfigRef });
  const said = await refusal(cluster.apply({ ...claim, metadata: { ...claim.metadata, namespace } }));
  expect(
    said.includes('is not that of namespace fileingest-dev'),
    `dev took prod's way to sign in to AWS: ${said}`,
  );
  return `a claim of dev with prod's credentials: ${said}`;
}

/** A sync that would delete each claim and make it anew. */
async function refusedByForce({ substrate }: GitOpsStage): Promise<string> {
  const said = await refusal(
    substrate.argocd('app', 'sync', 'fileingest-prod', '--force', '--replace', '--async'),
  );
  expect(said.includes('deletes claims of project fileingest-prod'), `prod took a forced sync: ${said}`);
  return 'a forced sync of prod: refused';
}

async function run(stage: GitOpsStage): Promise<string[]> {
  return [
    ...(await refusedByProject(stage)),
    await refusedByAccount(stage),
    await refusedByPath(stage),
    await refusedByForce(stage),
    await waitsForWindow(stage),
  ];
}

export const bounds: GitOpsScenario = {
  name: 'bounds',
  title: 'an environment is held to its kinds, namespaces, folder, account and hours',
  run,
};
