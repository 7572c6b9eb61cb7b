/** What the provider called is what its identity policy allows. */

import { actionsOf, TOLERATED } from '../../argocd/policy/operations.ts';
import { policiesOf } from '../../argocd/policy/policy.ts';
import { DEFAULT_SCOPE } from '../../argocd/policy/scope.ts';
import { ensureEmulator } from '../../local/venv.ts';
import { operationNames } from '../aws-operations.ts';
import { expect, expectNone, type Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  name: 'permissions',
  title: "the provider's own policy allows all that it called in the other scenarios",
  needs: [],
  lacksOn: ({ providerCalls }) =>
    providerCalls === undefined ? "the provider's calls can only be seen with SUBSTRATE=host" : undefined,
  run: async ({ substrate }) => {
    const nameOf = operationNames(await ensureEmulator());
    const operations = new Set((substrate.providerCalls?.() ?? []).map(nameOf));
    expect(operations.size > 0, 'the provider called nothing: run other scenarios before this one');
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
