/** A bad claim shows Degraded with the reason, and nothing beside it breaks. */
import { join } from 'node:path';
import { stringify } from 'yaml';
import { resourcesOf, stateOf } from '../../../argocd/applications.ts';
import { at } from '../../../function/src/objects.ts';
import { readManifests } from '../../../tools/yaml.ts';
import { expect, expectNone } from '../../scenario.ts';
import { bareClaim, dropClaim, environment, putClaim } from '../environments.ts';
import { type GitOpsScenario, type GitOpsStage, untilApplication, viewOf } from '../stage.ts';
import { recordOne, untilLive } from './claims.ts';

/** The two claims of `bad-claims.yaml`. */
const [REFUSED_BY_FUNCTION, REFUSED_BY_API] = ['bad-states', 'bad-fields'];
const BAD = [REFUSED_BY_FUNCTION, REFUSED_BY_API];
const GOOD = 'good-neighbour';

async function run(stage: GitOpsStage): Promise<string[]> {
  const { repository } = stage;
  const dev = environment('dev');
  const { pipelines } = await stage.claims();
  const claims = () =>
    pipelines
      .all()
      .map(
        ({ metadata: { namespace, name, uid, generation } }) => `${namespace}/${name} ${uid} ${generation}`,
      );
  const before = claims();
  const added = [...readManifests(join(import.meta.dirname, 'bad-claims.yaml')), bareClaim(GOOD)];
  for (const claim of added) putClaim(repository, dev.name, claim);
  await stage.push('Two bad claims and a good one');
  const good = await untilLive(stage, dev, GOOD);
  await recordOne(stage, good, 'beside.txt');
  await untilApplication(
    stage,
    dev.application,
    'Degraded with a refused claim',
    (one) =>
      stateOf(one).health === 'Degraded' &&
      JSON.stringify(at(one, 'status', 'operationState')).includes('workflow.name'),
  );
  const view = await viewOf(stage, dev.application);
  const refused = view.find(({ name }) => name === REFUSED_BY_FUNCTION);
  expect(
    refused?.health === 'Degraded',
    `${REFUSED_BY_FUNCTION} is ${refused?.health}, and should be Degraded`,
  );
  const said = refused.message;
  expect(
    said.includes('Nowhere'),
    `${REFUSED_BY_FUNCTION} is Degraded, but its message is no reason: ${said}`,
  );
  const others = view.filter(({ kind, name }) => kind === 'FileIngestPipeline' && !BAD.includes(name));
  const sick = others.filter(({ sync, health }) => sync !== 'Synced' || health !== 'Healthy');
  expect(sick.length === 0, `the claims beside are not well: ${stringify(sick)}`);
  const after = claims();
  expectNone(
    before.filter((one) => !after.includes(one)),
    'claims that nobody changed were changed',
  );
  await stage.picture(dev.application, 'argocd-degraded.svg', { whole: [] });
  for (const { metadata } of added) dropClaim(repository, dev.name, metadata.name);
  const commit = await stage.push('Without them again');
  // A deleted queue keeps its claim for minutes, and that is no concern here.
  await untilApplication(
    stage,
    dev.application,
    'free of the bad claims',
    (one) =>
      stateOf(one).health !== 'Degraded' &&
      stateOf(one).revision === commit &&
      !resourcesOf(one).some(({ name }) => BAD.includes(name)),
  );
  return [
    `refused by the function: Degraded, "${said}"`,
    `refused by the API server: the sync says why; the claim beside them, of the same commit, recorded a file`,
    `${before.length} claims untouched; no longer Degraded once the bad ones were taken out`,
  ];
}

export const bad: GitOpsScenario = {
  name: 'bad',
  title: 'a bad claim shows Degraded with the reason, and breaks nothing beside it',
  run,
};
