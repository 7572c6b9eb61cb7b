/** Whether an API server would take what an environment builds to. */
import { isDeepStrictEqual } from 'node:util';
import { at, type Json, stringAt } from '../../function/src/objects.ts';
import { admit } from '../../local/admission.ts';
import { identity } from './kustomize.ts';

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

/** Environments of one cluster whose claims take the same credentials are in one account. */
function sameRegion(a: Json, b: Json): boolean {
  const place = (claim: Json) =>
    ['spec.region', 'spec.providerConfigRef.name', 'spec.providerConfigRef.kind'].map((path) =>
      stringAt(claim, ...path.split('.')),
    );
  return !place(a).includes('ProviderConfig') && isDeepStrictEqual(place(a), place(b));
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
    return 'errors' in result ? result.errors.map((error) => `${name}: ${error}`) : [];
  });
}

/**
 * Names in AWS that claims of two environments both have, one line each. Crossplane would take the other's bucket or table for its
 * own.
 *
 * @param oneCluster - whether both environments are in one cluster.
 */
export function sharedNames(here: readonly Json[], there: readonly Json[], oneCluster: boolean): string[] {
  return there.filter(isClaim).flatMap((claim) => {
    const shared = (path: readonly string[], among: readonly Json[]) =>
      stringAt(claim, ...path) !== undefined &&
      among.some((other) => stringAt(other, ...path) === stringAt(claim, ...path));
    const near = oneCluster ? here.filter((other) => sameRegion(claim, other)) : [];
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
