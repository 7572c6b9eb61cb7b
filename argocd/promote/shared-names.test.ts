import { describe, expect, it } from 'vitest';
import type { Json } from '../../function/src/objects.ts';
import type { PlacedClaim } from './place.ts';
import { sharedNameError, sharedNames } from './shared-names.ts';

/** A claim in dev, or in another environment. */
function claim(name: string, spec: Json, place: Partial<PlacedClaim> = {}): PlacedClaim {
  const environment = place.environment ?? 'dev';
  return {
    environment,
    cluster: 'in-cluster',
    file: `argocd/environments/${environment}/claims/${name}.yaml`,
    claim: {
      apiVersion: 'fileingest.dev/v1alpha1',
      kind: 'FileIngestPipeline',
      metadata: { name, namespace: `fileingest-${environment}` },
      spec: { region: 'eu-west-1', workflow: { type: 'RecordFile' }, ...spec },
    },
    ...place,
  };
}
const prod = (name: string, spec: Json, place: Partial<PlacedClaim> = {}) =>
  claim(name, spec, { environment: 'prod', ...place });

const podIdentity = { credentials: { source: 'PodIdentity' } };
const SIGN_INS = new Map<string, unknown>([
  ['default', podIdentity],
  ['staging', podIdentity],
  ['prod', { ...podIdentity, assumeRoleChain: [{ roleARN: 'arn:aws:iam::444455556666:role/provider' }] }],
]);
const errors = (...claims: PlacedClaim[]) => sharedNames(claims, SIGN_INS).map(sharedNameError);
/** The claims that are reported, each with the other claim. */
const told = (...claims: PlacedClaim[]) =>
  sharedNames(claims, SIGN_INS).map(({ first, second }) =>
    [second, first].map((use) => `${use.claim.environment} ${use.field.path} ${use.name}`),
  );

const bucket = (bucketName: string, more: Json = {}): Json => ({ source: { bucketName, ...more } });
const images = (bucketName: string, more: Json = {}): Json => ({
  workflow: { type: 'ProcessImage', processImage: { destination: { bucketName, ...more } } },
});
const table = (name: string, more: Json = {}): Json => ({ table: { name, ...more } });
const workflow = (name: string, more: Json = {}): Json => ({
  workflow: { type: 'RecordFile', name, ...more },
});
const ADOPTED = { adopt: true, trigger: 'EventBridge' };

describe('sharedNames', () => {
  it('says both files, claims and fields, the name, and the fix', () => {
    expect(
      errors(
        claim('orders', { ...bucket('acme-in'), ...table('Orders'), workflow: { name: 'record' } }),
        claim('refunds', { ...table('Orders'), ...workflow('record') }),
        claim('photos', images('acme-in')),
        prod('scans', bucket('acme-in')),
      ),
    ).toEqual([
      'argocd/environments/dev/claims/refunds.yaml: fileingest-dev/refunds: spec.table.name: Duplicate value: "Orders": is spec.table.name of ' +
        'fileingest-dev/orders in argocd/environments/dev/claims/orders.yaml too, and a region of an account has one table of ' +
        'a name. Take it out of one of them, or name another there. To share the table, set spec.table.adopt: true in the one ' +
        'that does not own it.',
      'argocd/environments/dev/claims/refunds.yaml: fileingest-dev/refunds: spec.workflow.name: Duplicate value: "record": is spec.workflow.name ' +
        'of fileingest-dev/orders in argocd/environments/dev/claims/orders.yaml too, and a region of an account has one state ' +
        'machine of a name. Take it out of one of them, or name another there.',
      'argocd/environments/dev/claims/photos.yaml: fileingest-dev/photos: spec.workflow.processImage.destination.bucketName: ' +
        'Duplicate value: "acme-in": is spec.source.bucketName of fileingest-dev/orders in argocd/environments/dev/claims/orders.yaml too, and ' +
        'AWS has one bucket of a name. Take it out of one of them, or name another there. To share the bucket, set ' +
        'spec.workflow.processImage.destination.adopt: true in the one that does not own it.',
      'argocd/environments/prod/claims/scans.yaml: fileingest-prod/scans: spec.source.bucketName: Duplicate value: "acme-in": is ' +
        'spec.source.bucketName of fileingest-dev/orders in argocd/environments/dev/claims/orders.yaml too, and AWS has one ' +
        'bucket of a name. Take it out, or set it in each environment by a patch for the claim. To share the bucket, set ' +
        'spec.source.adopt: true and spec.source.trigger: EventBridge in the one that does not own it.',
    ]);
  });

  it.each([
    ['another region', { region: 'us-east-1' }, {}],
    ['another cluster', {}, { cluster: 'eu-prod' }],
    ['another account', { providerConfigRef: { name: 'prod' } }, {}],
  ])('has one namespace of buckets for all of a partition: %s', (_, spec, place) => {
    expect(
      told(claim('orders', bucket('acme-in')), prod('orders', { ...bucket('acme-in'), ...spec }, place)),
    ).toEqual([['prod spec.source.bucketName acme-in', 'dev spec.source.bucketName acme-in']]);
  });

  it('lets a bucket of another partition be, and a name that a claim says twice itself', () => {
    expect(
      told(
        claim('orders', bucket('acme-in')),
        prod('orders', { ...bucket('acme-in'), region: 'cn-north-1' }),
      ),
    ).toEqual([]);
    // Admission rejects this claim.
    expect(told(claim('photos', { ...bucket('acme-in'), ...images('acme-in') }))).toEqual([]);
  });

  it('tells each claim but the first of the same name', () => {
    const names = ['a', 'b', 'c'].map((name) => claim(name, bucket('acme-in')));
    expect(sharedNames(names, SIGN_INS).map(({ first, second }) => [first.claim, second.claim])).toEqual([
      [names[0], names[1]],
      [names[0], names[2]],
    ]);
  });

  it('takes no name for that of another thing', () => {
    expect(
      told(claim('orders', bucket('orders')), claim('b', table('orders')), claim('c', workflow('orders'))),
    ).toEqual([]);
    expect(told(claim('orders', {}), claim('refunds', {}))).toEqual([]);
  });
});

describe('a table and a state machine', () => {
  const named = { ...table('Orders'), ...workflow('record') };
  const both = [
    ['prod spec.table.name Orders', 'dev spec.table.name Orders'],
    ['prod spec.workflow.name record', 'dev spec.workflow.name record'],
  ];
  const own = { providerConfigRef: { kind: 'ProviderConfig', name: 'default' } };

  it.each([
    ['the same credentials', {}],
    ['the same credentials under two names', { providerConfigRef: { name: 'staging' } }],
  ])('are of one account with %s', (_, spec) => {
    expect(told(claim('orders', named), prod('orders', { ...named, ...spec }))).toEqual(both);
  });

  it('are of one account with the same credentials of one namespace', () => {
    const [one, other] = [claim('orders', { ...named, ...own }), claim('refunds', { ...named, ...own })];
    expect(sharedNames([one, other], SIGN_INS)).toHaveLength(2);
  });

  it.each([
    ['another cluster', {}, { cluster: 'eu-prod' }],
    ['another region', { region: 'eu-central-1' }, {}],
    ['other credentials', { providerConfigRef: { name: 'prod' } }, {}],
    ['credentials that nothing is known of', { providerConfigRef: { name: 'qa' } }, {}],
    ['credentials of a namespace', own, {}],
  ])('may be of another account or region with %s', (_, spec, place) => {
    expect(told(claim('orders', named), prod('orders', { ...named, ...spec }, place))).toEqual([]);
  });

  it('may be of two accounts with the credentials of two namespaces', () => {
    expect(told(claim('orders', { ...named, ...own }), prod('orders', { ...named, ...own }))).toEqual([]);
  });

  it('is not made where the function writes the items itself', () => {
    const direct = workflow('record', { execution: 'Direct' });
    expect(told(claim('orders', direct), claim('refunds', workflow('record')))).toEqual([]);
  });
});

describe('what is shared on purpose', () => {
  it.each([
    ['a bucket, the owner by notification', bucket('x'), bucket('x', ADOPTED)],
    ['a bucket, the owner by EventBridge', bucket('x', { trigger: 'EventBridge' }), bucket('x', ADOPTED)],
    ['a bucket that no claim made', bucket('x', ADOPTED), bucket('x', ADOPTED)],
    ['a source that is the destination of another', images('x'), bucket('x', ADOPTED)],
    ['a destination that is the source of another', bucket('x'), images('x', { adopt: true })],
    ['a destination of two', images('x'), images('x', { adopt: true })],
    ['a table', table('X'), table('X', { adopt: true })],
    ['a table that no claim made', table('X', { adopt: true }), table('X', { adopt: true })],
  ])('is legal: %s', (_, one, other) => {
    expect(errors(claim('orders', one), claim('refunds', other))).toEqual([]);
    expect(errors(claim('refunds', other), claim('orders', one))).toEqual([]);
  });

  it.each([
    ['a bucket with two owners', bucket('x', { trigger: 'EventBridge' }), bucket('x', { adopt: false })],
    // It would replace the notification configuration of the owner.
    ['an adopted bucket by notification', bucket('x'), bucket('x', { adopt: true })],
    ['a table with two owners', table('X'), table('X', { adopt: false })],
    ['a state machine', workflow('x'), workflow('x', { adopt: true })],
  ])('is not: %s', (_, one, other) => {
    expect(errors(claim('orders', one), claim('refunds', other))).toHaveLength(1);
    expect(errors(claim('refunds', other), claim('orders', one))).toHaveLength(1);
  });

  it('has one owner among many', () => {
    const adopting = claim('c', bucket('x', ADOPTED));
    const [one, other] = [claim('a', bucket('x')), claim('b', bucket('x'))];
    expect(errors(one, adopting)).toEqual([]);
    expect(sharedNames([one, adopting, other], SIGN_INS).map(({ second }) => second.claim)).toEqual([other]);
  });
});
