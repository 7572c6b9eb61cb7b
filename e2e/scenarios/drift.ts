/** What is changed behind Crossplane's back is set right within the provider's poll interval. */

import { EXTERNAL_NAME } from '../../function/src/names.ts';
import { stringAt } from '../../function/src/objects.ts';
import { partsOf } from '../../local/parts.ts';
import { expect, type Scenario } from '../scenario.ts';
import { composedBy, discard, keyOf, type Stage, untilAws } from '../stage.ts';
import { seconds } from '../timing.ts';
import { claimOf, expectKept, identities, makeReady, recordFiles } from './claims.ts';

/** The provider's poll interval in these runs, its jitter, and the time of its own work. */
const HEALED_MS = 90_000;

interface Drift {
  readonly what: string;
  change(): Promise<unknown>;
  /** What AWS has, to be compared before and after. */
  state(): Promise<string>;
}

async function drifts(
  stage: Stage,
  claim: Parameters<typeof partsOf>[0],
  roleName: string,
): Promise<Drift[]> {
  const { s3, iam, sfn, dynamodb } = stage.clients;
  const { bucket, table, stateMachine = '' } = partsOf(claim);
  const { PolicyNames: [PolicyName = ''] = [] } = await iam.listRolePolicies({ RoleName: roleName });
  const absent = () => 'absent';
  return [
    {
      what: 'the notification',
      change: () => s3.putBucketNotificationConfiguration({ Bucket: bucket, NotificationConfiguration: {} }),
      state: async () => {
        const found = await s3.getBucketNotificationConfiguration({ Bucket: bucket });
        return JSON.stringify(found.LambdaFunctionConfigurations ?? []);
      },
    },
    {
      what: 'a role policy',
      change: () => iam.deleteRolePolicy({ RoleName: roleName, PolicyName }),
      state: () =>
        iam
          .getRolePolicy({ RoleName: roleName, PolicyName })
          .then(({ PolicyDocument }) => PolicyDocument ?? '', absent),
    },
    {
      what: "the state machine's definition",
      change: () =>
        sfn.updateStateMachine({
          stateMachineArn: stateMachine,
          definition: JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } }),
        }),
      state: async () => (await sfn.describeStateMachine({ stateMachineArn: stateMachine })).definition ?? '',
    },
    {
      what: "the table's time to live",
      change: () =>
        dynamodb.updateTimeToLive({
          TableName: table,
          TimeToLiveSpecification: { Enabled: false, AttributeName: 'expiresAt' },
        }),
      state: async () => {
        const found = await dynamodb.describeTimeToLive({ TableName: table });
        return found.TimeToLiveDescription?.TimeToLiveStatus ?? '';
      },
    },
  ];
}

/** Changes one thing and waits until it is as before. Resolves to the milliseconds that took. */
async function heal({ what, change, state }: Drift): Promise<number> {
  const before = await state();
  await change();
  expect((await state()) !== before, `${what} was changed, but AWS still has the same`);
  return untilAws(`${what} is healed`, async () => (await state()) === before, HEALED_MS);
}

export const scenario: Scenario = {
  name: 'drift',
  title: 'what is changed behind its back is healed within the poll interval',
  needs: [],
  run: async (stage) => {
    const table = { timeToLiveAttribute: 'expiresAt' };
    const claim = await makeReady(stage, claimOf('drift', 'default', stage.region, { table }));
    const before = identities(stage, claim);
    const role = composedBy(stage, claim).find((one) => keyOf(one) === 'start-workflow-role');
    const roleName = stringAt(role, 'metadata', 'annotations', EXTERNAL_NAME);
    expect(roleName !== undefined, 'the claim has no role of start-workflow');
    const all = await drifts(stage, claim, roleName);
    const healed = await Promise.all(all.map(heal));
    expectKept(before, identities(stage, claim));
    await recordFiles(stage, claim, ['after-drift.txt']);
    discard(stage, claim);
    return all.map(({ what }, index) => `${what}: healed after ${seconds(healed[index])}`);
  },
};
