/** What a state machine's role must be allowed, read from its definition. */
import { allow, type Statement } from '../iam.ts';
import type { Json } from '../objects.ts';
import type { Grant } from './call.ts';
import { machinesOf } from './machine.ts';
import { type Need, needsOf, pascal, type Surroundings } from './needs.ts';
import { type Problem, problem } from './problem.ts';

/** Whether a statement's action, which may have `*` and `?`, covers this one. IAM does not mind upper and lower case. */
function covers(given: string, action: string): boolean {
  const pattern = given
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 'i').test(action);
}

/**
 * Of a call that is not known here even the action's name is a guess: `s3:listBuckets` needs `s3:ListAllMyBuckets`, and a
 * PartiQL statement what it does. There an action of that service, or one of that name of any service, shows that somebody
 * thought of it.
 */
function isCovered({ actions, guessed }: Need, { policyStatements }: Surroundings): boolean {
  const given = policyStatements.flatMap((statement) => statement.actions);
  return actions.every((action) =>
    given.some(
      (one) =>
        covers(one, action) ||
        (guessed !== undefined &&
          (one.startsWith(`${guessed}:`) || covers(one.replace(/^.*:/, ''), action.replace(/^.*:/, '')))),
    ),
  );
}

function uncovered({ path, value, actions, guessed }: Need): Problem[] {
  const names = actions.join(', ');
  const fix = `llow ${names} in spec.workflow.custom.policyStatements.`;
  return guessed !== undefined
    ? problem(path, value, `is a call whose permissions cannot be derived. A${fix}`)
    : problem(path, value, `does not say the resource before the execution. Write a constant, or a${fix}`);
}

/** One statement for all resources of the same actions under the same condition. */
function statementsOf(needs: readonly Need[]): Statement[] {
  const groups = new Map<
    string,
    { actions: string[]; resources: Set<string>; condition: Grant['condition'] }
  >();
  for (const { actions, resources, condition } of needs) {
    if (!resources) continue;
    const sorted = [...new Set(actions)].sort();
    const key = JSON.stringify([sorted, condition ?? null]);
    const group = groups.get(key) ?? { actions: sorted, resources: new Set(), condition };
    for (const resource of resources) group.resources.add(resource);
    groups.set(key, group);
  }
  const used = new Map<string, number>();
  return [...groups.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { actions, resources, condition }]) => {
      const [first = ''] = actions;
      const [service = '', name = ''] = first.split(':');
      const sid = `${pascal(service)}${name}`;
      const before = used.get(sid) ?? 0;
      used.set(sid, before + 1);
      return allow(before === 0 ? sid : `${sid}${before + 1}`, actions, [...resources].sort(), condition);
    });
}

/**
 * The statements of a definition's role, in an order that follows from them alone, and what cannot be derived.
 *
 * @param definition - checked, and with its substitutions made.
 */
export function deriveStatements(
  definition: Json,
  around: Surroundings,
): { statements: Statement[]; problems: Problem[] } {
  const states = machinesOf(definition, around.path).flatMap((machine) => machine.states);
  const needs = states.flatMap((state) => needsOf(state, around));
  return {
    statements: statementsOf(needs),
    problems: needs.flatMap((need) => (need.resources || isCovered(need, around) ? [] : uncovered(need))),
  };
}
