/** Whether an API server would take what an environment builds to. */

import { admit } from '../../apis/admission.ts';
import { at, type Json, stringAt } from '../../function/src/objects.ts';
import { identity } from './kustomize.ts';

export const isClaim = (object: Json) => object['kind'] === 'FileIngestPipeline';

/** Argo CD deletes such a claim when it syncs and makes it anew, with an empty bucket, and asks nobody. */
const HOOKS = ['argocd.argoproj.io/hook', 'helm.sh/hook'];

function hookErrors(claim: Json): string[] {
  return HOOKS.filter((hook) => stringAt(claim, 'metadata', 'annotations', hook) !== undefined).map(
    (hook) =>
      `metadata.annotations: ${hook} has Argo CD delete the claim and make it anew at each sync. Take it out.`,
  );
}

/**
 * Admits a claim as the API server does, and refuses what Argo CD would do harm with.
 *
 * @param old - the claim as it was: then what cannot be changed is checked too.
 * @returns the claim with its defaults, or all that is wrong, one line each.
 */
export function admitClaim(claim: Json, old?: Json): { claim: Json } | { errors: string[] } {
  const result = admit(claim, old);
  const errors = [...('errors' in result ? result.errors : []), ...hookErrors(claim)];
  return errors.length > 0 ? { errors } : result;
}

/**
 * What is wrong with an environment's claims, one line each.
 *
 * @param objects - what the environment builds to.
 * @param before - what it built to before: then what cannot be changed is checked too.
 */
export function claimErrors(objects: readonly Json[], before: readonly Json[] = []): string[] {
  return objects.filter(isClaim).flatMap((claim) => {
    const old = before.find((object) => identity(object) === identity(claim));
    const result = admitClaim(claim, old);
    const name = stringAt(claim, 'metadata', 'name');
    return 'errors' in result ? result.errors.map((error) => `${name}: ${error}`) : [];
  });
}

/** What can be there before the claim, and then is not deleted with it. */
const ADOPTABLE = [
  ['spec', 'source'],
  ['spec', 'workflow', 'processImage', 'destination'],
  ['spec', 'table'],
];

/** What becomes of a claim that is removed, and of its data. */
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
