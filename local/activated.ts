/** Reads which kinds of managed resources a platform activates. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const POLICY = 'argocd/platform/activation-policy.yaml';

/**
 * The activated kinds, as `plural.service.aws.m.upbound.io`.
 *
 * @param policy - text of the activation policy; the repository's by default.
 * @throws when it has no list.
 */
export function activated(policy = readFileSync(join(import.meta.dirname, '..', POLICY), 'utf8')): string[] {
  const names: unknown = parse(policy)?.spec?.activate;
  if (!Array.isArray(names)) throw new Error(`${POLICY}: spec.activate is no list. Restore it.`);
  return names.map(String);
}
