/** The input of resource modules and workflows: the claim, its names, and the observed resources. */
import { PIPELINE_TAG } from '../../lambda/vm/tags.ts';
import type { Catalogue } from './catalogue.ts';
import { type Arns, arnsOf, type Identity, identityOf, type Names, namesOf, pipelineName } from './names.ts';
import { isObject, type Json, stringAt } from './objects.ts';
import { type Ownership, ownershipsOf } from './ownership.ts';
import type { Platform } from './platform.ts';
import { readSpec, type Spec } from './spec.ts';
import { mergeTags } from './tags.ts';

/** The observed composed resources, by composition resource name. */
export type Observed = Readonly<Record<string, Json>>;

export interface Context {
  readonly identity: Identity;
  readonly spec: Spec;
  readonly platform: Platform;
  readonly names: Names;
  /** Known when an observed resource has an ARN that contains the account. */
  readonly arns: Arns | undefined;
  readonly tags: Record<string, string>;
  /** The ownership of the resources that the claim names, by composition resource name. */
  readonly ownership: Readonly<Record<string, Ownership>>;
  readonly permissionsBoundary: string | undefined;
  readonly catalogue: Catalogue;
  readonly observed: Observed;
}

/** The account in an ARN, or undefined for an ARN without one (of a bucket). */
function accountOf(arn: string | undefined): string | undefined {
  const account = arn?.split(':')[4];
  return account && /^\d{12}$/.test(account) ? account : undefined;
}

/** The account id, first from any role, as roles are ready first. When no role has it for a moment, the claim's status has it. */
export function findAccountId(observed: Observed, composite: Json): string | undefined {
  const roles = Object.values(observed).filter((resource) => resource['kind'] === 'Role');
  for (const resource of [...roles, ...Object.values(observed)]) {
    const account = accountOf(stringAt(resource, 'status', 'atProvider', 'arn'));
    if (account) return account;
  }
  const functions = isObject(composite['status']) ? composite['status']['functions'] : undefined;
  const told = Array.isArray(functions) ? functions.map((entry) => stringAt(entry, 'arn')) : [];
  return [stringAt(composite, 'status', 'stateMachine'), ...told]
    .map(accountOf)
    .find((account) => account !== undefined);
}

/**
 * Creates the context of one render.
 *
 * @throws SpecError when the claim cannot be rendered
 */
export function createContext(
  composite: Json,
  platform: Platform,
  catalogue: Catalogue,
  observed: Observed,
): Context {
  const spec = readSpec(composite, platform);
  const identity = identityOf(composite, observed);
  const names = namesOf(identity, spec, observed);
  const own = pipelineName(identity);
  const accountId = findAccountId(observed, composite);
  return {
    identity,
    spec,
    platform,
    names,
    arns: accountId === undefined ? undefined : arnsOf(spec.region, accountId, names),
    ownership: ownershipsOf(observed, spec, own),
    tags: {
      [PIPELINE_TAG]: own,
      ...mergeTags(platform.tags, spec.tags ?? {}),
    },
    permissionsBoundary: spec.permissionsBoundaryArn ?? platform.permissionsBoundaryArn,
    catalogue,
    observed,
  };
}
