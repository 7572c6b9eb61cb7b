/** What an environment may not do: other kinds, other namespaces, other folders, another hour. */
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { at, stringAt } from '../../../function/src/objects.ts';
import { messageOf } from '../../cluster.ts';
import { CONFIG_MAP, NAMESPACE, PIPELINE } from '../../kinds.ts';
import { expect } from '../../scenario.ts';
import { bareClaim, environment, folderOf, putClaim } from '../environments.ts';
import { ALWAYS, edit, setWindow } from '../fork.ts';
import { type GitOpsScenario, LIVE_MS } from '../scenario.ts';
import { ARGOCD, type GitOpsStage, stateOf, untilApplication, untilHealthy } from '../stage.ts';
import { untilLive } from './claims.ts';

const INTRUDER = 'intruder';
const STAYS_MS = 20_000;

/** Another kind, and a claim in the namespace of another environment, in dev's folder. */
async function refusedByProject(stage: GitOpsStage): Promise<string[]> {
  const dev = environment('dev');
  const { repository, cluster } = stage;
  const list = `${folderOf(dev.name)}/kustomization.yaml`;
  const refused = async (what: string, object: object, said: string): Promise<string> => {
    // Beside the overlay, which would give it dev's namespace.
    repository.write(
      `${folderOf(dev.name)}/intruder/kustomization.yaml`,
      stringify({ resources: ['it.yaml'] }),
    );
    repository.write(`${folderOf(dev.name)}/intruder/it.yaml`, stringify(object));
    edit(repository, list, (text) => text.replace('resources:\n', 'resources:\n  - intruder\n'));
    await stage.push(`An intruder: ${what}`);
    const application = await untilApplication(
      stage,
      dev.application,
      `refusing ${what}`,
      (one) =>
        JSON.stringify([at(one, 'status', 'conditions'), at(one, 'status', 'operationState')]).includes(said),
      LIVE_MS,
    );
    await stage.repository.git('revert', '--no-edit', '--no-commit', 'HEAD');
    const commit = await stage.push(`Without it: ${what}`);
    await untilHealthy(stage, dev.application, commit, LIVE_MS);
    return `${what}: ${stateOf(application).message}`;
  };
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: INTRUDER } };
  const bucket = {
    apiVersion: 's3.aws.m.upbound.io/v1beta1',
    kind: 'Bucket',
    metadata: { name: INTRUDER },
    spec: { forProvider: { region: 'eu-west-1' } },
  };
  const lines = [
    await refused('a ConfigMap in dev', map, 'not permitted in project'),
    await refused('a managed resource in dev', bucket, 'made from a FileIngestPipeline alone'),
  ];
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
  const said = await stage.cluster.apply(wrong).then(
    () => undefined,
    (error: unknown) => messageOf(error),
  );
  expect(said !== undefined, "an Application of prod's project took dev's folder");
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

/** What Argo CD would write for dev: a Namespace that is another's. */
async function refusedByName({ cluster }: GitOpsStage): Promise<string> {
  const said = await cluster
    .apply({
      apiVersion: NAMESPACE.apiVersion,
      kind: NAMESPACE.kind,
      metadata: {
        name: INTRUDER,
        annotations: { 'argocd.argoproj.io/tracking-id': `fileingest-dev:/Namespace:/${INTRUDER}` },
      },
    })
    .then(
      () => undefined,
      (error: unknown) => messageOf(error),
    );
  expect(said?.includes('fileingest-dev-<team>') === true, `dev made a Namespace of another name: ${said}`);
  return `a Namespace in dev: ${said}`;
}

async function run(stage: GitOpsStage): Promise<string[]> {
  return [
    ...(await refusedByProject(stage)),
    await refusedByName(stage),
    await refusedByPath(stage),
    await waitsForWindow(stage),
  ];
}

export const bounds: GitOpsScenario = {
  name: 'bounds',
  title: 'an environment is held to its kinds, namespaces, folder and hours',
  run,
};
