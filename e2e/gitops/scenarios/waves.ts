/** From an empty cluster: one object applied by hand, and all else comes from git, in order. */
import { join } from 'node:path';
import { isWell } from '../../../argocd/applications.ts';
import { at } from '../../../function/src/objects.ts';
import { PIPELINE } from '../../../local/managed-kinds.ts';
import type { KubeObject } from '../../../tools/cluster.ts';
import { expect, expectNone } from '../../scenario.ts';
import { isTrue } from '../../stage.ts';
import { EMPTY_CLUSTER_MS } from '../../waits.ts';
import { seconds } from '../../waves.ts';
import { ALL, environment } from '../environments.ts';
import { type GitOpsScenario, type GitOpsStage, untilHealthy } from '../stage.ts';

const WAVE = 'argocd.argoproj.io/sync-wave';
const ROOT = 'fileingest';

interface Times {
  readonly wave: number;
  readonly made: number;
  healthy?: number;
}

const waveOf = (application: KubeObject) => Number(at(application, 'metadata', 'annotations', WAVE) ?? 0);

/** Notes when each Application was made, and when it was healthy for the first time; milliseconds from now. */
function timesOf({ applications }: GitOpsStage): { times: Map<string, Times>; stop(): void } {
  const begin = performance.now();
  const times = new Map<string, Times>();
  const stop = applications.onChange((application) => {
    const now = performance.now() - begin;
    const { name } = application.metadata;
    const known = times.get(name) ?? { wave: waveOf(application), made: now };
    if (known.healthy === undefined && isWell(application)) known.healthy = now;
    times.set(name, known);
  });
  return { times, stop };
}

/** Fails when an Application was made before all of the earlier waves were healthy. */
function expectInOrder(times: ReadonlyMap<string, Times>): void {
  for (const [name, { wave, made }] of times) {
    for (const [other, earlier] of times) {
      if (earlier.wave >= wave) continue;
      expect(
        earlier.healthy !== undefined && earlier.healthy <= made,
        `${name} of wave ${wave} was made before ${other} of wave ${earlier.wave} was healthy`,
      );
    }
  }
}

async function run(stage: GitOpsStage): Promise<string[]> {
  const { kubectl, repository, cluster } = stage;
  expect((await cluster.list(PIPELINE)).length === 0, 'the cluster has claims before anything is installed');
  const { times, stop } = timesOf(stage);
  await kubectl('apply', '-f', join(repository.work, 'argocd/root.yaml'));
  await untilHealthy(stage, ROOT, undefined, EMPTY_CLUSTER_MS);
  for (const { application } of ALL) await untilHealthy(stage, application, undefined, EMPTY_CLUSTER_MS);
  stop();
  const environments: readonly string[] = ALL.map(({ application }) => application);
  const platform = new Map([...times].filter(([name]) => name !== ROOT && !environments.includes(name)));
  expect(platform.size > 0, 'the root made no Application');
  expectInOrder(platform);
  const { pipelines } = await stage.claims();
  for (const { name, namespace } of ALL) {
    const claims = pipelines.all().filter(({ metadata }) => metadata.namespace === namespace);
    expect(claims.length > 0, `${name} has no claim`);
    const waiting = claims.filter((claim) => !isTrue(claim, 'Ready'));
    expectNone(
      waiting.map(({ metadata }) => metadata.name),
      `${namespace} is Healthy, but these claims are not ready`,
    );
  }
  await stage.picture(ROOT, 'argocd-root.svg');
  await stage.picture(environment('dev').application, 'argocd-dev.svg', { whole: ['invoices'] });
  const line = ([name, { made, healthy = Number.NaN }]: [string, Times]) =>
    `${name}: made at ${seconds(made)}, healthy at ${seconds(healthy)}`;
  const order = [...platform].sort(([, a], [, b]) => a.wave - b.wave || a.made - b.made);
  const last = [...times].filter(([name]) => environments.includes(name));
  return [
    ...order.map((one) => `wave ${one[1].wave}  ${line(one)}`),
    ...last.map((one) => `        ${line(one)}`),
    `${pipelines.all().length} claims ready in ${ALL.length} environments`,
  ];
}

export const waves: GitOpsScenario = {
  name: 'waves',
  title: 'one object applied by hand, and all comes in order from git into an empty cluster',
  run,
};
