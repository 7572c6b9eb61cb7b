/** Evaluates the trust policy of a role and the policy of a function. */
import { isObject, type Json } from '../../function/src/objects.ts';
import { answerUnless } from '../aws.ts';
import type { Ask } from './rule.ts';

const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The statements of a policy document. IAM returns the document URL-encoded, Lambda returns it unencoded. */
export function statementsOf(document: string | undefined): Json[] {
  if (document === undefined) return [];
  const policy = parsed(document.startsWith('%') ? decodeURIComponent(document) : document);
  return isObject(policy) ? list(policy['Statement']).filter(isObject) : [];
}

/** Whether a statement allows one of the services one of the actions. Conditions are ignored. */
export function allows(statement: Json, services: readonly string[], actions: readonly string[]): boolean {
  const { Effect, Principal, Action } = statement;
  const principals = isObject(Principal) ? list(Principal['Service']) : list(Principal);
  return (
    Effect === 'Allow' &&
    principals.some((one) => one === '*' || services.some((service) => service === one)) &&
    list(Action).some((one) => typeof one === 'string' && actions.some((action) => matches(one, action)))
  );
}

/** Whether a text matches a pattern with IAM's wildcards: `*` is any text, `?` is one character. */
export function matches(pattern: string, text: string): boolean {
  const words = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${words.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test(text);
}

/** Whether a role exists and one of the services can assume it. */
export async function isAssumable(arn: string, services: readonly string[], ask: Ask): Promise<boolean> {
  const RoleName = arn.split('/').at(-1) ?? '';
  const found = await answerUnless(ask.iam.getRole({ RoleName }), 'NoSuchEntityException');
  if (found?.Role?.Arn !== arn) return false;
  return statementsOf(found.Role.AssumeRolePolicyDocument).some((one) =>
    allows(one, services, ['sts:AssumeRole']),
  );
}
