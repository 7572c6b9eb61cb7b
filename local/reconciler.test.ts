import { expect, test } from 'vitest';
import { createClients } from './aws.ts';
import { GROUPS } from './kinds/kind.ts';
import { EXTERNAL_NAME, type Manifest } from './manifest.ts';
import { asManifest, createReconciler } from './reconciler.ts';
import { changed, keyed, managed, REGION } from './testing/manifests.ts';

// Nothing listens at this address: `apply` must decide without a call.
const clients = createClients({ endpoint: 'http://127.0.0.1:9', region: REGION });
const bucket = managed(GROUPS.s3, 'Bucket', 'files', {}, { externalName: 't-files' });

test.each([
  ['a schema error', changed(bucket, { nope: 1 }), 'Bucket/files: spec.forProvider.nope: '],
  [
    'a field that no entry handles',
    managed(GROUPS.sqs, 'Queue', 'q', { name: 'q', fifoQueue: true }),
    'Queue/q: spec.forProvider.fifoQueue is not handled by the local reconciler',
  ],
  [
    'another region',
    changed(bucket, { region: 'eu-west-1' }),
    "spec.forProvider.region is eu-west-1, the clients' is us-east-1",
  ],
])('apply refuses %s, and all else with it', (_, manifest, message) => {
  const reconciler = createReconciler({ clients });
  const desired = new Map([['good', bucket]]).set('bad', manifest);
  expect(() => reconciler.apply(desired)).toThrow(message);
  expect(reconciler.observed().size).toBe(0);
});

test('apply refuses another name or external name under a known key', () => {
  const reconciler = createReconciler({ clients });
  reconciler.apply(keyed(bucket));
  const metadata = { ...bucket.metadata, annotations: { [EXTERNAL_NAME]: 'other' } };
  expect(() => reconciler.apply(keyed({ ...bucket, metadata }))).toThrow(
    /external-name other, it is t-files/,
  );
  const renamed = { ...bucket, metadata: { ...bucket.metadata, name: 'others' } };
  expect(() => reconciler.apply(new Map([['files', renamed]]))).toThrow(
    'Bucket/files: cannot become Bucket/others',
  );
});

test('observed gives copies with an identity, and the external name at once where the manifest gives it', () => {
  const reconciler = createReconciler({ clients });
  const unnamed = managed(GROUPS.iam, 'Role', 'role', { assumeRolePolicy: '{}' });
  reconciler.apply(keyed(bucket, unnamed));
  const first = reconciler.observed();
  expect(first.get('files')?.metadata).toEqual({
    name: 'files',
    namespace: 'default',
    annotations: { [EXTERNAL_NAME]: 't-files' },
    uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  });
  expect(first.get('role')?.metadata.annotations).toEqual({ [EXTERNAL_NAME]: 'role' });
  const copy: Manifest | undefined = first.get('files');
  if (copy) copy.metadata.name = 'spoiled';
  expect(reconciler.observed().get('files')?.metadata.name).toBe('files');
});

test('asManifest names the key of what it refuses', () => {
  expect(asManifest('bucket', bucket)).toBe(bucket);
  expect(() => asManifest('bucket', { kind: 'Nope' })).toThrow(
    /^composed resource bucket:\n {2}Nope\/without a name: /,
  );
});
