import { expect, test } from 'vitest';
import { unhandled } from './compare.ts';
import type { Fields } from './fields.ts';
import { kindOf, kinds } from './kinds/index.ts';
import { GROUPS } from './kinds/kind.ts';
import { checkManifest, isManifest, knownKinds, schemaOf } from './schemas.ts';
import { managed } from './testing/manifests.ts';
import { pipeline } from './testing/pipeline.ts';

test('every kind with a schema has an entry, and the other way round', () => {
  const handled = kinds.map(({ group, kind }) => `${group}/v1beta1/${kind}`).toSorted();
  expect(handled, 'local/kinds/tables: add the kind, and list a new file in local/kinds/index.ts').toEqual(
    knownKinds(),
  );
});

test('every field that an entry handles is in its schema', () => {
  const strays = kinds.flatMap(({ group, kind, fields, references = [] }) => {
    const schema = schemaOf(`${group}/v1beta1`, kind)?.spec.properties?.['forProvider'];
    const paths = [...fields, ...references.flatMap(({ from, to }) => [`${from}.name`, to])];
    const isKnown = (path: string) =>
      path.split('.').reduce((node, step) => {
        const child = node?.properties?.[step.replace('[]', '')];
        return step.endsWith('[]') ? child?.items : child;
      }, schema) !== undefined;
    return paths.filter((path) => !isKnown(path)).map((path) => `${kind}.${path}`);
  });
  expect(strays).toEqual([]);
});

test('a whole pipeline passes', () => {
  expect([...pipeline().values()].flatMap(checkManifest)).toEqual([]);
});

const good = managed(GROUPS.s3, 'Bucket', 'files', { forceDestroy: true, tags: { a: 'b' } });
const withSpec = (spec: Fields) => ({ ...good, spec: { ...good.spec, ...spec } });
const notification = managed(GROUPS.s3, 'BucketNotification', 'n', {
  lambdaFunction: [{ events: ['x', 7], lambdaArn: 'y' }],
});

test.each([
  ['not an object', 7, /^a manifest must be an object, found 7$/],
  [
    'an unknown kind',
    { ...good, kind: 'Buckett' },
    /^Buckett\/files: kind .*Buckett is not known; known are /,
  ],
  ['a cluster-scoped group', { ...good, apiVersion: 's3.aws.upbound.io/v1beta1' }, /is not known/],
  ['an unknown version', { ...good, apiVersion: 's3.aws.m.upbound.io/v1' }, /is not known/],
  [
    'no metadata',
    { apiVersion: good.apiVersion, kind: 'Bucket', spec: good.spec },
    /^Bucket\/without a name: metadata: /,
  ],
  ['an unknown field', withSpec({ provider: {} }), /^Bucket\/files: spec\.provider: /],
  [
    'a selector',
    managed(GROUPS.iam, 'RolePolicy', 'p', { policy: '{}', roleSelector: {} }),
    /^RolePolicy\/p: spec\.forProvider\.roleSelector: /,
  ],
  [
    'a wrong type',
    withSpec({ forProvider: { region: 7 } }),
    /: spec\.forProvider\.region: .*must be of type string/,
  ],
  [
    'a wrong type in a map',
    withSpec({ forProvider: { region: 'x', tags: { a: 1 } } }),
    /: spec\.forProvider\.tags\.a: .*must be/,
  ],
  ['a missing field', withSpec({ forProvider: {} }), /^Bucket\/files: spec\.forProvider\.region: /],
  [
    'a value outside its list',
    withSpec({ managementPolicies: ['All'] }),
    /: spec\.managementPolicies\[0\]: .*Observe/,
  ],
  [
    'null',
    withSpec({ forProvider: { region: null } }),
    /: spec\.forProvider\.region: Invalid value: null: must be of type string/,
  ],
  [
    'a prototype name',
    withSpec({ forProvider: { region: 'x', constructor: {} } }),
    /: spec\.forProvider\.constructor: /,
  ],
])('refuses %s', (_, manifest, message) => {
  expect(checkManifest(manifest)).toEqual([expect.stringMatching(message)]);
  expect(isManifest(manifest)).toBe(false);
});

test('names the place in a list', () => {
  expect(checkManifest(notification)).toEqual([
    expect.stringMatching(
      /^BucketNotification\/n: spec\.forProvider\.lambdaFunction\[0\]\.events\[1\]: Invalid value: 7: /,
    ),
    expect.stringMatching(
      /^BucketNotification\/n: spec\.forProvider\.lambdaFunction\[0\]\.lambdaArn: Invalid value: "y": unknown field/,
    ),
  ]);
});

test('a required parameter is required unless it is only observed, and may stand in initProvider', () => {
  const rule = 'RolePolicy/p: spec.forProvider.policy is a required parameter';
  const bare = managed(GROUPS.iam, 'RolePolicy', 'p', {});
  expect(checkManifest(bare)).toEqual([rule]);
  expect(checkManifest({ ...bare, spec: { ...bare.spec, managementPolicies: ['Observe'] } })).toEqual([]);
  expect(checkManifest({ ...bare, spec: { ...bare.spec, initProvider: { policy: '{}' } } })).toEqual([]);
});

test('a field that the provider has and no entry handles is named', () => {
  const table = kindOf('dynamodb.aws.m.upbound.io/v1beta1', 'Table');
  const schema = schemaOf('dynamodb.aws.m.upbound.io/v1beta1', 'Table')?.spec.properties?.['forProvider'];
  if (!table) throw new Error('no Table');
  const fields = {
    region: 'x',
    attribute: [{ name: 'a', type: 'S' }],
    ttl: { enabled: true },
    replica: [{ regionName: 'y' }],
    onDemandThroughput: { maxReadRequestUnits: 1 },
    tags: { 'any.key': 'z' },
  };
  expect(unhandled(table, schema, fields)).toEqual(['replica', 'onDemandThroughput']);
});
