/** How the resources that the function names are written in a policy. */
import type { Condition, Place, Scope } from './scope.ts';

/** The pattern for the end of every generated name: eight hexadecimal digits of the claim's uid. */
export const SUFFIX = '????????';

/** The pattern for `<namespace>-<name>-<part>-<8 hex>`, the form of function/src/names.ts. */
export const generated = (...parts: string[]) => parts.map((part) => `*-${part}-${SUFFIX}`);

/** The patterns without those that another pattern covers. */
export const distinct = (patterns: readonly string[]) =>
  patterns.includes('*') ? ['*'] : [...new Set(patterns)].sort();

/**
 * How an ARN names the regions. Of several it says `*`, and `inRegions` adds a condition that names them: with each name in each ARN, the
 * policies of seven regions would be longer than IAM takes.
 */
export const regionIn = (regions: readonly string[]) => (regions.length === 1 ? (regions[0] ?? '') : '*');

const ANY_REGION = /^arn:[^:]+:[^:]+:\*:/;

/** A place whose ARNs are of any region, with the condition that the request goes to one of these. */
export function inRegions(place: Place, regions: readonly string[]): Place {
  if (!place.Resource.some((one) => ANY_REGION.test(one))) return place;
  const { StringEquals, ...others } = place.Condition ?? {};
  return {
    ...place,
    Condition: { StringEquals: { ...StringEquals, 'aws:RequestedRegion': regions }, ...others },
  };
}

/** The common parts of ARNs and conditions in a scope. */
export function patternsOf({ partition, account, regions, ownTag }: Scope) {
  const region = regionIn(regions);
  const passed = (service: string): Condition => ({ StringEquals: { 'iam:PassedToService': service } });
  const own: Condition = { StringLike: { [`aws:ResourceTag/${ownTag.key}`]: ownTag.value } };
  return {
    /** ARNs in the regions; see `regionIn`. */
    arns: (service: string, ...resources: string[]) =>
      resources.map((resource) => `arn:${partition}:${service}:${region}:${account}:${resource}`),
    roles: (...names: string[]) => names.map((name) => `arn:${partition}:iam::${account}:role/${name}`),
    /** The condition that a role is passed to a service. */
    passed,
    /** The condition that the resource has the provider's tag. */
    own,
  };
}
