/** What an environment may not do: other kinds, other namespaces, other folders, another hour. */
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { ARGOCD, stateOf } from '../../../argocd/applications.ts';
import { at, isObject, stringAt } from '../../../function/src/objects.ts';
import { PIPELINE } from '../../../local/managed-kinds.ts';
import type { KubeObject } from '../../../tools/cluster.ts';
import { messageOf } from '../../../tools/errors.ts';
import { CONFIG_MAP, NAMESPACE } from '../../../tools/kinds.ts';
import { expect } from '../../scenario.ts';
import { bareClaim, environment, folderOf, putClaim } from '../environments.ts';
import { ALWAYS, edit, setWindow } from '../fork.ts';
import { type GitOpsScenario, LIVE_MS } from '../scenario.ts';
import { type GitOpsStage, revertLast, untilApplication, untilHealthy } from '../stage.ts';
import { untilLive } from './claims.ts';

const INTRUDER = 'intruder';
const STAYS_MS = 20_000;

/** What is said when something is refused; nothing where it is not. */
const refusal = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => '',
    (error: unknown) => messageOf(error),
  );

/** What Argo CD says of the object that it refuses, or of the sync where the API server does. */
function wordsOf(application: KubeObject, said: string): string {
  const results = [at(application, 'status', 'operationState', 'syncResult', 'resources') ?? []].flat();
  const messages = results.map((one: unknown) => stringAt(one, 'message') ?? '');
  return messages.find((message) => message.includes(said)) ?? stateOf(application).message;
}

/** In dev's folder: other kinds, a namespace that is not dev's, a hook that would have another's namespace deleted. */
async function refusedByProject(stage: GitOpsStage): Promise<string[]> {
  const dev = environment('dev');
  const { repository, cluster } = stage;
  const list = `${folderOf(dev.name)}/kustomization.yaml`;
  const refused = async (what: string, object: object, said: string): Promise<string> => {
    repository.write(
      `${folderOf(dev.name)}/intruder/kustomization.yaml`,
      stringify({ resources: ['it.yaml'] }),
    );
    repository.write(`${folderOf(dev.name)}/intruder/it.yaml`, stringify(object));
    // Without dev's namespace, which the overlay would give to all.
    edit(repository, list, (text) =>
      text.replace('resources:\n', 'resources:\n  - intruder\n').replace(`namespace: ${dev.namespace}\n`, ''),
    );
    const wrong = await stage.push(`An intruder: ${what}`);
    const application = await untilApplication(
      stage,
      dev.application,
      `refusing ${what}`,
      // Of this commit: the refusal before it may have had the same words.
      (one) =>
        at(one, 'status', 'operationState', 'syncResult', 'revision') === wrong &&
        JSON.stringify(at(one, 'status', 'operationState')).includes(said),
      LIVE_MS,
    );
    await revertLast(stage, dev.application, `Without it: ${what}`, LIVE_MS);
    return `${what}: ${wordsOf(application, said)}`;
  };
  const namespace = { apiVersion: NAMESPACE.apiVersion, kind: NAMESPACE.kind };
  await cluster.apply({ ...namespace, metadata: { name: INTRUDER } });
  const uid = async () => (await cluster.read(NAMESPACE, { name: INTRUDER }))?.metadata['uid'];
  const before = await uid();
  const hook = {
    ...namespace,
    metadata: { name: INTRUDER, annotations: { 'argocd.argoproj.io/hook': 'PreSync' } },
  };
  const { metadata, ...rest } = bareClaim(INTRUDER);
  const claim = { ...rest, metadata: { ...metadata, namespace: environment('prod').namespace } };
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: INTRUDER } };
  const bucket = {
    apiVersion: 's3.aws.m.upbound.io/v1beta1',
    kind: 'Bucket',
    metadata: { name: INTRUDER },
    spec: { forProvider: { region: 'eu-west-1' } },
  };
  const lines = [
    await refused('a ConfigMap in dev', map, 'resource :ConfigMap is not permitted in project'),
    await refused('a managed resource in dev', bucket, 'made from a FileIngestPipeline alone'),
    await refused(
      "a claim in dev's folder for prod's namespace",
      claim,
      'namespace fileingest-prod is not permitted',
    ),
    await refused(
      'a Namespace as a hook, by which Argo CD would delete the one there is',
      hook,
      'resource :Namespace is not permitted in project',
    ),
  ];
  expect((await uid()) === before, 'dev had a namespace deleted that is not its own');
  expect(
    (await cluster.read(CONFIG_MAP, { name: INTRUDER, namespace: dev.namespace })) === undefined,
    'dev made a ConfigMap',
  );
  return lines;
}

/** An Application of prod's project that reads dev's folder. */
async function refusedByPath(stage: GitOpsStage): Promise<string> {
  const application = stage.applications.get({ name: 'fileingest-prod', namespace: ARGOCD });
  const repoURL = stringAt(application, 'spec', 'source', 'repoURL') ?? '';
  const wrong = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'fileingest-prod', namespace: ARGOCD },
    spec: { source: { repoURL, path: folderOf('dev') } },
  };
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
  await untilHealthy(stage, 'fileingest', shut, LIVE_MS);
  putClaim(stage.repository, prod.name, bareClaim(name));
  await stage.push('A claim for prod at night');
  await untilApplication(
    stage,
    prod.application,
    'OutOfSync outside its window',
    (one) => stateOf(one).sync === 'OutOfSync',
    LIVE_MS,
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
  const { metadata, spec, ...rest } = bareClaim(INTRUDER);
  const providerConfigRef = { kind: 'ClusterProviderConfig', name: 'fileingest-prod' };
  const said = await refusal(
    cluster.apply({
      ...rest,
      metadata: { ...metadata, namespace: environment('dev').namespace },
      spec: { ...(isObject(spec) ? spec : {}), region: 'eu-west-1', providerConfigRef },
    }),
  );
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
