/** What a state machine's role must be allowed, read from its definition. */

import { type FieldError, invalid } from '../errors.ts';
import { allow, type Statement } from '../iam.ts';
import type { Json } from '../objects.ts';
import type { Grant } from './call.ts';
import { machinesOf } from './machine.ts';
import { type Need, needsOf, pascal, type Surroundings } from './needs.ts';

/** Whether a statement's action, which can have `*` and `?`, covers an action. The comparison is case-insensitive, like in IAM. */
function covers(given: string, action: string): boolean {
  const pattern = given
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 'i').test(action);
}

/**
 * Whether the claim's own statements cover a need. For an unknown call, even the action's name is a guess: `s3:listBuckets` needs
 * `s3:ListAllMyBuckets`, and a PartiQL statement needs the actions that it performs. Then any action of the same service, or an action
 * with the same name in any service, is enough, as it shows that the author has considered the call.
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

function uncovered({ path, value, actions, guessed }: Need): FieldError[] {
  const names = actions.join(', ');
  const fix = `llow ${names} in spec.workflow.custom.policyStatements.`;
  return guessed !== undefined
    ? [invalid(path, value, `is a call whose permissions cannot be derived. A${fix}`)]
    : [invalid(path, value, `must say the resource before the execution. Write a constant, or a${fix}`)];
}

/** The statements for needs: one statement for all resources with the same actions and condition. */
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
 * The statements for a definition's role, sorted, and the needs that cannot be derived.
 *
 * @param definition - the checked definition after substitution
 */
export function deriveStatements(
  definition: Json,
  around: Surroundings,
): { statements: Statement[]; problems: FieldError[] } {
  const states = machinesOf(definition, around.path).flatMap((machine) => machine.states);
  const needs = states.flatMap((state) => needsOf(state, around));
  return {
    statements: statementsOf(needs),
    problems: needs.flatMap((need) => (need.resources || isCovered(need, around) ? [] : uncovered(need))),
  };
}
