/** Finds AWS names that two claims use. AWS has one resource with the name, and the second claim does not get it. */
import { isDeepStrictEqual } from 'node:util';
import { duplicate, lineOf } from '../../function/src/errors.ts';
import { partitionOf } from '../../function/src/names.ts';
import { at, type Json, stringAt } from '../../function/src/objects.ts';
import { keyOf, type PlacedClaim } from './place.ts';
import type { SignIns } from './sign-ins.ts';

/** A field of a claim with a name in AWS. The names in `workflow.custom.functions` are not included: the full names contain the uid. */
interface Field {
  readonly thing: 'bucket' | 'table' | 'state machine';
  readonly path: string;
  /** The settings with which a claim adopts another claim's resource. A state machine cannot be adopted. */
  readonly sharing: Readonly<Record<string, boolean | string>>;
}

const FIELDS: readonly Field[] = [
  {
    thing: 'bucket',
    path: 'spec.source.bucketName',
    // A bucket has only one notification configuration, and it belongs to the claim that created the bucket.
    sharing: { 'spec.source.adopt': true, 'spec.source.trigger': 'EventBridge' },
  },
  {
    thing: 'bucket',
    path: 'spec.workflow.processImage.destination.bucketName',
    sharing: { 'spec.workflow.processImage.destination.adopt': true },
  },
  { thing: 'table', path: 'spec.table.name', sharing: { 'spec.table.adopt': true } },
  { thing: 'state machine', path: 'spec.workflow.name', sharing: {} },
];

/** One name that a claim gives. */
interface Use {
  claim: PlacedClaim;
  field: Field;
  name: string;
}

/** A name that two claims want to own. */
export interface SharedName {
  readonly first: Use;
  readonly second: Use;
}

function usesOf(claim: PlacedClaim): Use[] {
  // Direct creates no state machine, so its name is not used.
  const isDirect = stringAt(claim.claim, 'spec', 'workflow', 'execution') === 'Direct';
  return FIELDS.filter(({ thing }) => !(isDirect && thing === 'state machine')).flatMap((field) => {
    const name = stringAt(claim.claim, ...field.path.split('.'));
    return name === undefined ? [] : [{ claim, field, name }];
  });
}

/** Whether the claim adopts another claim's resource in a way that does not affect that claim's events. */
function shares({ claim, field }: Use): boolean {
  const settings = Object.entries(field.sharing);
  return (
    settings.length > 0 && settings.every(([path, value]) => at(claim.claim, ...path.split('.')) === value)
  );
}

const regionOf = (claim: Json) => stringAt(claim, 'spec', 'region') ?? '';

function providerConfigOf(claim: Json): { kind: string; name: string } {
  return {
    kind: stringAt(claim, 'spec', 'providerConfigRef', 'kind') ?? 'ClusterProviderConfig',
    name: stringAt(claim, 'spec', 'providerConfigRef', 'name') ?? 'default',
  };
}

/** Whether two claims are known to use the same account. For claims in two clusters the accounts are not known. */
function sameAccount(a: PlacedClaim, b: PlacedClaim, signIns: SignIns): boolean {
  const [one, other] = [providerConfigOf(a.claim), providerConfigOf(b.claim)];
  if (a.cluster !== b.cluster || one.kind !== other.kind) return false;
  const namespace = ({ claim }: PlacedClaim) => stringAt(claim, 'metadata', 'namespace');
  if (one.kind === 'ProviderConfig') return one.name === other.name && namespace(a) === namespace(b);
  const known = signIns.get(one.name);
  return (
    one.name === other.name || (known !== undefined && isDeepStrictEqual(known, signIns.get(other.name)))
  );
}

/** Whether two names mean the same AWS resource. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function isSame(a: Use, b: Use, signIns: SignIns): boolean {
  if (a.field.thing !== b.field.thing || a.name !== b.name || a.claim === b.claim) return false;
  const [here, there] = [regionOf(a.claim.claim), regionOf(b.claim.claim)];
  if (a.field.thing === 'bucket') return partitionOf(here) === partitionOf(there);
  return here === there && sameAccount(a.claim, b.claim, signIns);
}

/**
 * The names that more than one claim wants to own. Bucket names (source and destination) are unique in a partition, across accounts
 * and regions. Names of tables and state machines are unique in a region of an account. Claims that adopt a resource do not count.
 *
 * @param claims - the claims of all environments; of two claims with the same name, the later one is reported
 * @param signIns - how ClusterProviderConfigs sign in; two that are equal use the same account
 * @returns each claim except the first with a name, together with the first
 */
export function sharedNames(claims: readonly PlacedClaim[], signIns: SignIns): SharedName[] {
  const owning = claims.flatMap(usesOf).filter((use) => !shares(use));
  return owning.flatMap((second) => {
    const first = owning.find((use) => use === second || isSame(use, second, signIns));
    return first && first !== second ? [{ first, second }] : [];
  });
}

const ONCE: Record<Field['thing'], string> = {
  bucket: 'AWS has one bucket of a name',
  table: 'a region of an account has one table of a name',
  'state machine': 'a region of an account has one state machine of a name',
};

/** The error for a shared name, on one line: both files, claims and fields, and the fix. */
export function sharedNameError({ first, second }: SharedName): string {
  const { thing, path, sharing } = second.field;
  const settings = Object.entries(sharing)
    .map(([setting, value]) => `${setting}: ${value}`)
    .join(' and ');
  const rename =
    first.claim.environment === second.claim.environment
      ? 'Take it out of one of them, or name another there.'
      : 'Take it out, or set it in each environment by a patch for the claim.';
  const share = settings ? ` To share the ${thing}, set ${settings} in the one that does not own it.` : '';
  const taken = `is ${first.field.path} of ${keyOf(first.claim.claim)} in ${first.claim.file} too, and ${ONCE[thing]}.`;
  const error = duplicate(path, second.name, `${taken} ${rename}${share}`);
  return `${second.claim.file}: ${keyOf(second.claim.claim)}: ${lineOf(error)}`;
}
