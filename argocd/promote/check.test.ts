import { describe, expect, it } from 'vitest';
import type { Json } from '../../function/src/objects.ts';
import { claimErrors, removalOf } from './check.ts';

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
        /^orders: spec: Invalid value: .*: table.deletionProtection must be false with dataRetention Delete.* Change one of them\.$/,
      ),
    ]);
  });

  it('knows what cannot be changed', () => {
    const before = [claim('orders', {}), claim('invoices', {})];
    const after = [claim('orders', { workflow: { type: 'RecordMessage' } }), claim('invoices', {})];
    expect(claimErrors(after)).toEqual([]);
    expect(claimErrors(after, before)).toEqual([
      'orders: spec.workflow.type: Invalid value: "RecordMessage": type must not be changed. Create another FileIngestPipeline.',
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

it.each([
  [
    { name: 'dev', prune: true },
    claim('orders', { dataRetention: 'Delete' }),
    'orders is removed: Argo CD deletes it from dev. Its dataRetention is Delete: bucket, objects and table go with it.',
  ],
  [
    { name: 'dev', prune: true },
    claim('orders', { dataRetention: 'Delete', source: { adopt: true }, table: { adopt: true } }),
    'orders is removed: Argo CD deletes it from dev. Its dataRetention is Delete: bucket, objects and table go with it. ' +
      'What is adopted stays in any case: spec.source, spec.table.',
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
