/** How the resources that the function names are written in a policy. */
import type { Condition, Scope } from './scope.ts';

/** The pattern for the end of every generated name: eight hexadecimal digits of the claim's uid. */
export const SUFFIX = '????????';

/** The pattern for `<namespace>-<name>-<part>-<8 hex>`, the form of function/src/names.ts. */
export const generated = (...parts: string[]) => parts.map((part) => `*-${part}-${SUFFIX}`);

/** The patterns without those that another pattern covers. */
export const distinct = (patterns: readonly string[]) =>
  patterns.includes('*') ? ['*'] : [...new Set(patterns)].sort();

/** The common parts of ARNs and conditions in a scope. */
export function patternsOf({ partition, account, regions, ownTag }: Scope) {
  const passed = (service: string): Condition => ({ StringEquals: { 'iam:PassedToService': service } });
  const own: Condition = { StringLike: { [`aws:ResourceTag/${ownTag.key}`]: ownTag.value } };
  return {
    /** An ARN in every region. */
    arns: (service: string, ...resources: string[]) =>
      regions.flatMap((region) =>
        resources.map((resource) => `arn:${partition}:${service}:${region}:${account}:${resource}`),
      ),
    roles: (...names: string[]) => names.map((name) => `arn:${partition}:iam::${account}:role/${name}`),
    /** The condition that a role is passed to a service. */
    passed,
    /** The condition that the resource has the provider's tag. */
    own,
  };
}
