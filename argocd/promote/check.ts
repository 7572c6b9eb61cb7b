/** Whether an API server would take what an environment builds to. */
import { isDeepStrictEqual } from 'node:util';
import { at, type Json, stringAt } from '../../function/src/objects.ts';
import { admit } from '../../local/admission.ts';
import { identity } from './kustomize.ts';
import type { SignIns } from './signIns.ts';

const isClaim = (object: Json) => object['kind'] === 'FileIngestPipeline';

/** Names that there can be once in all of AWS. */
const ONCE = [
  ['spec', 'source', 'bucketName'],
  ['spec', 'workflow', 'processImage', 'destination', 'bucketName'],
];
/** Names that there can be once in a region of an account. */
const ONCE_IN_REGION = [
  ['spec', 'table', 'name'],
  ['spec', 'workflow', 'name'],
];

/** Argo CD deletes such a claim when it syncs and makes it anew, with an empty bucket, and asks nobody. */
const HOOKS = ['argocd.argoproj.io/hook', 'helm.sh/hook'];

function hookErrors(claim: Json): string[] {
  return HOOKS.filter((hook) => stringAt(claim, 'metadata', 'annotations', hook) !== undefined).map(
    (hook) =>
      `metadata.annotations: ${hook} has Argo CD delete the claim and make it anew at each sync. Take it out.`,
  );
}

/** In one cluster, the same credentials are those of one account, under whatever name. */
function sameRegion(a: Json, b: Json, signIns: SignIns): boolean {
  const name = (claim: Json) => stringAt(claim, 'spec', 'providerConfigRef', 'name') ?? 'default';
  const isOwn = (claim: Json) => stringAt(claim, 'spec', 'providerConfigRef', 'kind') === 'ProviderConfig';
  const sameName = name(a) === name(b);
  const sameSpec = signIns.has(name(a)) && isDeepStrictEqual(signIns.get(name(a)), signIns.get(name(b)));
  return (
    at(a, 'spec', 'region') === at(b, 'spec', 'region') && !isOwn(a) && !isOwn(b) && (sameName || sameSpec)
  );
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
    const result = admit(claim, old);
    const name = stringAt(claim, 'metadata', 'name');
    const errors = [...('errors' in result ? result.errors : []), ...hookErrors(claim)];
    return errors.map((error) => `${name}: ${error}`);
  });
}

/**
 * Names in AWS that claims of two environments both have, one line each. Crossplane would take the other's bucket or table for its
 * own.
 *
 * @param signIns - of the cluster that both environments are in; undefined where they are in two.
 */
export function sharedNames(
  here: readonly Json[],
  there: readonly Json[],
  signIns: SignIns | undefined,
): string[] {
  return there.filter(isClaim).flatMap((claim) => {
    const shared = (path: readonly string[], among: readonly Json[]) =>
      stringAt(claim, ...path) !== undefined &&
      among.some((other) => stringAt(other, ...path) === stringAt(claim, ...path));
    const near = signIns ? here.filter((other) => sameRegion(claim, other, signIns)) : [];
    return [
      ...ONCE.filter((path) => shared(path, here)),
      ...ONCE_IN_REGION.filter((path) => shared(path, near)),
    ].map(
      (path) =>
        `${stringAt(claim, 'metadata', 'name')}: ${path.join('.')}: ${JSON.stringify(at(claim, ...path))} is the name in ` +
        'both environments, and AWS has it once. Take it out of the claim, or set it in each environment by a patch for the claim.',
    );
  });
}

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
  const data =
    at(claim, 'spec', 'dataRetention') === 'Delete'
      ? 'dataRetention is Delete: bucket, objects and table go with it.'
      : 'dataRetention is Retain: bucket, objects and table stay in AWS.';
  return `${stringAt(claim, 'metadata', 'name')} is removed: ${when}${asked}. Its ${data}`;
}
