/** What the provider called is what its identity policy allows. */

import { actionsOf, TOLERATED } from '../../argocd/policy/operations.ts';
import { policiesOf } from '../../argocd/policy/policy.ts';
import { DEFAULT_SCOPE } from '../../argocd/policy/scope.ts';
import { ensureEmulator } from '../../local/venv.ts';
import { operationNames } from '../aws-operations.ts';
import { expect, expectNone, type Scenario } from '../scenario.ts';
import { discard } from '../stage.ts';
import { claimOf, makeReady } from './claims.ts';

export const scenario: Scenario = {
  name: 'permissions',
  title: "the provider's own policy allows all that it called in the other scenarios",
  needs: [],
  lacksOn: ({ substrate }) =>
    substrate.providerCalls === undefined
      ? "the provider's calls can only be seen with SUBSTRATE=host"
      : undefined,
  run: async (stage) => {
    const { substrate } = stage;
    const calls = () => substrate.providerCalls?.() ?? [];
    // Alone it has a claim of its own.
    if (calls().length === 0) discard(stage, await makeReady(stage, claimOf(stage, 'permissions')));
    const nameOf = operationNames(await ensureEmulator());
    const operations = new Set(calls().map(nameOf));
    expect(operations.size > 0, 'the provider made a claim ready, and none of its calls was seen');
    const statements = policiesOf(DEFAULT_SCOPE).flatMap(({ Statement }) => Statement);
    const allowed = new Set(statements.flatMap(({ Action }) => Action));
    const called = new Set<string>();
    const missing: string[] = [];
    for (const operation of operations) {
      for (const action of actionsOf(operation)) {
        called.add(action);
        if (!allowed.has(action) && !TOLERATED.includes(action)) missing.push(`${action}, for ${operation}`);
      }
    }
    expectNone(missing.sort(), "the provider's policy lacks");
    const unused = [...allowed].filter((action) => !called.has(action)).sort();
    return [
      `${operations.size} operations called, ${called.size} actions, all allowed`,
      `allowed and not called here: ${unused.join(', ')}`,
    ];
  },
};
