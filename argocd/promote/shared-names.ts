/** Names in AWS that two claims give. AWS has one thing of that name, and the claim that comes second does not get it. */
import { isDeepStrictEqual } from 'node:util';
import { duplicate, lineOf } from '../../function/src/errors.ts';
import { partitionOf } from '../../function/src/names.ts';
import { at, type Json, stringAt } from '../../function/src/objects.ts';
import { keyOf, type PlacedClaim } from './place.ts';
import type { SignIns } from './sign-ins.ts';

/** A field of a claim that names something in AWS. Names of `workflow.custom.functions` are not among them: they are parts of a name that has the uid. */
interface Field {
  thing: 'bucket' | 'table' | 'state machine';
  path: readonly string[];
  /** The settings of a claim that takes over what another one made. A state machine cannot be taken over. */
  sharing: readonly { path: readonly string[]; value: boolean | string }[];
}

const ADOPT = { path: ['adopt'], value: true };
const SOURCE = ['spec', 'source'];
const DESTINATION = ['spec', 'workflow', 'processImage', 'destination'];
const TABLE = ['spec', 'table'];

const below = (path: readonly string[], sharing: Field['sharing']) =>
  sharing.map((setting) => ({ ...setting, path: [...path, ...setting.path] }));

const FIELDS: readonly Field[] = [
  {
    thing: 'bucket',
    path: [...SOURCE, 'bucketName'],
    // A bucket has one notification configuration, which is that of the claim that made it.
    sharing: below(SOURCE, [ADOPT, { path: ['trigger'], value: 'EventBridge' }]),
  },
  { thing: 'bucket', path: [...DESTINATION, 'bucketName'], sharing: below(DESTINATION, [ADOPT]) },
  { thing: 'table', path: [...TABLE, 'name'], sharing: below(TABLE, [ADOPT]) },
  { thing: 'state machine', path: ['spec', 'workflow', 'name'], sharing: [] },
];

/** One name that a claim gives. */
interface Use {
  claim: PlacedClaim;
  field: Field;
  name: string;
}

/** A name of which each of two claims wants to be the owner. */
export interface SharedName {
  first: Use;
  second: Use;
}

function usesOf(claim: PlacedClaim): Use[] {
  // No state machine is made then, so its name is not taken.
  const isDirect = stringAt(claim.claim, 'spec', 'workflow', 'execution') === 'Direct';
  return FIELDS.filter(({ thing }) => !(isDirect && thing === 'state machine')).flatMap((field) => {
    const name = stringAt(claim.claim, ...field.path);
    return name === undefined ? [] : [{ claim, field, name }];
  });
}

/** Whether the claim takes over what another one made, in a way that leaves that one its events. */
function shares({ claim, field }: Use): boolean {
  return (
    field.sharing.length > 0 && field.sharing.every(({ path, value }) => at(claim.claim, ...path) === value)
  );
}

const regionOf = (claim: Json) => stringAt(claim, 'spec', 'region') ?? '';

function providerConfigOf(claim: Json): { kind: string; name: string } {
  return {
    kind: stringAt(claim, 'spec', 'providerConfigRef', 'kind') ?? 'ClusterProviderConfig',
    name: stringAt(claim, 'spec', 'providerConfigRef', 'name') ?? 'default',
  };
}

/** Whether two claims are known to be of one account: those of two clusters may be of any. */
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

/** Whether AWS has one thing for both. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function isSame(a: Use, b: Use, signIns: SignIns): boolean {
  if (a.field.thing !== b.field.thing || a.name !== b.name || a.claim === b.claim) return false;
  const [here, there] = [regionOf(a.claim.claim), regionOf(b.claim.claim)];
  if (a.field.thing === 'bucket') return partitionOf(here) === partitionOf(there);
  return here === there && sameAccount(a.claim, b.claim, signIns);
}

/**
 * Names that more than one claim wants to own: buckets of one name in a partition, in whatever account and region, as source or as
 * destination; tables and state machines of one name in a region of an account. One claim owns it; those that adopt it are left out.
 *
 * @param claims - of all environments; of two with one name the later is told.
 * @param signIns - how ClusterProviderConfigs sign in: two that do it alike lead to one account.
 * @returns each claim but the first of a name, with the first.
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

/** What is wrong with a shared name, in one line: both files, claims and fields, and the fix. */
export function sharedNameError({ first, second }: SharedName): string {
  const { thing, path, sharing } = second.field;
  const settings = sharing.map((one) => `${one.path.join('.')}: ${one.value}`).join(' and ');
  const rename =
    first.claim.environment === second.claim.environment
      ? 'Take it out of one of them, or name another there.'
      : 'Take it out, or set it in each environment by a patch for the claim.';
  const share = settings ? ` To share the ${thing}, set ${settings} in the one that does not own it.` : '';
  const taken = `is ${first.field.path.join('.')} of ${keyOf(first.claim.claim)} in ${first.claim.file} too, and ${ONCE[thing]}.`;
  const error = duplicate(path.join('.'), second.name, `${taken} ${rename}${share}`);
  return `${second.claim.file}: ${keyOf(second.claim.claim)}: ${lineOf(error)}`;
}
