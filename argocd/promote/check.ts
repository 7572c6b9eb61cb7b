/** Checks whether the API server would accept the claims of an environment. */

import { admit } from '../../apis/admission.ts';
import { at, type Json, stringAt } from '../../function/src/objects.ts';
import { identity } from './kustomize.ts';

export const isClaim = (object: Json) => object['kind'] === 'FileIngestPipeline';

/** With these options, a sync of Argo CD deletes and recreates a claim, with an empty bucket and without confirmation. */
const HOOKS = ['argocd.argoproj.io/hook', 'helm.sh/hook'];

function hookErrors(claim: Json): string[] {
  return HOOKS.filter((hook) => stringAt(claim, 'metadata', 'annotations', hook) !== undefined).map(
    (hook) =>
      `metadata.annotations: ${hook} has Argo CD delete the claim and make it anew at each sync. Take it out.`,
  );
}

/**
 * Admits a claim like the API server, and rejects options with which Argo CD would delete data.
 *
 * @param old - the old claim; when given, changes of immutable fields are checked too
 * @returns the claim with its defaults, or all problems, one line each
 */
export function admitClaim(claim: Json, old?: Json): { claim: Json } | { errors: string[] } {
  const result = admit(claim, old);
  const errors = [...('errors' in result ? result.errors : []), ...hookErrors(claim)];
  return errors.length > 0 ? { errors } : result;
}

/**
 * The problems of an environment's claims, one line each.
 *
 * @param objects - the objects that the environment builds to
 * @param before - the objects before the change; when given, changes of immutable fields are checked too
 */
export function claimErrors(objects: readonly Json[], before: readonly Json[] = []): string[] {
  return objects.filter(isClaim).flatMap((claim) => {
    const old = before.find((object) => identity(object) === identity(claim));
    const result = admitClaim(claim, old);
    const name = stringAt(claim, 'metadata', 'name');
    return 'errors' in result ? result.errors.map((error) => `${name}: ${error}`) : [];
  });
}

/** The resources that can exist before the claim. They are not deleted with it then. */
const ADOPTABLE = [
  ['spec', 'source'],
  ['spec', 'workflow', 'processImage', 'destination'],
  ['spec', 'table'],
];

/** What happens to a removed claim and to its data. */
export function removalOf(claim: Json, environment: { name: string; prune: boolean }): string {
  const { name, prune } = environment;
  const confirm = /Prune=confirm/.test(
    stringAt(claim, 'metadata', 'annotations', 'argocd.argoproj.io/sync-options') ?? '',
  );
  const when = prune
    ? `Argo CD deletes it from ${name}`
    : `Argo CD leaves it in ${name} until a person prunes it`;
  const asked = confirm ? ', and only once that is confirmed there' : '';
  const adopted = ADOPTABLE.filter((path) => at(claim, ...path, 'adopt') === true).map((path) =>
    path.join('.'),
  );
  const stays = adopted.length > 0 ? ` What is adopted stays in any case: ${adopted.join(', ')}.` : '';
  const data =
    at(claim, 'spec', 'dataRetention') === 'Delete'
      ? 'dataRetention is Delete: bucket, objects and table go with it.'
      : 'dataRetention is Retain: bucket, objects and table stay in AWS.';
  return `${stringAt(claim, 'metadata', 'name')} is removed: ${when}${asked}. Its ${data}${stays}`;
}
