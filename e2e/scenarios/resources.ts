/** Where files cannot go through, since the emulator lacks a part: what it does not lack becomes ready all the same. */
import type { KubeObject } from '../../tools/cluster.ts';
import type { Ability } from '../capabilities.ts';
import { DATA_PATH, expect, type Scenario } from '../scenario.ts';
import { composedBy, isTrue, keyOf, kindOf, refOf, type Stage, untilClaim, untilGone } from '../stage.ts';
import { claimOf } from './claims.ts';

/** Beginnings of the API groups that an ability is needed for. */
const GROUPS: Partial<Record<Ability, string>> = { lambda: 'lambda.', tables: 'dynamodb.' };
/** The least that has to come: they wait for nothing that may be lacking. */
const AT_LEAST = ['bucket', 'bucket-versioning', 'code-bucket', 'dead-letter-queue', 'start-workflow-role'];

/** Takes the finalizers of what the provider cannot delete, as it cannot ask for it. */
async function letGo(stage: Stage, claim: KubeObject, resources: readonly KubeObject[]): Promise<void> {
  await stage.kubectl('delete', 'fip', claim.metadata.name, '-n', 'default', '--wait=false');
  for (const object of resources) {
    const kind = kindOf(object);
    if (kind)
      await stage.cluster
        .merge(kind, refOf(object), { metadata: { finalizers: null } })
        .catch(() => undefined);
  }
  await untilGone(stage, claim);
}

export const scenario: Scenario = {
  name: 'resources',
  title: 'what the emulator does not lack becomes ready',
  needs: [],
  lacksOn: ({ lacks }) =>
    DATA_PATH.every((ability) => lacks[ability] === undefined) ? 'files go through all of it' : undefined,
  run: async (stage) => {
    const lacking = DATA_PATH.flatMap((ability) => (stage.lacks[ability] && GROUPS[ability]) || []);
    const canBe = ({ apiVersion }: KubeObject) => !lacking.some((group) => apiVersion.startsWith(group));
    const claim = claimOf(stage, 'resources');
    await stage.cluster.apply(claim);
    const notReady = (one: KubeObject) =>
      composedBy(stage, one).filter((resource) => canBe(resource) && !isTrue(resource, 'Ready'));
    const live = await untilClaim(stage, refOf(claim), (one) => {
      if (one === undefined) return undefined;
      const keys = composedBy(stage, one).map(keyOf);
      return AT_LEAST.every((key) => keys.includes(key)) && notReady(one).length === 0 ? one : undefined;
    });
    const all = composedBy(stage, live);
    const [made, others] = [all.filter(canBe), all.filter((one) => !canBe(one))];
    expect(
      others.every((one) => !isTrue(one, 'Ready')),
      'the emulator can do more than it says',
    );
    await letGo(stage, live, others);
    const names = (objects: readonly KubeObject[]) => objects.map(keyOf).sort().join(', ');
    return [
      `${made.length} ready: ${names(made)}`,
      `not ready, as the emulator lacks them: ${names(others)}`,
    ];
  },
};
