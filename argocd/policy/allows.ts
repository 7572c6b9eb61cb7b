/** Evaluates identity policies like IAM, for the features that our own policies use. They have no Deny statements. */
import type { PolicyDocument, PolicyStatement } from './policy.ts';
import type { Condition } from './scope.ts';

/** The condition keys of a request, such as `{ 'iam:PassedToService': 'lambda.amazonaws.com' }`. Keys are case-insensitive. */
export type RequestContext = Readonly<Record<string, string>>;

/** Whether a value matches a pattern with IAM's `*` and `?`. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
function matches(pattern: string, value: string, flags = ''): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, `s${flags}`).test(value);
}

const OPERATORS: Readonly<Record<string, (wanted: string, found: string) => boolean>> = {
  StringEquals: (wanted, found) => wanted === found,
  StringLike: (wanted, found) => matches(wanted, found),
  Bool: (wanted, found) => wanted.toLowerCase() === found.toLowerCase(),
};

/** Whether a condition holds: each operator and key must hold for one of its values. A key that the request lacks does not hold. */
function holds(condition: Condition, context: RequestContext): boolean {
  const found = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return Object.entries(condition).every(([operator, keys]) => {
    const compare = OPERATORS[operator];
    if (!compare) throw new Error(`condition operator ${operator} is not known here: add it to allows.ts`);
    return Object.entries(keys).every(([key, wanted]) => {
      const value = found.get(key.toLowerCase());
      return value !== undefined && [wanted].flat().some((one) => compare(one, value));
    });
  });
}

const permits = (statement: PolicyStatement, action: string, resource: string, context?: RequestContext) =>
  statement.Action.some((pattern) => matches(pattern, action, 'i')) &&
  statement.Resource.some((pattern) => matches(pattern, resource)) &&
  (!context || !statement.Condition || holds(statement.Condition, context));

/**
 * Whether a policy, or any of several on one role, allows an action on a resource.
 *
 * @param action - such as `s3:PutObject`; `actionsOf` in operations.ts returns the action of a call
 * @param resource - an ARN, or `*` for a call without a resource
 * @param context - the request's condition keys; by default all conditions hold
 */
export function allows(
  policy: PolicyDocument | readonly PolicyDocument[],
  action: string,
  resource: string,
  context?: RequestContext,
): boolean {
  const statements = [policy].flat().flatMap(({ Statement }) => Statement);
  return statements.some((statement) => permits(statement, action, resource, context));
}
