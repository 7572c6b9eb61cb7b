/** A bad claim shows Degraded with the reason, and nothing beside it breaks. */
import { stringify } from 'yaml';
import { resourcesOf, stateOf } from '../../../argocd/applications.ts';
import { at } from '../../../function/src/objects.ts';
import { expect } from '../../scenario.ts';
import { bareClaim, dropClaim, environment, putClaim } from '../environments.ts';
import { type GitOpsScenario, LIVE_MS } from '../scenario.ts';
import { type GitOpsStage, untilApplication, viewOf } from '../stage.ts';
import { recordOne, untilLive } from './claims.ts';

const REFUSED_BY_FUNCTION = 'bad-states';
const REFUSED_BY_API = 'bad-fields';
const GOOD = 'good-neighbour';

/** Takes the API server's rules, and is refused by the function: a state leads to one that is not there. */
const badStates = bareClaim(REFUSED_BY_FUNCTION, {
  source: {},
  workflow: {
    type: 'Custom',
    custom: { definition: { StartAt: 'First', States: { First: { Type: 'Pass', Next: 'Nowhere' } } } },
  },
});

/** Refused by a rule of the schema: Direct makes no state machine to be named. */
const badFields = bareClaim(REFUSED_BY_API, {
  workflow: { type: 'RecordFile', execution: 'Direct', name: 'record' },
});

async function run(stage: GitOpsStage): Promise<string[]> {
  const dev = environment('dev');
  const { pipelines } = await stage.claims();
  const before = pipelines
    .all()
    .map(
      ({ metadata }) => `${metadata.namespace}/${metadata.name} ${metadata['uid']} ${metadata['generation']}`,
    )
    .sort();
  for (const claim of [badStates, badFields, bareClaim(GOOD)]) putClaim(stage.repository, dev.name, claim);
  await stage.push('Two bad claims and a good one');
  const good = await untilLive(stage, dev, GOOD);
  await recordOne(stage, good, 'beside.txt');
  const application = await untilApplication(
    stage,
    dev.application,
    'Degraded with a refused claim',
    (one) =>
      stateOf(one).health === 'Degraded' &&
      JSON.stringify(at(one, 'status', 'operationState')).includes('workflow.name'),
    LIVE_MS,
  );
  const view = await viewOf(stage, application.metadata.name);
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
  const others = view.filter(
    ({ kind, name }) =>
      kind === 'FileIngestPipeline' && ![REFUSED_BY_FUNCTION, REFUSED_BY_API].includes(name),
  );
  const sick = others.filter(({ sync, health }) => sync !== 'Synced' || health !== 'Healthy');
  expect(sick.length === 0, `the claims beside are not well: ${stringify(sick)}`);
  const after = pipelines
    .all()
    .map(
      ({ metadata }) => `${metadata.namespace}/${metadata.name} ${metadata['uid']} ${metadata['generation']}`,
    );
  const touched = before.filter((one) => !after.includes(one));
  expect(touched.length === 0, `claims that nobody changed were changed: ${touched.join(', ')}`);
  await stage.picture(dev.application, 'argocd-degraded.svg', { whole: [] });
  for (const name of [REFUSED_BY_FUNCTION, REFUSED_BY_API, GOOD]) dropClaim(stage.repository, dev.name, name);
  const commit = await stage.push('Without them again');
  // A deleted queue keeps its claim for minutes, and that is no concern here.
  await untilApplication(
    stage,
    dev.application,
    'free of the bad claims',
    (one) =>
      stateOf(one).health !== 'Degraded' &&
      stateOf(one).revision === commit &&
      !resourcesOf(one).some(({ name }) => [REFUSED_BY_FUNCTION, REFUSED_BY_API].includes(name)),
    LIVE_MS,
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
