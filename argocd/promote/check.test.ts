import { describe, expect, it } from 'vitest';
import type { Json } from '../../function/src/objects.ts';
import { claimErrors, removalOf, sharedNames } from './check.ts';

const claim = (name: string, spec: Json, annotations: Json = {}): Json => ({
  apiVersion: 'fileingest.dev/v1alpha1',
  kind: 'FileIngestPipeline',
  metadata: { name, namespace: 'fileingest-staging', annotations },
  spec: { region: 'eu-west-1', workflow: { type: 'RecordFile' }, ...spec },
});

describe('claimErrors', () => {
  it('is empty where all would be admitted', () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'fileingest-staging' } };
    expect(claimErrors([namespace, claim('orders', {})])).toEqual([]);
  });

  it('names the claim, the field and the fix', () => {
    const wrong = claim('orders', { dataRetention: 'Delete', table: { deletionProtection: true } });
    expect(claimErrors([claim('invoices', {}), wrong])).toEqual([
      expect.stringMatching(
        /^orders: spec: .*dataRetention Delete asks to delete the table.*Set one of them otherwise\.$/,
      ),
    ]);
  });

  it('knows what cannot be changed', () => {
    const before = [claim('orders', {}), claim('invoices', {})];
    const after = [claim('orders', { workflow: { type: 'RecordMessage' } }), claim('invoices', {})];
    expect(claimErrors(after)).toEqual([]);
    expect(claimErrors(after, before)).toEqual([
      'orders: spec.workflow.type: "RecordMessage": workflow.type cannot be changed. Create another FileIngestPipeline.',
    ]);
  });
});

describe('claimErrors', () => {
  it.each(['argocd.argoproj.io/hook', 'helm.sh/hook'])(
    'refuses %s, by which Argo CD would delete a claim',
    (hook) => {
      expect(claimErrors([claim('orders', {}, { [hook]: 'PreSync' })])).toEqual([
        `orders: metadata.annotations: ${hook} has Argo CD delete the claim and make it anew at each sync. Take it out.`,
      ]);
    },
  );
});

describe('sharedNames', () => {
  const podIdentity = { credentials: { source: 'PodIdentity' } };
  const SIGN_INS = new Map<string, unknown>([
    ['default', podIdentity],
    ['staging', podIdentity],
    ['prod', { ...podIdentity, assumeRoleChain: [{ roleARN: 'arn:aws:iam::444455556666:role/provider' }] }],
  ]);
  const images = (bucketName: string) => ({
    workflow: { type: 'ProcessImage', processImage: { destination: { bucketName } } },
  });
  const named = { table: { name: 'Orders' }, workflow: { type: 'RecordFile', name: 'record-orders' } };

  it('names buckets that both environments would make, wherever they are', () => {
    const there = [
      claim('orders', { source: { bucketName: 'acme-orders' } }),
      claim('images', images('acme-images')),
    ];
    expect(sharedNames(there, there, undefined)).toEqual([
      'orders: spec.source.bucketName: "acme-orders" is the name in both environments, and AWS has it once. Take it out of the ' +
        'claim, or set it in each environment by a patch for the claim.',
      expect.stringMatching(
        /^images: spec\.workflow\.processImage\.destination\.bucketName: "acme-images" is the name/,
      ),
    ]);
  });

  it('names tables and state machines of one account and region', () => {
    const errors = sharedNames([claim('orders', named)], [claim('orders', named)], new Map());
    expect(errors.map((error) => error.split(' is the name')[0])).toEqual([
      'orders: spec.table.name: "Orders"',
      'orders: spec.workflow.name: "record-orders"',
    ]);
  });

  it.each([
    ['another cluster', {}, undefined],
    ['another region', { region: 'eu-central-1' }, SIGN_INS],
    ['other credentials', { providerConfigRef: { name: 'prod' } }, SIGN_INS],
    ['credentials that nothing is known of', { providerConfigRef: { name: 'qa' } }, SIGN_INS],
    ['other names', { table: {}, workflow: { type: 'RecordFile' } }, SIGN_INS],
  ])('lets %s be', (_, other, signIns) => {
    expect(sharedNames([claim('orders', named)], [claim('orders', { ...named, ...other })], signIns)).toEqual(
      [],
    );
  });

  it('takes the same credentials under two names for one account', () => {
    const staging = claim('orders', { ...named, providerConfigRef: { name: 'staging' } });
    expect(sharedNames([claim('orders', named)], [staging], SIGN_INS)).toHaveLength(2);
  });

  it('lets credentials of a namespace be, which may be of any account', () => {
    const own = { ...named, providerConfigRef: { kind: 'ProviderConfig', name: 'default' } };
    expect(sharedNames([claim('orders', own)], [claim('orders', own)], new Map())).toEqual([]);
  });

  it('lets buckets with names of their own be', () => {
    const there = [claim('images', images('acme-staging'))];
    expect(sharedNames([claim('images', images('acme-dev'))], there, new Map())).toEqual([]);
    expect(sharedNames([claim('orders', {})], [claim('orders', {})], new Map())).toEqual([]);
  });
});

it.each([
  [
    { name: 'dev', prune: true },
    claim('orders', { dataRetention: 'Delete' }),
    'orders is removed: Argo CD deletes it from dev. Its dataRetention is Delete: bucket, objects and table go with it.',
  ],
  [
    { name: 'prod', prune: false },
    claim('orders', {}, { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' }),
    'orders is removed: Argo CD leaves it in prod until a person prunes it, and only once that is confirmed there. Its ' +
      'dataRetention is Retain: bucket, objects and table stay in AWS.',
  ],
])('says what removal means in %j', (environment, gone, words) => {
  expect(removalOf(gone, environment)).toBe(words);
});
