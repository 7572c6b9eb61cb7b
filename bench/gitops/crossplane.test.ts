import { expect, it } from 'vitest';
import { CATALOGUE, UID } from '../../function/render.ts';
import { at } from '../../function/src/objects.ts';
import { readyStatus, resourceFor, templatesOf } from './crossplane.ts';

const claim = {
  apiVersion: 'fileingest.dev/v1alpha1',
  kind: 'FileIngestPipeline',
  metadata: {
    name: 'pipeline-0007',
    namespace: 'fileingest-fleet-0000',
    uid: '12345678-0000-4000-8000-000000000000',
  },
};

it("each claim has the 22 resources that the function renders, under the claim's own name and owned by it", async () => {
  const resources = (await templatesOf(CATALOGUE)).map((template) => resourceFor(template, claim));
  expect(new Set(resources.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).size).toBe(22);
  for (const resource of resources) {
    expect(resource.metadata.name).toMatch(/^pipeline-0007-.*-12345678$/);
    expect(resource.metadata.namespace).toBe('fileingest-fleet-0000');
    expect(at(resource, 'metadata', 'ownerReferences')).toMatchObject([
      { uid: claim.metadata.uid, controller: true },
    ]);
    expect(JSON.stringify(resource)).not.toMatch(new RegExp(`invoices|"default-|${UID.slice(0, 8)}`));
  }
});

it('the path of a kind is that of its plural', async () => {
  const paths = (await templatesOf(CATALOGUE)).map(({ path }) => path);
  expect(paths).toContain('/apis/s3.aws.m.upbound.io/v1beta1/namespaces/NAMESPACE/buckets');
});

it('all conditions are of the generation that was looked at', () => {
  const { conditions } = readyStatus(3);
  expect(conditions).toMatchObject(
    Array.from({ length: 7 }, () => ({ status: 'True', observedGeneration: 3 })),
  );
});
