/** How the resources that the function names are written in a policy. */
import type { Condition, Scope } from './scope.ts';

/** The end of every generated name: eight hexadecimal digits of the claim's uid. */
export const SUFFIX = '????????';

/** `<namespace>-<name>-<part>-<8 hex>`, as function/src/names.ts makes it. */
export const generated = (...parts: string[]) => parts.map((part) => `*-${part}-${SUFFIX}`);

/** Patterns without those that another one covers. */
export const distinct = (patterns: readonly string[]) =>
  patterns.includes('*') ? ['*'] : [...new Set(patterns)].sort();

/** What ARNs and conditions in a scope have in common. */
export function patternsOf({ partition, account, regions, ownTag }: Scope) {
  const passed = (service: string): Condition => ({ StringEquals: { 'iam:PassedToService': service } });
  const own: Condition = { StringLike: { [`aws:ResourceTag/${ownTag.key}`]: ownTag.value } };
  return {
    /** In every region. */
    arns: (service: string, ...resources: string[]) =>
      regions.flatMap((region) =>
        resources.map((resource) => `arn:${partition}:${service}:${region}:${account}:${resource}`),
      ),
    roles: (...names: string[]) => names.map((name) => `arn:${partition}:iam::${account}:role/${name}`),
    /** Of a role that is given to a service. */
    passed,
    /** Of what the provider has tagged. */
    own,
  };
}
