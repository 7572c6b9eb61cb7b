/** Builds the provider's identity policy, with one statement for all actions that share resources and conditions. */
import { KINDS } from './kinds.ts';
import { inRegions } from './patterns.ts';
import { placesOf } from './places.ts';
import type { Condition, Place, Scope } from './scope.ts';

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Condition;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** The maximum length of a managed policy, without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const MANAGED_POLICY_LIMIT = 6144;

/** The maximum number of managed policies of a role: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_POLICIES = 10;

/** The length of a policy, as IAM counts it. */
export const sizeOf = (policy: PolicyDocument): number => JSON.stringify(policy).length;

/** Every action that any kind needs on some targets, sorted. */
function actionsOn(targets: readonly string[]): string[] {
  const all = Object.values(KINDS).flatMap(({ needs }) =>
    Object.entries(needs).flatMap(([target, verbs]) =>
      targets.includes(target) ? Object.values(verbs).flat() : [],
    ),
  );
  return [...new Set(all)].sort();
}

/** The statements of a scope: one per target. Targets in the same place share one, with the name of the first. */
function statementsIn(scope: Scope): PolicyStatement[] {
  const places: Readonly<Record<string, Place>> = placesOf(scope);
  const present = Object.entries(places)
    .filter(([, { Resource }]) => Resource.length > 0)
    .map(([target, place]) => [target, inRegions(place, scope.regions)] as const);
  const shared = Map.groupBy(present, ([, { Resource, Condition }]) => JSON.stringify([Resource, Condition]));
  return [...shared.values()].flatMap((targets): PolicyStatement[] => {
    const [first] = targets;
    if (first === undefined) return [];
    const [name, { Resource, Condition }] = first;
    const Sid = name.charAt(0).toUpperCase() + name.slice(1);
    const Action = actionsOn(targets.map(([target]) => target));
    return [{ Sid, Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) }];
  });
}

const document = (Statement: readonly PolicyStatement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement,
});

/**
 * The policy of the provider in a scope, in as few documents as IAM's limit allows. One role has all of them.
 *
 * @throws Error when one statement is above the limit, or when a role cannot have so many documents; then name fewer resources
 */
export function policiesOf(scope: Scope): PolicyDocument[] {
  const documents: PolicyStatement[][] = [];
  for (const statement of statementsIn(scope)) {
    const size = sizeOf(document([statement]));
    if (size > MANAGED_POLICY_LIMIT) {
      throw new Error(
        `statement ${statement.Sid} has ${size} characters of ${MANAGED_POLICY_LIMIT}: ` +
          'name fewer buckets, tables, state machines, keys or regions, or name them by a common pattern',
      );
    }
    const roomy = documents.find((one) => sizeOf(document([...one, statement])) <= MANAGED_POLICY_LIMIT);
    if (roomy) roomy.push(statement);
    else documents.push([statement]);
  }
  if (documents.length > MOST_POLICIES) {
    throw new Error(
      `${documents.length} policies, and a role takes ${MOST_POLICIES}: make a role for each region`,
    );
  }
  return documents.map(document);
}
