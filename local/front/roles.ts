/** What is said of a role's trust and of a function's policy. */
import { GetRoleCommand } from '@aws-sdk/client-iam';
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

/** The statements of a policy document, which IAM gives URL-encoded and Lambda as it is. */
export function statementsOf(document: string | undefined): Json[] {
  if (document === undefined) return [];
  const policy = parsed(document.startsWith('%') ? decodeURIComponent(document) : document);
  return isObject(policy) ? list(policy['Statement']).filter(isObject) : [];
}

/** Does a statement allow one of the services one of the actions? Conditions are not looked at. */
export function allows(statement: Json, services: readonly string[], actions: readonly string[]): boolean {
  const { Effect, Principal, Action } = statement;
  const principals = isObject(Principal) ? list(Principal['Service']) : list(Principal);
  return (
    Effect === 'Allow' &&
    principals.some((one) => one === '*' || services.some((service) => service === one)) &&
    list(Action).some((one) => typeof one === 'string' && actions.some((action) => matches(one, action)))
  );
}

/** Wildcards as in IAM: `*` is anything, `?` one character. */
export function matches(pattern: string, text: string): boolean {
  const words = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${words.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test(text);
}

/** Whether a role is there and one of the services may assume it. */
export async function isAssumable(arn: string, services: readonly string[], ask: Ask): Promise<boolean> {
  const RoleName = arn.split('/').at(-1) ?? '';
  const found = await answerUnless(ask.iam.send(new GetRoleCommand({ RoleName })), 'NoSuchEntityException');
  if (found?.Role?.Arn !== arn) return false;
  return statementsOf(found.Role.AssumeRolePolicyDocument).some((one) =>
    allows(one, services, ['sts:AssumeRole']),
  );
}
