/** What is changed behind Crossplane's back is set right when the provider looks again. */

import { partsOf } from '../../local/parts.ts';
import type { KubeObject } from '../../tools/cluster.ts';
import { DATA_PATH, expect, type Scenario } from '../scenario.ts';
import { discard, externalNameOf, findComposed, type Stage, untilAws } from '../stage.ts';
import { seconds } from '../waves.ts';
import { claimOf, expectKept, identities, makeReady, recordFiles } from './claims.ts';

interface Drift {
  readonly what: string;
  change(): Promise<unknown>;
  /** What AWS has, to be compared before and after. */
  state(): Promise<string | undefined>;
}

async function drifts(stage: Stage, claim: KubeObject, RoleName: string): Promise<Drift[]> {
  const { s3, iam, sfn, dynamodb } = stage.clients;
  const { bucket: Bucket, table: TableName, stateMachine: stateMachineArn } = partsOf(claim);
  const { PolicyNames: [PolicyName] = [] } = await iam.listRolePolicies({ RoleName });
  const definition = JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } });
  const TimeToLiveSpecification = { Enabled: false, AttributeName: 'expiresAt' };
  return [
    {
      what: 'the notification',
      change: () => s3.putBucketNotificationConfiguration({ Bucket, NotificationConfiguration: {} }),
      state: async () => {
        const found = await s3.getBucketNotificationConfiguration({ Bucket });
        return JSON.stringify(found.LambdaFunctionConfigurations ?? []);
      },
    },
    {
      what: 'a role policy',
      change: () => iam.deleteRolePolicy({ RoleName, PolicyName }),
      state: async () => {
        const found = await iam.getRolePolicy({ RoleName, PolicyName }).catch(() => undefined);
        return found?.PolicyDocument;
      },
    },
    {
      what: "the state machine's definition",
      change: () => sfn.updateStateMachine({ stateMachineArn, definition }),
      state: async () => (await sfn.describeStateMachine({ stateMachineArn })).definition,
    },
    {
      what: "the table's time to live",
      change: () => dynamodb.updateTimeToLive({ TableName, TimeToLiveSpecification }),
      state: async () => {
        const found = await dynamodb.describeTimeToLive({ TableName });
        return found.TimeToLiveDescription?.TimeToLiveStatus;
      },
    },
  ];
}

/** Changes one thing and waits until it is as before. Resolves to the milliseconds that took. */
async function heal({ what, change, state }: Drift): Promise<number> {
  const before = await state();
  expect(before !== undefined, `AWS does not have ${what}`);
  await change();
  expect((await state()) !== before, `${what} was changed, but AWS still has the same`);
  return untilAws(`${what} is healed`, async () => (await state()) === before);
}

export const scenario: Scenario = {
  name: 'drift',
  title: 'what is changed behind its back is healed',
  needs: DATA_PATH,
  run: async (stage) => {
    const table = { timeToLiveAttribute: 'expiresAt' };
    const claim = await makeReady(stage, claimOf(stage, 'drift', { table }));
    const before = identities(stage, claim);
    const roleName = externalNameOf(findComposed(stage, claim, 'start-workflow-role'));
    expect(roleName !== undefined, 'the claim has no role of start-workflow');
    const all = await drifts(stage, claim, roleName);
    const healed = await Promise.all(all.map(heal));
    expectKept(before, identities(stage, claim));
    await recordFiles(stage, claim, ['after-drift.txt']);
    discard(stage, claim);
    return all.map(({ what }, index) => `${what}: healed after ${seconds(healed[index])}`);
  },
};
