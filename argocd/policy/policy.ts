/** The provider's identity policy: one statement for what shares resources and conditions. */
import { KINDS } from './kinds/index.ts';
import { placesOf } from './places.ts';
import type { Condition, Place, Scope } from './scope.ts';

export interface PolicyStatement {
  Sid: string;
  Effect: 'Allow';
  Action: readonly string[];
  Resource: readonly string[];
  Condition?: Condition;
}

export interface PolicyDocument {
  Version: '2012-10-17';
  Statement: readonly PolicyStatement[];
}

/** Most characters of a managed policy, white space not counted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const MANAGED_POLICY_LIMIT = 6144;

/** Most managed policies of a role: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_POLICIES = 10;

/** The characters of a policy as IAM counts them. */
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

/** One statement a target that the scope has; those that are in the same place share one, named for the first. */
function statementsIn(scope: Scope): PolicyStatement[] {
  const places: Readonly<Record<string, Place>> = placesOf(scope);
  const present = Object.entries(places).filter(([, { Resource }]) => Resource.length > 0);
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
 * What the provider may do in a scope, in as few documents as IAM's limit lets it be. All of them go on one role.
 *
 * @throws when a statement alone is over the limit, or the documents are more than a role takes: name fewer resources.
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
